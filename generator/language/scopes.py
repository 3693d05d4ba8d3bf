"""Which names the expressions of a file see: the rule that checks them and the planner ask the same.

A job with a matrix sees its keys besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import Bindings, Scope, ValueType
from generator.expressions.event_names import EVENT_SCOPE
from generator.language.model import InputType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.language.draft import ManualDraft
    from generator.language.model import FileSet, Input


def file_scope(sets: Iterable[str] | None, manual: ManualDraft | None) -> Scope:
    """The event's names, and `files.<name>` for the sets of the file and `inputs.<name>` for its inputs.

    `sets` are None where nobody knows all of them, which is told elsewhere.
    """
    return EVENT_SCOPE + _of_file(sets) + _of_manual(manual)


def _of_file(sets: Iterable[str] | None) -> Scope:
    if sets is None:
        return Scope((("files", ValueType.ANY),))
    # A set with a wrong name is told as such, and is no name of an expression.
    return _sets(name for name in sets if name.isascii() and name.isidentifier())


def matrix_scope(keys: Iterable[str] | None) -> Scope:
    """`matrix.<key>` for the keys that a combination of a job may have; None where nobody knows all of them."""
    if keys is None:
        return Scope((("matrix", ValueType.ANY),))
    return Scope(tuple((f"matrix.{key}", ValueType.TEXT) for key in keys))


def matrix_bindings(keys: Iterable[str], combination: Mapping[str, str]) -> Bindings:
    """The keys with a combination's values; what it has not is empty."""
    names = tuple(keys)
    return Bindings(matrix_scope(names), tuple((f"matrix.{key}", combination.get(key, "")) for key in names))


def set_bindings(sets: Iterable[FileSet]) -> Bindings:
    """The names of sets with their globs."""
    globs = {one.name: one.globs for one in sets}
    scope = _sets(globs)
    return Bindings(scope, tuple(zip(scope.names, globs.values(), strict=True)))


def input_bindings(values: Iterable[tuple[Input, str]]) -> Bindings:
    """The names of inputs with what they are in a run, a boolean's `true` or `false` as a truth value."""
    known = [(one, value == "true" if one.type is InputType.BOOLEAN else value) for one, value in values]
    scope = _inputs(one for one, _ in known)
    return Bindings(scope, tuple(zip(scope.names, (value for _, value in known), strict=True)))


def _of_manual(manual: ManualDraft | None) -> Scope:
    if manual is None:
        return Scope(())
    # What could not be read is told where it is declared, and not once more at each use.
    return _inputs(manual.trigger.inputs) if manual.whole else Scope((("inputs", ValueType.ANY),))


def _inputs(inputs: Iterable[Input]) -> Scope:
    kinds = {InputType.BOOLEAN: ValueType.FLAG}
    return Scope(tuple((f"inputs.{one.name}", kinds.get(one.type, ValueType.TEXT)) for one in inputs))


def _sets(names: Iterable[str]) -> Scope:
    return Scope(tuple((f"files.{name}", ValueType.TEXTS) for name in names))
