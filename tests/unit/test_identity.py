"""The contract of names: nothing in here may ever change after an installation."""

from __future__ import annotations

import dataclasses
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.events.event import PULL_REQUEST_ACTIONS, Event, PullRequest
from generator.events.packing import pack
from generator.identity import cron_name, digest, event_name, group_hash, repository_slug, request_name, run_name

SHA = "c0ffee" + "0" * 34
PUSH = Event("work", "push", "acme/app", "42", "main", SHA, branch="main")
PULL_REQUEST = Event(
    "work", "pull_request", "acme/app", "42", "main", SHA, pull_request=PullRequest(number=7, base="main", head="topic")
)
TAG = Event("work", "tag", "acme/app", "42", "main", SHA, tag="v1")
SCHEDULE = Event(
    "work",
    "schedule",
    "acme/app",
    "42",
    "main",
    SHA,
    branch="main",
    schedule="nightly",
    scheduled_at="2026-11-24T03:00:00Z",
)
MANUAL = Event(
    "work", "manual", "acme/app", "42", "main", SHA, branch="main", request="1b4e28ba-2fa1-11d2-883f-0016d3cca427"
)
KUBERNETES_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


def by(action: str, **changes: str) -> Event:
    request = dataclasses.replace(PULL_REQUEST.pull_request, action=action, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(PULL_REQUEST, pull_request=request)


def test_the_two_names_that_the_contract_spells_out() -> None:
    assert run_name(PUSH) == "run-b-mgfdaa9l78pbde0b8a938euc0k"
    assert run_name(PULL_REQUEST) == "run-p-ajgcrjdpl0v2mu2reni6a80498"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (TAG, "run-t-58m9m8lc4sppn1gnme18dpp25s"),
        (dataclasses.replace(TAG, object_sha="a" * 40), "run-t-6e1lj2eb5kc4cbp5chhj4m8me8"),
        (SCHEDULE, "run-s-kk504v6oct8olek04dqfba04ks"),
        (MANUAL, "run-m-s3i4j7pbfaa9ilickqi9avmdss"),
        (
            by("labeled", label="full", updated_at="2026-11-24T09:00:01Z"),
            "run-p-mum79oq4ek15i2dl5ilbp7dv90",
        ),
        (by("closed", updated_at="2026-11-24T09:00:01Z"), "run-p-ctcm97iliqpmtg0bnd0ggmppj8"),
    ],
)
def test_the_names_of_the_first_release_are_the_names_of_every_later_one(event: Event, name: str) -> None:
    """Worked out once from the contract; a change here would run every commit of every installation again."""
    assert run_name(event) == name


def test_the_other_names_stay_too() -> None:
    assert cron_name("work", "42", "nightly") == "cron-3rihu6qbd8mr61rk3250ossrbg"
    assert group_hash("work", "42", "push-refs/heads/main") == "jd08hb1pnl07eobi59r3hdulk0"
    assert event_name('{"v":1}') == "event-afbf9d0f3560b0fd7795e81c42a0a79ee6b6fc67"
    request = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    assert request_name("work", "acme/app", "main", request) == "event-3b65a9a9215c53829e3aabac19570231744869f2"


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (PUSH, ("push", "refs/heads/main", SHA, "")),
        (TAG, ("tag", "refs/tags/v1", SHA, "")),
        (dataclasses.replace(TAG, object_sha="a" * 40), ("tag", "refs/tags/v1", "a" * 40, "")),
        (PULL_REQUEST, ("pull_request", "7\0refs/heads/main", SHA, "")),
        (
            by("labeled", label="full", updated_at="2026-11-24T09:00:01Z"),
            ("pull_request", "7\0refs/heads/main", SHA, "labeled\0full\x002026-11-24T09:00:01Z"),
        ),
        (SCHEDULE, ("schedule", "nightly", "", "2026-11-24T03:00:00Z")),
        (MANUAL, ("manual", "refs/heads/main", "", "1b4e28ba-2fa1-11d2-883f-0016d3cca427")),
    ],
)
def test_each_kind_is_named_by_the_fields_of_the_table(event: Event, fields: tuple[str, ...]) -> None:
    letter = {"push": "b", "tag": "t", "pull_request": "p", "schedule": "s", "manual": "m"}[event.kind]
    assert run_name(event) == f"run-{letter}-{digest('1', 'work', '42', *fields)}"


