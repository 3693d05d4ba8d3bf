"""A text with `${{ }}` in it -> its parts, literal ones and expressions, which together are the text again.

Braces inside an expression are counted and its strings are skipped, so `${{ {'a': '}}'}['a'] }}` is one expression.
"""

from __future__ import annotations

import dataclasses

from generator.expressions.problem import Problem
from generator.expressions.tokens import TokenKind, tokens

OPENING = "${{"
CLOSING = "}}"


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text; an expression's has its braces. `start` is its offset in the text."""

    text: str
    start: int
    is_expression: bool

    @property
    def end(self) -> int:
        """The offset behind the part."""
        return self.start + len(self.text)

    @property
    def source(self) -> str:
        """What stands between an expression's braces, space included."""
        return self.text[len(OPENING) : -len(CLOSING)]

    @property
    def source_start(self) -> int:
        """The offset of `source` in the text."""
        return self.start + len(OPENING)


def split(text: str) -> tuple[list[Part], Problem | None]:
    """The parts, none of them empty; with a problem those before it."""
    parts: list[Part] = []
    position = 0
    while (opening := text.find(OPENING, position)) >= 0:
        if opening > position:
            parts.append(Part(text[position:opening], position, is_expression=False))
        end = _end(text, opening)
        if isinstance(end, Problem):
            return parts, end
        parts.append(Part(text[opening:end], opening, is_expression=True))
        position = end
    if position < len(text):
        parts.append(Part(text[position:], position, is_expression=False))
    return parts, None


def _end(text: str, opening: int) -> int | Problem:
    """The offset behind the `}}` of the expression that opens here."""
    depth = 0
    for token in tokens(text, opening + len(OPENING)):
        if token.kind is TokenKind.UNCLOSED:
            return unclosed_quote(token.start, token.end)
        if token.text == "{":
            depth += 1
        elif token.text == "}" and depth:
            depth -= 1
        elif token.text == "}" and text.startswith(CLOSING, token.start):
            return token.start + len(CLOSING)
    return Problem(
        opening,
        opening + len(OPENING),
        code="expression-syntax",
        message="${{ without its }}",
        hint="to have it as a text, write ${{ '${{' }}",
    )


def unclosed_quote(start: int, end: int) -> Problem:
    """The problem of a quote without its partner."""
    return Problem(start, end, code="expression-syntax", message="a quote that is never closed in this expression")
