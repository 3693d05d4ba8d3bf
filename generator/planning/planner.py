"""From what the file says, what happened and what the operator decided to what will run: every job, with the reason.

A CiFile, an Event and a Platform go in; a Plan comes out, or the findings that stand in its way. Nothing here reads
anything else.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error, has_errors
from generator.identity import run_name
from generator.language.check import check_against_platform
from generator.placement import place
from generator.planning import limits, triggers
from generator.planning.graph import with_dependants
from generator.planning.plan import Plan, PlannedJob, PlannedSecret, PlannedStep
from generator.platform.grants import Grant, runner_granted, secret_granted
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.events.event import Event
    from generator.language.model import CiFile, Job, Step, Variable
    from generator.placement import Placement
    from generator.planning.triggers import Verdict
    from generator.platform.model import Platform, Runner

_TITLE_CHARACTERS = 80


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    """What every job's planning looks at."""

    ci: CiFile
    event: Event
    platform: Platform
    placement: Placement
    verdict: Verdict


def plan(ci: CiFile, event: Event, platform: Platform) -> tuple[Plan | None, list[Diagnostic]]:
    """What a run of the file would be for the event; None where the findings hold an error.

    The findings are those of the file against the platform and its limits; what reading the file found is not repeated.
    """
    findings = check_against_platform(ci, platform, event.forge, event.repository)
    findings += limits.exceeded(ci)
    placement = place(platform, event.forge, event.repository, event.tier)
    if placement is None:
        message = f"no tenant in platform.yaml has {quoted(f'{event.forge}/{event.repository}')}"
        findings.append(error(ci.triggers.span, "no-tenant", message, "ask whoever runs the platform"))
    if placement is None or has_errors(findings):
        return None, findings
    verdict = triggers.decide(ci.triggers, event)
    # What an `if` or a job's own `on` takes out will be told here too, before its dependants follow.
    skipped = with_dependants(ci.jobs, {} if verdict.runs else {job.name: verdict.why for job in ci.jobs})
    run = _Run(ci, event, platform, placement, verdict)
    jobs = tuple(_job(job, skipped.get(job.name), run) for job in ci.jobs)
    return Plan(event, run_name(event), placement, verdict.runs, verdict.why, jobs, ci.triggers.schedule), findings


def _job(job: Job, skipped: str | None, run: _Run) -> PlannedJob:
    defaults = run.platform.defaults
    runner = run.platform.runner(defaults.runner if job.runner is None else job.runner.value)
    if runner is None:
        raise LookupError(f"job {job.name!r} names no runner of the platform, which the check above has to find")
    return PlannedJob(
        id=job.name,
        job=job.name,
        runs=skipped is None,
        why=run.verdict.why if skipped is None else skipped,
        denied=_denied(job, runner, run) if skipped is None else "",
        needs=job.needs,
        image=defaults.image if job.image is None else job.image.value,
        runner=runner,
        env=_later_wins(run.ci.env, job.env),
        secrets=tuple(_secrets(job, run)),
        steps=tuple(_step(number, step) for number, step in enumerate(job.steps, 1)),
        timeout=min(defaults.timeout, run.platform.limits.timeout) if job.timeout is None else job.timeout,
        line=job.span.line,
    )


def _denied(job: Job, runner: Runner, run: _Run) -> str:
    """Why the platform does not let this job run for this event; empty where it does."""
    event, platform, tier = run.event, run.platform, run.placement.tier
    if runner_granted(platform, event.forge, event.repository, runner.name, tier=tier) is not Grant.GRANTED:
        return f"runner {quoted(runner.name)} is not granted to a {tier} run"
    ask = functools.partial(secret_granted, platform, event.forge, event.repository)
    names = [use.name.value for use in job.secrets]
    answers = [ask(name, kind=event.kind, branch=event.branch, tier=tier) for name in names]
    lacking = [quoted(name) for name, answer in zip(names, answers, strict=True) if answer is not Grant.GRANTED]
    return f"secret {listed(lacking)} is not granted to this run ({run.verdict.why})" if lacking else ""


def _secrets(job: Job, run: _Run) -> Iterator[PlannedSecret]:
    for use in job.secrets:
        grant = run.platform.secret(use.name.value)
        if grant is not None:
            yield PlannedSecret(use.variable, grant.source)


def _step(number: int, step: Step) -> PlannedStep:
    title = _one_line(step.name) or f"step {number}"
    return PlannedStep(
        title=title,
        script=step.run,
        command=step.shell,
        working_directory=step.working_directory,
        when=step.when,
        may_fail=step.may_fail,
        timeout=step.timeout or 0,
        env=step.env,
        line=step.span.line,
    )


def _one_line(text: str) -> str:
    """The text without what could move a terminal's cursor, at most 80 characters."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:_TITLE_CHARACTERS]


def _later_wins(*parts: tuple[Variable, ...]) -> tuple[Variable, ...]:
    return tuple({variable.name: variable for part in parts for variable in part}.values())
