"""Types around types: a value with its place, and a value made from another one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Generic, TypeVar

from generator.fields.reading import Placed, Reading, Schema, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.document import Node, Scalar

S = TypeVar("S")
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class At(Generic[T]):
    """A value of another type, together with its place."""

    type: Type[T]

    @property
    def label(self) -> str:
        """The other type's."""
        return self.type.label

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> Placed[T] | None:
        """The value and its place."""
        value = self.type.read(node, reading, key)
        return None if value is None else Placed(value, node.span)

    def schema(self) -> Schema:
        """The other type's."""
        return self.type.schema()

    def parts(self) -> tuple[Type[object], ...]:
        """The other type."""
        return (self.type,)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Made(Generic[S, T]):
    """What `make` makes of another type's value."""

    type: Type[S]
    make: Callable[[S], T]

    @property
    def label(self) -> str:
        """The other type's."""
        return self.type.label

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> T | None:
        """The made value."""
        value = self.type.read(node, reading, key)
        return None if value is None else self.make(value)

    def schema(self) -> Schema:
        """The other type's."""
        return self.type.schema()

    def parts(self) -> tuple[Type[object], ...]:
        """The other type."""
        return (self.type,)
