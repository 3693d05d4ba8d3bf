"""How messages speak of what a file says: names are quoted and cut, near misses are suggested, lists are joined.

Everything quoted may come from an outsider, so it is made one line of harmless characters here.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_QUOTED = 60
_LONGEST_COMPARED = 64
_MOST_COMPARED = 1000
_MOST_LISTED = 20


def quoted(text: str) -> str:
    """The text in single quotes on one line, at most 60 characters of it, control characters as escapes."""
    shown = text if len(text) <= _LONGEST_QUOTED else text[: _LONGEST_QUOTED - 3] + "..."
    return f"'{harmless(shown)}'"


def harmless(text: str) -> str:
    """The text as one line in which nothing moves a cursor or turns the direction: such characters are escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def one_line(text: str, most: int) -> str:
    """The text on one line, without what could move a terminal's cursor, at most that many characters of it."""
    shown = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return shown if len(shown) <= most else shown[: most - 3] + "..."


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely a slip of the pen for, None where none is near.

    Near is an edit distance (a swap of neighbours is one edit) of at most a third of the length, and less than all of
    it, letters' case being a small matter.
    """
    if not name or len(name) > _LONGEST_COMPARED:
        return None
    best, least = None, max(1, min(3, (len(name) + 1) // 3))
    for candidate in itertools.islice(known, _MOST_COMPARED):
        if abs(len(candidate) - len(name)) > least:
            continue
        distance = _distance(_plain(name), _plain(candidate))
        # Of names without anything in common none was meant for the other: `x` and `y`.
        if distance >= max(len(candidate), len(name)):
            continue
        if distance < least or (distance == least and best is None):
            best, least = candidate, distance
    return best


def suggestion(name: str, known: Iterable[str]) -> str:
    """`did you mean 'large'? known: small, medium, large`; empty where nothing is known."""
    names = list(known)
    near = closest(name, names)
    parts = [f"did you mean {quoted(near)}?"] if near else []
    if names:
        parts.append(f"known: {listed(names)}")
    return " ".join(parts)


def listed(names: Iterable[str]) -> str:
    """The names with commas between them, the first 20 of them."""
    names = list(names)
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _distance(left: str, right: str) -> int:
    """Optimal string alignment: insert, delete, replace, swap neighbours."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
