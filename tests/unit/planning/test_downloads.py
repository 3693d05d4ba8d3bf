"""Downloads in a plan: of which combinations, into which folders, and where it is an error that there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, platform, push

if TYPE_CHECKING:
    from generator.planning.plan import PlannedDownload

BUILD = """
jobs:
  build:
    matrix: {os: [linux, bsd], dir: [a/b, a-b]}
    %s
    run: make
    artifacts: {binary: bin/app}
"""


def downloads(text: str) -> dict[str, tuple[PlannedDownload, ...]]:
    """By the ids of jobs."""
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is not None, found
    return {job.id: job.downloads for job in made.jobs}


def test_all_combinations_that_run_are_sources() -> None:
    text = BUILD % "if: matrix.os != 'bsd' || matrix.dir == 'a-b'"
    made = downloads(f"{text}  test: {{needs: build, download: build.binary, run: make}}\n")
    assert [one.sources for one in made["test"]] == [((1, ""), (2, ""), (3, ""))]


def test_each_has_a_folder_of_its_own() -> None:
    made = downloads(
        f"{BUILD % ''}  test: {{needs: build, download: {{from: build.binary, split: true}}, run: make}}\n"
    )
    folders = ["os=linux,dir=a-b", "os=linux,dir=a-b-2", "os=bsd,dir=a-b", "os=bsd,dir=a-b-4"]
    assert [one.sources for one in made["test"]] == [tuple(enumerate(folders, 1))]


def test_those_that_agree_are_matched() -> None:
    job = "{needs: build, matrix: {os: [bsd, plan9]}, download: {from: build.binary, same: os}, run: make}"
    made = downloads(f"{BUILD % ''}  test: {job}\n")
    assert [one.sources for one in made["test[os=bsd]"]] == [((3, ""), (4, ""))]
    assert made["test[os=plan9]"] == ()


def test_a_skipped_jobs_are_left_out() -> None:
    job = "{needs: {job: build, optional: true}, download: build.binary, run: make}"
    assert downloads(f"{BUILD % 'if: 1 == 2'}  test: {job}\n")["test"] == ()


@pytest.mark.parametrize(
    ("build", "test", "needed"),
    [
        ("", "", True),
        ("allow-failure: matrix.os == 'bsd'", "", False),
        ("", "when: always,", False),
    ],
)
def test_it_is_needed_where_success_of_all_is(build: str, test: str, needed: bool) -> None:
    made = downloads(f"{BUILD % build}  test: {{needs: build, {test} download: build.binary, run: make}}\n")
    assert [one.needed for one in made["test"]] == [needed]


def test_a_platform_without_a_place_for_artifacts_refuses_them() -> None:
    text = "jobs:\n  it:\n    run: make\n    artifacts: {report: x}\n"
    made, found = plan(ci_file(text), push(), platform(artifacts=None), TREE)
    assert made is None
    message = "job 'it' has artifacts, and this platform no place for them"
    assert [headline(one) for one in found] == [f"ci.yaml:4:17: error: {message} [no-storage]"]
