"""The statuses that wait to be posted to one forge: one per slot, the last one wins, so a slow forge makes no queue.

Pure: times are given, in seconds of a clock that only goes forward. A token bucket holds the rate; a run's own statuses
go before its jobs', which are what is dropped when there are too many; what failed waits longer each time, and a forge
that does not answer is left in peace.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.report.report import run_slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.report.board import Post
    from generator.report.slots import Slot

_WAITING_SLOTS = 20_000
_FIRST_PAUSE = 1.0
_LONGEST_SLOT_PAUSE = 60.0
_LONGEST_FORGE_PAUSE = 15.0


@dataclasses.dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` posts a second, up to `size` at once."""

    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one may be taken, 0 for now."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1.0 - self.level) / self.rate)

    def take(self) -> None:
        """Takes one."""
        self.level -= 1.0


class PostQueue:
    """The queue of one forge; not for several threads without a lock around it."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._runs: dict[Slot, Post] = {}
        self._jobs: dict[Slot, Post] = {}
        self._taken: dict[Slot, Post] = {}
        self._failures: dict[Slot, tuple[int, float]] = {}
        self._failed_in_a_row = 0
        self._paused_until = 0.0

    def __len__(self) -> int:
        return len(self._runs) + len(self._jobs) + len(self._taken)

    def put(self, post: Post) -> Slot | None:
        """Wants this posted, in place of what waited for the slot.

        Returns the slot that was dropped for it, if one was.
        """
        if self._taken.get(post.slot) == post:
            self._waiting(post.slot).pop(post.slot, None)
            return None
        self._waiting(post.slot)[post.slot] = post
        if len(self._runs) + len(self._jobs) <= _WAITING_SLOTS:
            return None
        oldest = next(iter(self._jobs or self._runs))
        del self._waiting(oldest)[oldest]
        return oldest

    def remove(self, slot: Slot) -> None:
        """Nothing more is wanted in the slot."""
        self._waiting(slot).pop(slot, None)
        if slot not in self._taken:
            self._failures.pop(slot, None)

    def wait(self, now: float) -> float | None:
        """Seconds until `take` has something, None while nothing waits at all."""
        ready = None
        for slot in self._candidates():
            ready = self._ready_at(slot) if ready is None else min(ready, self._ready_at(slot))
            if ready <= now:
                break
        if ready is None:
            return None
        return max(0.0, ready - now, self._paused_until - now, self._bucket.wait(now))

    def take(self, now: float) -> Post | None:
        """The next one to post, None if it has to wait. Its slot stays taken until `done` or `failed`."""
        if now < self._paused_until or self._bucket.wait(now) > 0:
            return None
        slot = next((slot for slot in self._candidates() if self._ready_at(slot) <= now), None)
        if slot is None:
            return None
        self._bucket.take()
        post = self._waiting(slot).pop(slot)
        self._taken[slot] = post
        return post

    def done(self, slot: Slot) -> None:
        """What was taken is posted, or never will be."""
        self._taken.pop(slot, None)
        self._failures.pop(slot, None)
        self._failed_in_a_row = 0

    def failed(self, slot: Slot, now: float, retry_after: float = 0.0) -> None:
        """What was taken could not be posted; it waits again, unless something newer does."""
        post = self._taken.pop(slot)
        self._waiting(slot).setdefault(slot, post)
        self._failed_in_a_row += 1
        if self._failed_in_a_row == 1:
            # Others went well just now, so it may be this slot's own trouble. Later failures in a row are the forge's.
            count = self._failures.get(slot, (0, 0.0))[0] + 1
            self._failures[slot] = (count, now + _pause(count, _LONGEST_SLOT_PAUSE))
        pause = max(retry_after, _pause(self._failed_in_a_row, _LONGEST_FORGE_PAUSE))
        self._paused_until = max(self._paused_until, now + pause)

    def _candidates(self) -> Iterator[Slot]:
        return (slot for waiting in (self._runs, self._jobs) for slot in waiting if slot not in self._taken)

    def _ready_at(self, slot: Slot) -> float:
        return self._failures.get(slot, (0, 0.0))[1]

    def _waiting(self, slot: Slot) -> dict[Slot, Post]:
        return self._runs if run_slot(slot) == slot else self._jobs


def _pause(count: int, longest: float) -> float:
    return min(longest, _FIRST_PAUSE * 2.0 ** min(count - 1, 10))
