"""What a checked value with expressions is: plain data with places, which an event's values turn into a text."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span


@dataclasses.dataclass(frozen=True, slots=True)
class Expression:
    """One `${{ }}`: what stands between the braces, and the place of all of it."""

    source: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """`${{ needs.job.outputs.name }}`, or `${{ needs.job.result }}` with an empty `output`.

    What it stands for is known when the run comes to it. `source` and `span` are those of all of it, braces included.
    """

    job: str
    output: str
    source: str
    span: Span


# Conditions that need no library to be understood.
CONSTANTS = {"true": True, "false": False}


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """An `if`, and others like it: CEL that gives true or false."""

    source: str
    span: Span

    @property
    def constant(self) -> bool | None:
        """What it gives where it is plainly `true` or `false`; None where that depends on the event."""
        return CONSTANTS.get(self.source)


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """A text that may hold expressions and references. `source` is it as it was written; `parts` are in order."""

    source: str
    parts: tuple[str | Expression | Reference, ...]
    span: Span

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in order."""
        return tuple(part for part in self.parts if isinstance(part, Expression))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    @property
    def is_literal(self) -> bool:
        """Whether the text is what it is, whatever the event."""
        return all(isinstance(part, str) for part in self.parts)


def literal(text: str, span: Span) -> Template:
    """A text without expressions."""
    return Template(text, (text,) if text else (), span)
