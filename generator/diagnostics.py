"""What is wrong with a file that somebody wrote, and where.

Every reader, rule and planner collects `Diagnostic`s; nothing in the core raises for what a user wrote. A diagnostic
has a place, a stable code that the documentation explains, and, where we know one, a way out. How they look on a
terminal is decided here too.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_EXCERPT_WIDTH = 160


class Severity(enum.Enum):
    """Whether a finding stops what was asked."""

    ERROR = "error"
    WARNING = "warning"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text in a file.

    Lines and columns count characters from 1; the end is the column behind the last one.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is kebab-case and stable; `hint` is what would help, empty where we do not know."""

    severity: Severity
    span: Span
    code: str
    message: str
    hint: str = ""


def error(span: Span, code: str, message: str, hint: str = "") -> Diagnostic:
    """A finding that stops what was asked."""
    return Diagnostic(Severity.ERROR, span, code, message, hint)


def warning(span: Span, code: str, message: str, hint: str = "") -> Diagnostic:
    """A finding that is told, and stops nothing."""
    return Diagnostic(Severity.WARNING, span, code, message, hint)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them stops what was asked."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings in the order of the file, each once."""
    return sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: (diagnostic.span, diagnostic.code))


def headline(diagnostic: Diagnostic) -> str:
    """`ci.yaml:12:13: error: unknown runner 'larg' [unknown-runner]`, the line that editors and statuses show."""
    span = diagnostic.span
    place = f"{span.file}:{span.line}:{span.column}"
    return f"{place}: {diagnostic.severity.value}: {diagnostic.message} [{diagnostic.code}]"


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The findings for a terminal: headline, the line with the place underlined, what would help.

    `sources` maps a file's name to its text; a file that is not in it gets no excerpt. Ends with a newline unless
    empty.
    """
    lines = {file: text.split("\n") for file, text in sources.items()}
    return "".join(_block(diagnostic, lines.get(diagnostic.span.file, [])) for diagnostic in in_order(diagnostics))


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """One finding as plain JSON values, the shape of `-o json` and of the expander's result."""
    span = diagnostic.span
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }


def _block(diagnostic: Diagnostic, source: list[str]) -> str:
    lines = [headline(diagnostic)]
    lines += _excerpt(diagnostic.span, source)
    if diagnostic.hint:
        lines.append(f"  {diagnostic.hint}")
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
    indent = "".join("\t" if character == "\t" else " " for character in shown[: span.column - 1 - left])
    marks = "^" + "~" * (min(end - left, len(shown) + 1) - (span.column - left) - 1)
    number = str(span.line)
    return [f"  {number} | {shown}".rstrip(), f"  {' ' * len(number)} | {indent}{marks}"]


def _visible(character: str) -> str:
    """The character, or a stand-in for one that would do something to a terminal."""
    return character if character == "\t" or character.isprintable() else "\N{REPLACEMENT CHARACTER}"
