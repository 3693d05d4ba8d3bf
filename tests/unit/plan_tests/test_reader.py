"""A table's meaning: every way to write an event, and what is wrong with a table, with its place."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import headline
from generator.events.event import KINDS, PULL_REQUEST_ACTIONS, TIERS, Event, PullRequest, to_json
from generator.plan_tests.reader import MAX_EVENTS, read

if TYPE_CHECKING:
    from generator.plan_tests.model import Table

PUSH = Event("", "push", "owner/name", "", "main", "0" * 40, branch="main", tier="protected")


def table(text: str) -> Table:
    made, found = read(text, "ci.test.yaml")
    assert made is not None, found
    assert found == []
    return made


def event(text: str, rest: str = "") -> Event:
    (test,) = table(f"{rest}\ntests: {{it: {{event: {text}, starts: []}}}}").tests
    (only,) = test.events
    return only


def complaints(text: str) -> list[str]:
    made, found = read(text, "ci.test.yaml")
    assert made is None
    return [headline(one).removeprefix("ci.test.yaml:") for one in found]


@pytest.mark.parametrize(
    "written", ["push", "{push: main}", "{push: }", "[push]", "{kind: push}", "{kind: push, branch: main}"]
)
def test_a_push_to_the_default_branch(written: str) -> None:
    assert event(written) == PUSH


@pytest.mark.parametrize(
    ("written", "ref", "changes"),
    [
        ("{push: topic}", "refs/heads/topic", {"branch": "topic", "tier": "trusted"}),
        ("{tag: v1}", "refs/tags/v1", {"kind": "tag", "branch": "", "tag": "v1"}),
        ("{tag: 1.10}", "refs/tags/1.10", {"kind": "tag", "branch": "", "tag": "1.10"}),
        ("schedule", "refs/heads/main", {"kind": "schedule", "schedule": "schedule"}),
        ("{schedule: nightly}", "refs/heads/main", {"kind": "schedule", "schedule": "nightly"}),
        ("manual", "refs/heads/main", {"kind": "manual"}),
        (
            "{manual: topic, inputs: {level: 1.10, dry: true}}",
            "refs/heads/topic",
            {"kind": "manual", "branch": "topic", "tier": "trusted", "inputs": (("dry", "true"), ("level", "1.10"))},
        ),
        ("{kind: manual, tag: v1}", "refs/tags/v1", {"kind": "manual", "branch": "", "tag": "v1"}),
        ("{push: main, changed: a}", "refs/heads/main", {"changed": ("a",)}),
        ("{push: main, changed: []}", "refs/heads/main", {"changed": ()}),
        ("{push: main, message: 'x [skip ci]'}", "refs/heads/main", {"message": "x [skip ci]"}),
    ],
)
def test_other_events(written: str, ref: str, changes: dict[str, object]) -> None:
    assert event(written) == dataclasses.replace(PUSH, **changes)  # type: ignore[arg-type]
    assert event(written).ref == ref


@pytest.mark.parametrize(
    ("written", "changes"),
    [
        ("pull_request", {}),
        ("{pull_request: }", {}),
        ("{pull_request: release/1}", {"base": "release/1"}),
        ("{pull_request: {draft: true, labels: full}}", {"draft": True, "labels": ("full",)}),
        ("{pull_request: {number: 0, action: labeled}}", {"number": 0, "action": "labeled"}),
    ],
)
def test_a_pull_request(written: str, changes: dict[str, object]) -> None:
    request = dataclasses.replace(PullRequest(number=1, base="main"), **changes)  # type: ignore[arg-type]
    assert event(written) == dataclasses.replace(
        PUSH, kind="pull_request", branch="", tier="trusted", pull_request=request
    )


def test_what_holds_for_every_event_is_said_once() -> None:
    rest = "defaults: {default_branch: trunk, repository: acme/app, actor: ann}"
    assert (event("push", rest).branch, event("pull_request", rest).pull_request.base) == ("trunk", "trunk")
    assert event("{push: x, actor: bob}", rest) == dataclasses.replace(
        PUSH, branch="x", tier="trusted", default_branch="trunk", repository="acme/app", actor="bob"
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Events as the expander makes them."""
    word = st.sampled_from(("", "a", "main", "v1.10", "yes", "0x1F", "{{x}}", "'", "#", "ü", "nightly"))
    some = st.sampled_from(("main", "v1.10", "no", "ü"))
    kind = draw(st.sampled_from(KINDS))
    request = PullRequest(
        number=draw(st.integers(1, 9)),
        base=draw(some),
        head=draw(word),
        title=draw(word),
        author=draw(word),
        action=draw(st.sampled_from(PULL_REQUEST_ACTIONS)),
        draft=draw(st.booleans()),
        from_fork=draw(st.booleans()),
        labels=tuple(draw(st.lists(word, max_size=2))),
        label=draw(word),
        updated_at=draw(word),
    )
    return Event(
        forge=draw(word),
        kind=kind,
        repository=draw(word),
        repository_id=draw(word),
        default_branch=draw(some),
        sha=draw(word),
        branch="" if kind in ("tag", "pull_request") else draw(some),
        tag=draw(some) if kind == "tag" else "",
        object_sha=draw(word),
        base_sha=draw(word),
        actor=draw(word),
        message=draw(word),
        changed=draw(st.none() | st.lists(some, max_size=2).map(tuple)),
        schedule=draw(some) if kind == "schedule" else "",
        scheduled_at=draw(word),
        request=draw(word),
        inputs=tuple(sorted(draw(st.dictionaries(some, word, max_size=2)).items())),
        tier=draw(st.sampled_from(TIERS)),
        pull_request=request if kind == "pull_request" else PullRequest(),
    )


