"""What a table says about a ci.yaml, and that it says so on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import Diagnostic, headline
from generator.plan_tests.judging import judge
from generator.plan_tests.reader import read
from generator.planning.tree import UnknownTreeError
from tests.unit.samples import StoredTree, ci_file

if TYPE_CHECKING:
    from generator.language.model import CiFile
    from generator.plan_tests.outcome import Outcome

CI = """\
on: {push: {branches: [main], tags: [v*], paths: code}, pull_request: {}, schedule: {name: nightly, cron: "0 3 * * *"}}
files: {code: ["**", "!docs/**"]}
jobs:
  lint: {run: x}
  test: {needs: lint, if: "!pull_request.draft", run: x}
  image: {needs: test, if: changed('web/**'), run: x}
  publish: {needs: test, if: "tag != ''", runner: "${{ tag == 'v0' ? 'a b' : 'small' }}", run: x}
"""
FILES = StoredTree({"go.sum": "b" * 40}, frozenset({"never/asked"}))


def judged(tests: str, ci: str = CI, tree: StoredTree = FILES) -> tuple[list[Outcome], list[Diagnostic]]:
    table, found = read(f"tests:\n{tests}", "ci.test.yaml")
    assert table is not None, found
    return judge(table, ci_file(ci), tree)


def told(test: str, ci: str = CI) -> list[str]:
    """The finding of one test, its hint line by line."""
    outcomes, found = judged(f"  it: {test}", ci)
    assert all(outcome.passed for outcome in outcomes) is not bool(found)
    return [line for one in found for line in (one.message, *one.hint.splitlines())]


@pytest.mark.parametrize(
    "test",
    [
        "{event: push, starts: [image, lint, test]}",
        "{event: {push: main, changed: src/a}, starts: [lint, test]}",
        "{event: {push: main, changed: docs/a}, starts: []}",
        "{event: {push: main, changed: []}, starts: []}",
        "{event: {push: main, message: '[skip ci]'}, starts: []}",
        "{event: [{push: topic}, {schedule: weekly}, manual], starts: []}",
        "{event: {tag: v1}, starts: all}",
        "{event: {tag: w1}, starts: []}",
        "{event: {pull_request: {draft: true}}, starts: lint}",
        "{event: {pull_request: main}, starts: {with: [test], without: publish}}",
        "{event: {schedule: nightly}, starts: {without: publish}}",
    ],
)
def test_what_is_as_the_table_says(test: str) -> None:
    assert told(test) == []


@pytest.mark.parametrize(
    ("test", "lines"),
    [
        (
            "{event: {push: main, changed: [src/a, b]}, starts: [lint, publish]}",
            [
                "'it': push to 'main' that changes src/a, b must start lint, publish, but starts lint, test",
                "test starts: push to 'main', and `if` is true",
                "publish does not start: `if` is false: tag != ''",
            ],
        ),
        (
            "{event: {push: topic}, starts: {with: [lint, test]}}",
            [
                "'it': push to 'topic' must start at least lint, test, but starts nothing",
                "lint, test do not start: branch 'topic' matches none of on.push.branches",
            ],
        ),
        (
            "{event: {tag: v1}, starts: {without: [publish, image]}}",
            [
                "'it': tag 'v1' must start none of publish, image, but starts lint, test, image, publish",
                "image, publish start: tag 'v1', and `if` is true",
            ],
        ),
        (
            "{event: {pull_request: {draft: true}}, starts: all}",
            [
                "'it': pull request into 'main' must start every job, but starts lint",
                "test does not start: `if` is false: !pull_request.draft",
                "image does not start: needs 'test', which does not run",
                "publish does not start: `if` is false: tag != ''",
            ],
        ),
        (
            "{event: {schedule: nightly}, starts: []}",
            [
                "'it': schedule 'nightly' must start nothing, but starts lint, test, image",
                "lint starts: schedule 'nightly'",
                "test, image start: schedule 'nightly', and `if` is true",
            ],
        ),
    ],
)
def test_what_differs_is_told_with_the_plans_reason(test: str, lines: list[str]) -> None:
    assert told(test) == lines


def test_each_event_of_a_test_is_asked() -> None:
    outcomes, found = judged("  it: {event: [push, {tag: v1}, {push: a}], starts: [lint, test, image]}")
    assert [outcome.passed for outcome in outcomes] == [True, False, False]
    assert [one.message.split(" must")[0] for one in found] == ["'it': tag 'v1'", "'it': push to 'a'"]


def test_an_event_that_cannot_be_planned_fails_its_test() -> None:
    (line, why) = told("{event: {tag: v0}, starts: {without: image}}")
    assert line == "'it': tag 'v0' cannot be planned"
    assert why.startswith("ci.yaml:7:")
    assert "'a b'" in why


def test_jobs_that_are_not_there_are_errors_where_they_are_named() -> None:
    outcomes, found = judged(
        "  it: {event: push, starts: {with: [tset], without: ['imag[a=b]', 'test[a=b]']}}\n"
        "  b: {event: push, starts: {with: test}}"
    )
    assert [outcome.test.name for outcome in outcomes] == ["b"]
    assert [(headline(one), one.hint.split("?")[0]) for one in found] == [
        ("ci.test.yaml:2:37: error: no job 'tset' in ci.yaml [unknown-job]", "did you mean 'test'"),
        ("ci.test.yaml:2:54: error: no job 'imag' in ci.yaml [unknown-job]", "did you mean 'image'"),
        ("ci.test.yaml:2:67: error: job 'test' has no matrix [unknown-job]", ""),
    ]


MATRIX = """\
on: {push: {branches: '**'}}
jobs:
  test:
    if: branch == 'main' || matrix.db == 'none'
    matrix: {go: ["1.25", "1.26"], db: [none, "x,y]"]}
    run: x
  each: {matrix: {dir: {dirs: "services/*", changed: true}}, run: x}
