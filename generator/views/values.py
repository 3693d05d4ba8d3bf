"""A plan as JSON values: what `argosy plan -o json` prints, as docs/reference/commands.md says. Keys are only added."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from generator.diagnostics import Diagnostic, Severity
from generator.diagnostics import to_json as diagnostic_to_json
from generator.planning.blocked import blocked_jobs
from generator.planning.order import order_of
from generator.views.states import State, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.planning.order import Order
    from generator.planning.plan import Plan, PlannedJob


def to_json(plan: Plan | None, found: Iterable[Diagnostic]) -> dict[str, Any]:
    """The plan with the findings, of which one at least is an error where there is no plan."""
    found = list(found)
    diagnostics = [diagnostic_to_json(diagnostic) for diagnostic in found]
    if plan is None:
        return {
            "jobs": [],
            "runs": False,
            "why": next(one.message for one in found if one.severity is Severity.ERROR),
            "diagnostics": diagnostics,
        }
    order = order_of(plan.jobs)
    blocked = blocked_jobs(plan.jobs)
    event = plan.event
    return {
        "run": plan.run_name,
        "namespace": plan.placement.namespace,
        "tier": plan.placement.tier,
        "event": {"kind": event.kind, "repository": event.repository, "ref": event.ref, "sha": event.sha},
        "runs": plan.runs,
        "why": plan.why,
        "concurrency": _concurrency(plan),
        "jobs": [_job(job, order, blocked) for job in plan.jobs],
        "levels": [list(level) for level in order.levels],
        "critical_path": {"jobs": list(order.critical_path), "seconds": order.seconds},
        "schedules": [
            {"name": entry.name, "cron": entry.cron, "timezone": entry.timezone or "UTC"} for entry in plan.schedules
        ],
        "diagnostics": diagnostics,
    }


def _concurrency(plan: Plan) -> dict[str, Any] | None:
    concurrency = plan.concurrency
    return None if concurrency is None else {"group": concurrency.group, "cancel_in_progress": concurrency.cancel}


def _job(job: PlannedJob, order: Order, blocked: Mapping[str, str]) -> dict[str, Any]:
    state = state_of(job, blocked)
    granted = [(one, one.source) for one in job.secrets if one.source is not None]
    seen = granted if state is State.RUN else ()
    return {
        "id": job.id,
        "job": job.job,
        "matrix": dict(job.matrix),
        "runs": job.runs,
        "state": state.value,
        "why": job.why,
        "denied": job.denied,
        "blocked_by": blocked[job.job] if state is State.BLOCKED else "",
        "needs": list(job.needs),
        "when": job.when.value,
        "allow_failure": job.allow_failure,
        "level": order.level(job.job) if job.runs else None,
        "critical": job.runs and job.job in order.critical_path,
        "image": job.image,
        "runner": job.runner.name,
        "requests": dict(job.runner.resources),
        "timeout": job.timeout,
        "attempts": job.attempts,
        "approval": None if job.approval is None else dataclasses.asdict(job.approval),
        "lock": job.lock,
        "secrets": [secret.variable for secret in job.secrets],
        "sees": {one.variable: {"secret": source.name, "key": source.key, "file": one.is_file} for one, source in seen},
        "services": {service.name: service.image for service in job.services},
        "caches": {cache.name: cache.key for cache in job.caches},
        "downloads": [f"{one.job}.{one.artifact}" for one in job.downloads],
        "artifacts": [artifact.name for artifact in job.artifacts],
        "steps": [step.title for step in job.steps],
        "line": job.line,
    }
