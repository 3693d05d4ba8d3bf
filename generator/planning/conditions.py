"""What the conditions of a job come to in this event, for one of its combinations, whose names are in the bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import condition_holds
from generator.wording import one_line

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.expressions import Bindings
    from generator.language.model import Job, Step

_SHOWN = 120


def unmet(job: Job, bindings: Bindings) -> tuple[str, list[Diagnostic]]:
    """Why the job's `if` keeps it from running, empty where it does not, and what keeps that from being decided."""
    if job.condition is None:
        return "", []
    holds, found = condition_holds(job.condition, bindings)
    return "" if holds else f"`if` is false: {one_line(job.condition.source, _SHOWN)}", found


def steps_left(job: Job, bindings: Bindings) -> tuple[dict[int, Step], list[Diagnostic]]:
    """The steps that their `if` leaves in the job, by their place in it, and what keeps one from being decided."""
    left: dict[int, Step] = {}
    findings: list[Diagnostic] = []
    for number, step in enumerate(job.steps, 1):
        holds, found = condition_holds(step.condition, bindings) if step.condition is not None else (True, [])
        findings += found
        left |= {number: step} if holds else {}
    return left, findings


def may_fail(job: Job, bindings: Bindings) -> tuple[bool, list[Diagnostic]]:
    """Whether the job may fail, and what keeps that from being decided."""
    return (False, []) if job.allow_failure is None else condition_holds(job.allow_failure, bindings)
