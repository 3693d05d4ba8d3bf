"""`too-many-jobs`: Argo takes 200 templates in a Workflow. The run itself is one, and one more where a job may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_TEMPLATES = 200
MAX_JOBS = MAX_TEMPLATES - 1


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the first job that is one too many."""
    most = MAX_JOBS - any(job.allow_failure and job.allow_failure.value.constant is not False for job in file.jobs)
    over = len(file.jobs) - most
    if over > 0:
        message = f"the file has {len(file.jobs):,} jobs, {over:,} more than the {most} that a run can hold"
        reading.error(
            file.jobs[most].key.span, "too-many-jobs", message, "let a matrix or one script do what several do"
        )
