"""Types of several values: lists, mappings from the user's own names, and values of one of several shapes.

One is a list of one: where a list is expected, a single item will do. Nothing is an empty list or mapping.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Generic, TypeVar

from generator.document import Mapping, Node, Scalar, Sequence
from generator.fields.indentation import MOST_ENTRIES, indented, is_meant, names
from generator.fields.reading import Reading, Schema, Type, empty, read_value, wrong_type
from generator.fields.schema import any_of
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.document import Entry

_SEVERAL = re.compile(r"[\w.-]+(?:[ \t]*,[ \t]*[\w.-]+)+")
_LONGEST_HINT = 60

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ListOf(Generic[T]):
    """A list of items.

    `one`: an item alone will do; `minimum`: how many there must be; `unique`: no text twice; `spliced`: a list inside
    the list is put in its place.
    """

    item: Type[T]
    label: str
    one: bool = True
    minimum: int = 0
    unique: bool = False
    spliced: bool = False

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> tuple[T, ...] | None:
        """The items that are right."""
        nodes = self._nodes(node)
        if nodes is None:
            wrong_type(self.label, node, reading, key)
            return None
        if len(nodes) < self.minimum:
            reading.error(node.span, "empty-value", *empty(key, "this list is empty"))
            return None
        if self.unique:
            _report_repeated(nodes, reading)
        if nodes and nodes[0] is node and _is_several(node, self.item):
            text = node.text if isinstance(node, Scalar) else ""
            message = f"{quoted(text)} is one text, and no list"
            reading.error(node.span, "bad-value", message, f"write [{text}]" if len(text) <= _LONGEST_HINT else "")
            return None
        values = [read_value(self.item, item, reading) for item in nodes]
        return tuple(value for value in values if value is not None)

    def _nodes(self, node: Node) -> tuple[Node, ...] | None:
        if isinstance(node, Sequence):
            return tuple(_spliced(node)) if self.spliced else node.items
        if isinstance(node, Scalar) and node.is_null:
            return ()
        return (node,) if self.one else None

    def schema(self) -> Schema:
        """An array, or an item alone."""
        item = self.item.schema()
        # Lists inside the lists inside a list are nobody's: a schema goes down one step.
        inner: Schema = {"type": "array", "items": any_of(item, {"type": "array"})}
        array: Schema = {
            "type": "array" if self.minimum else ["array", "null"],
            "items": any_of(item, inner) if self.spliced else item,
        }
        if self.minimum:
            array["minItems"] = self.minimum
        # Texts are told apart as they are written, and a schema takes 1 and 1.0 for one.
        if self.unique and ("enum" in item or item.get("type") == "string"):
            array["uniqueItems"] = True
        return any_of(item, array) if self.one else array

    def parts(self) -> tuple[Type[object], ...]:
        """The item's type."""
        return (self.item,)


def _is_several(node: Node, item: Type[object]) -> bool:
    """Whether the node is no item, and names several in one text, as some other systems have them: `lint, test`."""
    if not isinstance(node, Scalar) or not _SEVERAL.fullmatch(node.text):
        return False
    alone = Reading()
    read_value(item, node, alone)
    return bool(alone.failures)


def _spliced(node: Sequence) -> Iterator[Node]:
    for item in node.items:
        if isinstance(item, Sequence):
            yield from _spliced(item)
        else:
            yield item


def _report_repeated(nodes: tuple[Node, ...], reading: Reading) -> None:
    seen: set[str] = set()
    for node in nodes:
        if isinstance(node, Scalar):
            text = "" if node.is_null else node.text
            if text in seen:
                reading.error(node.span, "duplicate-value", f"{quoted(text)} stands here twice", "remove one of them")
            seen.add(text)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Named(Generic[T_co]):
    """One entry of a mapping from names."""

    key: Scalar
    value: T_co

    @property
    def name(self) -> str:
        """The entry's name."""
        return self.key.text


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class MapOf(Generic[T]):
    """A mapping whose keys are the user's own names, in the order of the file.

    `name` is what these may be. `merged`: what stands here may be a part of a value, or null, which goes over a
    template's; a schema takes both.
    """

    name: Type[object]
    value: Type[T]
    label: str
    minimum: int = 0
    merged: bool = False

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> tuple[Named[T], ...] | None:
        """The entries that are right."""
        if isinstance(node, Scalar) and node.is_null:
            node = Mapping(node.span, ())
        if not isinstance(node, Mapping):
            wrong_type(self.label, node, reading, key)
            return None
        if len(node.entries) < self.minimum:
            reading.error((key or node).span, "empty-value", *empty(key, "this mapping is empty"))
            return None
        entries = []
        for entry in self.indented(node, reading).entries:
            name = self.name.read(entry.key, reading)
            value = read_value(self.value, entry.value, reading, entry.key)
            if name is not None and value is not None:
                entries.append(Named(entry.key, value))
        return tuple(entries)

    def indented(self, node: Mapping, reading: Reading) -> Mapping:
        """The mapping with what belongs into one of its entries there, which is reported."""
        if (
            node.flow
            or len(node.entries) > MOST_ENTRIES
            or names(self.value).isdisjoint(entry.key.text for entry in node.entries)
        ):
            return node
        entries = indented(node.entries, lambda _: self.value, self._is_wrong, reading)
        return dataclasses.replace(node, entries=entries)

    def _is_wrong(self, entry: Entry) -> bool:
        """Whether what stands there is not at all what has to."""
        held = entry.value
        if isinstance(held, Scalar) and held.is_null:
            return False
        if isinstance(held, Mapping) and is_meant(held, self.value):
            return False
        alone = Reading()
        read_value(self.value, held, alone, entry.key)
        return bool(alone.failures)

    def schema(self) -> Schema:
        """An object with any names of the right form."""
        schema: Schema = {
            "type": "object" if self.minimum else ["object", "null"],
            "additionalProperties": _part_of(self.value.schema()) if self.merged else self.value.schema(),
        }
        pattern = self.name.schema().get("pattern")
        if pattern:
            schema["propertyNames"] = {"pattern": pattern}
        if self.minimum:
            schema["minProperties"] = self.minimum
        return schema

    def parts(self) -> tuple[Type[object], ...]:
        """The values' type."""
        return (self.value,)


def _part_of(schema: Schema) -> Schema:
    return any_of({name: value for name, value in schema.items() if name != "required"}, {"type": "null"})


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Either(Generic[T]):
    """A value whose shape decides its type; None where a shape is not allowed.

    Nothing counts as the first of mapping, list, text.
    """

    label: str
    text: Type[T] | None = None
    sequence: Type[T] | None = None
    mapping: Type[T] | None = None

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> T | None:
        """The value by its shape's type."""
        chosen = self._choose(node)
        if chosen is None:
            wrong_type(self.label, node, reading, key)
            return None
        return chosen.read(node, reading, key)

    def _choose(self, node: Node) -> Type[T] | None:
        if isinstance(node, Mapping):
            return self.mapping
        if isinstance(node, Sequence):
            return self.sequence
        return (self.mapping or self.sequence or self.text) if node.is_null else self.text

    def schema(self) -> Schema:
        """Any of the shapes."""
        return any_of(*(shape.schema() for shape in (self.text, self.sequence, self.mapping) if shape is not None))

    def parts(self) -> tuple[Type[object], ...]:
        """The types of all shapes."""
        return tuple(shape for shape in (self.text, self.sequence, self.mapping) if shape is not None)
