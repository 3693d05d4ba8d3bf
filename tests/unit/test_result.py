"""The expander's last word, on its way to the reporter."""

from __future__ import annotations

import base64
import json

import pytest

from generator import result
from generator.events.event import to_json
from generator.result import Result, ResultError, decode, encode
from tests.unit.samples import PUSH

INVALID = Result(
    result.INVALID,
    "ci.yaml has errors",
    event=to_json(PUSH),
    diagnostics=({"file": "ci.yaml", "line": 3, "message": "{{workflow.name}}"},),
)


@pytest.mark.parametrize(
    "came", [Result(result.IGNORED, "not ours"), Result(result.STARTED, "push", "run-b-x", "ns"), INVALID]
)
def test_a_result_arrives_as_it_was_sent(came: Result) -> None:
    assert decode(encode(came)) == came


def test_a_result_has_no_braces_for_argo_to_find() -> None:
    assert "{" not in encode(INVALID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(json.dumps({"v": 2, "outcome": "started", "why": "", "diagnostics": []}).encode()).decode(),
        base64.b64encode(json.dumps({"v": 1, "outcome": "lost", "why": "", "diagnostics": []}).encode()).decode(),
        base64.b64encode(json.dumps({"v": 1, "outcome": "started", "diagnostics": []}).encode()).decode(),
    ],
)
def test_what_is_no_result_is_refused(text: str) -> None:
    with pytest.raises(ResultError, match="not a result"):
        decode(text)
