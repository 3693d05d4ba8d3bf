"""`argosy plan` and `argosy expand` as a developer meets them: what is printed where, and the exit codes."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from generator.commands.expand import expand
from generator.commands.plan import plan

if TYPE_CHECKING:
    from typer.testing import Result

CASE = pathlib.Path(__file__).parents[2] / "golden" / "runs" / "needs-runner-secret"

app = typer.Typer()
app.command()(plan)
app.command()(expand)


@dataclasses.dataclass(frozen=True)
class Folder:
    """A repository with a ci.yaml and an event file, and the operator's file above it."""

    path: pathlib.Path

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text)

    def run(self, *arguments: str) -> Result:
        with contextlib.chdir(self.path):
            return CliRunner().invoke(app, [*arguments])


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> Folder:
    path = tmp_path / "gitops" / "app"
    path.mkdir(parents=True)
    shutil.copy(CASE / "platform.yaml", path.parent)
    for name in ("ci.yaml", "event.json"):
        shutil.copy(CASE / name, path)
    return Folder(path)


def test_a_plan_shows_each_job_and_what_it_gets(folder: Folder) -> None:
    done = folder.run("plan", "--event", "event.json")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "run-b-mgfdaa9l78pbde0b8a938euc0k in argosy-runs-default runs: push to 'main'",
        "    1  runs   test     golang:1.26  medium (cpu 2, memory 4Gi)  at most 1h",
        "    2  runs   publish  debian:12  small (cpu 500m, memory 1Gi)  at most 10m  sees TOKEN  after test",
        "critical path, by timeouts: test > publish; at most 1h10m",
    ]
    assert done.stderr == ""


def test_a_plan_shows_after_what_a_job_runs_and_that_it_may_fail(folder: Folder) -> None:
    first = "a: {run: x, allow-failure: true, retry: {limit: 2}}"
    jobs = f"{first}, b: {{run: x, needs: a}}, c: {{run: x, needs: b, when: failure}}"
    folder.write("ci.yaml", f"jobs: {{{jobs}, d: {{run: x, needs: all, when: always}}}}")
    shown = folder.run("plan", "-e", "event.json").stdout.splitlines()[1:5]
    assert [line.split("  at most ")[-1] for line in shown] == [
        "3 x 1h  may fail",
        "1h  after a",
        "1h  if one of these fails: b",
        "1h  after a, b, c, however they end",
    ]


def test_a_plan_shows_why_a_job_would_fail_or_not_run(folder: Folder) -> None:
    event = json.loads((folder.path / "event.json").read_text())
    folder.write("event.json", json.dumps({**event, "branch": "topic"}))
    assert "skips  test     without `on`, only pushes to 'main'" in folder.run("plan", "-e", "event.json").stdout
    folder.write("ci.yaml", "on: push\njobs: {ship: {secrets: [NPM_TOKEN], run: make ship}}")
    done = folder.run("plan", "-e", "event.json")
    assert done.exit_code == 0
    assert "fails  ship  secret 'NPM_TOKEN' is not granted to this run (push to 'topic')" in done.stdout


def test_without_a_platform_a_plan_says_what_it_did_not_check(folder: Folder) -> None:
    (folder.path.parent / "platform.yaml").unlink()
    folder.write("ci.yaml", "jobs: {a: {runner: whatever, secrets: [ANY], run: make}}")
    done = folder.run("plan", "-e", "event.json", "-o", "json")
    assert done.exit_code == 0
    assert "not checked" in done.stderr
    (job,) = json.loads(done.stdout)["jobs"]
    assert (job["runner"], job["secrets"], job["denied"]) == ("whatever", ["ANY"], "")


def test_errors_stand_on_stderr_with_their_place_and_end_with_1(folder: Folder) -> None:
    folder.write("ci.yaml", "jobs:\n  a: {runner: larg, run: make}\n")
    for command in ("plan", "expand"):
        done = folder.run(command, "--event", "event.json")
        assert done.exit_code == 1
        assert done.stdout == ""
        assert done.stderr.startswith("ci.yaml:2:15: error: unknown runner 'larg' [unknown-runner]\n")


def test_a_file_that_is_wrong_is_told_what_the_platform_makes_of_it_too(folder: Folder) -> None:
    folder.write("ci.yaml", "jobs:\n  a: {runner: larg, run: x}\n  b: {run: x, oops: 1}\n")
    for command in ("plan", "expand"):
        done = folder.run(command, "-e", "event.json")
        assert done.exit_code == 1
        told = [line.rpartition("[")[2] for line in done.stderr.splitlines() if line.startswith("ci.yaml:")]
        assert told == ["unknown-runner]", "unknown-key]"]


def test_an_event_file_that_is_none_is_a_wrong_usage(folder: Folder) -> None:
    folder.write("event.json", '{"kind": "pushed"}')
    for command in ("plan", "expand"):
        done = folder.run(command, "--event", "event.json")
        assert done.exit_code == 2
        assert "event.json: kind must be one of push, tag" in done.stderr


def test_expand_needs_a_platform(folder: Folder) -> None:
    (folder.path.parent / "platform.yaml").unlink()
    done = folder.run("expand", "--event", "event.json")
    assert done.exit_code == 2
    assert "--platform" in done.stderr


def test_expand_prints_nothing_for_an_event_that_starts_nothing(folder: Folder) -> None:
    folder.write("ci.yaml", "on: pull_request\njobs: {a: {run: make}}")
    done = folder.run("expand", "--event", "event.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "nothing runs: `on` has no push\n"


def test_expand_prints_the_same_bytes_for_another_folder_and_platform_option(folder: Folder) -> None:
    here = folder.run("expand", "--event", "event.json", "-o", "json")
    there = CliRunner().invoke(
        app,
        [
            "expand",
            str(CASE / "ci.yaml"),
            "-e",
            str(CASE / "event.json"),
            "-p",
            str(CASE / "platform.yaml"),
            "-o",
            "json",
        ],
    )
    assert here.exit_code == 0
    assert here.stdout_bytes == there.stdout_bytes
    assert len(here.stdout_bytes.splitlines()) == 1


def test_a_plan_costs_no_heavy_import() -> None:
    code = (
        "import sys, generator.commands.plan, generator.commands.expand;"
        "print([name for name in ('hera', 'kubernetes', 'jinja2', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
