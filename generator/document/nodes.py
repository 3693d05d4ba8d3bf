"""The nodes of a YAML document: scalars, sequences and mappings, each with its place in the file.

A scalar keeps its text as it was written and the kind that YAML's core schema gives it; whoever reads the node decides
which of the two counts. Nodes are shared where the file uses aliases, so identity and place are those of the anchor.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re

from generator.diagnostics import Span

_PLAIN = re.compile(".", re.DOTALL)
_SINGLE = re.compile("''|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|.", re.DOTALL)

# Escapes of white space, and of a line's end that means nothing; other ways to write them are as rare.
_WHITE_ESCAPE = re.compile(r"\\[tnvfrNLP_ \t\r\n]")


class Kind(enum.Enum):
    """What a scalar is in YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema)."""

    NULL = "null"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STR = "str"


@dataclasses.dataclass(frozen=True, slots=True)
class Scalar:
    """One value.

    `style` is `plain`, `single`, `double`, `literal` or `folded`; `raw` is the source, quotes or block header
    included. `broken`: an error about it is told already, and the text means nothing.
    """

    span: Span
    text: str
    kind: Kind
    style: str
    raw: str
    broken: bool = False

    @property
    def is_null(self) -> bool:
        """Whether the value is nothing: `~`, `null`, or not there at all."""
        return self.kind is Kind.NULL

    def place(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the file; the whole scalar where that is hard to say."""
        offsets = _offsets(self)
        if offsets is None or not 0 <= start < end <= len(offsets):
            return self.span
        first, last = offsets[start], offsets[end - 1] + 1
        line, column = _position(self, first)
        end_line, end_column = _position(self, last)
        return Span(self.span.file, line, column, end_line, end_column)


@dataclasses.dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `flow` tells `[a, b]` from lines with dashes."""

    span: Span
    items: tuple[Node, ...]
    flow: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value; what came by `<<` keeps the place where it was written."""

    key: Scalar
    value: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file, what came by `<<` first. Keys are texts, each once.

    `broken`: it looks like `{{ x }}` and was meant as something else; an error about it is told already.
    """

    span: Span
    entries: tuple[Entry, ...]
    flow: bool = False
    broken: bool = False

    def entry(self, key: str) -> Entry | None:
        """The entry with this key, None where there is none."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node = Scalar | Sequence | Mapping


def _position(scalar: Scalar, offset: int) -> tuple[int, int]:
    before = scalar.raw[:offset]
    breaks = before.count("\n")
    if not breaks:
        return scalar.span.line, scalar.span.column + offset
    return scalar.span.line + breaks, offset - before.rfind("\n")


@functools.lru_cache(maxsize=8)
def _offsets(scalar: Scalar) -> list[int] | None:
    """For each character of the text its index in `raw`; None where they do not go hand in hand.

    A long text may be asked about often, one expression after the other.
    """
    if scalar.style == "literal":
        return _literal_offsets(scalar)
    if "\n" in scalar.raw:
        return _folded_offsets(scalar)
    if scalar.style == "plain":
        start = len(scalar.raw) - len(scalar.text)
        offsets = list(range(start, len(scalar.raw)))
    else:
        start, end, pattern = _inside(scalar)
        offsets = [match.start() for match in pattern.finditer(scalar.raw, start, end)]
    return offsets if len(offsets) == len(scalar.text) else None


def _literal_offsets(scalar: Scalar) -> list[int] | None:
    lines = scalar.text.split("\n")
    position = scalar.raw.find("\n") + 1
    offsets: list[int] = []
    for line in lines:
        end = scalar.raw.find("\n", position)
        end = len(scalar.raw) if end < 0 else end
        written = scalar.raw[position:end].removesuffix("\r")
        if line and not written.endswith(line):
            return None
        start = position + len(written) - len(line)
        offsets += range(start, start + len(line) + 1)
        position = end + 1
    return offsets[: len(scalar.text)]


def _folded_offsets(scalar: Scalar) -> list[int] | None:
    """Of a text over several lines. Folding changes white space alone, so the other characters come one by one."""
    start, end, pattern = _inside(scalar)
    written = [
        match.start()
        for match in pattern.finditer(scalar.raw, start, end)
        if not match.group().isspace() and not _WHITE_ESCAPE.fullmatch(match.group())
    ]
    if len(written) != sum(not character.isspace() for character in scalar.text):
        return None
    offsets: list[int] = []
    position = start
    waiting = iter(written)
    for character in scalar.text:
        if not character.isspace():
            position = next(waiting)
        offsets.append(position)
        # White space behind a word stands there, or the line's end does.
        position += not character.isspace()
    return offsets


def _inside(scalar: Scalar) -> tuple[int, int, re.Pattern[str]]:
    """Where the source of the text begins and ends in `raw`, and what one character of it looks like."""
    if scalar.style == "folded":
        return scalar.raw.find("\n") + 1, len(scalar.raw), _PLAIN
    if scalar.style == "plain":
        return 0, len(scalar.raw), _PLAIN
    quote = '"' if scalar.style == "double" else "'"
    return scalar.raw.find(quote) + 1, len(scalar.raw) - 1, _ESCAPE if quote == '"' else _SINGLE
