"""One reading of one file: what every type is given besides its node, and the contract that every type keeps."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from generator import diagnostics
from generator.diagnostics import Severity
from generator.document import Mapping, Node, Scalar
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic, Span

MOST_TOLD = 1000
# What to do about what a later version may do.
NOT_YET = "leave it out"
_MOST_SUGGESTED = 50

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Schema = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value and where it stands."""

    value: T
    span: Span


class Reading:
    """Collects what is wrong.

    After `MOST_TOLD` findings the rest is not kept, so that a hopeless file costs no more than a bad one.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[Span, str, str], Diagnostic] = {}
        self._shapes: dict[Span, list[tuple[Span, str, str]]] = {}
        self._failures = 0

    @property
    def failures(self) -> int:
        """How often something could not be read so far, be it told here, elsewhere before, or not for their number."""
        return self._failures

    def fail(self) -> None:
        """Counts what could not be read and is told elsewhere."""
        self._failures += 1

    @property
    def full(self) -> bool:
        """Whether further findings are dropped; then nothing need be worked out for them."""
        return len(self._found) >= MOST_TOLD

    @property
    def crowded(self) -> bool:
        """Whether so much is wrong that looking for what each name was meant to be would take long."""
        return len(self._found) >= _MOST_SUGGESTED

    def add(self, *found: Diagnostic) -> None:
        """Keeps findings, each once: what an alias or a template repeats is told where it is written."""
        for diagnostic in found:
            self._failures += diagnostic.severity is Severity.ERROR
            if not self.full:
                key = (diagnostic.span, diagnostic.code, diagnostic.message)
                self._found.setdefault(key, diagnostic)
                if diagnostic.code == "wrong-type" and not diagnostic.hint:
                    self._shapes.setdefault(diagnostic.span, []).append(key)

    def error(self, span: Span, code: str, message: str, hint: str = "") -> None:
        """Keeps an error."""
        self.add(diagnostics.error(span, code, message, hint))

    def warning(self, span: Span, code: str, message: str, hint: str = "") -> None:
        """Keeps a warning."""
        self.add(diagnostics.warning(span, code, message, hint))

    @property
    def has_bare_shapes(self) -> bool:
        """Whether something has the wrong shape, and nothing says yet which one is right."""
        return bool(self._shapes)

    def show(self, span: Span, example: str) -> None:
        """Puts an example beside what was found to have the wrong shape at this very place, where nothing says more."""
        for key in self._shapes.pop(span, ()):
            self._found[key] = dataclasses.replace(self._found[key], hint=f"write it like {example}")

    def found(self) -> list[Diagnostic]:
        """The findings in the order of the file."""
        return diagnostics.in_order(self._found.values())


class Type(Protocol[T_co]):
    """What a value may be."""

    @property
    def label(self) -> str:
        """What it is in a sentence and in the reference: `a text`, `a duration`, `a list of globs`."""
        ...

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> T_co | None:
        """The value, or None after the reading was told why not. `key` is the mapping's key that holds the node."""
        ...

    def schema(self) -> Schema:
        """JSON Schema 2020-12."""
        ...

    def parts(self) -> tuple[Type[object], ...]:
        """The types that this one is made of."""
        ...


def read_value(kind: Type[T], node: Node, reading: Reading, key: Scalar | None = None) -> T | None:
    """What the type makes of the node; nothing, and no second error, where the node is known to be broken."""
    if isinstance(node, Scalar | Mapping) and node.broken:
        reading.fail()
        return None
    return kind.read(node, reading, key)


def wrong_type(expected: str, node: Node, reading: Reading, key: Scalar | None, hint: str = "") -> None:
    """Reports a node of the wrong shape. Without a hint, the example of the key that it stands under is one."""
    subject = quoted(key.text) if key is not None else "this"
    reading.error(node.span, "wrong-type", f"{subject} must be {expected}, not {shape(node)}", hint)


def empty(key: Scalar | None, otherwise: str) -> tuple[str, str]:
    """Message and hint for a value that is empty and must say something; `otherwise` is said of one without a key."""
    message = f"{quoted(key.text)} is empty" if key is not None else otherwise
    return message, "write its value, or remove it"


def shape(node: Node) -> str:
    """What a node is, in a sentence."""
    if isinstance(node, Mapping):
        return "a mapping"
    if not isinstance(node, Scalar):
        return "a list"
    return "nothing" if node.is_null else quoted(node.text)
