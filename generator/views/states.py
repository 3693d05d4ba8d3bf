"""What becomes of a planned job in one word, and of the whole run in one line."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from generator.language.model import When
from generator.language.rules.timeout_limit import in_words
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.planning.plan import Plan, PlannedJob


class State(enum.StrEnum):
    """`denied` is a job that runs only to fail: the platform does not grant it what it needs.

    One that needs the success of such a job is `blocked`.
    """

    RUN = "run"
    SKIP = "skip"
    DENIED = "denied"
    BLOCKED = "blocked"


VERBS = {State.RUN: "runs", State.SKIP: "skips", State.DENIED: "fails", State.BLOCKED: "never"}


def state_of(job: PlannedJob, blocked: Mapping[str, str]) -> State:
    """The job's state; `blocked` has the denied job that keeps one from its start (generator.planning.blocked)."""
    if not job.runs:
        return State.SKIP
    if job.denied:
        return State.DENIED
    return State.BLOCKED if job.job in blocked else State.RUN


def reason(job: PlannedJob, blocked: Mapping[str, str]) -> str:
    """Why the job is in its state."""
    if state_of(job, blocked) is State.BLOCKED:
        return f"needs {quoted(blocked[job.job])}, which fails"
    return job.denied or job.why


def time_of(job: PlannedJob) -> str:
    """What it takes at most: `at most 1h`, or `at most 3 x 1h` where it is tried again."""
    return f"at most {f'{job.attempts} x ' if job.attempts > 1 else ''}{in_words(job.timeout)}"


def approval_of(job: PlannedJob) -> str:
    """For what approval it waits, and how long; empty for none. The message is the file's own."""
    approval = job.approval
    if approval is None:
        return ""
    environment = f" for {approval.environment}" if approval.environment else ""
    return f"waits at most {in_words(approval.timeout)} for approval{environment}: {approval.message}"


def waits_for(job: PlannedJob) -> str:
    """Which jobs it starts after, and how those have to end; empty where it starts at once."""
    if not job.needs:
        return ""
    if job.when is When.FAILURE:
        return f"if one of these fails: {', '.join(job.causes)}"
    return f"after {', '.join(job.needs)}{', however they end' if job.when is When.ALWAYS else ''}"


def verdict(plan: Plan) -> str:
    """What becomes of the whole run, and why. A run that was only asked about may have no name."""
    if plan.run_name:
        return f"{plan.run_name} in {plan.placement.namespace} {'runs' if plan.runs else 'does not run'}: {plan.why}"
    return f"a run in {plan.placement.namespace} starts: {plan.why}" if plan.runs else f"no run starts: {plan.why}"
