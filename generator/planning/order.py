"""In which order a plan's jobs run: what may start together, and the chain that a run waits for longest.

Jobs that do not run have no place in it. How long a job takes is nobody's to know before; its timeout is how long it
may take at each attempt, so the critical path is the chain of needs with the largest sum of timeouts, each as often as
there may be attempts, and the sum is what a run takes at most where no pod has to wait for its place.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.planning.blocked import blocked_jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.planning.plan import PlannedJob


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Names of jobs that run, in the order of the file inside each level; a matrix is one job.

    A job's level is behind those of all that it needs. `seconds` is the sum of the critical path's timeouts. A job that
    runs only to fail, or waits for such a one, has a level and is on no path.
    """

    levels: tuple[tuple[str, ...], ...]
    critical_path: tuple[str, ...]
    seconds: int

    def level(self, job: str) -> int | None:
        """The job's level, from 1; None where it does not run."""
        return next((number for number, level in enumerate(self.levels, 1) if job in level), None)


def order_of(jobs: Sequence[PlannedJob]) -> Order:
    """The order of the jobs of a plan, whose needs make no circle."""
    running = {job.job: job for job in jobs if job.runs}
    needs = {name: tuple(need for need in job.needs if need in running) for name, job in running.items()}
    levels = depths(needs)
    grouped = tuple(
        tuple(name for name in running if levels[name] == level)
        for level in range(max(levels.values(), default=-1) + 1)
    )
    blocked = blocked_jobs(jobs)
    lasting = [name for level in grouped for name in level if not running[name].denied and name not in blocked]
    path = _critical_path(lasting, needs, running)
    return Order(grouped, path, sum(_weight(running[name]) for name in path))


def depths(needs: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """For each name the length of the longest way along needs, 0 for those without."""
    found: dict[str, int] = {}
    waiting = list(needs)
    while waiting:
        name = waiting.pop()
        missing = [need for need in needs[name] if need not in found]
        if missing:
            waiting += [name, *missing]
        elif name not in found:
            found[name] = max((found[need] + 1 for need in needs[name]), default=0)
    return found


def _weight(job: PlannedJob) -> int:
    """Seconds that the job's attempts take at most."""
    return job.timeout * job.attempts


def _critical_path(
    names: Sequence[str], needs: dict[str, tuple[str, ...]], running: dict[str, PlannedJob]
) -> tuple[str, ...]:
    """Of chains that are equally long the one that comes first in the file. `names` have their needs before them."""
    longest: dict[str, tuple[int, str]] = {}
    for name in names:
        before = [(longest[need][0], need) for need in needs[name] if need in longest]
        length, came_from = max(before, key=lambda way: way[0], default=(0, ""))
        longest[name] = (length + _weight(running[name]), came_from)
    path: list[str] = []
    name = max((name for name in running if name in longest), key=lambda name: longest[name][0], default="")
    while name:
        path.append(name)
        name = longest[name][1]
    return tuple(reversed(path))
