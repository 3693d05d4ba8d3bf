"""`argosy` as a process: exit codes and messages where files, pipes and terminals are not as they should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pathlib

EVENT = '{"kind": "push", "forge": "work", "repository": "acme/app", "branch": "main", "default_branch": "main"}'
MANY = "jobs:\n" + "".join(f"  job{number}: {{run: make}}\n" for number in range(199))


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "ci.yaml").write_text("jobs: {a: {run: x}}\n")
    (tmp_path / "event.json").write_text(EVENT)
    return tmp_path


def argosy(folder: pathlib.Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", "missing.yaml"], "argosy: missing.yaml: No such file or directory\n"),
        (["lint", "."], "argosy: .: Is a directory\n"),
        (["plan", "--event", "missing.json"], "argosy: missing.json: No such file or directory\n"),
        (["plan", "-e", "event.json", "-p", "missing.yaml"], "argosy: missing.yaml: No such file or directory\n"),
        (["render", "--platform", "missing.yaml"], "argosy: missing.yaml: No such file or directory\n"),
        (["init", "ci.yaml"], "argosy: ci.yaml: File exists\n"),
    ],
)
def test_a_file_that_cannot_be_opened_is_named(folder: pathlib.Path, arguments: list[str], said: str) -> None:
    done = argosy(folder, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", said)


@pytest.mark.parametrize(
    "arguments", [["expand"], ["plan"], ["lint", "--output", "yaml"], ["plan", "-e", "event.json", "-o", "x"], ["fly"]]
)
def test_what_is_not_a_command_line_of_ours_is_usage(folder: pathlib.Path, arguments: list[str]) -> None:
    done = argosy(folder, *arguments)
    assert done.returncode == 2
    assert "Error: " in done.stderr


def test_a_file_of_other_bytes_is_told_with_its_place(folder: pathlib.Path) -> None:
    (folder / "platform.yaml").write_bytes(b"version: \xff\n")
    for command in (["render"], ["lint"], ["plan", "-e", "event.json"]):
        done = argosy(folder, *command)
        assert done.returncode == 1
        assert "platform.yaml:1:10: error: byte 0xff is not UTF-8 [encoding]" in done.stdout + done.stderr


def test_an_event_file_of_other_bytes_is_told(folder: pathlib.Path) -> None:
    (folder / "event.json").write_bytes(b"\xff")
    done = argosy(folder, "plan", "-e", "event.json")
    assert done.returncode == 2
    assert done.stderr.startswith("event.json: ")


def test_a_reader_that_has_enough_ends_it_like_any_other_program(folder: pathlib.Path) -> None:
    """Exit code 1 would say that something is wrong with the file."""
    (folder / "ci.yaml").write_text(MANY)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "generator", "plan", "-e", "event.json"],
            cwd=folder,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode == -signal.SIGPIPE
    assert "Broken pipe" not in done.stderr


def argosy_in_ascii(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return argosy(folder, *arguments, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")


def test_a_terminal_that_knows_fewer_characters_shows_the_rest_as_escapes(folder: pathlib.Path) -> None:
    (folder / "ci.yaml").write_text('jobs: {"ä": {run: x}}\n', encoding="utf-8")
    done = argosy_in_ascii(folder, "lint")
    assert done.returncode == 1
    assert r"\xe4" in done.stdout


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_pipe_that_knows_fewer_characters_gets_json_all_the_same(folder: pathlib.Path, form: str) -> None:
    (folder / "ci.yaml").write_text('jobs: {"ä": {run: x}}\n', encoding="utf-8")
    done = argosy_in_ascii(folder, "lint", "--output", form)
    assert done.returncode == 1
    assert "'\xe4'" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_a_file_whose_name_is_no_text_can_be_checked(folder: pathlib.Path) -> None:
    name = b"\xff.yaml"
    (folder / os.fsdecode(name)).write_text("jobs: {}\n")
    done = argosy(folder, "lint", os.fsdecode(name))
    assert done.returncode == 1
    assert "no jobs" in done.stdout or "jobs" in done.stdout


def test_each_command_has_its_whole_line_in_the_help_and_an_example_in_its_own(folder: pathlib.Path) -> None:
    said = argosy(folder, "--help", COLUMNS="80").stdout
    lines = said.partition("Commands:\n")[2].splitlines()
    assert len(lines) == 11
    assert not [line for line in lines if line.endswith("...")]
    for line in lines:
        assert "Example: argosy " in argosy(folder, line.split()[0], "--help").stdout
