"""From what the file says, what happened and what the operator decided to what will run: every job, with the reason.

A CiFile, an Event, a Platform and a Tree go in; a Plan comes out, or the findings that stand in its way. Nothing here
reads anything else, and the tree is asked only if the file asks.
"""

from __future__ import annotations

import dataclasses
import posixpath
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error, has_errors, in_order
from generator.identity import run_name
from generator.language.check import check_against_platform
from generator.language.model import When
from generator.language.scopes import matrix_bindings
from generator.placement import place
from generator.planning import conditions, inputs, limits, triggers
from generator.planning.artifacts import planned_artifacts
from generator.planning.bindings import bindings_of
from generator.planning.combining import Combination, combined, told_once, written
from generator.planning.downloading import with_downloads
from generator.planning.facts import Facts
from generator.planning.filling import AsWritten, Evaluated
from generator.planning.graph import causes, with_dependants
from generator.planning.plan import (
    Plan,
    PlannedCache,
    PlannedConcurrency,
    PlannedJob,
    PlannedSecret,
    PlannedStep,
    PlannedVariable,
)
from generator.planning.services import planned_services
from generator.platform.grants import Grant, runner_granted, secret_granted
from generator.wording import listed, one_line, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.events.event import Event
    from generator.expressions import Bindings
    from generator.language.model import Cache, CiFile, Concurrency, Job, SecretUse, Step, Variable
    from generator.placement import Placement
    from generator.planning.filling import Filling
    from generator.planning.tree import Tree
    from generator.planning.triggers import Verdict
    from generator.platform.model import Platform, Runner

_TITLE_CHARACTERS = 80
_SUMMARY_VARIABLE = "CI_SUMMARY"


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    """What every job's planning looks at."""

    ci: CiFile
    event: Event
    platform: Platform
    placement: Placement
    verdict: Verdict
    bindings: Bindings
    facts: Facts


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    """One combination of a job with what its conditions came to.

    `steps` are those that it has, by their place in the job; `unmet` says why it does not run, empty if it may.
    """

    combination: Combination
    bindings: Bindings
    steps: Mapping[int, Step]
    unmet: str
    may_fail: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Decided:
    """What came of the jobs, by their names.

    The combinations of each, why those that do not run do not, and which of those that do may fail.
    """

    candidates: Mapping[str, tuple[_Candidate, ...]]
    skipped: Mapping[str, str]
    may_fail: frozenset[str]


def plan(ci: CiFile, event: Event, platform: Platform, tree: Tree) -> tuple[Plan | None, list[Diagnostic]]:
    """What a run of the file would be for the event; None where the findings hold an error.

    The findings are those of the file against the platform and its limits, and those of expressions that give nothing
    for this event; what reading the file found is not repeated. Raises what the tree raises, but for FunctionErrors.
    """
    findings = check_against_platform(ci, platform, event.forge, event.repository)
    placement = place(platform, event.forge, event.repository, event.tier)
    if placement is None:
        message = f"no tenant in platform.yaml has {quoted(f'{event.forge}/{event.repository}')}"
        findings.append(error(ci.triggers.span, "no-tenant", message, "ask whoever runs the platform"))
        return None, findings
    asked = inputs.misfits(ci.triggers, event)
    if asked:
        return None, [*findings, *asked]
    facts = Facts(event, tree)
    try:
        verdict = triggers.decide(ci.triggers, event, facts)
    except triggers.PathsError as failure:
        return None, [*findings, failure.finding]
    run = _Run(ci, event, platform, placement, verdict, bindings_of(ci, event, facts), facts)
    decided, undecided = _decided(run)
    jobs: list[PlannedJob] = []
    for job in ci.jobs:
        planned, found = _planned(job, run, decided)
        jobs += planned
        undecided += found
    jobs = with_downloads(ci.jobs, jobs)
    runs, why = _whole(run.verdict, jobs)
    evaluated = Evaluated(run.bindings, platform, f"{event.forge}/{event.repository}")
    concurrency = _concurrency(ci.concurrency, evaluated) if runs else None
    findings += in_order([*undecided, *evaluated.findings]) + limits.exceeded(ci, jobs, platform)
    if has_errors(findings):
        return None, findings
    return Plan(event, run_name(event), placement, runs, why, tuple(jobs), ci.triggers.schedule, concurrency), findings


def _decided(run: _Run) -> tuple[_Decided, list[Diagnostic]]:
    """What the jobs' conditions come to, and those that cannot be decided."""
    if not run.verdict.runs:
        return _Decided({}, {job.name: run.verdict.why for job in run.ci.jobs}, frozenset()), []
    unmet, findings = _not_for_the_event(run)
    candidates: dict[str, tuple[_Candidate, ...]] = {}
    for job in run.ci.jobs:
        if job.name in unmet:
            continue
        found = combined(job, run.facts)
        unclear = list(found.findings)
        candidates[job.name] = tuple(_candidate(job, one, run, unclear) for one in found.combinations)
        findings += told_once(unclear)
        why = found.why or _why_none(job, candidates[job.name])
        unmet |= {job.name: why} if why else {}
    may_fail = frozenset(
        name for name, some in candidates.items() if all(one.may_fail for one in some if not one.unmet)
    )
    return _Decided(candidates, with_dependants(run.ci.jobs, unmet, may_fail), may_fail), findings


