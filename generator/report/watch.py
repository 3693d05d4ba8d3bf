"""Following a collection of the API server: everything that is there, then every change, for ever.

In: raw JSON, a page or an event at a time; out: calls of a `Follower`, which keeps summaries only (five thousand live
runs are 300 MB of JSON). A list is taken anew when the server has forgotten our place (410) and every ten minutes, so
that nothing is missed for longer.
"""

from __future__ import annotations

import dataclasses
import random
import time
from typing import TYPE_CHECKING, Any, Protocol

from generator.cluster import GONE, ClusterError
from generator.report.log import log

if TYPE_CHECKING:
    import threading

    from generator.cluster import Cluster

_PAGE = 100
_RELIST_AFTER = 600.0
# The server ends a watch, and the client gives up on one that is silent for longer than that: without the second a lost
# connection hangs for ever: https://github.com/kubernetes-client/python/issues/1402. Short, since this is also how long
# a lost connection goes unnoticed.
_WATCH_SECONDS = 50
_READ_TIMEOUT = 60.0
_LONGEST_PAUSE = 30.0
_SHORTEST_WATCH = 1.0  # one that ends sooner is not begun again at once


class Follower(Protocol):
    """What is told of the objects of one collection."""

    def seen(self, raw: dict[str, Any]) -> None:
        """An object is there, or has changed."""

    def gone(self, raw: dict[str, Any]) -> None:
        """An object has been deleted; this was its last state."""

    def listed(self, uids: set[str]) -> None:
        """Everything that is there has been seen."""

    def unreadable(self) -> None:
        """The collection could not be listed this time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Collection:
    """A path of the API, and the selectors that its lists and watches have."""

    path: str
    selectors: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Watch:
    """One collection being followed, until `stop` is set."""

    cluster: Cluster
    collection: Collection
    follower: Follower
    stop: threading.Event

    def run(self) -> None:
        """Lists and watches until it is told to stop; no trouble of the API server ends it."""
        failures = 0
        while not self.stop.is_set():
            try:
                version = self.list_all()
                failures = 0
                self._watch(version, time.monotonic() + _RELIST_AFTER)
            except ClusterError as failure:
                failures += 1
                self.follower.unreadable()
                log("list-failed", path=self.collection.path, why=str(failure))
                self.stop.wait(_pause(failures))

    def list_all(self) -> str:
        """Tells everything that is there, a page at a time. Returns where a watch goes on. Raises ClusterError."""
        query = {**dict(self.collection.selectors), "limit": str(_PAGE)}
        uids: set[str] = set()
        while True:
            page = self.cluster.get(self.collection.path, query)
            for raw in page["items"]:
                uids.add(raw["metadata"]["uid"])
                self.follower.seen(raw)
            metadata = page["metadata"]
            if not metadata.get("continue"):
                self.follower.listed(uids)
                return str(metadata["resourceVersion"])
            query["continue"] = metadata["continue"]

    def watch_once(self, version: str) -> str | None:
        """Tells the changes since `version` that one watch brings.

        Returns where the next one goes on, None if the server has forgotten our place. Raises ClusterError.
        """
        query = {
            **dict(self.collection.selectors),
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(_WATCH_SECONDS),
        }
        for event in self.cluster.stream(self.collection.path, query, _READ_TIMEOUT):
            kind, raw = event["type"], event["object"]
            if kind == "ERROR":
                if raw.get("code") == GONE:
                    return None
                raise ClusterError(int(raw.get("code") or 0), str(raw.get("message") or "the watch failed"))
            version = raw["metadata"]["resourceVersion"]
            if kind == "DELETED":
                self.follower.gone(raw)
            elif kind != "BOOKMARK":
                self.follower.seen(raw)
        return version

    def _watch(self, version: str, until: float) -> None:
        """Watch after watch, until it is time to list again or our place is lost."""
        failures = 0
        place: str | None = version
        while place is not None and not self.stop.is_set() and time.monotonic() < until:
            began = time.monotonic()
            try:
                place = self.watch_once(place)
                failures = 0
                if time.monotonic() - began < _SHORTEST_WATCH:
                    self.stop.wait(_SHORTEST_WATCH)
            except ClusterError as failure:
                if failure.status == GONE:
                    return
                failures += 1
                log("watch-failed", path=self.collection.path, why=str(failure))
                self.stop.wait(_pause(failures))


def _pause(failures: int) -> float:
    """Seconds before trying again: longer each time, and not the same for everybody."""
    return float(min(_LONGEST_PAUSE, 2.0 ** min(failures - 1, 5)) * random.uniform(0.5, 1.0))  # noqa: S311  (no secret)
