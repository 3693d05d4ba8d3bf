"""hash(), changed(), `paths` and sets of files in a plan: what is asked of the repository, and if it cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan
from generator.planning.tree import UnknownTreeError
from tests.unit.samples import PLATFORM, TREE, StoredTree, ci_file, pull_request, push, tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.events.event import Event
    from generator.planning.plan import Plan
    from generator.planning.tree import Tree

EVERYTHING = "on: {push: {branches: '**', tags: '**'}, pull_request: {}}"


class Silent:
    """A tree that nobody may ask."""

    def blobs(self) -> Mapping[str, str]:
        raise AssertionError("asked for the files")

    def text(self, path: str) -> bytes | None:  # noqa: ARG002
        raise AssertionError("asked for the files")

    def changed(self) -> frozenset[str] | None:
        raise AssertionError("asked what was changed")


class Unknown:
    """A laptop without a clone."""

    def blobs(self) -> Mapping[str, str]:
        raise UnknownTreeError("no clone", "make one")

    def text(self, path: str) -> bytes | None:  # noqa: ARG002
        raise UnknownTreeError("no clone", "make one")

    def changed(self) -> frozenset[str] | None:
        raise UnknownTreeError("no clone", "make one")


class Trouble:
    """A forge that does not answer."""

    def blobs(self) -> Mapping[str, str]:
        raise ConnectionError("away")

    def text(self, path: str) -> bytes | None:  # noqa: ARG002
        raise ConnectionError("away")

    def changed(self) -> frozenset[str] | None:
        raise ConnectionError("away")


def planned(text: str, event: Event, tree: Tree = TREE) -> Plan:
    made, found = plan(ci_file(text), event, PLATFORM, tree)
    assert made is not None, found
    return made


def complaints(text: str, event: Event, tree: Tree = TREE) -> list[str]:
    made, found = plan(ci_file(text), event, PLATFORM, tree)
    assert made is None
    return [headline(finding) for finding in found]


@pytest.mark.parametrize(
    ("condition", "event", "expected"),
    [
        ("changed('src/**')", push(), True),
        ("changed('docs/**')", push(), False),
        ("changed(['**', '!src/**'])", pull_request(), False),
        ("changed('docs/**')", tag("v1"), True),
        ("!changed('docs/**') && branch == 'main'", push(), True),
    ],
)
def test_what_was_changed_decides_about_a_job(condition: str, event: Event, *, expected: bool) -> None:
    made = planned(f'{EVERYTHING}\njobs: {{it: {{run: x, if: "{condition}"}}, b: {{run: x}}}}', event)
    assert [one.runs for one in made.jobs] == [expected, True]


def test_a_digest_goes_into_texts() -> None:
    text = "jobs: {it: {run: x, image: \"app:${{ hash('go.sum') }}\", env: {A: \"${{ hash(['go.sum']) }}\"}}}"
    (made,) = planned(text, push()).jobs
    assert made.image == f"app:{made.env[0].value}"
    assert len(made.env[0].value) == 64


def test_sets_of_files_are_lists_of_globs() -> None:
    text = """\
files: {web: [src/**, '!src/main.go'], code: src/**, sums: [go.sum]}
jobs:
  a: {if: changed(files.web), run: x}
  b: {if: changed(files.code), run: x, env: {S: "${{ hash(files.sums) }}", F: "${{ files.code[0] }}"}}
"""
    a, b = planned(text, push()).jobs
    assert (a.runs, a.why) == (False, "`if` is false: changed(files.web)")
    assert [one.value[:8] for one in b.env if one.name == "F"] == ["src/**"]


def test_a_digest_of_nothing_is_told_at_its_expression_and_nothing_is_made() -> None:
    text = "jobs:\n  it: {run: x, env: {A: \"x ${{ hash('yarn.lock') }}\"}}\n"
    said = "hash() finds no file that matches 'yarn.lock' [expression-failed]"
    assert complaints(text, push()) == [f"ci.yaml:2:28: error: {said}"]


def test_a_glob_that_is_put_together_wrongly_is_told() -> None:
    text = "on: push\njobs:\n  it: {run: x, if: \"changed('src/' + branch)\"}\n"
    said = "'src/{a' is not a glob: a '{' without its '}' [bad-glob]"
    assert complaints(text, push(branch="{a")) == [f"ci.yaml:3:20: error: {said}"]


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {it: {run: x}}",
        "jobs: {it: {run: x, if: branch == 'main', env: {A: '${{ actor }}'}}}",
        "on: pull_request\njobs: {it: {run: x, if: \"changed('a')\", env: {A: \"${{ hash('a') }}\"}}}",
        "jobs: {it: {run: x, if: \"event == 'tag' && changed('a')\", env: {A: \"${{ hash('a') }}\"}}}",
        "on: {push: {branches: other, paths: [a]}}\njobs: {it: {run: x}}",
        "jobs: {a: {run: x}, it: {run: x, on: {pull_request: {paths: [a]}}, if: \"changed('a')\"}}",
    ],
)
def test_the_repository_is_asked_only_if_the_file_asks(text: str) -> None:
    planned(text, push(), Silent())


def test_each_question_is_asked_once() -> None:
    tree = StoredTree(TREE.files, TREE.changes)
    text = "if: \"changed('src/**')\", env: {A: \"${{ hash('go.sum') }}\", B: \"${{ hash('go.sum') }}\"}"
    jobs = ", ".join(f"j{number}: {{run: x, {text}}}" for number in range(20))
    planned(f"on: {{push: {{paths: [src/**]}}}}\njobs: {{{jobs}}}", push(), tree)
    assert sorted(tree.asked) == ["blobs", "changed"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("jobs: {it: {run: x, if: \"changed('a') || true\"}}", "1:25"),
        ("jobs: {it: {run: x, env: {A: \"${{ hash('a') }}\"}}}", "1:31"),
        ("on: {push: {paths: [a]}}\njobs: {it: {run: x}}", "1:20"),
        ("jobs: {it: {on: {push: {paths: [a]}}, run: x}}", "1:32"),
    ],
)
def test_a_repository_that_cannot_be_asked_is_told_where_it_is_asked(text: str, place: str) -> None:
    assert complaints(text, push(), Unknown()) == [f"ci.yaml:{place}: error: no clone [unknown-tree]"]


def test_an_event_file_may_say_what_was_changed() -> None:
    text = "on: {push: {paths: [a]}}\njobs: {it: {run: x, if: \"changed('a')\"}}"
    assert planned(text, push(changed=("a",)), Silent()).runs
    assert not planned(text, push(changed=("b",)), Silent()).runs


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {it: {run: x, if: \"changed('a') || true\"}}",
        "jobs: {it: {run: x, env: {A: \"${{ hash('a') }}\"}}}",
        "on: {push: {paths: [a]}}\njobs: {it: {run: x}}",
    ],
)
def test_trouble_outside_ends_the_planning(text: str) -> None:
    """It may be over the next time, so it must not be told as the file's."""
    with pytest.raises(ConnectionError):
        plan(ci_file(text), push(), PLATFORM, Trouble())


def test_without_a_platform_runners_by_a_digest_are_there_too() -> None:
    ci = ci_file("jobs: {it: {run: x, runner: \"r${{ size(hash('go.sum')) }}\"}}")
    made, _ = plan(ci, push(), assumed_platform(ci, push(), TREE), TREE)
    assert made is not None
    assert made.jobs[0].runner.name == "r64"
