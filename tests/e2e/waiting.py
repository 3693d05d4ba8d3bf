"""Waiting for what a distributed system will do.

A condition is asked for again until it holds, and a failure says what was last seen.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Seen = TypeVar("Seen")
_INTERVAL = 0.2


def until(what: str, look: Callable[[], Seen], timeout: float = 120.0, good: Callable[[Seen], bool] = bool) -> Seen:
    """What `look` gives once it is `good`. Raises AssertionError after `timeout` seconds, with what was seen last."""
    end = time.monotonic() + timeout
    while True:
        seen = look()
        if good(seen):
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {timeout:.0f} s; last seen: {seen!r}")
        time.sleep(_INTERVAL)


def stays(what: str, look: Callable[[], Seen], seconds: float, good: Callable[[Seen], bool] = bool) -> Seen:
    """What `look` gives, which must stay `good` for a while: for what must not happen."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if not good(seen):
            raise AssertionError(f"{what}: no longer so; seen: {seen!r}")
        if time.monotonic() > end:
            return seen
        time.sleep(_INTERVAL)
