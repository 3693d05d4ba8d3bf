"""The packed event: the few fields of a webhook's body that an event Workflow carries, safe from Argo's templates.

The Sensor packs what arrives (generator.events.sensor_template), `pack` does the same here to a recorded payload, byte
for byte; a schedule packs itself. `unpack` is how the expander reads either. The shape is version 1 of a contract: keys
sorted, no spaces, every key there and every value a text but `v`; what is absent is the empty text, a number is
decimal, `deleted` is `true` or empty.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import re
from typing import TYPE_CHECKING, Any

from generator.events.table import Action, Flag, Number, Source, Text
from generator.events.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
ACCEPTED = range(max(1, VERSION - 1), VERSION + 1)  # events may wait in the bus while argosy is upgraded
TEXT_BYTES = 1024  # of UTF-8; a longer text is cut, in the middle of a character if need be, as sprig's trunc does
SCHEDULE = "schedule"
MANUAL = "manual"
_DIGITS = 19  # of the first number that may not fit in 64 bits

# The paths of the packed JSON, with what a forge's table does not give.
FIELDS = (
    "forge",
    "type",
    "action",
    "repository.id",
    "repository.full_name",
    "ref",
    "before",
    "after",
    "deleted",
    "number",
    "head",
    "base",
    "label",
    "comment.id",
    "comment.body",
    "actor",
    "updated_at",
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CUT_BYTE = re.compile("[\udc80-\udcff]")
_ESCAPED_BY_GO = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})


class PackedError(ValueError):
    """A text that is no packed event of a version that we know."""


@dataclasses.dataclass(frozen=True, slots=True)
class Packed:
    """A packed event, still in the forge's own words, and no more than a claim.

    `number` is 0 where there is none; `base` is a branch.
    """

    forge: str
    type: str
    action: str = ""
    repository_id: str = ""
    repository: str = ""
    ref: str = ""
    before: str = ""
    after: str = ""
    deleted: bool = False
    number: int = 0
    head: str = ""
    base: str = ""
    label: str = ""
    comment_id: str = ""
    comment_body: str = ""
    actor: str = ""
    updated_at: str = ""


def pack(kind: str, event_type: str, body: Any, forge: str) -> str:
    """The packed JSON of a webhook.

    `kind` and `forge` are the forge's in platform.yaml, `event_type` is its type header, `body` its JSON.
    """
    table = TABLES[kind]
    values = {path: _value(source, body) for path, source in table.fields.items()}
    return _json({**values, "forge": forge, "type": _text(event_type)})


def pack_schedule(forge: str, repository_id: str, full_name: str, ref: str, entry: str) -> str:
    """The packed JSON of one entry of `on.schedule`, whose name travels as `label`; `ref` is a whole branch ref."""
    values = {"forge": forge, "type": SCHEDULE, "repository.id": repository_id, "repository.full_name": full_name}
    return _json({**values, "ref": _text(ref), "label": _text(entry)})


def pack_manual(forge: str, full_name: str, ref: str, actor: str) -> str:
    """The packed JSON of a manual run.

    `ref` is whole (`refs/heads/x`, `refs/tags/x`), or a branch's or tag's name, or empty for the default branch.
    """
    values = {"forge": forge, "type": MANUAL, "repository.full_name": full_name}
    return _json({**values, "ref": _text(ref), "actor": _text(actor)})


def encode(packed_json: str) -> str:
    """The parameter `event` of the WorkflowTemplate: base64 of the packed JSON."""
    return base64.b64encode(packed_json.encode()).decode()


def unpack(text_base64: str) -> Packed:
    """Reads the parameter `event`. Raises PackedError."""
    try:
        value = json.loads(base64.b64decode(text_base64, validate=True))
    except (ValueError, binascii.Error, RecursionError) as failure:
        raise PackedError(f"a packed event is JSON in base64: {failure}") from failure
    if not isinstance(value, dict):
        raise PackedError(f"a packed event is an object, not {type(value).__name__}")
    if type(value.get("v")) is not int or value["v"] not in ACCEPTED:
        known = " and ".join(str(version) for version in ACCEPTED)
        raise PackedError(f"a packed event of version {value.get('v')!r}; this argosy reads version {known}")
    texts = {path: _packed_text(value, path) for path in FIELDS}
    return Packed(
        repository_id=texts.pop("repository.id"),
        repository=texts.pop("repository.full_name"),
        comment_id=texts.pop("comment.id"),
        comment_body=texts.pop("comment.body"),
        deleted=texts.pop("deleted") == "true",
        number=_natural(texts.pop("number")),
        **texts,
    )


def _value(source: Source, body: Any) -> str:
    match source:
        case Text(paths):
            return next(filter(None, (_text(_at(body, path)) for path in paths)), "")
        case Number(paths):
            return next(filter(None, (_number(_at(body, path)) for path in paths)), "")
        case Flag(path):
            return "true" if _at(body, path) is True else ""
        case Action(path, changes):
            return _text(_at(body, path)) + "".join(f":{name}" for name, change in changes if _at(body, change))


def _at(body: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(key)
    return body


def _text(value: Any) -> str:
    """A text cut as the Sensor cuts it.

    A byte of a cut character is a lone surrogate here, until `_json` writes it as Go does.
    """
    if not isinstance(value, str):
        return ""
    return _LONE_SURROGATE.sub("\ufffd", value).encode()[:TEXT_BYTES].decode(errors="surrogateescape")


def _number(value: Any) -> str:
    """JSON's numbers are 64-bit floats in the Sensor."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        number = float(value)
    except OverflowError:
        return ""
    return f"{number:.0f}" if math.isfinite(number) else ""


def _json(values: Mapping[str, str]) -> str:
    nested: dict[str, Any] = {"v": VERSION}
    for path in FIELDS:
        *parents, key = path.split(".")
        target = nested
        for parent in parents:
            target = target.setdefault(parent, {})
        target[key] = values.get(path, "")
    text = json.dumps(nested, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _CUT_BYTE.sub(r"\\ufffd", text).translate(_ESCAPED_BY_GO)


def _packed_text(value: dict[str, Any], path: str) -> str:
    *parents, key = path.split(".")
    for parent in parents:
        value = value.get(parent, {})
        if not isinstance(value, dict):
            raise PackedError(f"{parent} of a packed event must be an object, not {type(value).__name__}")
    found = value.get(key, "")
    if not isinstance(found, str):
        raise PackedError(f"{path} of a packed event must be a text, not {type(found).__name__}")
    # As the Sensor's JSON has it, where half of a surrogate pair cannot be.
    return _LONE_SURROGATE.sub("\ufffd", found)


def _natural(text: str) -> int:
    """A pull request's number; what cannot be one, of a payload that no forge sends, is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0