def test_a_digest_is_the_hash_of_its_fields_with_their_lengths() -> None:
    hashed = hashlib.sha256(b"\0\0\0\1a\0\0\0\0\0\0\0\2\xc3\xa9").digest()[:16]
    alphabet = "0123456789abcdefghijklmnopqrstuv"
    number = int.from_bytes(hashed, "big") << 2
    assert digest("a", "", "é") == "".join(alphabet[number >> shift & 31] for shift in range(125, -1, -5))


@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "acme/renamed"},
        {"default_branch": "trunk"},
        {"actor": "bob"},
        {"message": "other"},
        {"base_sha": "b" * 40},
        {"changed": ("a",)},
        {"tier": "protected"},
    ],
)
def test_what_the_forge_may_tell_otherwise_next_time_does_not_change_a_name(changes: dict[str, str]) -> None:
    assert run_name(dataclasses.replace(PUSH, **changes)) == run_name(PUSH)  # type: ignore[arg-type]


def test_every_change_of_a_pull_requests_commits_meets_in_one_name() -> None:
    actions = ("opened", "synchronize", "reopened", "ready_for_review", "retargeted")
    assert {run_name(by(action, updated_at=action, label=action, title=action)) for action in actions} == {
        run_name(PULL_REQUEST)
    }


def test_other_changes_of_a_pull_request_run_each_time() -> None:
    others = [action for action in PULL_REQUEST_ACTIONS if action in {"labeled", "unlabeled", "closed"}]
    names = {run_name(by(action, label=label, updated_at=at)) for action in others for label in "ab" for at in "12"}
    assert len(names) == len(others) * 4
    assert run_name(PULL_REQUEST) not in names


def test_a_redelivery_of_a_label_meets_its_first_run() -> None:
    assert run_name(by("labeled", label="a", updated_at="1")) == run_name(by("labeled", label="a", updated_at="1"))


def test_a_push_and_a_pull_request_of_one_commit_are_two_runs() -> None:
    assert run_name(PUSH) != run_name(PULL_REQUEST)


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_different_fields_make_different_names(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


@given(
    repository=st.text(),
    ref=st.text(),
    sha=st.text(),
    kind=st.sampled_from(["push", "tag", "pull_request", "schedule", "manual"]),
    action=st.sampled_from(PULL_REQUEST_ACTIONS),
)
def test_whatever_an_outsider_chooses_the_name_is_a_kubernetes_name(
    repository: str, ref: str, sha: str, kind: str, action: str
) -> None:
    request = PullRequest(number=1, base=ref, head=ref, action=action, label=ref, updated_at=ref)
    event = Event(
        "work", kind, repository, repository, ref, sha, ref, ref, pull_request=request, schedule=ref, request=ref
    )
    for name, longest in (
        (run_name(event), 63),
        (cron_name("work", repository, ref), 52),
        (group_hash("work", repository, ref), 63),
        (request_name("work", repository, ref, sha), 63),
    ):
        assert KUBERNETES_NAME.fullmatch(name)
        assert len(name) <= longest


def test_a_run_name_has_32_characters() -> None:
    assert re.fullmatch("run-[btpsmr]-[0-9a-v]{26}", run_name(PUSH))


def test_an_event_workflow_is_named_after_its_content() -> None:
    first = pack("gitea", "push", {"ref": "refs/heads/main", "repository": {"id": 1}}, "work")
    assert event_name(first) == f"event-{hashlib.sha256(first.encode()).hexdigest()[:40]}"
    assert event_name(first) != event_name(
        pack("gitea", "push", {"ref": "refs/heads/main", "repository": {"id": 2}}, "work")
    )


def test_a_cron_workflow_is_named_after_repository_and_entry() -> None:
    names = {cron_name(forge, repository, entry) for forge in ("a", "b") for repository in "12" for entry in ("x", "y")}
    assert len(names) == 8


@pytest.mark.parametrize(
    ("repository", "slug"),
    [
        ("acme/app", "acme-app-73475cb4"),
        ("Acme/Äpp_1.0", "acme--pp_1.0-73475cb4"),
        ("-/-", "73475cb4"),
        ("acme/" + "x" * 60, "acme-" + "x" * 35 + "-73475cb4"),
    ],
)
def test_a_repository_slug_can_be_read(repository: str, slug: str) -> None:
    assert repository_slug(repository, "42") == slug


@given(st.text(), st.text())
def test_a_repository_slug_is_a_label_value(repository: str, repository_id: str) -> None:
    slug = repository_slug(repository, repository_id)
    assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", slug)
    assert len(slug) <= 63
