"""A scalar of the file -> a `Template` or a `Condition`, with every problem at its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.expressions.checking import problems
from generator.expressions.parts import OPENING, split
from generator.expressions.problem import Problem
from generator.expressions.template import Condition, Expression, Template

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.document import Scalar
    from generator.expressions.scope import Scope

__all__ = ["OPENING", "read_condition", "read_template"]


def read_template(scalar: Scalar, scope: Scope) -> tuple[Template | None, list[Diagnostic]]:
    """A text that may hold `${{ }}`; None where anything is wrong."""
    parts, unclosed = split(scalar.text)
    found = [unclosed] if unclosed is not None else []
    read: list[str | Expression] = []
    for part in parts:
        if part.is_expression:
            wrong = problems(part.source, scope, condition=False)
            found += [_shown(problem.moved(part.source_start), part.source, part.start, part.end) for problem in wrong]
            read.append(Expression(part.source.strip(), scalar.place(part.start, part.end)))
        else:
            read.append(part.text)
    if found:
        return None, [_diagnostic(problem, scalar) for problem in found]
    return Template(scalar.text, tuple(read), scalar.span), []


def read_condition(scalar: Scalar, scope: Scope) -> tuple[Condition | None, list[Diagnostic]]:
    """A whole scalar that is CEL; None where anything is wrong."""
    opening = scalar.text.find(OPENING)
    if opening >= 0 and scalar.text.lstrip().startswith(OPENING):
        problem = Problem(
            opening,
            opening + len(OPENING),
            code="expression-place",
            message="this is an expression already",
            hint="leave out ${{ and }}",
        )
        return None, [_diagnostic(problem, scalar)]
    found = problems(scalar.text, scope, condition=True)
    if found:
        return None, [_diagnostic(problem, scalar) for problem in found]
    return Condition(scalar.text.strip(), scalar.span), []


def _shown(problem: Problem, source: str, start: int, end: int) -> Problem:
    """An empty expression is shown by its braces."""
    if source.strip():
        return problem
    return Problem(start, end, problem.code, problem.message, problem.hint)


def _diagnostic(problem: Problem, scalar: Scalar) -> Diagnostic:
    end = max(problem.end, problem.start + 1)
    return error(scalar.place(problem.start, end), problem.code, problem.message, problem.hint)
