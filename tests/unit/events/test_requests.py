"""What a manual run is asked for with: any texts, carried as they are, and bounded."""

from __future__ import annotations

import base64
import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.events.requests import MAX_BYTES, Request, RequestError, encode_inputs, is_request_id, read

REQUEST = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
# What the admission policy of namespace argosy lets through.
ADMITTED = re.compile("[A-Za-z0-9+/=:._-]*")


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=5))
def test_any_inputs_arrive_as_they_are(inputs: dict[str, str]) -> None:
    carried = encode_inputs(inputs.items())
    assert ADMITTED.fullmatch(carried)
    assert read(REQUEST, carried) == Request(REQUEST, tuple(sorted(inputs.items())))


def test_the_order_in_which_they_are_given_does_not_count() -> None:
    assert encode_inputs([("b", "2"), ("a", "1")]) == encode_inputs([("a", "1"), ("b", "2")])


def test_no_inputs_are_no_text_or_an_empty_object() -> None:
    assert read(REQUEST, "") == read(REQUEST, encode_inputs([])) == Request(REQUEST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REQUEST, True),
        (REQUEST.upper(), False),
        (f"{REQUEST}\n", False),
        (f"{{{REQUEST}}}", False),
        (REQUEST.replace("-", ""), False),
        ("", False),
    ],
)
def test_a_requests_id_is_a_uuid_in_lower_case(text: str, expected: bool) -> None:
    assert is_request_id(text) is expected


def test_too_much_is_refused_on_both_ends_and_says_by_how_much() -> None:
    fits = "x" * (MAX_BYTES - len('{"a":""}'))
    assert read(REQUEST, encode_inputs([("a", fits)])).inputs == (("a", fits),)
    with pytest.raises(RequestError, match="32,769 bytes as JSON, 1 more than the 32,768"):
        encode_inputs([("a", f"{fits}x")])
    with pytest.raises(RequestError, match="1 more than"):
        read(REQUEST, base64.b64encode(f'{{"a":"{fits}x"}}'.encode()).decode())


@given(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_anything_else_is_refused_and_what_is_read_can_be_carried_again(text: str) -> None:
    with contextlib.suppress(RequestError):
        asked = read(REQUEST, text)
        assert read(REQUEST, encode_inputs(asked.inputs)) == asked


def test_half_of_a_surrogate_pair_is_no_character() -> None:
    assert encode_inputs([("a", "\ud800")]) == encode_inputs([("a", "\ufffd")])
