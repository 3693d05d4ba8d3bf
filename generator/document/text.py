"""The bytes of a file -> text that a YAML parser may see, or the errors that say which bytes are in the way.

YAML is UTF-8 here, of at most `MAX_BYTES`, without characters that no editor shows. A byte order mark at the start is
dropped.
"""

from __future__ import annotations

import codecs
import re

from generator.diagnostics import Diagnostic, Span, error

MAX_BYTES = 1024 * 1024
_MOST_CHARACTERS_TOLD = 10

# What YAML 1.2's c-printable leaves out, a byte order mark inside the text, and a carriage return without its line
# feed.
_UNWANTED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)


def decode(text: bytes | str, file: str) -> tuple[str | None, list[Diagnostic]]:
    """The text without its byte order mark, or None and what is wrong with it."""
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes, {size - MAX_BYTES:,} more than the {MAX_BYTES:,} it may have"
        return None, [error(Span(file, 1, 1, 1, 1), "file-size", message, "put scripts into files of the repository")]
    if isinstance(text, bytes):
        return _from_bytes(text, file)
    return _checked(text, file)


def _from_bytes(data: bytes, file: str) -> tuple[str | None, list[Diagnostic]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = "the file is UTF-16; it must be UTF-8"
        return None, [error(Span(file, 1, 1, 1, 1), "encoding", message, "save it as UTF-8")]
    try:
        return _checked(data.decode("utf-8"), file)
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode("utf-8")
        span = _span(before.removeprefix("\ufeff"), len(before.removeprefix("\ufeff")), file)
        message = f"byte 0x{data[failure.start]:02x} is not UTF-8"
        return None, [error(span, "encoding", message, "save the file as UTF-8")]


def _checked(text: str, file: str) -> tuple[str | None, list[Diagnostic]]:
    text = text.removeprefix("\ufeff")
    errors: list[Diagnostic] = []
    for match in _UNWANTED.finditer(text):
        message = f"the character U+{ord(match.group()):04X} cannot stand in YAML"
        hint = (
            "end lines with LF or CR LF"
            if match.group() == "\r"
            else 'remove it, or write it as an escape in "double quotes"'
        )
        errors.append(error(_span(text, match.start(), file), "control-character", message, hint))
        if len(errors) == _MOST_CHARACTERS_TOLD:
            break
    return (None if errors else text), errors


def _span(text: str, offset: int, file: str) -> Span:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Span(file, line, column, line, column + 1)
