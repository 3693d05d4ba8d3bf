"""The reporter: ties the watches, the board, the posters and the record together.

One thread decides; the others only listen or post.

In: the cluster's Workflows and pods, platform.yaml, the tokens. Out: statuses on commits, and the record of them. It
ends on SIGTERM, after the posts that it is at and with the record written; or when one of its threads broke, since half
a reporter is worse than a new one.
"""

from __future__ import annotations

import dataclasses
import functools
import queue
import signal
import threading
import time
from typing import TYPE_CHECKING

from generator.placement import CONTROL_NAMESPACE, run_namespaces
from generator.report.board import Board
from generator.report.comment import Comment
from generator.report.followers import (
    Gone,
    JobSucceeded,
    Listed,
    Message,
    PodFollower,
    PodTrouble,
    Seen,
    Unreadable,
    WorkflowFollower,
    pod_collection,
    workflow_collection,
)
from generator.report.log import log
from generator.report.poster import POSTED, REFUSED, WITHHELD, Came, Poster, bucket, comment_bucket
from generator.report.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.cluster import Cluster
    from generator.report.settings import Settings
    from generator.report.slots import Slot
    from generator.report.store import Store
    from generator.report.watch import Collection, Follower

_TICK = 2.0  # seconds between two looks at what time alone changes, and writes of the record
_REFRESH_TICKS = 5  # how many ticks platform.yaml is not looked at
_LAST_POSTS = 8.0  # seconds for what waits when the reporter is told to stop


@dataclasses.dataclass(frozen=True, slots=True)
class _Stop:
    """It is time to go; `broken` names the thread that ended by itself."""

    broken: str = ""


