"""What a ci.test.yaml means: named tests, each with events and with the jobs that every one of them must start."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span
    from generator.events.event import Event
    from generator.fields import Placed


@dataclasses.dataclass(frozen=True, slots=True)
class Expected:
    """What has to start.

    `exact`: the jobs of `started` and no others; else at least those, and none of `not_started`, and nobody asks about
    the rest. `every`: each job of the file, and then there are no names. A name is a job's, which stands for all its
    combinations, or a combination's.
    """

    started: tuple[Placed[str], ...]
    not_started: tuple[Placed[str], ...] = ()
    exact: bool = True
    every: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class PlanTest:
    """One test. `place` is where it says what has to start."""

    name: str
    events: tuple[Event, ...]
    expected: Expected
    place: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A whole file, its tests in their order."""

    file: str
    tests: tuple[PlanTest, ...]
