"""A plan for a terminal: level by level what starts, with what, and why; then what does not run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.language.rules.timeout_limit import in_words
from generator.planning.blocked import blocked_jobs
from generator.planning.order import order_of
from generator.planning.plan import asks_somebody, by_job
from generator.views.states import VERBS, State, approval_of, reason, state_of, time_of, verdict, waits_for
from generator.wording import harmless, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.planning.order import Order
    from generator.planning.plan import Plan, PlannedJob

_WIDEST = 40


def to_text(plan: Plan) -> str:
    """The lines, without a newline at the end."""
    order = order_of(plan.jobs)
    blocked = blocked_jobs(plan.jobs)
    combined = [job for group in by_job(plan.jobs).values() for job in _together(group)]
    width = min(max(len(harmless(job.id)) for job in combined), _WIDEST)
    lines = [harmless(verdict(plan)), *_group(plan)]
    levels = {job.id: (order.level(job.job) if job.runs else None) for job in combined}
    jobs = sorted(combined, key=lambda job: levels[job.id] or len(plan.jobs) + 1)
    shown: int | None = None
    for job in jobs:
        level = levels[job.id]
        number = "" if level in (shown, None) else str(level)
        state = state_of(job, blocked)
        words = _details(job, plan) if state is State.RUN else _why(job, state, blocked)
        lines.append(f"  {number:>3}  {VERBS[state]:5}  {harmless(job.id):{width}}  {words}".rstrip())
        shown = level
    if len(order.critical_path) > 1:
        path = " > ".join(map(harmless, order.critical_path))
        lines.append(f"critical path, by timeouts: {path}; at most {in_words(order.seconds)}{_besides(plan, order)}")
    return "\n".join(lines)


def _together(combinations: Sequence[PlannedJob]) -> Sequence[PlannedJob]:
    """The combinations of a job, as one where none of them runs and all for the same reason."""
    first = combinations[0]
    if len(combinations) == 1 or any(job.runs or job.why != first.why for job in combinations):
        return combinations
    return [dataclasses.replace(first, id=f"{first.job} x {len(combinations)}")]


def _besides(plan: Plan, order: Order) -> str:
    """What the critical path's time leaves out."""
    asked = any(job.runs and job.approval is not None and job.job in order.critical_path for job in plan.jobs)
    return ", and the waiting for approval" if asked else ""


def _group(plan: Plan) -> list[str]:
    concurrency = plan.concurrency
    if concurrency is None:
        return []
    older = "cancels older runs of its group" if concurrency.cancel else "waits for older runs of its group"
    if asks_somebody(plan.jobs) and not concurrency.cancel:
        older = "asks for approval, so does not wait for older runs of its group"
    return [f"{older}, {quoted(concurrency.group)}"]


def _secrets(job: PlannedJob) -> Iterator[str]:
    """What the job sees of secrets, and what it goes without."""
    granted = [one.variable + " (a file)" * one.is_file for one in job.secrets if one.source is not None]
    lacking = [one.variable for one in job.secrets if one.source is None]
    if granted:
        yield f"sees {', '.join(granted)}"
    if lacking:
        yield f"without {', '.join(lacking)}, which this run is not granted"


def _why(job: PlannedJob, state: State, blocked: Mapping[str, str]) -> str:
    after = waits_for(job) if state is State.DENIED else ""
    return "  ".join(map(harmless, filter(None, (reason(job, blocked), after))))


def _details(job: PlannedJob, plan: Plan) -> str:
    requests = ", ".join(f"{name} {amount}" for name, amount in job.runner.resources)
    parts = (
        harmless(job.image),
        f"{job.runner.name} ({requests})" if requests else job.runner.name,
        f"with {', '.join(service.name for service in job.services)}" if job.services else "",
        f"caches {', '.join(cache.name for cache in job.caches)}" if job.caches else "",
        f"gets {', '.join(f'{one.job}.{one.artifact}' for one in job.downloads)}" if job.downloads else "",
        f"stores {', '.join(artifact.name for artifact in job.artifacts)}" if job.artifacts else "",
        time_of(job),
        harmless(approval_of(job)),
        f"holds lock {harmless(job.lock)}" if job.lock else "",
        *_secrets(job),
        harmless(waits_for(job)),
        "may fail" if job.allow_failure else "",
        "" if job.why == plan.why else harmless(job.why),
    )
    return "  ".join(filter(None, parts))
