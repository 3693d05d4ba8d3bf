"""Findings as a SARIF 2.1.0 log, which code scanning and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the sections named below are of it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from generator.diagnostics import page
from generator.diagnostics.codes import CODES
from generator.diagnostics.diagnostic import Diagnostic, Span, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.diagnostics.codes import Code

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(diagnostics: Iterable[Diagnostic], version: str) -> dict[str, Any]:
    """One run with the findings in the order of the file, and the codes that occur as its rules.

    `version` is the program's.
    """
    found = in_order(diagnostics)
    occurring = {diagnostic.code for diagnostic in found}
    rules = [code for code in CODES.values() if code.name in occurring]
    indices = {code.name: index for index, code in enumerate(rules)}
    driver = {"name": "argosy", "version": version, "rules": [_rule(code) for code in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, indices[diagnostic.code]) for diagnostic in found],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.name,
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": code.meaning},
        "help": {"text": page.on_terminal(code), "markdown": page.section(code)},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.hint)))
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": _plain(text)},
        "locations": [{"physicalLocation": _location(diagnostic.span)}],
    }


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"artifactLocation": {"uri": _uri(span.file)}, "region": region}


def _uri(file: str) -> str:
    """A URI reference (3.4.3): relative to where the program ran unless the path is absolute."""
    path = quote(os.fsencode(file), safe="/")
    return f"file://{path}" if path.startswith("/") else path


def _plain(text: str) -> str:
    """A plain text message: a brace would begin a placeholder (3.11.5), a bracket a link (3.11.6)."""
    # What is half of a surrogate pair is no character of JSON; names of files can have one.
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("{", "{{").replace("}", "}}").replace("](", "] (")
