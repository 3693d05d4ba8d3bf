"""Templates and conditions with an event's values: the text, the truth value, or why there is none, at its place.

Nothing here depends on anything but its arguments: the same template and bindings always give the same.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.expressions import engine
from generator.expressions.scope import FunctionError
from generator.expressions.template import Expression
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.expressions.scope import Answer, Scope, Value
    from generator.expressions.template import Condition, Reference, Template

MAX_RESULT = 16 * 1024
_BY_SCRIPT = "let a script make it"
MAX_TEXT = 1024 * 1024

# What the CEL library says at evaluation, by a part of it, in our words; what else it says is quoted.
_FAILURES = {
    "Index error": ("the list has no such element", "ask for its size() first"),
    "Key not found": ("the mapping has no such key", ""),
    "by zero": ("a division by zero", ""),
    "overflow": ("a number that 64 bits do not hold", ""),
    "cannot convert": ("the text is no number", ""),
    "Iteration budget": ("the expression goes through too many elements", "decide it in a script"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Bindings:
    """The names of a scope and what they stand for in this run, every one of them; and the functions of ours."""

    scope: Scope
    values: tuple[tuple[str, Value], ...]
    answers: tuple[tuple[str, Answer], ...] = ()

    def __add__(self, more: Bindings) -> Bindings:
        """The names, values and functions of both."""
        return Bindings(self.scope + more.scope, self.values + more.values, self.answers + more.answers)


def text_of(template: Template, bindings: Bindings) -> tuple[str | None, list[Diagnostic]]:
    """The text that the template gives; None, and what stands in its way. References stand as they are written."""
    parts, found = parts_of(template, bindings)
    return (None if found else "".join(part if isinstance(part, str) else part.source for part in parts)), found


def parts_of(template: Template, bindings: Bindings) -> tuple[list[str | Reference], list[Diagnostic]]:
    """The texts that the template gives and the references between them, and what stands in its way."""
    parts: list[str | Reference] = []
    found: list[Diagnostic] = []
    for part in template.parts:
        if not isinstance(part, Expression):
            parts.append(part)
            continue
        text, failure = _text(part, bindings)
        parts.append(text)
        found += [failure] if failure is not None else []
    # A short expression may stand ten thousand times in one text.
    size = sum(len(part) for part in parts if isinstance(part, str))
    if size > MAX_TEXT:
        message = f"the text would have {size:,} characters, {size - MAX_TEXT:,} more than it may"
        found.append(error(template.span, "expression-result", message, _BY_SCRIPT))
    return parts, found


def condition_holds(condition: Condition, bindings: Bindings) -> tuple[bool, list[Diagnostic]]:
    """Whether it is true; false, and why, where it cannot be told."""
    if condition.constant is not None:
        return condition.constant, []
    value, failure = _evaluated(condition, bindings)
    return value is True, [failure] if failure is not None else []


def _text(expression: Expression, bindings: Bindings) -> tuple[str, Diagnostic | None]:
    value, failure = _evaluated(expression, bindings)
    if failure is not None:
        return "", failure
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > MAX_RESULT:
        message = f"the expression gives {len(text):,} characters, {len(text) - MAX_RESULT:,} more than it may"
        return "", error(expression.span, "expression-result", message, _BY_SCRIPT)
    if "\0" in text:
        message = "the expression gives a text with U+0000 in it"
        return "", error(expression.span, "expression-result", message, _BY_SCRIPT)
    return text, None


def _evaluated(expression: Expression | Condition, bindings: Bindings) -> tuple[object, Diagnostic | None]:
    compiled = engine.compiled(expression.source, bindings.scope)
    if compiled.program is None:
        raise LookupError(f"expression {expression.source!r} is wrong, which reading it has to find")
    try:
        value, failure = engine.evaluated(compiled.program, dict(bindings.values), dict(bindings.answers))
    except FunctionError as unanswered:
        return None, error(expression.span, unanswered.code, unanswered.message, unanswered.hint)
    if not failure:
        return value, None
    message, hint = next((words for sign, words in _FAILURES.items() if sign in failure), (quoted(failure), ""))
    if "regular expression" in failure:
        message, hint = f"a bad regular expression: {quoted(failure.partition(': ')[2])}", ""
    return None, error(expression.span, "expression-failed", f"the expression fails: {message}", hint)
