"""What libyaml says about a text that is not YAML -> an error in words that help, at the place that helps.

libyaml stops at the first such error, so there is at most one per file.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from generator.diagnostics import Diagnostic, Span, error


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Complaint:
    """What to say for a problem (and its context, any if empty). `at_start`: the place is where the construct began."""

    problem: str
    message: str
    hint: str = ""
    context: str = ""
    code: str = "yaml-syntax"
    at_start: bool = False


_QUOTE_TAG = "a text that starts with ! must be quoted"
_QUOTE_FLOW = "close it, or quote a text in it that has brackets, a comma or ': ' in it, like \"${{ sha }}\""
_INDENT = "keys of one mapping start in the same column"
_NO_ITEM = _Complaint(
    "did not find expected '-' indicator", "this is indented like a list, and is no item of it", "start it with '- '"
)
_BETWEEN = _Complaint("", "this is indented less than the keys above, and more than the list that they are in", _INDENT)
_NO_KEY = _Complaint(
    "did not find expected key",
    "this does not belong to the mapping above",
    f"{_INDENT}; quote a text that goes on after a quote",
)
_STRAY_ITEM = _Complaint(
    "",
    "this item belongs to no list",
    "a list ends with the first line that is no item: what belongs to an item is indented further than its '-'",
)
_NO_COLON = _Complaint("could not find expected ':'", "a key without its ':'", "write 'key: value'", at_start=True)
_ABOVE = re.compile(r": [|>][-+0-9]*[ ]*\n\s*\Z")
_OUTSIDE = _Complaint(
    "",
    "this line is no part of the text above, which is empty",
    "indent the text further than its key",
    at_start=True,
)

_COMPLAINTS = (
    _Complaint(
        "", "this is read as a YAML tag", _QUOTE_TAG, context="while scanning a tag", code="yaml-tag", at_start=True
    ),
    _Complaint(
        "", "this is read as a YAML tag", _QUOTE_TAG, context="while parsing a tag", code="yaml-tag", at_start=True
    ),
    _Complaint("found undefined tag handle", "this is read as a YAML tag", _QUOTE_TAG, code="yaml-tag", at_start=True),
    _Complaint("tab character", "a tab in the indentation", "indent with spaces", code="tab"),
    _Complaint(
        "mapping values are not allowed",
        "a colon that YAML does not expect here",
        "quote a text that holds ': ', and put a key on a line of its own, in the column of its neighbours",
    ),
    _Complaint(
        "block sequence entries are not allowed",
        "a list cannot start here",
        "put the '-' on the next line, or write [a, b]",
    ),
    _NO_COLON,
    _Complaint("unexpected end of stream", "a quote that is never closed", context="quoted scalar", at_start=True),
    _Complaint("unexpected document indicator", "a quote that is never closed", context="quoted scalar", at_start=True),
    _Complaint("unknown escape character", "an escape that YAML does not know", r"in single quotes, \ is only a \ "),
    _Complaint("did not find expected ',' or ']'", "a list that is not closed by ']'", _QUOTE_FLOW, at_start=True),
    _Complaint("did not find expected ',' or '}'", "a mapping that is not closed by '}'", _QUOTE_FLOW, at_start=True),
    _NO_ITEM,
    _NO_KEY,
    _Complaint("did not find expected <document start>", "this is indented less than the text above", _INDENT),
    _Complaint(
        "did not find expected alphabetic",
        "this is read as a YAML alias",
        "quote a text that starts with *",
        context="while scanning an alias",
        at_start=True,
    ),
    _Complaint(
        "did not find expected alphabetic",
        "this is read as a YAML anchor",
        "quote a text that starts with &",
        context="while scanning an anchor",
        at_start=True,
    ),
    _Complaint("maximum nesting depth", "too many lists and mappings inside each other", code="yaml-depth"),
    _Complaint("directive", "a line that starts with % is a YAML directive, and this one is not known"),
)


def complaint(failure: Any, text: str, file: str) -> Diagnostic:
    """The diagnostic for a `yaml.MarkedYAMLError` that libyaml raised for `text`."""
    context, problem = failure.context or "", failure.problem or ""
    mark = failure.problem_mark or failure.context_mark
    found = next((known for known in _COMPLAINTS if known.problem in problem and known.context in context), None)
    if "cannot start any token" in problem:
        found = _token(text[mark.index : mark.index + 1])
    found = _in_words_of_its_line(found, failure, text)
    if found is None:
        return error(_span(mark, text, file), "yaml-syntax", f"not YAML: {problem}" if problem else "not YAML")
    if found.at_start and failure.context_mark is not None:
        mark = failure.context_mark
    return error(_span(mark, text, file), found.code, found.message, found.hint.rstrip())


def _in_words_of_its_line(found: _Complaint | None, failure: Any, text: str) -> _Complaint | None:
    """The same, where what stands at the place tells more than libyaml does."""
    mark, start = failure.problem_mark, failure.context_mark
    if found is _NO_ITEM and mark is not None and start is not None and mark.column > start.column:
        return _BETWEEN
    # The line that a script's text seems to begin with is read as a key.
    if found is _NO_COLON and start is not None and _ABOVE.search(text[: start.index - start.column]):
        return _OUTSIDE
    is_item = mark is not None and text[mark.index : mark.index + 2] in ("- ", "-\n")
    return _STRAY_ITEM if found is _NO_KEY and is_item else found


def _token(character: str) -> _Complaint:
    if character == "\t":
        return _Complaint("", "a tab in the indentation", "indent with spaces", code="tab")
    return _Complaint("", f"a text cannot start with {character}", "quote it")


def _span(mark: Any, text: str, file: str) -> Span:
    """The character at the mark; at the end of the text, the last one that is there."""
    index = min(mark.index, len(text.rstrip()))
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return Span(file, line, column, line, column + 1)
