"""Lines that are not indented far enough: what was meant to stand in an entry and stands beside it.

    jobs:
      test:
      run: make

Each of the two is wrong by itself, and neither would say what happened. So it is told as what it is, once, and read as
it was meant.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import Span
from generator.document import Mapping, Scalar
from generator.fields.reading import Reading, read_value
from generator.wording import closest, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.diagnostics import Diagnostic
    from generator.document import Entry
    from generator.fields.reading import Type

_NOWHERE = Span("", 0, 0, 0, 0)


# People do not write longer mappings, and it takes long to find out what each line of one is meant to be.
MOST_ENTRIES = 500


def indented(
    entries: Iterable[Entry],
    inside: Callable[[Entry], Type[object] | None],
    is_wrong: Callable[[Entry], bool],
    reading: Reading,
    has_hint: Callable[[Entry], bool] = lambda _: False,
) -> tuple[Entry, ...]:
    """The entries, with those in the one above them that belong into it; the first of these is reported.

    `inside` is the type of what stands in an entry, None where it is not known; `is_wrong` tells of an entry that it
    cannot be meant where it is, and `has_hint` that something else may be meant: then it belongs into nothing but what
    is empty, or behind other such lines.
    """
    kept: list[Entry] = []
    moved = 0
    for entry in entries:
        is_doubtful = not moved and has_hint(entry)
        kind = inside(kept[-1]) if kept and is_wrong(entry) and _takes(kept[-1], entry, is_doubtful) else None
        if kind is None or not _fits(entry, kind):
            kept.append(entry)
            moved = 0
            continue
        if not moved:
            above = quoted(kept[-1].key.text)
            message = f"{quoted(entry.key.text)} stands beside {above}, and seems to belong into it"
            reading.error(entry.key.span, "unknown-key", message, f"indent it further than {above}")
        moved += 1
        kept[-1] = _with(kept[-1], entry)
    return tuple(kept)


def _takes(above: Entry, entry: Entry, is_doubtful: bool) -> bool:
    """Whether there is nothing in the one above yet, or lines that do not have such an entry."""
    if isinstance(above.value, Scalar):
        return above.value.is_null and not above.value.broken
    held = above.value
    return isinstance(held, Mapping) and not held.flow and held.entry(entry.key.text) is None and not is_doubtful


def _with(above: Entry, entry: Entry) -> Entry:
    held = above.value if isinstance(above.value, Mapping) else Mapping(entry.key.span, ())
    return dataclasses.replace(above, value=dataclasses.replace(held, entries=(*held.entries, entry)))


def names(kind: Type[object]) -> frozenset[str]:
    """The keys that a mapping of that type is known to have, none where they are the user's own."""
    keys = getattr(kind, "keys", None)
    if keys is not None:
        return frozenset(key.name for key in keys)
    return frozenset(name for part in kind.parts() for name in names(part))


def is_meant(node: Mapping, kind: Type[object]) -> bool:
    """Whether the mapping is meant to be of that type: one of its keys is good, or more than half are near such."""
    known = names(kind)
    if any(_fits(entry, kind) for entry in node.entries if entry.key.text in known):
        return True
    near = [entry for entry in node.entries if closest(entry.key.text, known - {entry.key.text}) is not None]
    return 2 * len(near) > len(node.entries)


def _fits(entry: Entry, kind: Type[object]) -> bool:
    """Whether a mapping of that type may have the entry, be it right or not inside."""
    alone = Reading()
    read_value(kind, Mapping(_NOWHERE, (entry,)), alone)
    return not any(_is_about(one, entry) for one in alone.found())


def _is_about(finding: Diagnostic, entry: Entry) -> bool:
    """Whether it is the entry itself, or that it is one, that does not fit; what is missing beside it is no matter."""
    if finding.span == _NOWHERE:
        return finding.code == "wrong-type"
    return finding.span in (entry.key.span, entry.value.span)
