"""`argosy test`: what it prints where, and how it ends."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner, Result

from generator.commands import test as command

if TYPE_CHECKING:
    import pathlib

app = typer.Typer()
app.command()(command.test)
CI = "on: {push: {branches: main}}\njobs: {a: {run: x}, b: {if: \"hash('lock') != ''\", run: x}}\n"
GOOD = "tests: {every: {event: push, starts: all}, none: {event: {tag: v1}, starts: []}}\n"
BAD = "tests: {every: {event: push, starts: all}, some: {event: {push: x}, starts: [a]}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A clone with a commit, and the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lock").write_text("1")
    (tmp_path / "ci.yaml").write_text(CI)
    git = ("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for arguments in (("init", "--quiet", "."), ("add", "lock"), ("commit", "--quiet", "--message", "x")):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_table_that_is_met(folder: pathlib.Path) -> None:
    (folder / "ci.test.yaml").write_text(GOOD)
    done = run()
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "ci.test.yaml: 2 events start what they should\n"


def test_a_table_that_is_not_met(folder: pathlib.Path) -> None:
    (folder / "ci.test.yaml").write_text(BAD)
    done = run()
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "ci.test.yaml:1:77: error: 'some': push to 'x' must start a, but starts nothing [test-failed]",
        f"  1 | {BAD.rstrip()}",
        f"    | {' ' * 76}^~~",
        "  a does not start: branch 'x' matches none of on.push.branches",
    ]
    assert done.stderr == "ci.test.yaml: 1 of 2 events start something else\n"


def test_json(folder: pathlib.Path) -> None:
    (folder / "ci.test.yaml").write_text(BAD)
    said = json.loads(run("-o", "json").stdout)
    assert [one["code"] for one in said["diagnostics"]] == ["test-failed"]
    assert [(one["name"], one["passed"], one["starts"]) for one in said["tests"]] == [
        ("every", True, ["a", "b"]),
        ("some", False, []),
    ]
    why = "branch 'x' matches none of on.push.branches"
    assert said["tests"][1]["differences"] == [{"id": "a", "starts": False, "why": why}]


def test_workflow_commands(folder: pathlib.Path) -> None:
    (folder / "ci.test.yaml").write_text(BAD)
    assert run("-o", "github").stdout.startswith("::error file=ci.test.yaml,line=1,col=77,")


def test_the_table_lies_beside_the_file_that_it_is_about(folder: pathlib.Path) -> None:
    inside = folder / "app"
    inside.mkdir()
    (inside / "other.yaml").write_text("jobs: {a: {rum: x}}")
    (inside / "other.test.yaml").write_text(GOOD)
    done = run("app/other.test.yaml")
    assert done.exit_code == 1
    assert done.stdout.startswith("app/other.yaml:1:12: error: unknown key 'rum' in a job [unknown-key]")
    assert done.stderr == "app/other.test.yaml: not everything could be asked\n"


def test_a_file_that_is_no_table() -> None:
    done = run("ci.yaml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "ci.yaml is no table" in done.stderr
