"""Mappings with keys that the language knows: strict about unknown and missing ones, frank about later ones."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from generator.document import Entry, Mapping, Node, Scalar, Sequence, parse, plain
from generator.fields.indentation import MOST_ENTRIES, indented
from generator.fields.reading import NOT_YET, Reading, Schema, Type, read_value, wrong_type
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
    """A mapping that was read: the values by key, and their places. `written` are all keys, right or wrong.

    A key with an error counts as absent, its value being told already. `others` are the entries under the user's own
    names, where the mapping takes such. `meant` is what was meant by keys that are unknown or
    come later, which are told too: a known key, or nobody knows.
    """

    def __init__(
        self,
        node: Mapping,
        reading: Reading,
        key: Scalar | None,
        known: Map[str, Key[Any]],
        meant: frozenset[str] = frozenset(),
        later: tuple[str, ...] = (),
        others: tuple[Named[Any], ...] = (),
    ) -> None:
        self.span = node.span
        self.key = key
        self.reading = reading
        self._names = {*known, *later}
        self._meant = meant
        self.others = others
        self._entries = {entry.key.text: entry for entry in node.entries if entry.key.text in known}
        self.written = tuple(entry.key.text for entry in node.entries)
        self._values: dict[str, Any] = {}
        self._unsure: set[str] = set()
        for name, entry in self._entries.items():
            before = reading.failures
            self._values[name] = read_value(known[name].type, entry.value, reading, entry.key)
            if reading.failures > before:
                self._unsure.add(name)
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

    @property
    def has_strange_keys(self) -> bool:
        """Whether there are keys that are no good; what seems to be missing may be one of them."""
        return bool(self._meant)

    @property
    def whole(self) -> bool:
        """Whether all that stands in the mapping could be read."""
        return not (self._unsure or self._meant)

    def knows(self, key: Key[Any]) -> bool:
        """Whether all that is meant to stand under the key could be read."""
        if self.has(key):
            return key.name not in self._unsure
        return not self.misspells(key) and self._meant.issubset(self._names)

    def misspells(self, key: Key[Any]) -> bool:
        """Whether a key that is unknown is near enough to this one to be meant for it."""
        return key.name in self._meant

    def span_of(self, key: Key[Any]) -> Span:
        """The value's place; without one, the mapping's."""
        entry = self._entries.get(key.name)
        return entry.value.span if entry is not None else self.place


def _is_right(others: MapOf[Any], entry: Entry) -> bool:
    """Whether the entry is what stands under names of the user's own."""
    alone = Reading()
    others.read(Mapping(entry.key.span, (entry,)), alone)
    return not alone.failures


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
    words, with what to write instead, which with `foreign_values` depends on what they hold up to an `@`; with
    `together` one is told with another one where that stands there as well; keys that start with `homes` are free for
    the user's anchors. `build` may report through the record's reading and give None; `also` is as much of that as a
    JSON Schema can say, in its keywords. With the key `builds_on` any other may be null, which takes away what the
    mapping builds on; that is done before it is read. `others` reads what stands under names of the user's own.
    `strays` is what to do with an unknown key that holds a mapping. `title` heads the section in the reference, and
    `doc` opens it.
    """

    label: str
    keys: tuple[Key[Any], ...]
    build: Callable[[Record], T | None]
    title: str = ""
    doc: str = ""
    later: tuple[str, ...] = ()
    foreign: Map[str, str] = dataclasses.field(default_factory=dict)
    foreign_values: Map[str, Map[str, str]] = dataclasses.field(default_factory=dict)
    together: Map[str, str] = dataclasses.field(default_factory=dict)
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
        node = self.indented(node, reading)
        strange = [entry for entry in node.entries if entry.key.text not in known]
        if self.others is not None:
            return self._with_others(node, strange, known, reading, key)
        names = {entry.key.text for entry in strange}
        told = (
            self._report_unknown(entry, reading) for entry in strange if self.together.get(entry.key.text) not in names
        )
        record = Record(node, reading, key, known, frozenset(name for name in told if name is not None), self.later)
        for one in (one for one in self.keys if one.required and not record.has(one)):
            # One that is there misspelt is told already, and so is one that may be meant by what nobody knows.
            if record.knows(one):
                hint = f"write {one.example}" if one.example and "\n" not in one.example else ""
                reading.error(record.place, "missing-key", f"{self.label} needs {quoted(one.name)}", hint)
        # Without a required key as well as with a wrong one: what else is wrong with the mapping is told all the same.
        return self.build(record)

    def indented(self, node: Mapping, reading: Reading) -> Mapping:
        """The mapping with what belongs into one of its entries there, which is reported."""
        known = {key.name: key for key in self.keys}
        if node.flow or len(node.entries) > MOST_ENTRIES or all(entry.key.text in known for entry in node.entries):
            return node

        def inside(entry: Entry) -> Type[object] | None:
            key = known.get(entry.key.text)
            return key.type if key is not None else None

        def is_wrong(entry: Entry) -> bool:
            name = entry.key.text
            return name not in known and name not in self.later and not (self.homes and name.startswith(self.homes))

        def has_hint(entry: Entry) -> bool:
            return entry.key.text in self.foreign or closest(entry.key.text, known) is not None

        return dataclasses.replace(node, entries=indented(node.entries, inside, is_wrong, reading, has_hint))

    def _with_others(
        self, node: Mapping, strange: list[Entry], known: Map[str, Key[Any]], reading: Reading, key: Scalar | None
    ) -> T | None:
        """What `build` makes of the keys and of the entries under other names, of which some may be misspelt keys."""
        others = cast("MapOf[Any]", self.others)
        meant: set[str] = set()
        taken = []
        for entry in strange:
            near = None if reading.crowded else closest(entry.key.text, known)
            if near is not None and not _is_right(others, entry):
                meant.add(near)
                self._report_unknown(entry, reading)
            else:
                taken.append(entry)
        named = others.read(Mapping(node.span, tuple(taken)), reading) or ()
        right = {one.name for one in named}
        meant.update(entry.key.text for entry in taken if entry.key.text not in right)
        return self.build(Record(node, reading, key, known, frozenset(meant), others=named))

    def _report_unknown(self, entry: Entry, reading: Reading) -> str | None:
        """Reports the key unless it is free for the user; gives the key that was probably meant, or its own name."""
        key = entry.key
        name = key.text
        if reading.full or (self.homes and name.startswith(self.homes)):
            return None
        if name in self.later:
            reading.error(key.span, "not-yet", f"{quoted(name)} is not supported yet", NOT_YET)
            return name
        known = [key.name for key in self.keys]
        near = None if name in self.foreign else closest(name, known)
        hint = (f"did you mean {quoted(near)}? " if near else "") + (f"known: {listed(known)}" if known else "")
        if self.strays and not near and isinstance(entry.value, Mapping):
            hint = self.strays
        message = f"unknown key {quoted(name)} in {self.label}"
        held = entry.value.text.partition("@")[0] if isinstance(entry.value, Scalar) else ""
        hint = self.foreign_values.get(name, {}).get(held) or self.foreign.get(name, hint)
        reading.error(key.span, "unknown-key", message, hint)
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
