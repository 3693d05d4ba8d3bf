"""What becomes of a planned job in one word, and of the whole run in one line."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.planning.plan import Plan, PlannedJob


class State(enum.StrEnum):
    """`denied` is a job that runs only to fail: the platform does not grant it what it needs."""

    RUN = "run"
    SKIP = "skip"
    DENIED = "denied"


VERBS = {State.RUN: "runs", State.SKIP: "skips", State.DENIED: "fails"}


def state_of(job: PlannedJob) -> State:
    """The job's state."""
    if not job.runs:
        return State.SKIP
    return State.DENIED if job.denied else State.RUN


def reason(job: PlannedJob) -> str:
    """Why the job is in its state."""
    return job.denied or job.why


def verdict(plan: Plan) -> str:
    """What becomes of the whole run, and why. A run that was only asked about may have no name."""
    if plan.run_name:
        return f"{plan.run_name} in {plan.placement.namespace} {'runs' if plan.runs else 'does not run'}: {plan.why}"
    return f"a run in {plan.placement.namespace} starts: {plan.why}" if plan.runs else f"no run starts: {plan.why}"
