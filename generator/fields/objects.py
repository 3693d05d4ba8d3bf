"""Mappings with keys that the language knows: strict about unknown and missing ones, frank about later ones."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from generator.document import Entry, Mapping, Node, Scalar, Sequence, parse, plain
from generator.fields.reading import Reading, Schema, Type, read_value, wrong_type
from generator.wording import closest, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Map

    from generator.diagnostics import Span
    from generator.fields.collections import MapOf, Named

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Key(Generic[T]):
    """One key, wherever it is spoken of.

    `default` says in the reference what holds without it; `example` is a line of YAML.
    """

    name: str
    type: Type[T]
    doc: str
    default: str = ""
    example: str = ""
    required: bool = False


class Record:
    """A mapping that was read: the values by key, and their places.

    A key with an error counts as absent, its value being told already. `others` are the entries under the user's own
    names, where the mapping takes such. `has_strange_keys`: there were keys that are
    unknown or come later, which are told too; what seems to be missing may be one of them.
    """

    def __init__(
        self,
        node: Mapping,
        reading: Reading,
        key: Scalar | None,
        known: Map[str, Key[Any]],
        strange: bool = False,
        others: tuple[Named[Any], ...] = (),
    ) -> None:
        self.span = node.span
        self.key = key
        self.reading = reading
        self.has_strange_keys = strange
        self.others = others
        self._entries = {entry.key.text: entry for entry in node.entries if entry.key.text in known}
        self._values = {
            name: read_value(known[name].type, entry.value, reading, entry.key) for name, entry in self._entries.items()
        }
        for name, entry in self._entries.items():
            _show_example(known[name], entry.value, reading)

    @property
    def name(self) -> str:
        """The key that holds the mapping, empty at the top of a file and in lists."""
        return self.key.text if self.key is not None else ""

    @property
    def place(self) -> Span:
        """Where to point for the mapping as a whole: its key, or its beginning."""
        return self.key.span if self.key is not None else self.span

    def get(self, key: Key[T]) -> T | None:
        """The key's value, None where it is absent or wrong."""
        return cast("T | None", self._values.get(key.name))

    def entry(self, key: Key[Any]) -> Entry | None:
        """The key's nodes as they were written, None where it is absent."""
        return self._entries.get(key.name)

    def has(self, key: Key[Any]) -> bool:
        """Whether the key stands there, right or wrong."""
        return key.name in self._entries

    def span_of(self, key: Key[Any]) -> Span:
        """The value's place; without one, the mapping's."""
        entry = self._entries.get(key.name)
        return entry.value.span if entry is not None else self.place


