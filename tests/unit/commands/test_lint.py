"""`argosy lint`: what it prints where, and how it ends."""

from __future__ import annotations

import json
import pathlib

import pytest
import typer
from typer.testing import CliRunner, Result

from generator.commands.lint import lint

ROOT = pathlib.Path(__file__).parents[3]
app = typer.Typer()
app.command()(lint)


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A repository's folder, two below any platform.yaml, and the working directory."""
    inside = tmp_path / "repositories" / "app"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    return inside


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_good_file(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {run: x}}")
    done = run()
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no platform.yaml" in done.stderr
    assert "ci.yaml: nothing to complain about" in done.stderr


def test_a_bad_file(folder: pathlib.Path) -> None:
    (folder / "other.yaml").write_text("jobs: {a: {rum: x}, b: {run: '${{ x }}'}}")
    done = run("other.yaml")
    assert done.exit_code == 1
    assert done.stdout.startswith("other.yaml:1:12: error: unknown key 'rum' in a job [unknown-key]\n  1 | jobs:")
    assert "other.yaml: 1 error, 1 warning" in done.stderr


def test_what_the_platform_lacks_stands_among_the_files_own_errors_in_its_order(folder: pathlib.Path) -> None:
    (folder.parents[1] / "platform.yaml").write_bytes((ROOT / "examples/platform.yaml").read_bytes())
    (folder / "ci.yaml").write_text("defaults: {runner: larg}\njobs:\n  a: {rum: x}\n  b: {secrets: NOPE, run: x}\n")
    said = json.loads(run("-o", "json").stdout)["diagnostics"]
    assert [(one["line"], one["code"]) for one in said] == [
        (1, "unknown-runner"),
        (3, "unknown-key"),
        (4, "unknown-secret"),
    ]


def test_json(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {rum: x}}")
    (found,) = json.loads(run("-o", "json").stdout)["diagnostics"]
    assert (found["file"], found["line"], found["column"], found["code"]) == ("ci.yaml", 1, 12, "unknown-key")


def test_workflow_commands(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {rum: x}}")
    done = run("-o", "github")
    assert done.exit_code == 1
    assert done.stdout.startswith("::error file=ci.yaml,line=1,col=12,endLine=1,endColumn=15,title=unknown-key::")


def test_sarif(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {rum: x}}")
    done = run("-o", "sarif")
    assert done.exit_code == 1
    log = json.loads(done.stdout)
    assert (log["version"], [one["ruleId"] for one in log["runs"][0]["results"]]) == ("2.1.0", ["unknown-key"])


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_good_file_is_fine_in_every_format(folder: pathlib.Path, form: str) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {run: x}}")
    assert run("-o", form).exit_code == 0


def test_warnings_alone_are_good(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text("jobs: {a: {run: '${{ x }}'}}")
    done = run()
    assert done.exit_code == 0
    assert "[script-expression]" in done.stdout


def test_the_nearest_platform_upwards_is_taken(folder: pathlib.Path) -> None:
    (folder.parents[1] / "platform.yaml").write_bytes((ROOT / "examples/platform.yaml").read_bytes())
    (folder / "ci.yaml").write_text("jobs: {a: {runner: nonesuch, run: x}}")
    done = run()
    assert done.exit_code == 1
    assert "[unknown-runner]" in done.stdout
    assert "no platform.yaml" not in done.stderr


def test_a_bad_platform_is_told_beside_the_files_own_errors(folder: pathlib.Path) -> None:
    (folder / "platform.yaml").write_text("versio: 1")
    (folder / "ci.yaml").write_text("jobs: {a: {rum: x}}")
    done = run()
    assert done.exit_code == 1
    assert "ci.yaml:1:12" in done.stdout
    assert "platform.yaml:1:1: error: unknown key 'versio'" in done.stdout


def test_text_that_is_not_text(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_bytes(b"jobs: \xff\x00")
    done = run()
    assert done.exit_code == 1
    assert "[encoding]" in done.stdout
