"""What is wrong with one expression, told in our words: its words first, then what the CEL library finds.

The bounds are ours. The library stops a long iteration and a deep nesting by itself, but not a text that doubles with
every step: `[x].map(a, a + a).map(b, b + b)` and so on would take all memory there is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from generator.expressions import engine
from generator.expressions.complaints import complaint, dashed, words
from generator.expressions.literal_events import unknown_events
from generator.expressions.literal_patterns import bad_patterns, idle_patterns
from generator.expressions.other_languages import function_hint
from generator.expressions.parts import unclosed_quote
from generator.expressions.problem import Problem
from generator.expressions.scope import CHANGED, FUNCTIONS, MACROS, Scope, ValueType
from generator.expressions.template import CONSTANTS
from generator.expressions.tokens import Token, TokenKind, tokens
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARACTERS = 1000
MAX_MACROS = 2
MAX_PLUSES = 32
# The key whose condition decides whether something runs.
_RUNS = "if"


def problems(source: str, scope: Scope, *, condition: str = "") -> list[Problem]:
    """What is wrong, by offsets in the source.

    `condition` is the key whose condition it is, which must give true or false; without one it stands in a text.
    """
    if condition and source.strip() in CONSTANTS:
        return []
    found = list(tokens(source))
    stopping = _unreadable(source, found)
    if stopping is not None:
        return [stopping]
    told = [*_functions(found), *_misplaced(found, condition), *bad_patterns(found)]
    compiled = engine.compiled(source, scope)
    places = {problem.start for problem in told}
    # What CEL could make nothing of has a type of this name, and is told where it stands.
    causes = [issue for issue in compiled.issues if "*error*" not in issue.message] or compiled.issues
    issues = [complaint(issue, source, found, scope) for issue in causes]
    syntax = [problem for problem in issues if problem.code == "expression-syntax"]
    # What an unknown function gives, nobody knows: that it does not fit is no second cause.
    follows = {"expression-type"} if any(problem.code == "unknown-name" for problem in told) else set()
    issues = [problem for problem in issues if problem.code not in follows and problem.start not in places]
    told += syntax[:1] or [issue for issue in issues if not _ends_a_name(issue, found, issues)]
    if told:
        return sorted(told, key=lambda problem: problem.start)
    # Of what could not be read nothing is known, which is told where it stands.
    unknown = scope.is_open and compiled.result_name == "DYN"
    wrong = [] if unknown else _wrong_result(compiled, source, condition)
    return wrong or sorted([*unknown_events(found), *idle_patterns(found)], key=lambda problem: problem.start)


def _unreadable(source: str, found: list[Token]) -> Problem | None:
    """What makes looking for anything else useless."""
    if not found:
        return Problem(0, max(1, len(source)), code="expression-syntax", message="the expression is empty")
    start, end = found[0].start, found[-1].end
    lone = next((index for index, character in enumerate(source) if "\ud800" <= character <= "\udfff"), None)
    if lone is not None:
        return Problem(lone, lone + 1, code="expression-syntax", message="half of a surrogate pair is no character")
    for token in found:
        if token.kind is TokenKind.UNCLOSED:
            return unclosed_quote(token.start, token.end)
        if token.kind is TokenKind.COMMENT:
            message = "an expression has no comments"
            return Problem(
                token.start, token.end, code="expression-syntax", message=message, hint="write a YAML one, #"
            )
    counts = (
        (len(source.strip()), MAX_CHARACTERS, "characters"),
        (sum(token.text in MACROS for token in _called(found)), MAX_MACROS, f"of {', '.join(MACROS)}"),
        (sum(token.text == "+" for token in found), MAX_PLUSES, "plus signs"),
    )
    for count, most, what in counts:
        if count > most:
            message = f"the expression has {count:,} {what}, {count - most:,} more than the {most:,} it may have"
            return Problem(start, end, code="expression-size", message=message, hint="decide it in a script")
    return None


def _ends_a_name(problem: Problem, found: list[Token], others: list[Problem]) -> bool:
    """Whether it is about what stands behind a dash in a name that is unknown from its beginning: `steps.my-step`."""
    index = next((index for index, token in enumerate(found) if token.start == problem.start), 0)
    if problem.code != "unknown-name" or not dashed(index, found):
        return False
    while index and (dashed(index, found) or "." in (found[index].text, found[index - 1].text)):
        index -= 2 if dashed(index, found) else 1
    return any(other.code == "unknown-name" and other.start == found[index].start for other in others)


def _misplaced(found: list[Token], condition: str) -> Iterator[Problem]:
    """What was changed decides whether a job runs, and nothing about one that does."""
    for token in _called(found):
        if token.text == CHANGED.name and condition != _RUNS:
            message = f"{CHANGED.name}() stands in an 'if' alone"
            yield Problem(token.start, token.end, code="expression-place", message=message)


def _functions(found: list[Token]) -> Iterator[Problem]:
    for token in _called(found):
        if token.text == "has":
            hint = "every name is there in every event; compare it with '', 0 or false"
            message = "has() is not one of the functions here"
            yield Problem(token.start, token.end, code="unknown-name", message=message, hint=hint)
        elif token.text not in FUNCTIONS:
            hint = function_hint(token.text) or suggestion(token.text, FUNCTIONS)
            message = f"unknown function {quoted(token.text)}"
            yield Problem(token.start, token.end, code="unknown-name", message=message, hint=hint)


def _called(found: list[Token]) -> Iterator[Token]:
    """The names that an opening parenthesis follows, `in` before a bracketed list of choices not among them."""
    for token, after in itertools.pairwise(found):
        if token.kind is TokenKind.NAME and after.text == "(" and token.text != "in":
            yield token


def _wrong_result(compiled: engine.Compiled, source: str, condition: str) -> list[Problem]:
    end = len(source.rstrip())
    start = len(source) - len(source.lstrip())
    gives = words(compiled.result_name)
    if condition and compiled.result is not ValueType.FLAG:
        message = f"{quoted(condition)} must be true or false, and this is {gives}"
        return [Problem(start, end, code="expression-type", message=message, hint="compare it with something")]
    if compiled.result is None:
        message = f"this gives {gives}, which cannot be put into a text"
        hint = "a text, a whole number, or true and false can"
        return [Problem(start, end, code="expression-type", message=message, hint=hint)]
    return []
