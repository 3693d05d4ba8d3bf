"""Expressions of ci.yaml: CEL in an `if`, and in `${{ }}` inside of a text.

Two halves. Reading: a scalar goes in, a `Template` or a `Condition` comes out, and is checked against the names that a
`Scope` declares; everything that is wrong is a Diagnostic at its column inside of the value. Evaluating: a template and
the `Bindings` of an event go in, a text or a truth value comes out, or why there is none.

The language is CEL (https://github.com/google/cel-spec) as Google's own implementation has it. That library is imported
when the first expression is met, so that a file without any does not pay for it. What it says is never shown as it is:
generator.expressions.complaints puts it in our words.
"""

from __future__ import annotations

from generator.expressions.evaluating import Bindings, condition_holds, parts_of, text_of
from generator.expressions.reading import (
    OPENING,
    check_condition,
    check_template,
    read_condition,
    read_template,
    without_braces,
)
from generator.expressions.scope import FunctionError, Scope, ValueType
from generator.expressions.template import Condition, Expression, Reference, Template, literal

__all__ = [
    "OPENING",
    "Bindings",
    "Condition",
    "Expression",
    "FunctionError",
    "Reference",
    "Scope",
    "Template",
    "ValueType",
    "check_condition",
    "check_template",
    "condition_holds",
    "literal",
    "parts_of",
    "read_condition",
    "read_template",
    "text_of",
    "without_braces",
]
