"""What fits: into the one archive that a job's pod is handed, and how many tasks and templates a run may have.

The language's own limits are the reader's, the operator's lower ones the platform check's; these depend on whole jobs
and whole files, and on what expressions give. Each one that is passed is a finding of its own and says by how much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.language.rules.env_size import MAX_BYTES as MAX_ENV_BYTES
from generator.language.rules.env_size import MAX_VARIABLE_BYTES, size_of
from generator.language.rules.script_size import MAX_BYTES
from generator.planning.plan import by_job
from generator.planning.pods import archive_size, dags, kinds
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.diagnostics import Span
    from generator.language.model import CiFile
    from generator.planning.plan import PlannedJob
    from generator.platform.model import Platform

_SHORTER = "put long texts into files of the repository"
MOST_TASKS = 2_000
# Argo's CRDs (workflow_types.go of argo-workflows 4.0.5) take so many templates of a Workflow.
MOST_TEMPLATES = 200


def exceeded(ci: CiFile, planned: Sequence[PlannedJob], platform: Platform) -> list[Diagnostic]:
    """What does not fit, for a file and its jobs as they are planned, each in all of its combinations."""
    groups = by_job(planned)
    spans = {job.name: job.span for job in ci.jobs}
    sizes = {name: max(map(archive_size, kinds(group)), default=0) for name, group in groups.items()}
    findings = [finding for name, group in groups.items() for finding in _variables(group, spans[name])]
    findings += [_job_too_large(name, size, spans[name]) for name, size in sizes.items() if size > MAX_BYTES]
    findings += _too_many(groups, spans, platform)
    return findings


def _too_many(groups: dict[str, list[PlannedJob]], spans: dict[str, Span], platform: Platform) -> Iterator[Diagnostic]:
    """At the first job that is one too many."""
    most = min(MOST_TASKS, platform.limits.tasks)
    running = [job for group in groups.values() for job in group if job.runs]
    tasks = len(running)
    # The run's DAG has one, the verdict that is left where jobs may fail, and what denied jobs call.
    shared = 1 + any(job.allow_failure for job in running) + any(job.denied for job in running)
    templates = shared + sum(map(_templates, groups.values()))
    last = spans[next(reversed(groups))]
    if tasks > most and any(job.matrix for group in groups.values() for job in group):
        message = f"the run would have {tasks:,} tasks, {tasks - most:,} more than the {most:,} it may have"
        yield error(last, "too-many-tasks", message, "let one pod do what several do")
    if templates > MOST_TEMPLATES:
        message = (
            f"the run would need {templates:,} templates of Argo, {templates - MOST_TEMPLATES:,} more than it takes"
        )
        yield error(
            last,
            "too-many-templates",
            message,
            "a job takes one, a matrix two, more where runners, locks or services differ",
        )


def _templates(group: Sequence[PlannedJob]) -> int:
    """How many of Argo's templates a job takes: one, and with a matrix one for each DAG and each kind of pod.

    An approval takes two more.
    """
    running = [job for job in group if job.runs]
    asking = 2 if any(job.approval for job in running) else 0
    if not running or not running[0].matrix:
        return len(running) + asking
    return asking + dags(len(running)) + len(kinds(running))


def _variables(group: Iterable[PlannedJob], span: Span) -> list[Diagnostic]:
    """The file's own texts are checked when it is read; expressions may have made them longer."""
    return next(filter(None, (_too_long(job, span) for job in group)), [])


def _too_long(job: PlannedJob, span: Span) -> list[Diagnostic]:
    for variable in (*job.env, *(variable for step in job.steps for variable in step.env)):
        over = size_of(variable.name, variable.value) - MAX_VARIABLE_BYTES
        if over > 0:
            message = (
                f"{quoted(variable.name)} of job {quoted(job.job)} gets {over:,} bytes more than a variable can have"
            )
            return [error(span, "env-size", message, _SHORTER)]
    common = sum(size_of(variable.name, variable.value) for variable in job.env)
    largest = max(sum(size_of(variable.name, variable.value) for variable in step.env) for step in job.steps)
    over = common + largest - MAX_ENV_BYTES
    if over > 0:
        message = f"the variables of a step of job {quoted(job.job)} get {over:,} bytes more than fit"
        return [error(span, "env-size", message, _SHORTER)]
    return []


def _job_too_large(name: str, size: int, span: Span) -> Diagnostic:
    over = size - MAX_BYTES
    message = f"the scripts and variables of job {quoted(name)} have {size:,} bytes after gzip, {over:,} too many"
    return error(span, "job-size", message, _SHORTER)
