"""`argosy plan`: which jobs an event starts, and why, asked before the push. Needs no cluster, creates nothing."""

from __future__ import annotations

import enum
import json
import pathlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.commands.inputs import (
    FINDINGS,
    CiArgument,
    EventOption,
    PlatformOption,
    read_ci,
    read_event,
    read_platform,
    say,
    tell,
)
from generator.diagnostics import has_errors, in_order
from generator.diagnostics import to_json as diagnostic_to_json
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan as make_plan

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.planning.plan import Plan, PlannedJob


class PlanFormat(enum.StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"


def plan(
    event: EventOption,
    file: CiArgument = pathlib.Path("ci.yaml"),
    platform: PlatformOption = None,
    output: Annotated[PlanFormat, typer.Option("--output", "-o", help="How it is printed.")] = PlanFormat.TEXT,
) -> None:
    """Show which jobs of a ci.yaml an event starts, and why.

    Example: argosy plan ci.yaml --event push.json
    """
    ci, found, text = read_ci(file)
    what = read_event(event)
    made: Plan | None = None
    if ci is not None:
        decided = read_platform(platform, file)
        if decided is None:
            say("no platform.yaml here or above: runners, secrets and limits are not checked")
        made, more = make_plan(ci, what, decided or assumed_platform(ci, what))
        found = in_order([*found, *more])
    tell(found, {str(file): text})
    if output is PlanFormat.JSON:
        typer.echo(json.dumps(_to_json(made, found), indent=2))
    elif made is not None:
        typer.echo(_to_text(made))
    if made is None or has_errors(found):
        raise typer.Exit(FINDINGS)


def _to_json(made: Plan | None, found: list[Diagnostic]) -> dict[str, Any]:
    diagnostics = [diagnostic_to_json(diagnostic) for diagnostic in found]
    if made is None:
        return {"jobs": [], "runs": False, "why": "ci.yaml has errors", "diagnostics": diagnostics}
    return {
        "run": made.run_name,
        "namespace": made.placement.namespace,
        "tier": made.placement.tier,
        "runs": made.runs,
        "why": made.why,
        "jobs": [_job(job) for job in made.jobs],
        "schedules": [
            {"name": entry.name, "cron": entry.cron, "timezone": entry.timezone or "UTC"} for entry in made.schedules
        ],
        "diagnostics": diagnostics,
    }


def _job(job: PlannedJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "job": job.job,
        "matrix": {},
        "runs": job.runs,
        "why": job.why,
        "denied": job.denied,
        "needs": list(job.needs),
        "image": job.image,
        "runner": job.runner.name,
        "requests": dict(job.runner.resources),
        "timeout": job.timeout,
        "secrets": [secret.variable for secret in job.secrets],
        "steps": [step.title for step in job.steps],
        "line": job.line,
    }


def _to_text(made: Plan) -> str:
    verdict = "runs" if made.runs else "does not run"
    lines = [f"{made.run_name} in {made.placement.namespace} {verdict}: {made.why}"]
    width = max(len(job.id) for job in made.jobs)
    return "\n".join(lines + [f"  {_verdict(job):5}  {job.id:{width}}  {_details(job)}".rstrip() for job in made.jobs])


def _verdict(job: PlannedJob) -> str:
    if not job.runs:
        return "skips"
    return "fails" if job.denied else "runs"


def _details(job: PlannedJob) -> str:
    if not job.runs:
        return job.why
    if job.denied:
        return job.denied
    after = f"after {', '.join(job.needs)}" if job.needs else ""
    return "  ".join(filter(None, (job.image, job.runner.name, after)))
