"""What is wrong with a file that somebody wrote, and where.

Every reader, rule and planner collects `Diagnostic`s; nothing in the core raises for what a user wrote. A diagnostic
has a place, a stable code that the documentation explains, and, where we know one, a way out.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    """One finding.

    `code` is kebab-case and stable; `hint` is what would help, of one or more lines, empty where we do not know.
    """

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


def from_json(value: Mapping[str, Any]) -> Diagnostic:
    """What `to_json` gave. Raises ValueError."""
    try:
        place = Span(str(value["file"]), *(int(value[key]) for key in ("line", "column", "end_line", "end_column")))
        texts = (str(value[key]) for key in ("code", "message", "hint"))
        return Diagnostic(Severity(value["severity"]), place, *texts)
    except (KeyError, TypeError) as failure:
        raise ValueError(f"not a diagnostic: {failure!r}") from failure


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
