"""A value of a ci.yaml, as the language hands it to the expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import expressions
from generator.document import Mapping, Scalar, parse
from generator.expressions import Condition, Template, check_condition, check_template
from generator.expressions.event_names import EVENT_SCOPE

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.expressions import Scope

COLUMN = 5  # of the value's first character: `a: "` stands before it


def scalar(text: str) -> Scalar:
    """The text as a value in double quotes, on the first line; what can be seen stands there as it is."""
    written = "".join(map(_written, text))
    node, found = parse(f'a: "{written}"\n', "ci.yaml")
    assert isinstance(node, Mapping), found
    value = node.entries[0].value
    assert isinstance(value, Scalar)
    return value


def _written(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def read_template(value: Scalar, scope: Scope) -> tuple[Template | None, list[Diagnostic]]:
    """Both steps of reading a text: None where anything is wrong."""
    read = expressions.read_template(value)
    found = check_template(value, scope) if isinstance(read, Template) else [read]
    return (read if isinstance(read, Template) and not found else None), found


def read_condition(value: Scalar, scope: Scope) -> tuple[Condition | None, list[Diagnostic]]:
    """Both steps of reading an `if`: None where anything is wrong."""
    read = expressions.read_condition(value)
    found = check_condition(value, scope, "if") if isinstance(read, Condition) else [read]
    return (read if isinstance(read, Condition) and not found else None), found


def template(text: str) -> Template:
    """A text with expressions that has to be right."""
    read, found = read_template(scalar(text), EVENT_SCOPE)
    assert read is not None, found
    return read


def condition(text: str) -> Condition:
    """An `if` that has to be right."""
    read, found = read_condition(scalar(text), EVENT_SCOPE)
    assert read is not None, found
    return read


def wrong_text(text: str) -> list[Diagnostic]:
    """What is wrong with a text."""
    return read_template(scalar(text), EVENT_SCOPE)[1]


def wrong_condition(text: str) -> list[Diagnostic]:
    """What is wrong with an `if`."""
    return read_condition(scalar(text), EVENT_SCOPE)[1]
