"""What fits: into the one archive that a job's pod is handed, and into the one Workflow that a run is.

The language's own limits are the reader's, the operator's lower ones the platform check's; these depend on whole jobs
and whole files, and on what expressions give. Each one that is passed is a finding of its own and says by how much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.language.model import When
from generator.language.rules.env_size import MAX_BYTES as MAX_ENV_BYTES
from generator.language.rules.env_size import MAX_VARIABLE_BYTES, size_of
from generator.language.rules.script_size import MAX_BYTES, packed_size
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.diagnostics import Span
    from generator.language.model import Job
    from generator.planning.plan import PlannedJob, PlannedVariable

# Kubernetes takes objects of 1.5 MB; the rest is for what Argo writes into the status.
MOST_BYTES = 1_000_000
# What a job takes in the Workflow besides its scripts, and in the status while it runs.
_JOB_BYTES = 3_000
# What a further attempt takes in the status.
_ATTEMPT_BYTES = 1_500
# What Argo's condition for a need has beside the name, each time that it stands there; what a reference to a Secret
# takes, names included.
_NEED_BYTES = 24
_MOST_MENTIONS = 3
_SECRET_BYTES = 250
_MORE_IN_BASE64 = 4 / 3
_SHORTER = "put long texts into files of the repository"


def exceeded(jobs: Sequence[Job], planned: Sequence[PlannedJob]) -> list[Diagnostic]:
    """What does not fit, for the jobs of a file and the same ones as they are planned."""
    sizes = [packed_size(_texts(job)) for job in planned]
    findings = [finding for job, made in zip(jobs, planned, strict=True) for finding in _variables(made, job.span)]
    findings += [_job_too_large(job, size) for job, size in zip(jobs, sizes, strict=True) if size > MAX_BYTES]
    may_fail = any(job.allow_failure for job in planned)
    besides = sum(_besides(job, may_fail=may_fail) for job in planned)
    whole = besides + sum(int(size * _MORE_IN_BASE64) for size in sizes)
    if whole > MOST_BYTES:
        over = whole - MOST_BYTES
        message = f"the run would have about {whole:,} bytes, {over:,} more than fit into one Workflow"
        findings.append(error(jobs[-1].span, "run-size", message, _SHORTER))
    return findings


def _besides(job: PlannedJob, *, may_fail: bool) -> int:
    """Bytes that the job takes beside its archive. `may_fail`: some job of the run may."""
    needs = sum(len(name) + _NEED_BYTES for name in _mentioned(job, may_fail=may_fail))
    attempts = _ATTEMPT_BYTES * job.retry.limit if job.retry is not None else 0
    return _JOB_BYTES + attempts + needs + _SECRET_BYTES * len(job.secrets) + len(job.image)


def _variables(job: PlannedJob, span: Span) -> list[Diagnostic]:
    """The file's own texts are checked when it is read; expressions may have made them longer."""
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


def _mentioned(job: PlannedJob, *, may_fail: bool) -> list[str]:
    """The names in Argo's conditions for the job, and in that for the run's end, as often as they may stand there."""
    if job.when is When.SUCCESS and not may_fail:
        return [*job.needs]
    return [*(*job.needs, *job.causes) * _MOST_MENTIONS, *[job.id] * _MOST_MENTIONS * may_fail]


def _job_too_large(job: Job, size: int) -> Diagnostic:
    over = size - MAX_BYTES
    message = f"the scripts and variables of job {quoted(job.name)} have {size:,} bytes after gzip, {over:,} too many"
    return error(job.span, "job-size", message, _SHORTER)


def _texts(job: PlannedJob) -> list[str]:
    variables = [*job.env, *(variable for step in job.steps for variable in step.env)]
    steps = [text for step in job.steps for text in (step.script, step.working_directory, *step.command)]
    return steps + [_text(variable) for variable in variables]


def _text(variable: PlannedVariable) -> str:
    return f"{variable.name}={variable.value}\n"
