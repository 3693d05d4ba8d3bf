"""A plan as it is drawn: a matrix is one box, however many combinations it has."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.planning.plan import by_job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.planning.plan import Plan, PlannedJob


def drawn(plan: Plan) -> tuple[Plan, dict[str, str]]:
    """The plan with each job once, by its name, and what is written on each."""
    groups = by_job(plan.jobs)
    jobs = tuple(dataclasses.replace(_shown(group), id=name) for name, group in groups.items())
    return dataclasses.replace(plan, jobs=jobs), {name: _label(name, group) for name, group in groups.items()}


def _shown(group: Sequence[PlannedJob]) -> PlannedJob:
    """The combination that stands for all: one that runs if one does."""
    return next((job for job in group if job.runs), group[0])


def _label(name: str, group: Sequence[PlannedJob]) -> str:
    running = sum(job.runs for job in group)
    if not group[0].matrix:
        return name
    return f"{name} x {len(group)}" if running in (0, len(group)) else f"{name} x {running} of {len(group)}"
