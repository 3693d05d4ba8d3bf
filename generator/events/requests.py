"""What a manual run is asked for with, beside the packed event: the request's id, and the inputs that it gives.

They are two parameters of the event Workflow, `request` and `inputs`. The id is a UUID, so that one request that is
made twice has one run; the inputs are base64 of a JSON object of texts, so that nothing on the way reads them.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of the JSON. It comes to stand in annotations of the run, which share 256 KiB, and in one variable of the expander,
# which takes 128 KiB.
MAX_BYTES = 32 * 1024
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Inputs = tuple[tuple[str, str], ...]


class RequestError(ValueError):
    """A request that is none; the message says what would be right."""


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """`inputs` are sorted by name, values verbatim but for halves of surrogate pairs."""

    id: str
    inputs: Inputs = ()


def is_request_id(text: str) -> bool:
    """Whether it is a UUID as RFC 9562 writes it, in lower case."""
    return _UUID.fullmatch(text) is not None


def encode_inputs(inputs: Iterable[tuple[str, str]]) -> str:
    """The parameter `inputs`. Raises RequestError where that is too long."""
    text = json.dumps({name: _fit(value) for name, value in inputs}, sort_keys=True, separators=(",", ":"))
    if len(text) > MAX_BYTES:
        over = len(text) - MAX_BYTES
        raise RequestError(
            f"the inputs have {len(text):,} bytes as JSON, {over:,} more than the {MAX_BYTES:,} they may"
        )
    return base64.b64encode(text.encode()).decode()


def read(request_id: str, inputs: str) -> Request:
    """Reads the parameters; `inputs` may be empty. Raises RequestError."""
    if not is_request_id(request_id):
        raise RequestError("a manual run's event needs the request's id, a UUID in lower case")
    return Request(request_id, _inputs(inputs) if inputs else ())


def _inputs(text_base64: str) -> Inputs:
    try:
        value = json.loads(base64.b64decode(text_base64, validate=True))
    except (ValueError, binascii.Error, RecursionError) as failure:
        raise RequestError(f"a manual run's inputs are JSON in base64: {failure}") from failure
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise RequestError("a manual run's inputs are an object of texts")
    made = tuple(sorted((_fit(name), _fit(text)) for name, text in value.items()))
    encode_inputs(made)
    return made


def _fit(text: str) -> str:
    """Half of a surrogate pair is no character, and no name could be made of it."""
    return _LONE_SURROGATE.sub("\ufffd", text)