class Reporter:
    """See the module. `run` is the whole life of the process; `run_once` reports what is there now."""

    def __init__(self, cluster: Cluster, settings: Settings, store: Store) -> None:
        self._cluster = cluster
        self._settings = settings
        self._store = store
        self._record = store.load()
        self._inbox: queue.SimpleQueue[Message | Came | _Stop] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._posters: dict[tuple[str, bool], Poster] = {}
        self._watched: set[str] = set()
        namespaces = _namespaces(settings)
        self._board = Board(settings.platform, self._record, namespaces)
        self._start_posters()

    def run(self) -> bool:
        """Reports until SIGTERM or SIGINT. Returns whether it ended in good order."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self._inbox.put(_Stop()))
        self._watch(_namespaces(self._settings))
        log("started", namespaces=len(self._watched), forges=len(self._settings.platform.forges))
        broken = self._loop()
        self._stop.set()
        self._finish(_LAST_POSTS)
        log("stopped", broken=broken)
        return not broken

    def run_once(self, seconds: float) -> bool:
        """Reports what is there now, in so many seconds at most. Returns whether all is posted; raises ClusterError."""
        for namespace in _namespaces(self._settings):
            follower = WorkflowFollower(namespace, self._inbox.put)
            Watch(self._cluster, workflow_collection(namespace), follower, self._stop).list_all()
        return self._finish(seconds)

    def _loop(self) -> str:
        """Takes messages as they come. Returns the name of the thread that broke, empty where it was told to stop."""
        ticks = 0
        next_tick = time.monotonic() + _TICK
        while True:
            messages = self._messages(next_tick - time.monotonic())
            self._take_in(messages)
            stop = next((message for message in messages if isinstance(message, _Stop)), None)
            if stop is not None:
                return stop.broken
            if time.monotonic() >= next_tick:
                ticks += 1
                self._tick(ticks)
                next_tick = time.monotonic() + _TICK

    def _finish(self, seconds: float) -> bool:
        """Waits for the posts that are under way or wait, and writes the record. Returns whether nothing is left."""
        end = time.monotonic() + seconds
        self._take_in(self._messages(0.0))
        while not self._is_idle() and time.monotonic() < end:
            self._take_in(self._messages(0.1))
        done = self._is_idle()
        for poster in self._posters.values():
            poster.stop()
        return self._store.save(self._record) and done

    def _is_idle(self) -> bool:
        return self._inbox.empty() and all(poster.idle() for poster in self._posters.values())

    def _messages(self, wait: float) -> list[Message | Came | _Stop]:
        """What has come, after waiting for the first of it."""
        messages = []
        try:
            messages.append(self._inbox.get(timeout=max(0.0, wait)))
            while True:
                messages.append(self._inbox.get_nowait())
        except queue.Empty:
            return messages

    def _take_in(self, messages: Iterable[Message | Came | _Stop]) -> None:
        slots: set[Slot] = set()
        attended: list[Slot] = []
        for message in messages:
            if isinstance(message, Came):
                slots |= self._came(message)
                attended.append(message.post.slot)
            elif not isinstance(message, _Stop):
                slots |= self._learn(message)
        self._refresh(slots)
        # Only now may the poster take these slots again, or it would take what has just been posted.
        for slot in attended:
            self._posters[_office(slot)].done(slot)

    def _learn(self, message: Message) -> set[Slot]:
        match message:
            case Seen(view):
                return self._board.seen(view)
            case Gone(uid):
                return self._board.gone(uid)
            case Listed(namespace, uids):
                return self._board.listed(namespace, set(uids))
            case Unreadable(namespace):
                self._board.unreadable(namespace)
                return self._board.due()
            case JobSucceeded(uid, node):
                return self._board.succeeded(uid, node)
            case PodTrouble(uid, node, what, told_from):
                return self._board.troubled(uid, node, what, told_from)

    def _came(self, came: Came) -> set[Slot]:
        post, slot = came.post, came.post.slot
        _tell(came)
        if came.outcome == POSTED:
            return self._board.posted(post)
        if came.outcome == WITHHELD:
            self._board.withheld(post)
        else:
            self._board.refused(post)
        return {slot}

    def _refresh(self, slots: Iterable[Slot]) -> None:
        """Brings what waits for these slots to what the board wants in them."""
        now = time.time()
        for slot in sorted(slots):
            poster = self._posters.get(_office(slot))
            if poster is None:
                continue
            post = self._board.next(slot, now)
            if post is None:
                poster.remove(slot)
            else:
                poster.put(post)

    def _tick(self, number: int) -> None:
        if number % _REFRESH_TICKS == 0 and self._settings.refresh():
            self._change_platform()
        self._refresh(self._board.due())
        self._store.save(self._record)

    def _change_platform(self) -> None:
        added = _namespaces(self._settings) - self._watched
        log("platform-changed", added=len(added))
        slots = self._board.change_platform(self._settings.platform, added)
        self._start_posters()
        self._watch(added)
        self._refresh(slots)

    def _start_posters(self) -> None:
        for forge in self._settings.platform.forges:
            for comments, limit in ((False, bucket), (True, comment_bucket)):
                if (forge.id, comments) in self._posters:
                    continue
                client = functools.partial(self._settings.client, forge.id)
                poster = Poster(forge.id, limit(forge.url), client, self._inbox.put)
                self._posters[forge.id, comments] = poster
                self._start(f"{'comments' if comments else 'poster'}-{forge.id}", poster.run)

    def _watch(self, namespaces: Iterable[str]) -> None:
        """Starts following namespaces: their Workflows, and the pods of those that runs are in."""
        for namespace in sorted(namespaces):
            self._watched.add(namespace)
            self._follow(workflow_collection(namespace), WorkflowFollower(namespace, self._inbox.put))
            if namespace != CONTROL_NAMESPACE:
                self._follow(pod_collection(namespace), PodFollower(self._inbox.put))

    def _follow(self, collection: Collection, follower: Follower) -> None:
        self._start(collection.path, Watch(self._cluster, collection, follower, self._stop).run)

    def _start(self, name: str, target: Callable[[], None]) -> None:
        """Starts a thread whose unexpected end is the reporter's."""

        def life() -> None:
            try:
                target()
            finally:
                if not self._stop.is_set():
                    self._inbox.put(_Stop(broken=name))

        threading.Thread(target=life, name=name, daemon=True).start()


def _office(slot: Slot) -> tuple[str, bool]:
    """Who posts in the slot: the forge, and whether that is comments."""
    return slot.forge, slot.number != 0


def _tell(came: Came) -> None:
    """What came of a post; of a comment that is refused, its poster has told."""
    slot, shown = came.post.slot, came.post.status
    if not isinstance(shown, Comment):
        log(came.outcome, repository=slot.repository, sha=slot.sha, context=slot.context, state=shown.state)
    elif came.outcome != REFUSED:
        log(f"comment-{came.outcome}", repository=slot.repository, number=slot.number, run=shown.run)


def _namespaces(settings: Settings) -> set[str]:
    return {CONTROL_NAMESPACE, *run_namespaces(settings.platform)}
