"""What lists of globs can mean at all: whether any branch or tag gets through, and which patterns change nothing.

The patterns' automata are run side by side over every name that Git takes, one character of each kind that they tell
apart. What that finds is certain; where it would take long, nothing is found.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from generator.globs import Automaton, compiled, is_regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# In characters of the patterns, each time that one more character of a name is looked at: some milliseconds at most.
# Lists as people write them need a tenth of it.
_MOST_WORK = 100_000
_MOST_FOUND = 5
# git-check-ref-format(1): no name of a branch or tag has these characters, or '..', a part that starts with a dot, an
# empty part, or a dot or slash at its end.
_NEVER_IN_REFS = frozenset({*map(chr, range(0x21)), *"~^:?*[\\", "\x7f"})
_START, _SLASH, _DOT, _OTHER = "", "/", ".", "x"
_CANNOT_FOLLOW = frozenset({(_START, "/"), (_START, "."), (_SLASH, "/"), (_SLASH, "."), (_DOT, ".")})
_NO_END = frozenset({_START, _SLASH, _DOT})


class _TooLongError(Exception):
    """There is more to look at than it is worth."""


def can_be_taken(*lists: Sequence[str]) -> bool:
    """Whether there may be a branch or tag that every one of the lists takes in."""
    patterns = [pattern for one in lists for pattern in one]
    starts = [sum(map(len, lists[:index])) for index in range(len(lists))]
    if any(map(is_regex, patterns)):
        return True
    try:
        return any(
            all(_taken(one, end[start:]) for one, start in zip(lists, starts, strict=True)) for end in _ends(patterns)
        )
    except _TooLongError:
        return True


def idle(patterns: Sequence[str]) -> list[int]:
    """The patterns, by their index, that can be left out, all of them, without changing what the list takes in."""
    kept = list(range(len(patterns)))
    found: list[int] = []
    if any(map(is_regex, patterns)):
        return found
    while len(kept) > 1 and len(found) < _MOST_FOUND:
        useless = _idle([patterns[index] for index in kept])
        if not useless:
            break
        # Of two that stand for each other only one can go.
        found.append(kept.pop(useless[-1]))
    return sorted(found)


def _idle(patterns: list[str]) -> list[int]:
    # A list that starts with `!` starts from everything: the first pattern stays where that would change.
    first = 1 if any(pattern.startswith("!") for pattern in patterns[:2]) else 0
    waiting = set(range(first, len(patterns)))
    try:
        for end in _ends(patterns):
            last = max((index for index, matched in enumerate(end) if matched), default=0)
            if end[last] and _taken(patterns[:last], end) == patterns[last].startswith("!"):
                waiting.discard(last)
            if not waiting:
                break
    except _TooLongError:
        return []
    return sorted(waiting)


def _taken(patterns: Sequence[str], end: Sequence[bool]) -> bool:
    """Whether the list takes in a name of which is known which patterns match it."""
    taken = bool(patterns) and patterns[0].startswith("!")
    for pattern, matched in zip(patterns, end, strict=False):
        if matched:
            taken = not pattern.startswith("!")
    return taken


def _ends(patterns: Sequence[str]) -> Iterator[tuple[bool, ...]]:
    """Which patterns match, for every name there is; names that all patterns see alike are one. Raises _TooLongError.

    Shorter names come first, since most lists show soon that there is nothing to find.
    """
    automata = [compiled(pattern.removeprefix("!")) for pattern in patterns]
    alphabet = _alphabet(automata)
    beginning = (_START, tuple(automaton.beginning() for automaton in automata))
    seen, waiting, work = {beginning}, deque([beginning]), 0
    step = sum(map(len, patterns))
    while waiting:
        before, positions = waiting.popleft()
        if before not in _NO_END:
            yield tuple(map(Automaton.accepts, automata, positions))
        for character, kind in alphabet:
            if (before, kind) in _CANNOT_FOLLOW:
                continue
            work += step
            if work > _MOST_WORK:
                raise _TooLongError
            following = (kind, tuple(map(Automaton.behind, automata, positions, character * len(automata))))
            if following not in seen:
                seen.add(following)
                waiting.append(following)


def _alphabet(automata: Sequence[Automaton]) -> list[tuple[str, str]]:
    """A character for each stretch of Unicode in which no automaton and no rule of Git sees a difference."""
    special = {_SLASH, _DOT, *_NEVER_IN_REFS}
    marks = special | {chr(ord(character) + 1) for character in special}
    characters = sorted(marks.union(*(automaton.marks for automaton in automata)) - _NEVER_IN_REFS)
    return [(character, character if character in special else _OTHER) for character in characters]
