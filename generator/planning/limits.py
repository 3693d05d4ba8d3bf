"""What fits: into the one archive that a job's pod is handed, and into the one Workflow that a run is.

The language's own limits are the reader's, the operator's lower ones the platform check's; these two depend on whole
jobs and whole files. Each one that is passed is a finding of its own and says by how much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.language.rules.script_size import MAX_BYTES, packed_size
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.language.model import CiFile, Job, Variable

# Kubernetes takes objects of 1.5 MB; the rest is for what Argo writes into the status.
MOST_BYTES = 1_000_000
# What a job takes in the Workflow besides its scripts, and in the status while it runs.
_JOB_BYTES = 3_000
# What Argo's condition for a need has beside the name, and what a reference to a Secret takes, names included.
_NEED_BYTES = 24
_SECRET_BYTES = 250
_MORE_IN_BASE64 = 4 / 3
_SHORTER = "put long texts into files of the repository"


def exceeded(ci: CiFile) -> list[Diagnostic]:
    """What does not fit."""
    sizes = [packed_size(_texts(ci, job)) for job in ci.jobs]
    findings = [_job_too_large(job, size) for job, size in zip(ci.jobs, sizes, strict=True) if size > MAX_BYTES]
    whole = sum(int(size * _MORE_IN_BASE64) + _besides(job) for job, size in zip(ci.jobs, sizes, strict=True))
    if whole > MOST_BYTES:
        over = whole - MOST_BYTES
        message = f"the run would have about {whole:,} bytes, {over:,} more than fit into one Workflow"
        findings.append(error(ci.jobs[-1].span, "run-size", message, _SHORTER))
    return findings


def _besides(job: Job) -> int:
    """Bytes that the job takes beside its archive."""
    needs = sum(len(need) + _NEED_BYTES for need in job.needs)
    return _JOB_BYTES + needs + _SECRET_BYTES * len(job.secrets) + (len(job.image.value) if job.image else 0)


def _job_too_large(job: Job, size: int) -> Diagnostic:
    over = size - MAX_BYTES
    message = f"the scripts and variables of job {quoted(job.name)} have {size:,} bytes after gzip, {over:,} too many"
    return error(job.span, "job-size", message, _SHORTER)


def _texts(ci: CiFile, job: Job) -> list[str]:
    variables = [*ci.env, *job.env, *(variable for step in job.steps for variable in step.env)]
    steps = [text for step in job.steps for text in (step.run, step.working_directory, *step.shell)]
    return steps + [_text(variable) for variable in variables]


def _text(variable: Variable) -> str:
    return f"{variable.name}={variable.value}\n"
