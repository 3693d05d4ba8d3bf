"""A stand-in for generator.cluster.Cluster: collections in memory, watches that end at once, and trouble on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cluster import CONFLICT, NOT_FOUND, ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class FakeCluster:
    """`pages` are the lists by path, `events` what the next watches bring, `objects` what was made."""

    def __init__(self) -> None:
        self.pages: dict[str, list[list[dict[str, Any]]]] = {}
        self.events: list[list[dict[str, Any]] | ClusterError] = []
        self.objects: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.trouble: list[ClusterError] = []
        self.read_timeouts: list[float] = []
        self.at_the_end: Callable[[], None] = lambda: None
        self._version = 0

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        self._check(path, query)
        if path in self.objects:
            return self.objects[path]
        if "labelSelector" not in (query or {}):
            raise ClusterError(NOT_FOUND, f"{path} is not there")
        pages = self.pages.get(path) or [[]]
        number = int((query or {}).get("continue", "0"))
        following = {"continue": str(number + 1)} if number + 1 < len(pages) else {}
        return {"metadata": {"resourceVersion": "100", **following}, "items": pages[number]}

    def find(self, path: str) -> dict[str, Any] | None:
        try:
            return self.get(path)
        except ClusterError as failure:
            if failure.status == NOT_FOUND:
                return None
            raise

    def stream(self, path: str, query: Mapping[str, str], read_timeout: float) -> Iterator[dict[str, Any]]:
        self._check(path, query)
        self.read_timeouts.append(read_timeout)
        if not self.events:
            self.at_the_end()
            return
        events = self.events.pop(0)
        if isinstance(events, ClusterError):
            raise events
        yield from events

    def create(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        self._check(path, None)
        return self._store(f"{path}/{value['metadata']['name']}", value)

    def replace(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        self._check(path, None)
        there = self.objects.get(path)
        if there is None:
            raise ClusterError(NOT_FOUND, f"{path} is not there")
        if there["metadata"]["resourceVersion"] != value["metadata"]["resourceVersion"]:
            raise ClusterError(CONFLICT, f"{path} was changed")
        return self._store(path, value)

    def _store(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        self._version += 1
        stored = {**value, "metadata": {**value["metadata"], "resourceVersion": str(self._version)}}
        self.objects[path] = stored
        return stored

    def _check(self, path: str, query: Mapping[str, str] | None) -> None:
        self.asked.append((path, dict(query or {})))
        if self.trouble:
            raise self.trouble.pop(0)
