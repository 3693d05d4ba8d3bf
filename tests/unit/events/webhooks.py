"""Webhooks as forges send them, and as nobody would.

`payloads/NAME.json` holds the kind of forge, the type header and the body; `packed/NAME.json` what is packed of it,
byte for byte and without a newline at the end.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
import pathlib
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from generator.events.table import Action, Flag, Number, Source, Text
from generator.events.tables import TABLES

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

_HERE = pathlib.Path(__file__).parent
_LARGEST = 10**300  # a Go program refuses JSON with larger numbers before anything is packed


@dataclasses.dataclass(frozen=True, slots=True)
class Payload:
    """One webhook; `name` is the recorded file's."""

    name: str
    kind: str
    type: str
    body: Any


@functools.cache
def recorded() -> tuple[Payload, ...]:
    """The recorded ones, by name."""
    return tuple(_load(file) for file in sorted(_HERE.glob("payloads/*.json")))


def packed_file(name: str) -> pathlib.Path:
    """What is packed of the recorded webhook `name`."""
    return _HERE / "packed" / f"{name}.json"


def values() -> st.SearchStrategy[Any]:
    """Any JSON value, with a liking for what is cut, escaped or rounded."""
    texts = st.text() | st.sampled_from(
        [
            "é" * 600,
            "🚀" * 300,
            "a" + "🚀" * 300,
            "ab" + "€" * 400,
            "\u2028\u2029",
            "<&>'\"\\",
            "\b\f\n\r\t\0\x1f\x7f",
            "\ufffd",
            "{{=1+1}}",
        ]
    )
    numbers = (
        st.integers(-_LARGEST, _LARGEST)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.sampled_from([1e6, 2**53 + 1, 2.5])
    )
    leaves = st.none() | st.booleans() | numbers | texts
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    )


@st.composite
def odd_payloads(draw: DrawFn) -> Payload:
    """A recorded webhook with other values where its table looks; now and then no object at all."""
    payload = draw(st.sampled_from(recorded()))
    if draw(st.integers(0, 19)) == 0:
        return dataclasses.replace(payload, body=draw(values()))
    body = copy.deepcopy(payload.body)
    paths = [path for source in TABLES[payload.kind].fields.values() for path in _paths(source)]
    for path in draw(st.lists(st.sampled_from(paths), min_size=1, max_size=4)):
        keys = path.split(".")
        _put(body, keys[: draw(st.integers(1, len(keys)))], draw(values()))
    return dataclasses.replace(payload, type=draw(st.just(payload.type) | st.text()), body=body)


def _put(body: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        if not isinstance(body.get(key), dict):
            body[key] = {}
        body = body[key]
    body[keys[-1]] = value


def _paths(source: Source) -> tuple[str, ...]:
    match source:
        case Text(paths) | Number(paths):
            return paths
        case Flag(path):
            return (path,)
        case Action(path, changes):
            return (path, *(change for _, change in changes))


def _load(file: pathlib.Path) -> Payload:
    value = json.loads(file.read_text(encoding="utf-8"))
    return Payload(file.stem, value["kind"], value["type"], value["body"])
