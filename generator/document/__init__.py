"""YAML 1.2 text -> nodes that know their place, with no meaning yet.

`parse` takes the bytes of a file that anybody may have written and gives the tree, or None, and everything that is
wrong with it as YAML. Time and memory are bounded by the limits in `generator.document.text` and
`generator.document.composer`.
"""

from __future__ import annotations

from generator.diagnostics import Diagnostic, Span, error, in_order
from generator.document.composer import compose
from generator.document.nodes import Entry, Kind, Mapping, Node, Scalar, Sequence
from generator.document.plain import plain
from generator.document.text import decode

__all__ = ["Entry", "Kind", "Mapping", "Node", "Scalar", "Sequence", "parse", "plain"]


def parse(text: bytes | str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """The one document of a file, and its errors; `file` is the name that spans carry.

    None comes with at least one error. A tree may come with errors too (a duplicate key, an unknown alias): it is good
    enough to go on looking for further ones, never to act on.
    """
    clean, errors = decode(text, file)
    if clean is None:
        return None, errors
    node, found = compose(clean, file)
    if node is None and not found:
        found = [error(Span(file, 1, 1, 1, 1), "empty-file", f"{file} is empty", "write its keys, or remove the file")]
    return node, in_order(found)
