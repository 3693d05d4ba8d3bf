"""Which names an expression may use, and what each of them is.

A scope is data: whoever knows more names than the event's (a job's matrix, a file's inputs) declares them in the same
way, `matrix.go` as a text. Names with a dot are names of their own; what stands before the dot is no value.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable

Value = str | int | bool | tuple[str, ...]
# A function of ours, which is asked about a list of globs. It raises FunctionError where it has no answer.
Answer = Callable[[tuple[str, ...]], str | bool]


class ValueType(enum.Enum):
    """What a name stands for; the value is the word for it in messages and in the reference."""

    TEXT = "a text"
    NUMBER = "a whole number"
    FLAG = "true or false"
    TEXTS = "a list of texts"
    ANY = "a value of a type that is not known"


@dataclasses.dataclass(frozen=True, slots=True)
class GlobFunction:
    """A function over the repository's paths: a glob, or a list of them. `doc` is the sentence of the reference."""

    name: str
    gives: ValueType
    doc: str


CHANGED = GlobFunction(
    "changed",
    ValueType.FLAG,
    "Whether a path that matches was changed; true for tags, schedules and manual runs. In an `if` alone.",
)
HASH = GlobFunction(
    "hash",
    ValueType.TEXT,
    "A digest of the files that match, by their names and contents. Without any, the expression fails.",
)
GLOB_FUNCTIONS = {function.name: function for function in (CHANGED, HASH)}
# The functions of CEL that the language has. Those of times are left out: their answers depend on a machine's time
# zones; has() too, for every name is there in every event.
FUNCTIONS = (
    "all",
    "changed",
    "contains",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "hash",
    "int",
    "map",
    "matches",
    "size",
    "startsWith",
    "string",
)
MACROS = ("all", "exists", "exists_one", "filter", "map")


class FunctionError(Exception):
    """A function of ours that has no answer; as in a Diagnostic, at the expression that asked."""

    def __init__(self, *, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """The declared names, in the order in which a message lists them."""

    types: tuple[tuple[str, ValueType], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, whole."""
        return tuple(name for name, _ in self.types)

    def members(self, group: str) -> tuple[str, ...]:
        """What stands behind the dot in the names that start with `group.`."""
        return tuple(name.removeprefix(f"{group}.") for name in self.names if name.startswith(f"{group}."))

    @property
    def is_open(self) -> bool:
        """Whether there is a name of which nothing is known; then what an expression gives may not be known either."""
        return any(kind is ValueType.ANY for _, kind in self.types)

    def __add__(self, more: Scope) -> Scope:
        """The names of both."""
        return Scope(self.types + more.types)
