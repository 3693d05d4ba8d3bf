"""What came of one event of a test."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.plan_tests.model import PlanTest
    from generator.planning.plan import PlannedJob


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A job, or a combination, that starts and should not, or the other way round; `why` is the plan's."""

    id: str
    starts: bool
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """One event of a test, and its plan's jobs, in their order.

    `problem` says why there is no plan, and then there are no jobs.
    """

    test: PlanTest
    event: Event
    jobs: tuple[PlannedJob, ...]
    differences: tuple[Difference, ...]
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether it is as the test says."""
        return not self.differences and not self.problem

    @property
    def started(self) -> tuple[str, ...]:
        """The ids of the jobs that start."""
        return tuple(job.id for job in self.jobs if job.runs)
