"""`needs-cycle`: jobs that wait for each other, so that none of them could ever start."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from generator.language.needs import with_all_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.fields import Reading
    from generator.language.draft import FileDraft

_MOST_NAMED = 12


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each group of such jobs once, by the shortest circle through the group's first job in the file."""
    needs = with_all_named(file.jobs)
    graph = {job: [need.name.value for need in wanted if need.name.value in needs] for job, wanted in needs.items()}
    groups = _Search(graph).run()
    told: set[str] = set()
    for job in file.jobs:
        name = job.key.text
        circle = [] if name in told else _circle(name, graph, groups[name])
        told.update(groups[name])
        if circle:
            place = next(need.name.span for need in needs[name] if need.name.value == circle[1])
            hint = "one of them must start without the others" if circle[1] != name else "leave it out"
            reading.error(place, "needs-cycle", _message(circle), hint)


def _message(circle: list[str]) -> str:
    if circle[0] == circle[1]:
        return f"job '{circle[0]}' needs itself"
    names = circle if len(circle) <= _MOST_NAMED else [*circle[: _MOST_NAMED - 2], "...", circle[-1]]
    return f"jobs need each other in a circle: {' -> '.join(names)}"


def _circle(start: str, graph: dict[str, list[str]], members: frozenset[str]) -> list[str]:
    """The shortest way along needs from a job back to itself, both ends included; empty where there is none."""
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        for need in graph[name]:
            if need == start:
                return [*_way(start, name, came_from), start]
            if need in members and need not in came_from:
                came_from[need] = name
                waiting.append(need)
    return []


def _way(start: str, end: str, came_from: dict[str, str]) -> list[str]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


class _Search:
    """Tarjan's strongly connected components, with a stack of its own, since a chain of needs may be long."""

    def __init__(self, graph: dict[str, list[str]]) -> None:
        self.groups: dict[str, frozenset[str]] = {}
        self._graph = graph
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._path: list[str] = []
        self._work: list[tuple[str, Iterator[str]]] = []

    def run(self) -> dict[str, frozenset[str]]:
        """For each job those that it reaches and that reach it, itself included."""
        for root in self._graph:
            if root not in self._index:
                self._enter(root)
            while self._work:
                self._advance(*self._work[-1])
        return self.groups

    def _enter(self, name: str) -> None:
        self._index[name] = self._low[name] = len(self._index)
        self._path.append(name)
        self._work.append((name, iter(self._graph[name])))

    def _advance(self, name: str, needs: Iterator[str]) -> None:
        need = next(needs, None)
        if need is None:
            self._leave(name)
        elif need not in self._index:
            self._enter(need)
        elif need not in self.groups:
            self._low[name] = min(self._low[name], self._index[need])

    def _leave(self, name: str) -> None:
        self._work.pop()
        if self._work:
            above = self._work[-1][0]
            self._low[above] = min(self._low[above], self._low[name])
        if self._low[name] == self._index[name]:
            members = frozenset(_taken_to(name, self._path))
            self.groups.update(dict.fromkeys(members, members))


def _taken_to(name: str, path: list[str]) -> Iterator[str]:
    """Takes names off the end of the path, up to and with this one."""
    while True:
        taken = path.pop()
        yield taken
        if taken == name:
            return
