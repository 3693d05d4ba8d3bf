r"""Globs over branches, tags, paths and repositories: does a list of patterns match a name.

`*` stays within a segment, `**` crosses `/` (and `**/` may match no folder at all), `?` is one character of a segment,
`[a-z]` and `[!a-z]` are classes, `{a,b}` are alternatives, `\\` takes the next character as it is. A pattern that
starts with `!` takes back; the last pattern that matches decides, and a list that starts with `!` starts from
everything. Case counts, a leading dot is nothing special, and a pattern matches the whole name.

Patterns and names come from outsiders, so matching never backtracks: a pattern is an automaton, run as a lazily built
deterministic one, in time linear in the name.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_LENGTH = 1000
MAX_NESTING = 8
_MOST_REMEMBERED = 2_000


class GlobError(ValueError):
    """A pattern that is none; the message says why."""


def matches(patterns: Sequence[str], name: str) -> bool:
    """Whether the list takes the name in. Raises GlobError for a pattern that `problem` complains about."""
    taken = bool(patterns) and patterns[0].startswith("!")
    for pattern in patterns:
        takes_back = pattern.startswith("!")
        if taken == takes_back and compiled(pattern.removeprefix("!")).matches(name):
            taken = not takes_back
    return taken


def problem(pattern: str) -> str | None:
    """What is wrong with a pattern, None for a good one."""
    try:
        compiled(pattern.removeprefix("!"))
    except GlobError as failure:
        return str(failure)
    return None


def path_problem(pattern: str) -> str | None:
    """What is wrong with a pattern for paths, None for a good one. Git's paths start with a name."""
    if pattern.removeprefix("!").startswith(("/", "./")):
        return "a path starts with the name of a file or folder, as in src/**"
    return problem(pattern)


def folder_problem(pattern: str) -> str | None:
    """Why a good pattern for paths takes in nothing, None where it may: a path ends with a name, never with a slash."""
    return "no path ends with '/': this takes in nothing" if pattern.endswith("/") else None


def is_regex(pattern: str) -> bool:
    """Whether a pattern for branches or tags is a regular expression, `/.../` or `!/.../`, and no glob."""
    body = pattern.removeprefix("!")
    return len(body) > 1 and body.startswith("/") and body.endswith("/")


class Automaton:
    """States are numbers; an edge is a test of one character and the state behind it; a jump needs no character.

    A position is a set of states, one bit each. `marks` are the characters from which on an edge may decide otherwise
    than for the one before.
    """

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self._edges: list[list[tuple[Callable[[str], bool], int]]] = []
        self._jumps: list[list[int]] = []
        self._known: dict[tuple[int, str], int] = {}
        self.start = self.state()
        self.end = self.start

    def state(self) -> int:
        """A new state."""
        self._edges.append([])
        self._jumps.append([])
        return len(self._edges) - 1

    def edge(self, source: int, test: Callable[[str], bool], target: int) -> None:
        """A way behind one character that passes the test."""
        self._edges[source].append((test, target))

    def jump(self, source: int, target: int) -> None:
        """A way behind nothing at all."""
        self._jumps[source].append(target)

    def matches(self, name: str) -> bool:
        """Whether the pattern matches the whole name."""
        position = self.beginning()
        for character in name:
            position = self.behind(position, character)
            if not position:
                return False
        return self.accepts(position)

    def beginning(self) -> int:
        """The position before the first character."""
        return self._closed([self.start])

    def behind(self, position: int, character: str) -> int:
        """The position behind the next character, 0 where no pattern goes on."""
        key = (position, character)
        following = self._known.get(key)
        if following is None:
            following = self._step(position, character)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = following
        return following

    def accepts(self, position: int) -> bool:
        """Whether a name may end here."""
        return bool(position >> self.end & 1)

    def _step(self, current: int, character: str) -> int:
        reached: list[int] = []
        while current:
            lowest = current & -current
            reached += [target for test, target in self._edges[lowest.bit_length() - 1] if test(character)]
            current ^= lowest
        return self._closed(reached)

    def _closed(self, states: list[int]) -> int:
        """The set of these states and of all that jumps lead to, one bit each."""
        closed = 0
        while states:
            state = states.pop()
            if not closed >> state & 1:
                closed |= 1 << state
                states += self._jumps[state]
        return closed


@functools.lru_cache(maxsize=512)
def compiled(pattern: str) -> Automaton:
    """The automaton of one pattern, without its `!`. Raises GlobError."""
    if not pattern:
        raise GlobError("an empty pattern matches nothing")
    if len(pattern) > MAX_LENGTH:
        raise GlobError(f"the pattern has {len(pattern):,} characters; {MAX_LENGTH:,} are allowed")
    return _Reader(pattern).read()


