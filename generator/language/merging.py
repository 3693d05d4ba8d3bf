"""Merging of mappings: by key and at any depth, scalars and lists whole, later wins, and nothing takes a key away.

Merged mappings hold the nodes that they were made of, so every error still has the place where its text was written.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.document import Entry, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.document import Node


def merged(parts: Iterable[Mapping]) -> Mapping:
    """The parts, at least one, each over those before it; keys stand in the order of their first appearance."""
    first, *rest = parts
    for part in rest:
        first = _over(first, part)
    return _without_nothing(first)


def size(node: Node) -> int:
    """How many keys and values the node holds, what stands there twice counted twice."""
    if isinstance(node, Scalar):
        return 1
    if isinstance(node, Mapping):
        return 1 + sum(1 + size(entry.value) for entry in node.entries)
    return 1 + sum(map(size, node.items))


def _over(base: Mapping, over: Mapping) -> Mapping:
    entries = {entry.key.text: entry for entry in base.entries}
    for entry in over.entries:
        before = entries.get(entry.key.text)
        value = entry.value
        if before is not None and isinstance(before.value, Mapping) and isinstance(value, Mapping):
            value = _over(before.value, value)
        entries[entry.key.text] = Entry(entry.key, value)
    return dataclasses.replace(over, entries=tuple(entries.values()), broken=base.broken or over.broken)


def _without_nothing(mapping: Mapping) -> Mapping:
    kept = (entry for entry in mapping.entries if not (isinstance(entry.value, Scalar) and entry.value.is_null))
    entries = tuple(
        Entry(entry.key, _without_nothing(entry.value)) if isinstance(entry.value, Mapping) else entry for entry in kept
    )
    return dataclasses.replace(mapping, entries=entries)
