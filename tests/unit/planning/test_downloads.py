"""Downloads in a plan: of which combinations, into which folders, and where it is an error that there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.manifests.run import run_workflow
from generator.planning.plan import by_job
from generator.planning.planner import plan
from generator.planning.pods import kinds
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


def test_no_two_folders_are_the_same_or_too_long() -> None:
    values = ["a/b", "a-b-3", "a-b", "y" * 199, "y" * 200]
    axes = ", ".join(f"{axis}: [{'z' * 200}]" for axis in ("one", "two"))
    text = f"""
jobs:
  build: {{matrix: {{dir: {values}, {axes}}}, run: make $MATRIX_DIR, artifacts: {{it: x}}}}
  test: {{needs: build, download: {{from: build.it, split: true}}, run: make}}
"""
    (made,) = downloads(text)["test"]
    folders = [folder for _, folder in made.sources]
    assert len(set(folders)) == len(values)
    assert max(map(len, folders)) < 255


def test_those_that_agree_are_matched() -> None:
    job = "{needs: build, matrix: {os: [bsd, plan9]}, download: {from: build.binary, same: os}, run: make}"
    made = downloads(f"{BUILD % ''}  test: {job}\n")
    assert [one.sources for one in made["test[os=bsd]"]] == [((3, ""), (4, ""))]
    assert made["test[os=plan9]"] == ()


NAMED = """
jobs:
  build:
    matrix: {os: [linux, bsd], dir: [a/b, a-b]}
    run: make
    artifacts: {"for-${{ matrix.os }}": bin/app, plain: x}
"""


def test_a_name_that_an_expression_gives_is_stored_by_the_combinations_that_have_it() -> None:
    made = downloads(f"{NAMED}  test: {{needs: build, download: [build.for-bsd, build.plain], run: make}}\n")
    assert [[index for index, _ in one.sources] for one in made["test"]] == [[3, 4], [1, 2, 3, 4]]


def test_one_that_no_combination_gives_is_left_out() -> None:
    made = downloads(f"{NAMED}  test: {{needs: build, download: build.for-plan9, run: make}}\n")
    assert made["test"] == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.${{ branch }}", "with this expression, 'a.main' is not an artifact's name [bad-name]"),
        ("${{ tag }}", "with this expression, '' is not an artifact's name [bad-name]"),
        ("{{x}}-${{ branch }}", "with this expression, '{{x}}-main' is not an artifact's name [bad-name]"),
        ("${{ branch }}", "with this expression, two artifacts of the job are called 'main' [same-artifact]"),
    ],
)
def test_what_an_expression_gives_has_to_be_a_name(name: str, told: str) -> None:
    text = f"jobs:\n  it:\n    run: make\n    artifacts: {{main: x, '{name}': y}}\n"
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is None
    assert [headline(one).partition("error: ")[2] for one in found] == [told]


def test_combinations_with_names_and_downloads_of_their_own_are_counted_as_they_are_laid_out() -> None:
    """Names are parameters; what some combinations do not get takes a template."""
    job = "{needs: build, matrix: {os: [bsd, plan9]}, download: {from: build.plain, same: os}, run: make}"
    made, found = plan(ci_file(f"{NAMED}  test: {job}\n"), push(), PLATFORM, TREE)
    assert made is not None, found
    names = [template["name"] for template in run_workflow(made, PLATFORM)["spec"]["templates"]]
    pods = [name for name in names if name.startswith("pod-")]
    assert sum(len(kinds(group)) for group in by_job(made.jobs).values()) == len(pods) == 3


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