class _Reader:
    """One pass over a pattern, which grows the automaton at its end."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._automaton = Automaton()

    def read(self) -> Automaton:
        end = self._sequence(self._automaton.start, depth=0, at_segment_start=True)
        if self._position < len(self._pattern):
            raise GlobError("a '}' without its '{'")
        self._automaton.end = end
        return self._automaton

    def _sequence(self, state: int, *, depth: int, at_segment_start: bool) -> int:
        """Reads up to the end, or inside braces up to `,` or `}`; gives the state behind what was read."""
        while self._position < len(self._pattern):
            character = self._pattern[self._position]
            if character == "}" or (character == "," and depth):
                break
            if character == "{":
                state = self._alternatives(state, depth=depth + 1, at_segment_start=at_segment_start)
                at_segment_start = False
            elif character == "*":
                state = self._stars(state, at_segment_start=at_segment_start)
                at_segment_start = at_segment_start and self._pattern[self._position - 1] == "/"
            else:
                state = self._one(state, self._test())
                at_segment_start = character == "/"
        return state

    def _alternatives(self, state: int, *, depth: int, at_segment_start: bool) -> int:
        if depth > MAX_NESTING:
            raise GlobError(f"more than {MAX_NESTING} braces inside each other")
        after = self._automaton.state()
        while True:
            self._position += 1
            before = self._automaton.state()
            self._automaton.jump(state, before)
            self._automaton.jump(self._sequence(before, depth=depth, at_segment_start=at_segment_start), after)
            if self._position == len(self._pattern):
                raise GlobError("a '{' without its '}'")
            if self._pattern[self._position] == "}":
                self._position += 1
                return after

    def _stars(self, state: int, *, at_segment_start: bool) -> int:
        start = self._position
        while self._position < len(self._pattern) and self._pattern[self._position] == "*":
            self._position += 1
        inside = self._automaton.state()
        after = self._automaton.state()
        self._automaton.jump(state, inside)
        if self._position - start == 1:
            self._automaton.edge(inside, _in_segment, inside)
            self._automaton.jump(inside, after)
        elif at_segment_start and self._pattern.startswith("/", self._position):
            # Folders, each with its slash, or none of them.
            self._position += 1
            self._automaton.edge(inside, _any, inside)
            self._automaton.edge(inside, _slash, after)
            self._automaton.jump(state, after)
        else:
            self._automaton.edge(inside, _any, inside)
            self._automaton.jump(inside, after)
        return after

    def _one(self, state: int, test: Callable[[str], bool]) -> int:
        after = self._automaton.state()
        self._automaton.edge(state, test, after)
        return after

    def _test(self) -> Callable[[str], bool]:
        character = self._next("")
        if character == "?":
            return _in_segment
        if character == "[":
            return self._class()
        if character == "]":
            raise GlobError("a ']' without its '['")
        if character == "\\":
            character = self._next("a '\\' at the end; it takes the next character as it is")
        self._automaton.marks |= {character, _following(character)}
        return character.__eq__

    def _class(self) -> Callable[[str], bool]:
        unclosed = "a '[' without its ']'"
        negated = self._pattern.startswith(("!", "^"), self._position)
        self._position += negated
        ranges: list[tuple[str, str]] = []
        while not self._pattern.startswith("]", self._position):
            low = high = self._class_character(unclosed)
            if self._pattern.startswith("-", self._position) and not self._pattern.startswith("-]", self._position):
                self._position += 1
                high = self._class_character(unclosed)
            if low > high:
                raise GlobError(f"the range {low}-{high} goes backwards")
            ranges.append((low, high))
            self._automaton.marks |= {low, _following(high)}
        self._position += 1
        if not ranges:
            raise GlobError("an empty []; write \\[ for a bracket")
        return functools.partial(_in_ranges, tuple(ranges), negated)

    def _class_character(self, message: str) -> str:
        character = self._next(message)
        return self._next(message) if character == "\\" else character

    def _next(self, message: str) -> str:
        if self._position >= len(self._pattern):
            raise GlobError(message)
        self._position += 1
        return self._pattern[self._position - 1]


def _following(character: str) -> str:
    return chr(min(ord(character) + 1, sys.maxunicode))


def _any(_: str) -> bool:
    return True


def _slash(character: str) -> bool:
    return character == "/"


def _in_segment(character: str) -> bool:
    return character != "/"


def _in_ranges(ranges: tuple[tuple[str, str], ...], negated: bool, character: str) -> bool:
    return character != "/" and any(low <= character <= high for low, high in ranges) != negated