@given(events())
def test_what_a_run_was_made_for_can_be_put_into_a_table(happened: Event) -> None:
    assert event(json.dumps(to_json(happened))) == happened


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("[]", "exact"),
        ("a", "exact a"),
        ("[a, 'b[go=1.26,os=x]']", "exact a b[go=1.26,os=x]"),
        ("all", "every"),
        ("{with: a, without: [b, c]}", "some a not b c"),
    ],
)
def test_what_must_start(written: str, names: str) -> None:
    (test,) = table(f"tests: {{it: {{event: push, starts: {written}}}}}").tests
    expected = test.expected
    parts = ["every"] if expected.every else ["exact" if expected.exact else "some"]
    parts += [name.value for name in expected.started]
    parts += ["not"] * bool(expected.not_started) + [name.value for name in expected.not_started]
    assert " ".join(parts) == names
    assert (test.place.line, test.place.column) == (1, 35)


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("{event: push}", ["1:9: error: a test needs 'starts' [missing-key]"]),
        ("{starts: []}", ["1:9: error: a test needs 'event' [missing-key]"]),
        ("{event: push, starts: }", ["1:27: error: 'starts' says nothing [empty-value]"]),
        ("{event: push, starts: {}}", ["1:27: error: 'starts' says nothing [empty-value]"]),
        ("{event: push, runs: all}", ["1:27: error: unknown key 'runs' in a test [unknown-key]"]),
        ("{event: push, starts: [a b]}", ["1:36: error: 'a b' is not a job's name, or a combination [bad-name]"]),
        ("{event: push, starts: [a, a]}", ["1:39: error: 'a' stands here twice [duplicate-value]"]),
        ("{event: tag, starts: []}", ["1:21: error: unknown event 'tag' [bad-value]"]),
        ("{event: {tag: }, starts: []}", ["1:21: error: an event of a tag needs the tag [missing-key]"]),
        ("{event: {changed: a}, starts: []}", ["1:21: error: an event needs its kind [missing-key]"]),
        ("{event: {push: , tag: v1}, starts: []}", ["1:21: error: one event is not push, tag at once [bad-value]"]),
        (
            "{event: {kind: push, push: a}, starts: []}",
            ["1:21: error: 'kind' and 'push' are two ways to say one thing [bad-value]"],
        ),
        ("{event: {labels: a}, starts: []}", ["1:22: error: unknown key 'labels' in an event [unknown-key]"]),
        ("{event: {push: , changed: /a}, starts: []}", ["1:39: error: '/a' is not a path [bad-value]"]),
        (
            "{event: {pull_request: {action: merged}}, starts: []}",
            ["1:45: error: unknown action 'merged' [bad-value]"],
        ),
        ("{event: [], starts: []}", ["1:21: error: 'event' is empty [empty-value]"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(test: str, told: list[str]) -> None:
    assert complaints(f"tests: {{it: {test}}}") == told


def test_a_table_has_a_bounded_number_of_events() -> None:
    rows = [f"  number {number}: {{event: [push, push], starts: []}}\n" for number in range(MAX_EVENTS // 2 + 1)]
    assert read("tests:\n" + "".join(rows[:-1]), "f")[1] == []
    assert complaints("tests:\n" + "".join(rows)) == ["102:3: error: the table has more than 200 events [table-size]"]
