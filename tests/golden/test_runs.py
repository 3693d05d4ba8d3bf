"""`argosy plan` and `argosy expand` on each folder of runs/: three files in, plan.json and workflow.yaml out."""

from __future__ import annotations

import contextlib
import json
import pathlib
from typing import TYPE_CHECKING

import pytest
import typer
import yaml
from typer.testing import CliRunner

from generator.commands.expand import expand
from generator.commands.plan import plan

if TYPE_CHECKING:
    from tests.golden.conftest import Golden

CASES = sorted(path.parent for path in pathlib.Path(__file__).parent.glob("runs/*/ci.yaml"))

app = typer.Typer()
app.command()(plan)
app.command()(expand)


def run(command: str, case: pathlib.Path, form: str) -> tuple[int, bytes]:
    with contextlib.chdir(case):
        done = CliRunner().invoke(app, [command, "--event", "event.json", "--output", form])
    return done.exit_code, done.stdout_bytes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plan(case: pathlib.Path, golden: Golden) -> None:
    code, made = run("plan", case, "json")
    golden(case / "plan.json", made)
    errors = [finding for finding in json.loads(made)["diagnostics"] if finding["severity"] == "error"]
    assert code == (1 if errors else 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_expand(case: pathlib.Path, golden: Golden) -> None:
    _, made = run("expand", case, "yaml")
    golden(case / "workflow.yaml", made or None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_yaml_and_json_are_one_object(case: pathlib.Path) -> None:
    _, as_yaml = run("expand", case, "yaml")
    _, as_json = run("expand", case, "json")
    assert (yaml.safe_load(as_yaml) if as_yaml else None) == (json.loads(as_json) if as_json else None)


def test_there_are_cases() -> None:
    assert len(CASES) > 5