def _show_example(key: Key[Any], node: Node, reading: Reading) -> None:
    """Beside what has the wrong shape, be it the value or one of those inside of it that are under no other key."""
    if not key.example or not reading.has_bare_shapes:
        return
    reading.show(node.span, key.example)
    inside = node.items if isinstance(node, Sequence) else ()
    for one in [entry.value for entry in node.entries] if isinstance(node, Mapping) else inside:
        reading.show(one.span, key.example)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Object(Generic[T]):
    """A mapping of known keys, built into a value of its own.

    `label` is `a job`. `later` are keys that the language has and this version has not; `foreign` are other systems'
    words, with what to write instead; keys that start with `homes` are free for the user's anchors. `build` may report
    through the record's reading and give None; `also` is as much of that as a JSON Schema can say, in its keywords.
    With the key `builds_on` any other may be null, which takes away what the mapping builds on; that is done before it
    is read. `others` reads what stands under names of the user's own. `strays` is what to do with an unknown key that
    holds a mapping. `title` heads the section in the reference, and `doc` opens it.
    """

    label: str
    keys: tuple[Key[Any], ...]
    build: Callable[[Record], T | None]
    title: str = ""
    doc: str = ""
    later: tuple[str, ...] = ()
    foreign: Map[str, str] = dataclasses.field(default_factory=dict)
    homes: str = ""
    also: Schema = dataclasses.field(default_factory=dict)
    builds_on: Key[Any] | None = None
    others: MapOf[Any] | None = None
    strays: str = ""

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> T | None:
        """The value that `build` makes of the keys."""
        if isinstance(node, Scalar) and node.is_null:
            node = Mapping(node.span, ())
        if not isinstance(node, Mapping):
            wrong_type(f"a mapping ({self.label})" if self.label else "a mapping", node, reading, key)
            return None
        known = {key.name: key for key in self.keys}
        strange = [entry for entry in node.entries if entry.key.text not in known]
        if self.others is not None:
            named = self.others.read(Mapping(node.span, tuple(strange)), reading) or ()
            for entry in strange if reading.has_bare_shapes else ():
                near = closest(entry.key.text, known)
                if near is not None:
                    _show_example(known[near], entry.value, reading)
            return self.build(Record(node, reading, key, known, len(named) < len(strange), others=named))
        meant = {self._report_unknown(entry, reading) for entry in strange} - {None}
        record = Record(node, reading, key, known, bool(meant))
        missing = [key.name for key in self.keys if key.required and not record.has(key)]
        for name in missing:
            # One that is there misspelt is told already, and so is one that may be meant by what nobody knows.
            if name not in meant and meant.issubset({*known, *self.later}):
                reading.error(record.place, "missing-key", f"{self.label} needs {quoted(name)}")
        return None if missing else self.build(record)

    def _report_unknown(self, entry: Entry, reading: Reading) -> str | None:
        """Reports the key unless it is free for the user; gives the key that was probably meant, or its own name."""
        key = entry.key
        name = key.text
        if reading.full or (self.homes and name.startswith(self.homes)):
            return None
        if name in self.later:
            reading.error(key.span, "not-yet", f"{quoted(name)} is not supported yet")
            return name
        known = [key.name for key in self.keys]
        near = None if name in self.foreign else closest(name, known)
        hint = (f"did you mean {quoted(near)}? " if near else "") + (f"known: {listed(known)}" if known else "")
        if self.strays and not near and isinstance(entry.value, Mapping):
            hint = self.strays
        message = f"unknown key {quoted(name)} in {self.label}"
        reading.error(key.span, "unknown-key", message, self.foreign.get(name, hint))
        return near or name

    def schema(self) -> Schema:
        """An object with exactly these keys."""
        required = [key.name for key in self.keys if key.required]
        schema: Schema = {"description": self.doc} if self.doc else {}
        schema |= {
            "type": "object" if required or self.also else ["object", "null"],
            "properties": {key.name: described(key) for key in self.keys},
            "additionalProperties": False,
        }
        if self.builds_on is not None:
            schema |= _with_removable(schema["properties"], self.builds_on.name)
        schema |= self.also
        if required:
            schema["required"] = required
        if self.homes:
            schema["patternProperties"] = {f"^{self.homes}": {}}
        if self.others is not None:
            names = "|".join(key.name for key in self.keys)
            pattern = f"^(?!(?:{names})$)" + self.others.name.schema()["pattern"].removeprefix("^")
            schema["patternProperties"] = {pattern: self.others.value.schema()}
        return schema

    def parts(self) -> tuple[Type[object], ...]:
        """The keys' types, and that of what stands under other names."""
        named = (self.others.value,) if self.others is not None else ()
        return (*(key.type for key in self.keys), *named)


_LITERAL = re.compile("`[^`]+`(?:, `[^`]+`)*")


def _with_removable(properties: dict[str, Schema], builds_on: str) -> Schema:
    """The keys with null as a further value, for which the key that is built on has to be there."""
    firm = [name for name, schema in properties.items() if not _takes_null(schema)]
    missing = [{"required": [name], "properties": {name: {"const": None}}} for name in firm]
    return {
        "properties": {**properties, **{name: _or_null(properties[name]) for name in firm}},
        "if": {"not": {"required": [builds_on]}},
        "then": {"not": {"anyOf": missing}},
    }


def _or_null(schema: Schema) -> Schema:
    words: Schema = {name: schema[name] for name in ("description", "default", "examples") if name in schema}
    rest = {name: value for name, value in schema.items() if name not in words}
    return {"anyOf": [rest, {"type": "null"}], **words}


def _takes_null(schema: Schema) -> bool:
    return "null" in schema.get("type", ()) or any(map(_takes_null, schema.get("anyOf", ())))


def described(key: Key[Any]) -> Schema:
    """The type's schema with what the key says of itself: meaning, default, example."""
    schema = {**key.type.schema(), "description": key.doc + (f" Default: {key.default}." if key.default else "")}
    # A default in words holds under circumstances; one in backticks is a value.
    if _LITERAL.fullmatch(key.default):
        values = [_value(text.strip("`")) for text in key.default.split(", ")]
        schema["default"] = values if len(values) > 1 else values[0]
    if key.example:
        schema["examples"] = [_value(key.example)[key.name]]
    return schema


def _value(text: str) -> Any:
    """What a line of YAML means to other programs."""
    node, found = parse(text, "")
    if node is None or found:
        raise ValueError(f"not YAML: {text}")
    return plain(node)
