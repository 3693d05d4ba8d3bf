"""`argosy explain`: a code's page, the list of all, and help for one that is none."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from generator.commands.explain import explain
from generator.diagnostics.codes import CODES

app = typer.Typer()
app.command()(explain)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.mark.parametrize("written", ["needs-cycle", "[needs-cycle]"])
def test_a_code_has_a_page_with_a_bad_and_a_good_example(written: str) -> None:
    done = run(written)
    assert done.exit_code == 0
    assert done.stdout.startswith("needs-cycle (error)\n\nJobs wait for each other")
    assert "Bad, a ci.yaml:\n\n  jobs:\n    build: {needs: test, run: make}\n" in done.stdout
    assert "Good, a ci.yaml:\n\n  jobs:\n    build: {run: make}\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_every_code_has_a_page_in_every_format() -> None:
    for name in CODES:
        assert run(name).stdout.startswith(f"{name} (")
        assert run(name, "-o", "markdown").stdout.startswith(f"# {name}\n\n")
        assert json.loads(run(name, "-o", "json").stdout)["code"] == name


def test_without_a_code_all_are_listed() -> None:
    done = run()
    assert done.exit_code == 0
    assert [name for name in CODES if f"  {name} " not in done.stdout] == []
    assert [one["code"] for one in json.loads(run("-o", "json").stdout)] == list(CODES)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("unknown-rnner", "did you mean 'unknown-runner'?"),
        ("cycle", "similar: needs-cycle"),
        ("xyz", "lists all codes"),
    ],
)
def test_a_code_that_is_none_is_wrong_usage_with_a_way_out(written: str, said: str) -> None:
    done = run(written)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"no code '{written}'" in done.stderr
    assert said in done.stderr
