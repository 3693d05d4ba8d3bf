r"""Globs as extended regular expressions (POSIX), for where only grep is there to match them: in a job's pod.

Only what generator.globs takes is a glob here. The expressions see bytes: where a name is not ASCII, `?` and `[!a]` may
take more than one character for one, and everything else means the same.
"""

from __future__ import annotations

_SPECIAL = frozenset("\\.^$*+?()[]{}|")
_NOTHING = "(.$.)"
# As many bytes as UTF-8 has for one character.
_NOT_ASCII = "[^ -~]{1,4}"
_MOST_ASCII = 127
_MOST_LISTED = 500


def regex(pattern: str) -> str:
    """The expression of one pattern, without its `!`, and without anchors."""
    return _Translation(pattern).read()


class _Translation:
    """One pass over a pattern, in the steps of the reader of generator.globs."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0

    def read(self) -> str:
        return self._sequence(depth=0, at_segment_start=True)

    def _sequence(self, *, depth: int, at_segment_start: bool) -> str:
        made = ""
        while self._position < len(self._pattern):
            character = self._pattern[self._position]
            if character == "}" or (character == "," and depth):
                break
            if character == "{":
                made += self._alternatives(depth=depth + 1, at_segment_start=at_segment_start)
                at_segment_start = False
            elif character == "*":
                made += self._stars(at_segment_start=at_segment_start)
                at_segment_start = at_segment_start and self._pattern[self._position - 1] == "/"
            else:
                made += self._one()
                at_segment_start = character == "/"
        return made

    def _alternatives(self, *, depth: int, at_segment_start: bool) -> str:
        found: list[str] = []
        while True:
            self._position += 1
            found.append(self._sequence(depth=depth, at_segment_start=at_segment_start))
            if self._pattern[self._position] == "}":
                self._position += 1
                return f"({'|'.join(found)})"

    def _stars(self, *, at_segment_start: bool) -> str:
        start = self._position
        while self._pattern.startswith("*", self._position):
            self._position += 1
        if self._position - start == 1:
            return "[^/]*"
        if at_segment_start and self._pattern.startswith("/", self._position):
            self._position += 1
            return "(.*/)?"
        return ".*"

    def _one(self) -> str:
        character = self._next()
        if character == "?":
            return f"([^/]|{_NOT_ASCII})"
        if character == "[":
            return self._class()
        return _literal(self._next() if character == "\\" else character)

    def _class(self) -> str:
        negated = self._pattern.startswith(("!", "^"), self._position)
        self._position += negated
        ranges: list[tuple[int, int]] = []
        while not self._pattern.startswith("]", self._position):
            low = high = self._class_character()
            if self._pattern.startswith("-", self._position) and not self._pattern.startswith("-]", self._position):
                self._position += 1
                high = self._class_character()
            ranges.append((ord(low), ord(high)))
        self._position += 1
        plain = {chr(code) for low, high in ranges for code in range(low, min(high, _MOST_ASCII) + 1)}
        if negated:
            return f"([^{_bracketed(plain | {'/'})}]|{_NOT_ASCII})"
        others = _not_ascii([(max(low, _MOST_ASCII + 1), high) for low, high in ranges if high > _MOST_ASCII])
        return _any_of(plain - {"/"}, others)

    def _class_character(self) -> str:
        character = self._next()
        return self._next() if character == "\\" else character

    def _next(self) -> str:
        self._position += 1
        return self._pattern[self._position - 1]


def _not_ascii(ranges: list[tuple[int, int]]) -> list[str]:
    if sum(high - low + 1 for low, high in ranges) > _MOST_LISTED:
        return [_NOT_ASCII]
    return [chr(code) for low, high in ranges for code in range(low, high + 1)]


def _any_of(plain: set[str], others: list[str]) -> str:
    found = [f"[{_bracketed(plain)}]"] if len(plain) > 1 else [_literal(one) for one in plain]
    return f"({'|'.join(found + others)})" if found or others else _NOTHING


def _bracketed(characters: set[str]) -> str:
    """What stands between brackets: `]` first, `-` last, `^` not first, `[` where nothing behind makes it special."""
    special = "][^-"
    if characters <= {"^", "-"}:
        return "-^"
    made = "]" if "]" in characters else ""
    made += "".join(sorted(one for one in characters if one not in special))
    return made + "".join(one for one in "[^-" if one in characters)


def _literal(character: str) -> str:
    return f"\\{character}" if character in _SPECIAL else character
