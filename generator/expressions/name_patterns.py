"""Patterns over branches and tags: globs, and regular expressions, `/.../` and `!/.../`, side by side in one list.

A regular expression is RE2, which never backtracks, and matches the whole name. It is looked at through the CEL
library, which brings RE2 along and is imported only where a list has one.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from generator import globs
from generator.expressions import engine
from generator.expressions.scope import Scope, ValueType
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 1000
_SCOPE = Scope((("name", ValueType.TEXT), ("pattern", ValueType.TEXT)))


def matches(patterns: Sequence[str], name: str) -> bool:
    """Whether the list takes the name in; the last pattern that matches decides, as with globs.

    Raises GlobError for a glob that `problem` complains about, and ValueError for such a regular expression.
    """
    if not any(map(globs.is_regex, patterns)):
        return globs.matches(patterns, name)
    taken = patterns[0].startswith("!")
    for pattern in patterns:
        takes_back = pattern.startswith("!")
        if taken == takes_back and _matches(pattern.removeprefix("!"), name):
            taken = not takes_back
    return taken


def problem(pattern: str) -> str | None:
    """What is wrong with a pattern, None for a good one."""
    if not globs.is_regex(pattern):
        return globs.problem(pattern)
    if len(pattern) > MAX_LENGTH:
        return f"the pattern has {len(pattern):,} characters; {MAX_LENGTH:,} are allowed"
    body = _body(pattern.removeprefix("!"))
    if not body:
        return "an empty regular expression matches nothing"
    _, failure = _asked(body, "")
    return quoted(failure) if failure else None


def _matches(pattern: str, name: str) -> bool:
    if not globs.is_regex(pattern):
        return globs.matches((pattern,), name)
    taken, failure = _asked(_body(pattern), name)
    if failure:
        raise ValueError(f"{pattern!r} is no regular expression: {failure}")
    return taken


def _body(pattern: str) -> str:
    return pattern[1:-1]


def _characters(text: str) -> str:
    """The text, with a stand-in for half of a surrogate pair, which is no character and which the library refuses."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@functools.lru_cache(maxsize=4096)
def _asked(body: str, name: str) -> tuple[bool, str]:
    """Whether the expression matches the whole name, or RE2's words for what is wrong with it.

    It is tried by itself first: `a)|(b` is none, and would be one inside of the parentheses.
    """
    program = engine.compiled("name.matches(pattern)", _SCOPE).program
    for whole in (body, rf"\A(?:{body})\z"):
        value, failure = engine.evaluated(program, {"name": _characters(name), "pattern": _characters(whole)})
        if failure:
            return False, failure.partition("invalid regular expression: ")[2] or failure
    return value is True, ""
