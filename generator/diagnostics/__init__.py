"""What is wrong with a file that somebody wrote, and how it is told: on a terminal, and to other programs.

`diagnostic.py` has the findings themselves, `text.py`, `github.py` and `sarif.py` their formats, `codes/` what each
code means, with examples.
"""

from __future__ import annotations

from generator.diagnostics.diagnostic import (
    Diagnostic,
    Severity,
    Span,
    error,
    from_json,
    has_errors,
    headline,
    in_order,
    to_json,
    warning,
)
from generator.diagnostics.text import render_text

__all__ = [
    "Diagnostic",
    "Severity",
    "Span",
    "error",
    "from_json",
    "has_errors",
    "headline",
    "in_order",
    "render_text",
    "to_json",
    "warning",
]
