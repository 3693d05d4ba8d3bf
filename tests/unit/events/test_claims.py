"""What a webhook claims to have happened, in one set of words for every forge."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import given

from generator.events.claims import Claim, claim
from generator.events.event import KINDS, PULL_REQUEST_ACTIONS
from generator.events.packing import Packed, encode, pack, pack_manual, pack_schedule, unpack
from generator.events.requests import encode_inputs
from generator.events.tables import TABLES
from tests.unit.events.webhooks import Payload, odd_payloads, recorded

SHA = "c0ffee" + "1" * 34
OLD = "badc0de" + "2" * 33
PAYLOADS = {payload.name: payload for payload in recorded()}


def said_by(name: str) -> Claim:
    payload = PAYLOADS[name]
    return claim(unpack(encode(pack(payload.kind, payload.type, payload.body, "work"))))


@pytest.mark.parametrize("name", ["gitea-push", "github-push", "gitlab-push"])
def test_a_push_to_a_branch(name: str) -> None:
    said = said_by(name)
    assert (said.kind, said.branch, said.tag) == ("push", "main", "")
    assert (said.sha, said.base_sha) == (SHA, OLD)
    assert said.repository in {"acme/app", "acme/tools/app"}
    assert said.actor in {"ann", "octocat"}


def test_a_new_branch_has_no_commit_before() -> None:
    said = said_by("gitea-branch-created")
    assert (said.kind, said.branch, said.sha, said.base_sha) == ("push", "topic", SHA, "")


def test_a_branch_keeps_whatever_name_it_has() -> None:
    assert said_by("gitea-push-hostile").branch == "{{workflow.name}}/$(id)/\"q'<&>\u2028é🚀"


@pytest.mark.parametrize("name", ["gitea-tag", "github-tag", "gitlab-tag"])
def test_a_tag(name: str) -> None:
    said = said_by(name)
    assert (said.kind, said.tag, said.branch, said.sha) == ("tag", "v1.0", "", SHA)


@pytest.mark.parametrize("name", ["gitea-tag-deleted", "github-branch-deleted", "gitlab-branch-deleted"])
def test_a_deletion_starts_nothing(name: str) -> None:
    said = said_by(name)
    assert said.kind == ""
    assert "was deleted" in said.why


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("gitea-pull-request-opened", "opened"),
        ("gitea-pull-request-synchronized", "synchronize"),
        ("gitea-pull-request-labeled", "labeled"),
        ("gitea-pull-request-labels-cleared", "unlabeled"),
        ("gitea-pull-request-retargeted", "retargeted"),
        ("gitea-pull-request-closed", "closed"),
        ("github-pull-request-opened", "opened"),
        ("github-pull-request-synchronize", "synchronize"),
        ("github-pull-request-labeled", "labeled"),
        ("github-pull-request-retargeted", "retargeted"),
        ("github-pull-request-ready", "ready_for_review"),
        ("gitlab-merge-request-open", "opened"),
        ("gitlab-merge-request-commits", "synchronize"),
        ("gitlab-merge-request-retargeted", "retargeted"),
        ("gitlab-merge-request-ready", "ready_for_review"),
        ("gitlab-merge-request-labeled", "labeled"),
        ("gitlab-merge-request-merge", "closed"),
    ],
)
def test_a_pull_request(name: str, action: str) -> None:
    said = said_by(name)
    assert (said.kind, said.action, said.number, said.sha) == ("pull_request", action, 7, SHA)
    assert said.updated_at.startswith("2026-11-24")


def test_a_label_is_named_where_the_forge_names_it() -> None:
    assert said_by("github-pull-request-labeled").label == "full-tests"


@pytest.mark.parametrize(
    "name",
    [
        "gitea-branch-deleted",
        "gitea-create",
        "gitea-comment",
        "gitea-pull-request-renamed",
        "github-ping",
        "github-comment",
        "github-pull-request-renamed",
        "github-pull-request-assigned",
        "gitlab-merge-request-described",
        "gitlab-note",
    ],
)
def test_what_starts_nothing_says_why(name: str) -> None:
    said = said_by(name)
    assert said.kind == ""
    assert "starts nothing" in said.why


def test_a_schedule() -> None:
    packed = unpack(encode(pack_schedule("work", "17", "acme/app", "refs/heads/main", "nightly")))
    said = claim(packed, "2026-11-24T03:00:00Z")
    assert (said.kind, said.schedule, said.scheduled_at) == ("schedule", "nightly", "2026-11-24T03:00:00Z")
    assert (said.repository, said.repository_id) == ("acme/app", "17")


REQUEST = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


@pytest.mark.parametrize("ref", ["", "main", "refs/heads/main", "refs/tags/v1", "{{workflow.name}} $(id)"])
def test_a_manual_run_is_of_the_ref_that_somebody_wrote(ref: str) -> None:
    packed = unpack(encode(pack_manual("work", "acme/app", ref, "ann")))
    said = claim(packed, request=REQUEST, inputs=encode_inputs([("level", "{{x}}"), ("a", "")]))
    assert (said.kind, said.repository, said.ref, said.actor) == ("manual", "acme/app", ref, "ann")
    assert (said.request, said.inputs) == (REQUEST, (("a", ""), ("level", "{{x}}")))


@pytest.mark.parametrize(
    ("ref", "request_id", "inputs", "why"),
    [
        ("refs/notes/x", REQUEST, "", "'refs/notes/x' is neither a branch nor a tag"),
        ("main", "", "", "needs the request's id"),
        ("main", "{{workflow.name}}", "", "needs the request's id"),
        ("main", REQUEST, "e30", "inputs are JSON in base64"),
        ("main", REQUEST, base64.b64encode(b"[]").decode(), "an object of texts"),
        ("main", REQUEST, base64.b64encode(b'{"a": true}').decode(), "an object of texts"),
    ],
)
def test_a_request_that_is_none_starts_nothing(ref: str, request_id: str, inputs: str, why: str) -> None:
    said = claim(unpack(encode(pack_manual("work", "acme/app", ref, ""))), request=request_id, inputs=inputs)
    assert said.kind == ""
    assert why in said.why


def test_a_ref_that_is_neither_branch_nor_tag_starts_nothing() -> None:
    said = claim(Packed(forge="work", type="push", repository="acme/app", ref="refs/notes/commits", after=SHA))
    assert (said.kind, said.why) == ("", "'refs/notes/commits' is neither a branch nor a tag")


@given(odd_payloads())
def test_any_webhook_makes_a_claim_that_is_whole_or_none_with_a_reason(payload: Payload) -> None:
    said = claim(unpack(encode(pack(payload.kind, payload.type, payload.body, "work"))))
    assert bool(said.kind) != bool(said.why)
    if said.kind:
        assert said.kind in KINDS
        assert said.repository
    if said.kind == "pull_request":
        assert said.number > 0
        assert said.action in PULL_REQUEST_ACTIONS


@pytest.mark.parametrize("words", ["kinds", "actions"])
def test_no_word_means_different_things_in_two_forges(words: str) -> None:
    mappings = [getattr(table, words) for table in TABLES.values()]
    for one, other in itertools.combinations(mappings, 2):
        assert {word: one[word] for word in one if word in other} == {
            word: other[word] for word in other if word in one
        }


def test_a_scheduled_time_is_told_in_utc_whatever_the_schedules_zone() -> None:
    packed = unpack(encode(pack_schedule("work", "17", "acme/app", "refs/heads/main", "nightly")))
    assert claim(packed, "2026-11-24T03:00:00+01:00").scheduled_at == "2026-11-24T02:00:00Z"


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-24T03:00:00"])
def test_a_schedule_without_a_time_that_can_be_told_starts_nothing(time: str) -> None:
    packed = unpack(encode(pack_schedule("work", "17", "acme/app", "refs/heads/main", "nightly")))
    said = claim(packed, time)
    assert said.kind == ""
    assert "time" in said.why
