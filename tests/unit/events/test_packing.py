"""The packed event: what it says of each recorded webhook, and that it is small and whole whatever arrives."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given

from generator.events.packing import FIELDS, PackedError, encode, pack, pack_schedule, unpack
from generator.events.tables import TABLES
from tests.unit.events.webhooks import Payload, odd_payloads, packed_file, recorded


def packed(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize("payload", recorded(), ids=lambda payload: payload.name)
def test_a_recorded_webhook_packs_to_the_same_bytes_as_ever(payload: Payload) -> None:
    assert pack(payload.kind, payload.type, payload.body, "work") == packed_file(payload.name).read_text(
        encoding="utf-8"
    )


@given(odd_payloads())
def test_any_body_packs_to_the_contract_shape(payload: Payload) -> None:
    text = pack(payload.kind, payload.type, payload.body, "work")
    value = json.loads(text)
    assert value.pop("v") == 1
    leaves = {
        **value,
        **{f"{part}.{key}": leaf for part in ("repository", "comment") for key, leaf in value[part].items()},
    }
    del leaves["repository"], leaves["comment"]
    assert sorted(leaves) == sorted(FIELDS)
    assert all(isinstance(leaf, str) for leaf in leaves.values())
    assert len(text.encode()) < 32 * 1024, "an outsider cannot make the event Workflow large"
    assert unpack(encode(text)).forge == "work"


@given(odd_payloads())
def test_the_same_content_packs_to_the_same_bytes(payload: Payload) -> None:
    again = json.loads(json.dumps(payload.body, sort_keys=True))
    first = pack(payload.kind, payload.type, payload.body, "work")
    assert pack(payload.kind, payload.type, again, "work") == first


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("body", [None, {}, [], "x", 0, True, [{}], {"repository": None}, {"repository": [1]}])
def test_a_body_without_any_field_packs_to_empty_texts(kind: str, body: Any) -> None:
    event = unpack(encode(pack(kind, "push", body, "work")))
    assert (event.forge, event.type) == ("work", "push")
    assert (event.repository, event.ref, event.number, event.deleted) == ("", "", 0, False)


@pytest.mark.parametrize(
    ("given_id", "text"),
    [
        (17, "17"),
        (1296269123, "1296269123"),
        (1e6, "1000000"),
        (2**53, "9007199254740992"),
        ("17", ""),
        (True, ""),
        (None, ""),
        (10**400, ""),
    ],
)
def test_an_id_is_decimal_and_anything_but_a_number_is_absent(given_id: Any, text: str) -> None:
    assert unpack(encode(pack("gitea", "push", {"repository": {"id": given_id}}, "work"))).repository_id == text


def test_a_long_text_is_cut_at_bytes() -> None:
    body = {"comment": {"body": "a" + "🚀" * 300}}
    text = pack("gitea", "issue_comment", body, "work")
    assert r'"body":"a' + "🚀" * 255 + r'\ufffd\ufffd\ufffd"' in text, (
        "what is left of a cut character is written as Go writes it"
    )


def test_a_packed_event_has_no_braces_for_argo_to_find() -> None:
    text = encode(pack("gitea", "push", {"ref": "refs/heads/{{workflow.name}}"}, "work"))
    assert "{" not in text
    assert unpack(text).ref == "refs/heads/{{workflow.name}}"


def test_a_schedule_packs_itself() -> None:
    event = unpack(encode(pack_schedule("work", "17", "acme/app", "refs/heads/main", "nightly")))
    assert (event.type, event.label, event.repository_id, event.repository) == ("schedule", "nightly", "17", "acme/app")
    assert event.ref == "refs/heads/main"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("%", "is JSON in base64"),
        (base64.b64encode(b"{").decode(), "is JSON in base64"),
        (base64.b64encode(b"\xff").decode(), "is JSON in base64"),
        (packed([]), "is an object, not list"),
        (packed({}), "version None"),
        (packed({"v": 2}), "version 2; this argosy reads version 1"),
        (packed({"v": True}), "version True"),
        (packed({"v": 1, "ref": 5}), "ref of a packed event must be a text, not int"),
        (packed({"v": 1, "repository": "x"}), "repository of a packed event must be an object, not str"),
    ],
)
def test_what_is_no_packed_event_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(PackedError, match=complaint):
        unpack(text)


def test_fields_that_a_later_version_adds_are_no_trouble() -> None:
    assert unpack(packed({"v": 1, "forge": "work", "type": "push", "colour": "blue"})).type == "push"
