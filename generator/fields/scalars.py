"""Types of single values: text, whole numbers, flags, choices, and texts with a grammar.

Text stays text: where one is expected, `1.10` is "1.10" and `yes` is "yes", whatever YAML makes of them; nothing is the
empty text.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from generator.diagnostics import Diagnostic, Severity
from generator.document import Kind, Node, Scalar
from generator.fields.reading import NOT_YET, Reading, Schema, Type, empty, wrong_type
from generator.wording import closest, listed, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping as Map

T = TypeVar("T")

Rule = Callable[[Scalar], Iterable[Diagnostic]]
# What YAML 1.1 takes for the two as well.
_YES = ("yes", "on", "y")
_NO = ("no", "off", "n")
_NO_QUOTES = "write it without quotes"
_DURATION = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text, verbatim.

    `pattern` must match all of it, and `grammar` says so in words; `rules` look at the scalar and report. `instead` is
    what to write in place of a list or a mapping.
    """

    label: str = "a text"
    pattern: str = ""
    grammar: str = ""
    code: str = "bad-value"
    empty: bool = False
    rules: tuple[Rule, ...] = ()
    instead: str = ""

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> str | None:
        """The text; `''` for nothing."""
        if not isinstance(node, Scalar):
            wrong_type(self.label, node, reading, key, self.instead)
            return None
        text = "" if node.is_null else node.text
        if not text and not self.empty:
            reading.error(node.span, "empty-value", *empty(key, f"{self.label} is missing here"))
            return None
        found = [diagnostic for rule in self.rules for diagnostic in rule(node)]
        reading.add(*found)
        if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
            return None
        if self.pattern and not re.fullmatch(self.pattern, text):
            reading.error(node.span, self.code, f"{quoted(text)} is not {self.label}", self.grammar)
            return None
        return text

    def schema(self) -> Schema:
        """Any scalar, since text stays text."""
        schema: Schema = {"type": ["string", "number", "boolean", "null"]}
        if not self.empty:
            schema = {"type": ["string", "number", "boolean"], "minLength": 1}
        return schema | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Parsed(Generic[T]):
    """A text that means something else.

    `parse` gives the value or raises ValueError with a message; `grammar` is the hint. `pattern` is what a schema can
    say of the grammar, `words` all texts where they can be listed.
    """

    label: str
    parse: Callable[[str], T]
    grammar: str = ""
    pattern: str = ""
    code: str = "bad-value"
    rules: tuple[Rule, ...] = ()
    words: Callable[[], Iterable[str]] | None = None

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> T | None:
        """The value that the text stands for."""
        text = Text(self.label, rules=self.rules).read(node, reading, key)
        if text is None:
            return None
        try:
            return self.parse(text)
        except ValueError as failure:
            reading.error(node.span, self.code, str(failure), self._hint(text, reading))
            return None

    def _hint(self, text: str, reading: Reading) -> str:
        # Among many words it takes some 20 ms to find one, and a file may have ten thousand wrong ones.
        near = closest(text, self.words()) if self.words is not None and not reading.crowded else None
        return f"did you mean {quoted(near)}? {self.grammar}".rstrip() if near else self.grammar

    def schema(self) -> Schema:
        """A text."""
        if self.words is not None:
            return {"enum": list(self.words())}
        return {"type": "string"} | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Flag:
    """`true` or `false`, as YAML 1.2 writes them."""

    label: str = "true or false"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> bool | None:
        """The flag."""
        if not isinstance(node, Scalar) or node.kind is not Kind.BOOL:
            wrong_type(self.label, node, reading, key, _flag_hint(node))
            return None
        return node.text.lower() == "true"

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Integer:
    """A whole number, written in decimal digits."""

    minimum: int
    maximum: int
    label: str = "a whole number"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> int | None:
        """The number."""
        if not isinstance(node, Scalar) or node.kind is not Kind.INT or not re.fullmatch("[-+]?[0-9]{1,18}", node.text):
            quoted_number = isinstance(node, Scalar) and re.fullmatch("[0-9]{1,18}", node.text)
            wrong_type(self.label, node, reading, key, _NO_QUOTES if quoted_number else "")
            return None
        number = int(node.text)
        if self.minimum <= number <= self.maximum:
            return number
        reading.error(node.span, "bad-value", f"{number} is not from {self.minimum} to {self.maximum}")
        return None

    def schema(self) -> Schema:
        """An integer with its bounds."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


def _flag_hint(node: Node) -> str:
    text = node.text.lower() if isinstance(node, Scalar) else ""
    if text in ("true", "false"):
        return _NO_QUOTES
    return f"write {'true' if text in _YES else 'false'}" if text in _YES + _NO else ""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of a few words.

    `later` are known to the language and not supported yet; `foreign` are other systems' words, with what to write
    instead; `what` is the word for it.
    """

    options: tuple[str, ...]
    later: tuple[str, ...] = ()
    what: str = ""
    foreign: Map[str, str] = dataclasses.field(default_factory=dict)

    @property
    def label(self) -> str:
        """`one of a, b`."""
        return f"one of {listed(self.options)}"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> str | None:
        """The word."""
        text = Text(self.label).read(node, reading, key)
        if text is None or text in self.options:
            return text
        if text in self.later:
            reading.error(node.span, "not-yet", f"{quoted(text)} is not supported yet", NOT_YET)
        elif not reading.full:
            what = self.what or (key.text if key is not None else "value")
            hint = self.foreign.get(text) or suggestion(text, self.options)
            reading.error(node.span, "bad-value", f"unknown {what} {quoted(text)}", hint)
        return None

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.options)}

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


def _seconds(text: str) -> int:
    match = _DURATION.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if not total:
        raise ValueError(f"{quoted(text)} is not a duration")
    return total


def duration(rules: tuple[Rule, ...] = ()) -> Parsed[int]:
    """A duration in whole seconds, more than none."""
    return Parsed(
        "a duration",
        _seconds,
        grammar="write it like 90s, 30m or 1h30m",
        pattern="(?=.*[1-9])([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?",
        rules=rules,
    )
