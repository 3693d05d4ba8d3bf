"""Which names the expressions of a file see: the rule that checks them and the planner ask the same.

The scope of a job's matrix or of a run's inputs is this one with more names in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import Bindings, Scope, ValueType
from generator.expressions.event_names import EVENT_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.language.model import FileSet


def file_scope(sets: Iterable[str]) -> Scope:
    """The event's names, and `files.<name>` for the sets of the file."""
    # A set with a wrong name is told as such, and is no name of an expression.
    return EVENT_SCOPE + _sets(name for name in sets if name.isascii() and name.isidentifier())


def set_bindings(sets: Iterable[FileSet]) -> Bindings:
    """The names of sets with their globs."""
    globs = {one.name: one.globs for one in sets}
    scope = _sets(globs)
    return Bindings(scope, tuple(zip(scope.names, globs.values(), strict=True)))


def _sets(names: Iterable[str]) -> Scope:
    return Scope(tuple((f"files.{name}", ValueType.TEXTS) for name in names))
