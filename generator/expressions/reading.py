"""A scalar of the file -> a `Template` or a `Condition`, and what is wrong with its expressions, at line and column.

In two steps, since which names an expression may use is only known once the whole file was read: where the expressions
are is read with the key, and they are checked against the scope of their place later.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.diagnostics import error, warning
from generator.expressions.checking import problems
from generator.expressions.parts import OPENING, Part, split
from generator.expressions.problem import Problem
from generator.expressions.template import Condition, Expression, Reference, Template

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.document import Scalar
    from generator.expressions.scope import Scope

_REFERENCE = re.compile(
    r"needs\.(?P<job>[A-Za-z][A-Za-z0-9_-]{0,62})\.(?:result|outputs\.(?P<output>[a-z_][a-z0-9_]{0,62}))"
)
_CLOSING = "}}"

__all__ = ["OPENING", "check_condition", "check_template", "read_condition", "read_template", "without_braces"]


def read_template(scalar: Scalar) -> Template | Diagnostic:
    """A text that may hold `${{ }}`; an error where one is never closed."""
    parts, unclosed = split(scalar.text)
    if unclosed is not None:
        return _diagnostic(unclosed, scalar)
    return Template(scalar.text, tuple(_read(part, scalar) for part in parts), scalar.span)


def _read(part: Part, scalar: Scalar) -> str | Expression | Reference:
    if not part.is_expression:
        return part.text
    place = scalar.place(part.start, part.end)
    named = _REFERENCE.fullmatch(part.source.strip())
    if named is None:
        return Expression(part.source.strip(), place)
    return Reference(named["job"], named["output"] or "", part.text, place)


def check_template(scalar: Scalar, scope: Scope) -> list[Diagnostic]:
    """What is wrong with the expressions of a text."""
    found: list[Problem] = []
    for part in split(scalar.text)[0]:
        if part.is_expression and not _REFERENCE.fullmatch(part.source.strip()):
            wrong = problems(part.source, scope)
            found += [_shown(problem.moved(part.source_start), part.source, part.start, part.end) for problem in wrong]
    return [_diagnostic(problem, scalar) for problem in found]


def read_condition(scalar: Scalar) -> Condition | Diagnostic:
    """A whole scalar that is CEL; an error where it has braces around it."""
    opening = scalar.text.find(OPENING)
    if opening >= 0 and scalar.text.lstrip().startswith(OPENING):
        problem = Problem(
            opening,
            opening + len(OPENING),
            code="expression-place",
            message="this is an expression already",
            hint="leave out ${{ and }}",
        )
        return _diagnostic(problem, scalar)
    return Condition(scalar.text.strip(), scalar.span)


def without_braces(scalar: Scalar) -> Scalar | None:
    """What stands in `${{ }}`, at its place, where that is all of the text: what else is wrong with it can be told."""
    text = scalar.text.rstrip()
    if not text.lstrip().startswith(OPENING) or not text.endswith(_CLOSING) or text.count(OPENING) > 1:
        return None
    inside = text.replace(OPENING, " " * len(OPENING)).removesuffix(_CLOSING)
    return dataclasses.replace(scalar, text=inside + " " * (len(scalar.text) - len(inside)))


def check_condition(scalar: Scalar, scope: Scope, key: str) -> list[Diagnostic]:
    """What is wrong with a scalar that is CEL, the condition of that key."""
    return [_diagnostic(problem, scalar) for problem in problems(scalar.text, scope, condition=key)]


def _shown(problem: Problem, source: str, start: int, end: int) -> Problem:
    """An empty expression is shown by its braces."""
    if source.strip():
        return problem
    return Problem(start, end, problem.code, problem.message, problem.hint)


def _diagnostic(problem: Problem, scalar: Scalar) -> Diagnostic:
    end = max(problem.end, problem.start + 1)
    told = warning if problem.is_warning else error
    return told(scalar.place(problem.start, end), problem.code, problem.message, problem.hint)
