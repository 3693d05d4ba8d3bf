"""The event file: what a real run writes with `--record` is what `--event` reads, and what is wrong in one is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.events.event import (
    KINDS,
    PULL_REQUEST_ACTIONS,
    TIERS,
    Event,
    EventFileError,
    PullRequest,
    from_json,
    from_text,
    to_json,
)
from generator.identity import run_name

SHA = "c0ffee" + "0" * 34
SMALLEST = {
    "forge": "work",
    "kind": "push",
    "repository": "acme/app",
    "repository_id": "42",
    "branch": "main",
    "sha": SHA,
}
texts = st.text(max_size=8)
pull_requests = st.builds(
    PullRequest,
    number=st.integers(0, 2**40),
    base=texts,
    head=texts,
    title=texts,
    author=texts,
    action=st.sampled_from(PULL_REQUEST_ACTIONS),
    draft=st.booleans(),
    from_fork=st.booleans(),
    labels=st.lists(texts, max_size=2).map(tuple),
    label=texts,
    updated_at=texts,
)
events = st.builds(
    Event,
    forge=texts,
    kind=st.sampled_from(KINDS),
    repository=texts,
    repository_id=texts,
    default_branch=texts,
    sha=texts,
    branch=texts,
    tag=texts,
    object_sha=texts,
    base_sha=texts,
    actor=texts,
    message=texts,
    changed=st.none() | st.lists(texts, max_size=2).map(tuple),
    schedule=texts,
    scheduled_at=texts,
    request=texts,
    inputs=st.dictionaries(texts, texts, max_size=2).map(lambda value: tuple(sorted(value.items()))),
    tier=st.sampled_from(TIERS),
    pull_request=pull_requests,
)


@given(events)
def test_what_is_recorded_reads_as_the_same_event(event: Event) -> None:
    assert from_text(json.dumps(to_json(event))) == event


def test_every_key_that_the_contract_names_is_read() -> None:
    request = {
        "number": 3,
        "base": "main",
        "head": "topic",
        "title": "",
        "author": "",
        "action": "synchronize",
        "draft": False,
        "from_fork": False,
        "labels": [],
        "label": "",
        "updated_at": "",
    }
    whole = {
        **SMALLEST,
        "default_branch": "main",
        "tag": "",
        "base_sha": "b" * 40,
        "actor": "ann",
        "message": "head commit's message",
        "changed": ["docs/a.md"],
        "schedule": "nightly",
        "scheduled_at": "2026-11-24T03:00:00Z",
        "request": "uuid of a manual run",
        "inputs": {"level": "info"},
        "tier": "trusted",
        "pull_request": request,
    }
    event = from_json(whole)
    written = to_json(event)
    assert {key: written[key] for key in whole} == whole
    assert set(written) - set(whole) == {"object_sha"}


def test_absent_keys_are_zero_values() -> None:
    event = from_json(SMALLEST)
    assert event == Event("work", "push", "acme/app", "42", "", SHA, branch="main")
    assert event.changed is None, "nobody said what changed: Git is asked"
    assert event.tier == "trusted"


def test_a_pull_request_without_an_action_is_a_synchronize() -> None:
    event = from_json({**SMALLEST, "kind": "pull_request", "pull_request": {"number": 3}})
    assert event.pull_request.action == "synchronize"


def test_no_changes_is_not_the_same_as_nobody_said() -> None:
    assert from_json({**SMALLEST, "changed": []}).changed == ()


@pytest.mark.parametrize(
    ("changes", "ref"),
    [
        ({"branch": "topic"}, "refs/heads/topic"),
        ({"kind": "tag", "branch": "", "tag": "v1"}, "refs/tags/v1"),
        ({"kind": "pull_request", "pull_request": {"number": 3}}, "refs/pull/3"),
    ],
)
def test_an_event_knows_its_whole_ref(changes: dict[str, Any], ref: str) -> None:
    assert from_json({**SMALLEST, **changes}).ref == ref


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "the event must be an object, not list"),
        ('{"kind": "pusch"}', "kind must be one of push, tag, pull_request, schedule, manual, not 'pusch'"),
        ('{"kind": "push", "brunch": "x"}', "the event has no key 'brunch'; known: .*branch"),
        ('{"kind": "push", "branch": 5}', "branch must be a text, not 5"),
        ('{"kind": "push", "tier": "vip"}', "tier must be one of untrusted, trusted, protected, not 'vip'"),
        ('{"kind": "push", "changed": "a"}', "changed must be a list of texts"),
        ('{"kind": "push", "changed": [1]}', "changed must be a text, not 1"),
        ('{"kind": "push", "inputs": []}', "inputs must be an object, not list"),
        ('{"kind": "push", "pull_request": {"number": "3"}}', "pull_request.number must be a number, not '3'"),
        ('{"kind": "push", "pull_request": {"draft": 1}}', "pull_request.draft must be true or false, not 1"),
        ('{"kind": "push", "pull_request": {"action": "poked"}}', "pull_request.action must be one of"),
    ],
)
def test_what_is_wrong_with_an_event_file_is_told(text: str, complaint: str) -> None:
    with pytest.raises(EventFileError, match=complaint):
        from_text(text)


def test_half_a_character_becomes_the_sign_for_none() -> None:
    text = json.dumps({**SMALLEST, "branch": "x\ud800", "inputs": {"level": "\udfff"}})
    event = from_text(text)
    assert (event.branch, event.inputs) == ("x\ufffd", (("level", "\ufffd"),))
    assert run_name(event).startswith("run-b-")


def test_a_file_of_nothing_but_brackets_is_no_event() -> None:
    with pytest.raises(EventFileError, match="not JSON"):
        from_text("[" * 100_000)
