"""Findings on a terminal: the headline, the line with the place underlined, what would help."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from generator.diagnostics.diagnostic import Diagnostic, Span, headline, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EXCERPT_WIDTH = 160


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The findings for a terminal: headline, the line with the place underlined, what would help.

    `sources` maps a file's name to its text; a file that is not in it gets no excerpt. Ends with a newline unless
    empty.
    """
    lines = {file: text.split("\n") for file, text in sources.items()}
    return "".join(_block(diagnostic, lines.get(diagnostic.span.file, [])) for diagnostic in in_order(diagnostics))


def _block(diagnostic: Diagnostic, source: list[str]) -> str:
    lines = [headline(diagnostic)]
    lines += _excerpt(diagnostic.span, source)
    lines += [f"  {line}" for line in diagnostic.hint.splitlines()]
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, source: list[str]) -> list[str]:
    if span.line > len(source):
        return []
    text = source[span.line - 1].rstrip("\r")
    end = min(span.end_column if span.end_line == span.line else len(text) + 1, len(text) + 1)
    # A line may be as long as the file: what is far to the left or right of the place is left out.
    left = max(0, span.column - 1 - _EXCERPT_WIDTH // 2)
    shown = "".join(_visible(character) for character in text[left : left + _EXCERPT_WIDTH])
    # A tab stays a tab under the line too, or the marks would not stand below what they mark.
    start = span.column - 1 - left
    indent = "".join("\t" if character == "\t" else " " * _width(character) for character in shown[:start])
    marks = "^" + "~" * (sum(map(_width, shown[start : end - 1 - left])) - 1)
    number = str(span.line)
    return [f"  {number} | {shown}".rstrip(), f"  {' ' * len(number)} | {indent}{marks}"]


def _width(character: str) -> int:
    """How many columns of a terminal it takes (https://www.unicode.org/reports/tr11/), none where it joins another."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(character: str) -> str:
    """The character, or a stand-in for one that would do something to a terminal."""
    return character if character == "\t" or character.isprintable() else "\N{REPLACEMENT CHARACTER}"
