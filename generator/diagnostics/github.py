"""Findings as workflow commands, which GitHub Actions and those that follow it show beside the lines of a change.

The syntax, and what is escaped in it, is that of the runner's own toolkit: actions/toolkit,
packages/core/src/command.ts. A line and a place within it only go together while the place is on one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics.diagnostic import Diagnostic, Span, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """The findings, a command on a line each, in the order of the file. Ends with a newline unless empty."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in in_order(diagnostics))


def _command(diagnostic: Diagnostic) -> str:
    properties = {**_place(diagnostic.span), "title": diagnostic.code}
    written = ",".join(f"{name}={str(value).translate(_IN_PROPERTIES)}" for name, value in properties.items())
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.hint)))
    return f"::{diagnostic.severity.value} {written}::{text.translate(_IN_DATA)}"


def _place(span: Span) -> dict[str, str | int]:
    lines: dict[str, str | int] = {"file": span.file, "line": span.line}
    if span.line != span.end_line:
        return {**lines, "endLine": span.end_line}
    return {**lines, "col": span.column, "endLine": span.end_line, "endColumn": span.end_column}
