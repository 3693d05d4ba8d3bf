"""A thread that posts to a forge what its queue holds, with what the token files say at the time.

Each forge has one for statuses and one for comments, so that trouble with these is none of those.

Posts go in through `put` and `remove`, what came of them goes out through `tell`: the thread that owns the board is the
only one to decide.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import TYPE_CHECKING

from generator.forges.forge import PENDING, ForgeError
from generator.report.comment import Comment
from generator.report.commenting import keep_comment
from generator.report.log import log
from generator.report.queue import Bucket, PostQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.forges.forge import CommitStatus, Forge
    from generator.report.board import Post
    from generator.report.slots import Slot

    Connect = Callable[[], Forge]
    Tell = Callable[["Came"], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Came:
    """What came of a post: `posted`, `withheld`, or `refused` for good.

    Withheld is what a final state of an earlier run stands in place of; of a comment, that of a newer run.
    """

    post: Post
    outcome: str


POSTED, WITHHELD, REFUSED = "posted", "withheld", "refused"

# A forge of one's own takes what it can. github.com asks for no more than 80 calls a minute that make something:
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
_OWN_FORGE = (20.0, 40.0)
_HOSTED = (1.2, 20.0)
_COMMENTS = 1 / 12  # of the rate: 6 of the 78 a minute
_HOSTED_ADDRESSES = ("https://github.com", "https://gitlab.com")


def bucket(url: str) -> Bucket:
    """The token bucket for statuses on the forge at `url`."""
    rate, size = _HOSTED if url in _HOSTED_ADDRESSES else _OWN_FORGE
    return Bucket(rate, size, size, time.monotonic())


def comment_bucket(url: str) -> Bucket:
    """The token bucket for comments on the forge at `url`."""
    rate, size = (part * _COMMENTS for part in (_HOSTED if url in _HOSTED_ADDRESSES else _OWN_FORGE))
    return Bucket(rate, size, size, time.monotonic())


class Poster:
    """Posts to one forge. `connect` gives its client with the tokens as they are now, and is asked before each post."""

    def __init__(self, forge_id: str, limit: Bucket, connect: Connect, tell: Tell) -> None:
        self.forge_id = forge_id
        self._queue = PostQueue(limit)
        self._connect = connect
        self._tell = tell
        self._changed = threading.Condition()
        self._stopping = False
        self._without_comments: set[str] = set()

    def put(self, post: Post) -> None:
        """Wants this posted, in place of what waits for the slot."""
        with self._changed:
            dropped = self._queue.put(post)
            self._changed.notify()
        if dropped is not None:
            log("status-dropped", forge=self.forge_id, repository=dropped.repository, context=dropped.context)

    def remove(self, slot: Slot) -> None:
        """Nothing more is wanted in the slot."""
        with self._changed:
            self._queue.remove(slot)

    def done(self, slot: Slot) -> None:
        """What came of the slot's post has been taken in, and the next one may go."""
        with self._changed:
            self._queue.done(slot)
            self._changed.notify_all()

    def idle(self) -> bool:
        """Whether nothing waits."""
        with self._changed:
            return len(self._queue) == 0

    def stop(self) -> None:
        """Ends the thread after the post that it is at."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def run(self) -> None:
        """The thread's life: posts until `stop`."""
        while (post := self._next()) is not None:
            self._attend(post)

    def _next(self) -> Post | None:
        """The next post, waited for; None at the end."""
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                post = self._queue.take(now)
                if post is not None:
                    return post
                self._changed.wait(self._queue.wait(now))
        return None

    def _attend(self, post: Post) -> None:
        try:
            outcome = _send(self._connect(), post)
        except ForgeError as failure:
            outcome = self._failed(post, failure)
        else:
            self._without_comments.discard(post.slot.repository)
        if outcome:
            self._tell(Came(post, outcome))

    def _failed(self, post: Post, failure: ForgeError) -> str:
        """REFUSED where trying again is no use; empty where the post waits again."""
        slot = post.slot
        if slot.number and failure.lasting:
            self._warn(slot, failure)
            return REFUSED
        log("post-failed", forge=self.forge_id, repository=slot.repository, context=slot.context, why=str(failure))
        if failure.lasting:
            return REFUSED
        with self._changed:
            self._queue.failed(slot, time.monotonic(), failure.retry_after)
        return ""

    def _warn(self, slot: Slot, failure: ForgeError) -> None:
        """Once for a repository, until a comment is taken there: the token may be meant to write no comments."""
        if slot.repository in self._without_comments:
            return
        self._without_comments.add(slot.repository)
        log("no-comments", forge=self.forge_id, repository=slot.repository, number=slot.number, why=str(failure))


def _send(forge: Forge, post: Post) -> str:
    if isinstance(post.status, Comment):
        return POSTED if keep_comment(forge, post.slot, post.status) else WITHHELD
    return _send_status(forge, post, post.status)


def _send_status(forge: Forge, post: Post, status: CommitStatus) -> str:
    slot = post.slot
    if post.unless_final:
        there = forge.statuses(slot.repository, slot.sha)
        if any(shown.context == slot.context and shown.state != PENDING for shown in there):
            return WITHHELD
    forge.post_status(slot.repository, slot.sha, status)
    return POSTED
