"""Which events start a file's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.planning.facts import Facts
from generator.planning.triggers import decide, narrow
from tests.unit.samples import TREE, StoredTree, ci_file, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.triggers import Verdict

JOBS = "\njobs: {a: {run: make}}"
NIGHTLY = "on: {schedule: {name: nightly, cron: '0 3 * * *'}}"


def runs(on: str, event: Event) -> bool:
    return verdict(on + JOBS, event).runs


def verdict(text: str, event: Event, tree: StoredTree = TREE) -> Verdict:
    return decide(ci_file(text).triggers, event, Facts(event, tree))


@pytest.mark.parametrize(
    ("on", "event", "expected"),
    [
        ("", push(), True),
        ("", push(branch="topic"), False),
        ("", push(branch="trunk", default_branch="trunk"), True),
        ("", tag("v1"), False),
        ("", pull_request(), True),
        ("", pull_request(base="release"), True),
        ("", pull_request(action="labeled"), False),
        ("on: push", push(branch="topic"), True),
        ("on: push", tag("v1"), False),
        ("on: push", pull_request(), False),
        ("on: {push: {branches: [main, 'release/**']}}", push(branch="release/1/x"), True),
        ("on: {push: {branches: [main, 'release/**']}}", push(branch="topic"), False),
        ("on: {push: {branches: main}}", tag("main"), False),
        ("on: {push: {branches: '!wip/*'}}", push(branch="topic"), True),
        ("on: {push: {branches: '!wip/*'}}", push(branch="wip/x"), False),
        ("on: {push: {tags: 'v*'}}", tag("v1"), True),
        ("on: {push: {tags: 'v*'}}", tag("w1"), False),
        ("on: {push: {tags: 'v*'}}", push(branch="v1"), False),
        ("on: {push: {branches: main, tags: 'v*'}}", tag("v1"), True),
        ("on: {push: {branches: main, tags: 'v*'}}", push(), True),
        (r"on: {push: {tags: '/^v\d+\.\d+$/'}}", tag("v1.2"), True),
        (r"on: {push: {tags: '/^v\d+\.\d+$/'}}", tag("v1.2.3"), False),
        ("on: {push: {branches: ['**', '!/(wip|tmp)-.*/']}}", push(branch="wip-x"), False),
        ("on: {push: {branches: ['**', '!/(wip|tmp)-.*/']}}", push(branch="main"), True),
        ("on: {pull_request: {branches: '/rel-[0-9]+/'}}", pull_request(base="rel-7"), True),
        ("on: {pull_request: {branches: '/rel-[0-9]+/'}}", pull_request(base="rel-7x"), False),
        ("on: pull_request", push(), False),
        ("on: pull_request", tag("v1"), False),
        ("on: {pull_request: {branches: main}}", pull_request(), True),
        ("on: {pull_request: {branches: main}}", pull_request(base="topic", head="main"), False),
        ("on: {pull_request: {types: labeled}}", pull_request(action="labeled"), True),
        ("on: {pull_request: {types: labeled}}", pull_request(action="opened"), False),
        (NIGHTLY, schedule("nightly"), True),
        (NIGHTLY, schedule("weekly"), False),
        (NIGHTLY, push(), False),
        ("on: push", schedule("nightly"), False),
    ],
)
def test_an_event_runs_what_on_names(on: str, event: Event, expected: bool) -> None:
    assert runs(on, event) is expected


@pytest.mark.parametrize("mark", ["[skip ci]", "[ci skip]"])
def test_a_mark_in_the_message_skips_branch_pushes_and_pull_requests_only(mark: str) -> None:
    message = f"Fix a comma {mark}\n\nand nothing else"
    everything = (
        "on: {push: {branches: '**', tags: '**'}, pull_request: {}, schedule: {name: nightly, cron: '0 3 * * *'}}"
    )
    events = [push(), pull_request(), tag("v1"), schedule("nightly")]
    marked = [push(**_same(event), message=message) for event in events]
    assert [runs(everything, event) for event in events] == [True, True, True, True]
    assert [runs(everything, event) for event in marked] == [False, False, True, True]


def test_the_reason_names_what_did_not_match() -> None:
    text = "on: {push: {branches: main}}" + JOBS
    assert "'topic'" in verdict(text, push(branch="topic")).why
    assert "[skip ci]" in verdict(text, push(message="[skip ci]")).why


@pytest.mark.parametrize("on", ["manual", "[push, manual]", "{manual: }", "{manual: {inputs: {level: }}}"])
def test_a_file_that_names_manual_runs_has_them(on: str) -> None:
    said = verdict(f"on: {on}{JOBS}", push(kind="manual"))
    assert (said.runs, said.why) == (True, "manual run of 'main'")
    at_tag = verdict(f"on: {on}{JOBS}", push(kind="manual", branch="", tag="v1"))
    assert (at_tag.runs, at_tag.why) == (True, "manual run of 'v1'")


@pytest.mark.parametrize("on", ["", "on: [push, pull_request]"])
def test_a_file_that_does_not_name_them_has_none(on: str) -> None:
    said = verdict(on + JOBS, push(kind="manual"))
    assert (said.runs, said.why) == (False, "`on` has no manual")


def test_a_manual_trigger_starts_nothing_else() -> None:
    assert not any(runs("on: manual", event) for event in (push(), tag("v1"), pull_request(), schedule("nightly")))


def test_a_manual_run_is_asked_for_whatever_the_commits_message_says() -> None:
    assert runs("on: manual", push(kind="manual", message="x [skip ci]"))


PATHS = """\
on: {push: {branches: '**', paths: [src/**, go.*]}, pull_request: {paths: docs}}
files: {docs: ['**/*.md', '!src/**']}"""


@pytest.mark.parametrize("event", [push(), pull_request()], ids=lambda event: event.kind)
@pytest.mark.parametrize(
    ("changed", "by_push", "by_pull_request"),
    [
        ({"src/a.go"}, True, False),
        ({"go.sum", "x"}, True, False),
        ({"docs/a.md"}, False, True),
        ({"src/README.md"}, True, False),
        (set(), False, False),
        (None, True, True),
    ],
)
def test_paths_want_something_that_was_changed(
    event: Event, changed: set[str] | None, *, by_push: bool, by_pull_request: bool
) -> None:
    tree = StoredTree({}, None if changed is None else frozenset(changed))
    said = verdict(PATHS + JOBS, event, tree)
    assert said.runs is (by_push if event.kind == "push" else by_pull_request)
    if not said.runs:
        assert said.why.endswith(f", but it changes nothing that on.{event.kind}.paths takes in")


@pytest.mark.parametrize(
    ("on", "event"),
    [
        ("on: {push: {branches: '**', tags: '**', paths: [src/**]}}", tag("v1")),
        ("on: {push: {paths: [src/**]}, schedule: {name: nightly, cron: '0 3 * * *'}}", schedule("nightly")),
        ("on: {push: {branches: other, paths: [src/**]}}", push()),
        ("on: {push: {paths: [src/**]}}", push(message="[skip ci]")),
        ("on: {push: {paths: [src/**]}, pull_request: {}}", pull_request()),
    ],
)
def test_what_was_changed_is_asked_only_where_it_decides(on: str, event: Event) -> None:
    tree = StoredTree({}, frozenset())
    verdict(on + JOBS, event, tree)
    assert tree.asked == []


def test_paths_alone_are_every_branch_and_no_tag() -> None:
    on = "on: {push: {paths: [src/**]}}"
    assert runs(on, push(branch="topic"))
    assert not runs(on, tag("v1"))


def _same(event: Event) -> dict[str, object]:
    kept = ("kind", "branch", "tag", "schedule", "pull_request")
    return {key: getattr(event, key) for key in kept}


@pytest.mark.parametrize(
    ("on", "event", "expected"),
    [
        ("push", push(branch="topic"), True),
        ("push", tag("v1"), False),
        ("push", pull_request(), False),
        ("[pull_request, schedule]", push(), False),
        ("[pull_request, schedule]", pull_request(action="closed"), True),
        ("[pull_request, schedule]", schedule("weekly"), True),
        ("{push: {tags: 'v*'}}", tag("v1"), True),
        ("{push: {tags: 'v*'}}", push(), False),
        ("{push: {branches: main}}", push(branch="topic"), False),
        ("{push: {}}", schedule("nightly"), False),
        ("{pull_request: {}}", pull_request(action="labeled"), True),
        ("{pull_request: {types: labeled}}", pull_request(), False),
        ("{pull_request: {branches: main}}", pull_request(base="release"), False),
        ("{push: {paths: [src/**]}}", push(), True),
        ("{push: {paths: [docs/**]}}", push(), False),
        ("{pull_request: {paths: docs}}", pull_request(), False),
        ("{schedule: {}}", schedule("weekly"), True),
        ("{schedule: nightly}", schedule("nightly"), True),
        ("{schedule: [nightly]}", schedule("weekly"), False),
        ("{schedule: nightly}", push(), False),
        ("manual", push(kind="manual"), True),
        ("[push, manual]", push(kind="manual", branch="", tag="v1"), True),
        ("{manual: {}}", push(kind="manual"), True),
        ("{manual: {}}", push(), False),
        ("push", push(kind="manual"), False),
    ],
)
def test_a_job_narrows_what_the_file_runs_for(on: str, event: Event, expected: bool) -> None:
    schedules = "[{name: nightly, cron: '0 3 * * *'}, {name: weekly, cron: '0 4 * * 1'}]"
    given = f"on: {{push: {{branches: '**', tags: '**'}}, pull_request: {{}}, schedule: {schedules}, manual: {{}}}}"
    given = f"files: {{docs: docs/**}}\n{given}"
    job = ci_file(f"{given}\njobs: {{a: {{run: make, on: {on}}}}}").jobs[0]
    assert job.on is not None
    verdict = narrow(job.on, event, Facts(event, TREE))
    assert verdict.runs is expected
    assert verdict.runs or verdict.why.startswith("not for this event: ")
