"""Nodes as the plain values that another YAML 1.2 reader makes of them: what a JSON Schema is about."""

from __future__ import annotations

import re
from typing import Any

from generator.document.nodes import Kind, Mapping, Node, Scalar

_BASES = {"0o": 8, "0x": 16}


def plain(node: Node) -> Any:
    """Dicts, lists, texts, numbers, booleans and None, by the core schema."""
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, Scalar):
        return _value(node)
    return [plain(item) for item in node.items]


def _value(scalar: Scalar) -> str | int | float | bool | None:
    text = scalar.text
    if scalar.kind is Kind.NULL:
        return None
    if scalar.kind is Kind.BOOL:
        return text.lower() == "true"
    if scalar.kind is Kind.INT:
        return int(text, _BASES.get(text[:2], 10))
    if scalar.kind is Kind.FLOAT:
        # Python knows `inf` and `nan` without the dot.
        return float(re.sub(r"\.(?=[inIN])", "", text))
    return text