def _candidate(job: Job, combination: Combination, run: _Run, findings: list[Diagnostic]) -> _Candidate:
    """The combination; what keeps it from being decided is added to the findings."""
    keys = job.matrix.keys if job.matrix is not None else ()
    bindings = run.bindings + matrix_bindings(keys, dict(combination.values))
    unmet, found = conditions.unmet(job, bindings)
    findings += found
    if unmet:
        return _Candidate(combination, bindings, _steps(job), unmet, may_fail=False)
    steps, found = conditions.steps_left(job, bindings)
    may_fail, unclear = conditions.may_fail(job, bindings)
    findings += [*found, *unclear]
    none = "" if steps else "`if` is false for every step"
    return _Candidate(combination, bindings, steps or _steps(job), none, may_fail=may_fail)


def _steps(job: Job) -> dict[int, Step]:
    return dict(enumerate(job.steps, 1))


def _why_none(job: Job, candidates: Sequence[_Candidate]) -> str:
    """Why the job does not run; empty if a combination does."""
    if not candidates or not all(one.unmet for one in candidates):
        return ""
    return candidates[0].unmet if job.matrix is None else f"no combination runs: {candidates[0].unmet}"


def _not_for_the_event(run: _Run) -> tuple[dict[str, str], list[Diagnostic]]:
    """Why jobs whose own `on` has not got the event do not run, and what keeps an `on` from being decided."""
    reasons: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for job in run.ci.jobs:
        if job.on is None:
            continue
        try:
            verdict = triggers.narrow(job.on, run.event, run.facts)
        except triggers.PathsError as failure:
            findings.append(failure.finding)
            continue
        if not verdict.runs:
            reasons[job.name] = verdict.why
    return reasons, findings


def _concurrency(wanted: Concurrency | None, filling: Evaluated) -> PlannedConcurrency | None:
    return PlannedConcurrency(filling.group(wanted.group), filling.flag(wanted.cancel)) if wanted is not None else None


def _whole(verdict: Verdict, jobs: Sequence[PlannedJob]) -> tuple[bool, str]:
    """Whether there is anything to run, and why or why not."""
    if not verdict.runs or any(job.runs for job in jobs):
        return verdict.runs, verdict.why
    first = jobs[0]
    others = len({job.job for job in jobs}) - 1
    more = f" (and {others} more)" if others else ""
    return False, f"no job runs: {quoted(first.job)}: {first.why}{more}"


def _planned(job: Job, run: _Run, decided: _Decided) -> tuple[list[PlannedJob], list[Diagnostic]]:
    """The job in each of its combinations, or once where it does not run; and what its expressions fail with."""
    skipped = decided.skipped.get(job.name, "")
    candidates = decided.candidates.get(job.name, ())
    if not candidates:
        candidates = tuple(_Candidate(one, run.bindings, _steps(job), skipped, may_fail=False) for one in written(job))
        return [_job(job, run, decided, one, AsWritten(run.platform)) for one in candidates], []
    total = sum(not (skipped or one.unmet) for one in candidates)
    planned: list[PlannedJob] = []
    findings: list[Diagnostic] = []
    index = 0
    for one in candidates:
        if one.unmet or skipped:
            left_out = dataclasses.replace(one, unmet=one.unmet or skipped)
            planned.append(_job(job, run, decided, left_out, AsWritten(run.platform)))
            continue
        index += 1
        evaluated = Evaluated(one.bindings, run.platform, f"{run.event.forge}/{run.event.repository}", decided.skipped)
        planned.append(_job(job, run, decided, one, evaluated, index, total))
        findings += evaluated.findings
    return planned, told_once(findings)