"""
SERVICES = StoredTree({"services/a/x": "a" * 40, "services/b/x": "b" * 40})


@pytest.mark.parametrize(
    "test",
    [
        "{event: {push: main, changed: []}, starts: [test]}",
        "{event: {push: main, changed: services/b/x}, starts: [test, each]}",
        "{event: {push: main, changed: services/b/x}, starts: [test, 'each[dir=services/b]']}",
        "{event: {push: main}, starts: all}",
        "{event: {push: a, changed: []}, starts: ['test[db=none]']}",
        "{event: {push: a, changed: []}, starts: ['test[go=1.25,db=none]', 'test[db=none,go=1.26]']}",
        "{event: {push: a}, starts: {with: 'test[db=none]', without: ['test[db=x,y]]', 'test[go=1.25,db=x,y]]']}}",
        "{event: {push: a, changed: services/b/x}, starts: {without: 'each[dir=services/a]'}}",
    ],
)
def test_a_job_is_all_its_combinations_or_those_with_some_values(test: str) -> None:
    _, found = judged(f"  it: {test}", MATRIX, SERVICES)
    assert found == []


@pytest.mark.parametrize(
    ("test", "lines"),
    [
        (
            "{event: {push: a, changed: []}, starts: test}",
            [
                (
                    "'it': push to 'a' that changes nothing must start test, but starts "
                    "test[go=1.25,db=none], test[go=1.26,db=none]"
                ),
                (
                    "test[go=1.25,db=x,y]], test[go=1.26,db=x,y]] do not start: `if` is false: "
                    "branch == 'main' || matrix.db == 'none'"
                ),
            ],
        ),
        (
            "{event: {push: main, changed: []}, starts: ['test[go=1.25]']}",
            [
                "'it': push to 'main' that changes nothing must start test[go=1.25], but starts test",
                "test[go=1.26,db=none], test[go=1.26,db=x,y]] start: push to 'main', and `if` is true",
            ],
        ),
        (
            "{event: {push: main, changed: []}, starts: {with: ['test[go=1.27]', 'each[dir=services/a]']}}",
            [
                (
                    "'it': push to 'main' that changes nothing must start at least test[go=1.27], "
                    "each[dir=services/a], but starts test"
                ),
                "test[go=1.27] does not start: there is no such combination",
                (
                    "each[dir=services/a] does not start: its matrix has no combination: "
                    "no changed folder matches 'services/*'"
                ),
            ],
        ),
        (
            "{event: push, starts: {without: 'test[gp=1.25]'}}",
            ["job 'test' has no axis 'gp'", "did you mean 'go'? known: go, db"],
        ),
    ],
)
def test_combinations_that_differ_are_told_one_by_one(test: str, lines: list[str]) -> None:
    _, found = judged(f"  it: {test}", MATRIX, SERVICES)
    assert [line for one in found for line in (one.message, *one.hint.splitlines())] == lines


def test_the_repository_is_asked_for_its_files_alone_and_once() -> None:
    tree = StoredTree({"go.sum": "b" * 40}, frozenset({"never/asked"}))
    ci = "on: push\njobs: {a: {if: \"hash('go.sum') != '' && changed('x')\", run: x}}"
    assert judged("  it: {event: [push, {push: b}], starts: a}", ci, tree)[1] == []
    assert tree.asked == ["blobs"]


class NoTree:
    def blobs(self) -> dict[str, str]:
        raise UnknownTreeError("the files of the repository are not known", "run this in a git clone")

    def text(self, path: str) -> bytes | None:
        raise AssertionError(f"nobody asks for {path}")

    def changed(self) -> None:
        raise AssertionError("nobody asks")


def test_a_laptop_without_the_repository_is_told_so() -> None:
    table, _ = read("tests: {it: {event: push, starts: all}}", "ci.test.yaml")
    assert table is not None
    _, (found,) = judge(table, ci_file("on: push\njobs: {a: {if: \"hash('a') != ''\", run: x}}"), NoTree())
    assert "the files of the repository are not known" in found.hint


def test_what_a_table_costs_is_bounded() -> None:
    many: CiFile = ci_file("on: push\njobs: {" + ", ".join(f"j{number}: {{run: x}}" for number in range(150)) + "}")
    rows = "".join(f"  number {number}: {{event: push, starts: all}}\n" for number in range(150))
    table, _ = read(f"tests:\n{rows}", "ci.test.yaml")
    assert table is not None
    outcomes, found = judge(table, many, FILES)
    assert len(outcomes) == 67
    assert [headline(one) for one in found] == [
        "ci.test.yaml:69:36: error: the table has more than 10,000 jobs planned [table-size]"
    ]


def test_hostile_names_stay_on_their_line() -> None:
    lines = told(
        r'{event: {push: "a\u001b[2Jb", changed: ["\u2028", "\u202Ex"]}, starts: all}',
        "on: {push: {branches: x}}\njobs: {a: {run: x}}",
    )
    assert all(line.isprintable() for line in lines)
