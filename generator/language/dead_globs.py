"""`never-matches` and `idle-pattern`: globs that let no branch or tag through, and those that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.document import Sequence
from generator.glob_lists import can_be_taken, idle
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Key, Placed, Record

_ORDER = "the last pattern that matches decides, and '!' takes back what patterns before it took in"


def globs(record: Record, key: Key[tuple[Placed[str], ...]], what: str) -> tuple[str, ...] | None:
    """The list under a key, None where there is none. Warns of what is dead in it.

    `what` is what the patterns are matched with: `branch`, `tag`.
    """
    placed = record.get(key)
    if placed is None:
        return None
    patterns = tuple(place.value for place in placed)
    if not _is_whole(record, key, len(placed)):
        return patterns
    if not can_be_taken(patterns):
        message = f"no {what} can match: nothing starts by {quoted(key.name)}"
        hint = _ORDER if len(patterns) > 1 else f"Git takes no {what} of such a name"
        if len(patterns) == 1 and ", " in patterns[0]:
            hint = f"several are a list: [{patterns[0]}]"
        record.reading.warning(record.span_of(key), "never-matches", message, hint)
        return patterns
    for index in idle(patterns):
        record.reading.warning(
            placed[index].span, "idle-pattern", f"{quoted(patterns[index])} changes nothing here", _why(patterns[index])
        )
    return patterns


def _is_whole(record: Record, key: Key[tuple[Placed[str], ...]], count: int) -> bool:
    """Whether every pattern of the list could be read: one that could not may be what makes sense of the others."""
    entry = record.entry(key)
    return entry is not None and (len(entry.value.items) if isinstance(entry.value, Sequence) else 1) == count


def _why(pattern: str) -> str:
    if pattern.startswith("!"):
        return f"no pattern before it takes in what it takes back, or a later one takes it in again; {_ORDER}"
    return f"the others take in what it takes in, or take it back; {_ORDER}"
