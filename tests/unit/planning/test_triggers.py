"""Which events start a file's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.planning.triggers import decide
from tests.unit.samples import ci_file, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event

JOBS = "\njobs: {a: {run: make}}"
NIGHTLY = "on: {schedule: {name: nightly, cron: '0 3 * * *'}}"


def runs(on: str, event: Event) -> bool:
    return decide(ci_file(on + JOBS).triggers, event).runs


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
    triggers = ci_file("on: {push: {branches: main}}" + JOBS).triggers
    assert "'topic'" in decide(triggers, push(branch="topic")).why
    assert "[skip ci]" in decide(triggers, push(message="[skip ci]")).why


def test_manual_runs_are_refused_aloud() -> None:
    verdict = decide(ci_file(JOBS).triggers, push(kind="manual"))
    assert not verdict.runs
    assert "not supported yet" in verdict.why


def _same(event: Event) -> dict[str, object]:
    kept = ("kind", "branch", "tag", "schedule", "pull_request")
    return {key: getattr(event, key) for key in kept}
