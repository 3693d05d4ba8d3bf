"""libyaml's events -> nodes: anchors, aliases and merges are resolved here, keys are checked, all is counted.

The stack is a list of our own and aliases are charged with what they stand for, so neither nesting nor a bomb of
aliases costs more than the limits below. Scalars keep their text; the core schema only says of which kind they are.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import yaml

from generator.diagnostics import Diagnostic, Span, error, warning
from generator.document.complaints import complaint
from generator.document.core_schema import kind_of
from generator.document.nodes import Entry, Kind, Mapping, Node, Scalar, Sequence
from generator.wording import closest, quoted

MAX_DEPTH = 64
# A file of 200 jobs with 20 steps each, all written out, has about 30,000.
MAX_NODES = 100_000
# A long text that many aliases repeat is read as many times, so it counts as more than one value.
_TEXT_PER_NODE = 64

_CORE = "tag:yaml.org,2002:"
_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
# libyaml follows YAML 1.1, where these end a line; in YAML 1.2 they are characters like others.
_BREAKS_OF_1_1 = "\x85\u2028\u2029"


class _StopError(Exception):
    """The rest of the file is not worth reading; the reason is among the errors."""


@dataclasses.dataclass(slots=True, eq=False)
class _Frame:
    """A collection that is still open.

    `items` of a mapping are its keys and values in turn; `size` and `height` count it as expanded.
    """

    mark: Any
    mapping: bool
    flow: bool
    anchor: str | None
    items: list[Node] = dataclasses.field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Anchored:
    """What an anchor names, with its size and height once every alias in it is expanded."""

    node: Node
    size: int
    height: int


def compose(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """The tree of the one document in `text`, and the findings; None and no error for a text without a document."""
    composer = _Composer(text, file)
    try:
        node = composer.run()
    except _StopError:
        node = None
    except yaml.MarkedYAMLError as failure:
        composer.found.append(complaint(failure, text, file))
        node = None
    return node, composer.found


class _Composer:
    """One reading of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.found: list[Diagnostic] = []
        self._text = text
        self._file = file
        self._stand_ins = _stand_ins(text)
        self._parser = yaml.CBaseLoader(text.translate({ord(old): new for new, old in self._stand_ins.items()}))
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._unused: dict[str, Span] = {}
        self._root: Node | None = None
        self._size = 0
        self._documents = 0

    def run(self) -> Node | None:
        """Reads every event. Raises _StopError, yaml.MarkedYAMLError."""
        handlers = {
            yaml.DocumentStartEvent: self._document,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceEndEvent: self._close,
            yaml.MappingEndEvent: self._close,
        }
        while (event := self._parser.get_event()) is not None:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
        # An alias that went wrong may be the one that was meant to use it.
        if not self.found:
            for name, span in self._unused.items():
                self._unused_anchor(name, span)
        return self._root

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            place = self._span(event.start_mark, event.end_mark)
            self._stop(place, "yaml-documents", "a second document; a file holds one", "remove the '---'")
        if event.version and event.version < (1, 2):
            self._error(
                self._span(event.start_mark, event.end_mark),
                "yaml-syntax",
                "this file says YAML 1.1, and is read as 1.2",
                "remove the line",
            )

    def _scalar(self, event: Any) -> None:
        style = _STYLES[event.style]
        text = event.value.translate(self._stand_ins) if self._stand_ins else event.value
        raw = self._text[event.start_mark.index : event.end_mark.index]
        # libyaml's block scalars reach to the next token; their last lines may be empty.
        span = self._scalar_span(event, raw.rstrip() if style in ("literal", "folded") else raw)
        kind = kind_of(text) if style == "plain" else Kind.STR
        kind, broken = self._tagged(event.tag, kind, span)
        if "\0" in text:
            self._error(
                span, "control-character", "a text cannot hold U+0000", "let the script make it, like printf '\\0'"
            )
        self._add(Scalar(span, text, kind, style, raw, broken), 1 + len(text) // _TEXT_PER_NODE, 0, event.anchor)

    def _tagged(self, tag: str | None, kind: Kind, span: Span) -> tuple[Kind, bool]:
        """The kind after an explicit tag has had its say, and whether the tag is wrong."""
        if tag in ("!", _CORE + "str"):
            return Kind.STR, False
        if tag is None or tag == _CORE + kind.value:
            return kind, False
        self._bad_tag(tag, span)
        return kind, True

    def _bad_tag(self, tag: str, span: Span) -> None:
        shown = tag if tag.startswith("!") else "!!" + tag.removeprefix(_CORE)
        self._error(
            span,
            "yaml-tag",
            f"{quoted(shown)} is read as a YAML tag, which means nothing here",
            "a text that starts with ! must be quoted",
        )

    def _alias(self, event: Any) -> None:
        span = self._span(event.start_mark, event.end_mark)
        target = self._anchors.get(event.anchor)
        self._unused.pop(event.anchor, None)
        if target is None:
            self._unknown_anchor(event.anchor, span)
            target = _Anchored(Scalar(span, "", Kind.NULL, "plain", f"*{event.anchor}", broken=True), 1, 0)
        self._add(target.node, target.size, target.height, None, span)

    def _unknown_anchor(self, name: str, span: Span) -> None:
        if any(frame.anchor == name for frame in self._stack):
            self._error(span, "yaml-alias", f"'*{name}' stands inside what it names", "write out what is meant")
            return
        near = closest(name, self._anchors)
        self._error(
            span,
            "yaml-alias",
            f"no anchor '&{name}' above",
            f"did you mean '*{near}'?" if near else "quote a text that starts with *",
        )

    def _unused_anchor(self, name: str, node: Span) -> None:
        # A node's place begins at its anchor, unless a tag stands before it.
        end = node.column + 1 + len(name)
        span = Span(self._file, node.line, node.column, node.line, end)
        self.found.append(
            warning(span, "unused-anchor", f"the anchor '&{name}' is never used", f"write *{name} where it is meant")
        )

    def _open(self, event: Any) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        span = self._span(event.start_mark, event.start_mark)
        if event.tag not in (None, "!", _CORE + ("map" if mapping else "seq")):
            self._bad_tag(event.tag, span)
        flow = (
            self._text[event.end_mark.index - 1 : event.end_mark.index] in ("[", "{")
            and event.end_mark.index > event.start_mark.index
        )
        self._stack.append(_Frame(event.start_mark, mapping, flow, event.anchor))
        self._check_depth(len(self._stack), span)

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        span = self._collection_span(frame, event)
        node: Node = self._mapping(frame, span) if frame.mapping else Sequence(span, tuple(frame.items), frame.flow)
        # What is inside is counted already.
        self._size -= frame.size - 1
        self._add(node, frame.size, frame.height, frame.anchor, span)

    def _mapping(self, frame: _Frame, span: Span) -> Mapping:
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        merges: list[Scalar] = []
        for key, value in zip(frame.items[::2], frame.items[1::2], strict=True):
            if not isinstance(key, Scalar) or key.is_null:
                hint = "" if isinstance(key, Scalar) else "quote a text that starts with { or ["
                self._error(key.span, "yaml-key", "a key must be a text", hint)
            elif key.text == "<<" and key.style == "plain":
                merges.append(key)
                if len(merges) > 1:
                    self._error(key.span, "duplicate-key", "a second '<<'", "write << once, with a list: [*a, *b]")
                    continue
                for source in self._merge_sources(value):
                    for entry in source.entries:
                        merged.setdefault(entry.key.text, entry)
            elif key.text in own:
                line = own[key.text].key.span.line
                message = f"{quoted(key.text)} stands here twice, first on line {line}"
                self._error(key.span, "duplicate-key", message, "remove one of them, or give it another name")
            else:
                own[key.text] = Entry(key, value)
        braces = frame.flow and any(isinstance(key, Mapping) for key in frame.items[::2])
        inherited = tuple(entry for name, entry in merged.items() if name not in own)
        return Mapping(span, inherited + tuple(own.values()), frame.flow, braces)

    def _merge_sources(self, value: Node) -> list[Mapping]:
        items = value.items if isinstance(value, Sequence) else (value,)
        for item in items:
            # An alias of nothing is told as such.
            if not isinstance(item, Mapping) and not (isinstance(item, Scalar) and item.broken):
                self._error(item.span, "yaml-merge", "'<<' takes a mapping or a list of mappings", "write <<: *name")
        return [item for item in items if isinstance(item, Mapping)]

    def _add(self, node: Node, size: int, height: int, anchor: str | None, place: Span | None = None) -> None:
        """Puts a finished node into what is open around it, and charges it."""
        place = place or node.span
        self._size += size
        if self._size > MAX_NODES:
            message = f"the file has more than {MAX_NODES:,} values, with what its aliases stand for"
            self._stop(place, "yaml-size", message, "a matrix or a script says in a line what aliases repeat")
        self._check_depth(len(self._stack) + height, place)
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, size, height)
            self._unused[anchor] = node.span
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        frame.items.append(node)
        frame.size += size
        frame.height = max(frame.height, height + 1)

    def _check_depth(self, depth: int, place: Span) -> None:
        if depth > MAX_DEPTH:
            self._stop(
                place,
                "yaml-depth",
                f"more than {MAX_DEPTH} lists and mappings inside each other",
                "take some of them away",
            )

    def _collection_span(self, frame: _Frame, event: Any) -> Span:
        start = frame.mark
        if frame.flow or not frame.items:
            return self._span(start, event.end_mark)
        # libyaml ends a block where the next thing starts, some lines further down.
        last = frame.items[-1].span
        end = (last.end_line, last.end_column)
        if end < (start.line + 1, start.column + 1):
            return self._span(start, event.end_mark)
        return Span(self._file, start.line + 1, start.column + 1, *end)

    def _scalar_span(self, event: Any, raw: str) -> Span:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        breaks = raw.count("\n")
        end_column = len(raw) - raw.rfind("\n") if breaks else column + len(raw)
        return Span(self._file, line, column, line + breaks, end_column)

    def _span(self, start: Any, end: Any) -> Span:
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _error(self, span: Span, code: str, message: str, hint: str = "") -> None:
        self.found.append(error(span, code, message, hint))

    def _stop(self, span: Span, code: str, message: str, hint: str) -> None:
        self._error(span, code, message, hint)
        raise _StopError


def _stand_ins(text: str) -> dict[int, str]:
    """For each character that libyaml would take for a line's end, a private one that the text does not use."""
    used = [character for character in _BREAKS_OF_1_1 if character in text]
    if not used:
        return {}
    free = (code for code in range(0xE000, 0xF900) if chr(code) not in text)
    return {next(free): character for character in used}