def _job(
    job: Job, run: _Run, decided: _Decided, candidate: _Candidate, filling: Filling, index: int = 1, total: int = 1
) -> PlannedJob:
    runs = not candidate.unmet
    defaults = run.platform.defaults
    runner = run.platform.runner(defaults.runner) if job.runner is None else filling.runner(job.runner)
    if runner is None:
        raise LookupError(f"the platform has no runner {defaults.runner!r}, which its reader has to find")
    because = run.verdict.why if job.condition is None else f"{run.verdict.why}, and `if` is true"
    denied = _denied(job, runner, run) if runs else ""
    return PlannedJob(
        id=candidate.combination.id,
        job=job.name,
        runs=runs,
        why=candidate.unmet or because,
        denied=denied,
        needs=tuple(need.name for need in job.needs if not runs or need.name not in decided.skipped),
        when=job.when,
        causes=_causes(job, run, decided) if runs else (),
        allow_failure=candidate.may_fail,
        image=defaults.image if job.image is None else filling.image(job.image),
        runner=runner,
        env=_env(job, run, filling),
        secrets=tuple(_secrets(job, run)),
        steps=tuple(_step(number, step, run.ci.file, filling) for number, step in candidate.steps.items()),
        timeout=min(defaults.timeout, run.platform.limits.timeout) if job.timeout is None else job.timeout,
        retry=job.retry,
        line=job.span.line,
        lock="" if job.lock is None else filling.lock(job.lock),
        approval=None if denied else job.approval,
        outputs=job.outputs,
        artifacts=planned_artifacts(job.artifacts, filling),
        caches=tuple(_cache(one, filling) for one in job.caches),
        matrix=candidate.combination.values,
        index=index,
        total=total,
        max_parallel=(job.matrix.max_parallel or 0) if job.matrix is not None else 0,
        fail_fast=job.matrix is not None and job.matrix.fail_fast,
        services=planned_services(job, filling),
        checkout=job.checkout,
        summary=_has_summary(job, run.event),
    )


def _has_summary(job: Job, event: Event) -> bool:
    """Whether the job may have a summary that is shown: a script of it says where, and there is a pull request."""
    return event.kind == "pull_request" and any(_SUMMARY_VARIABLE in step.run for step in job.steps)


def _causes(job: Job, run: _Run, decided: _Decided) -> tuple[str, ...]:
    if job.when is not When.FAILURE:
        return ()
    return causes(job, {one.name: one for one in run.ci.jobs}, decided.skipped, decided.may_fail)


def _denied(job: Job, runner: Runner, run: _Run) -> str:
    """Why the platform does not let this job run for this event; empty where it does."""
    event, platform, tier = run.event, run.platform, run.placement.tier
    if runner_granted(platform, event.forge, event.repository, runner.name, tier=tier) is not Grant.GRANTED:
        return f"runner {quoted(runner.name)} is not granted to a {tier} run"
    lacking = [quoted(use.name.value) for use in job.secrets if not use.optional and not _is_granted(use, run)]
    return f"secret {listed(lacking)} is not granted to this run ({run.verdict.why})" if lacking else ""


def _cache(cache: Cache, filling: Filling) -> PlannedCache:
    return PlannedCache(cache.name, cache.paths, "" if cache.key is None else filling.key(cache.key), cache.save)


def _is_granted(use: SecretUse, run: _Run) -> bool:
    event, tier = run.event, run.placement.tier
    answer = secret_granted(
        run.platform,
        event.forge,
        event.repository,
        use.name.value,
        kind=event.kind,
        branch=event.branch,
        tier=tier,
    )
    return answer is Grant.GRANTED


def _secrets(job: Job, run: _Run) -> Iterator[PlannedSecret]:
    for use in job.secrets:
        grant = run.platform.secret(use.name.value)
        if grant is None:
            continue
        source = None if use.optional and not _is_granted(use, run) else grant.source
        yield PlannedSecret(use.variable, source, is_file=use.is_file, optional=use.optional)


def _step(number: int, step: Step, ci_file: str, filling: Filling) -> PlannedStep:
    name = filling.text(step.name) if step.name is not None else ""
    return PlannedStep(
        number=number,
        title=one_line(name, _TITLE_CHARACTERS) or f"step {number}",
        script=step.run,
        command=step.shell,
        working_directory=step.working_directory,
        when=step.when,
        may_fail=step.may_fail,
        timeout=step.timeout or 0,
        env=_filled(step.env, filling),
        line=step.span.line,
        file=_file(step.span.file, ci_file),
    )


def _file(file: str, ci_file: str) -> str:
    """A file of the commit by its path there, whatever folder that is read in; empty for the ci.yaml."""
    folder = posixpath.dirname(ci_file)
    return "" if file == ci_file else file.removeprefix(f"{folder}/" if folder else "")


def _env(job: Job, run: _Run, filling: Filling) -> tuple[PlannedVariable, ...]:
    """The run's inputs, then the file's variables, then the job's: the later one of a name wins."""
    written = _filled(_later_wins(run.ci.env, job.env), filling)
    given = inputs.input_variables(run.ci.triggers, run.event)
    return tuple({variable.name: variable for variable in (*given, *written)}.values())


def _later_wins(*parts: tuple[Variable, ...]) -> tuple[Variable, ...]:
    return tuple({variable.name: variable for part in parts for variable in part}.values())


def _filled(variables: Iterable[Variable], filling: Filling) -> tuple[PlannedVariable, ...]:
    return tuple(filling.variable(variable) for variable in variables)
