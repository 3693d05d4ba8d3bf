"""`too-many-jobs`: Argo takes 200 templates in a Workflow; the run itself is one, and each job is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_TEMPLATES = 200
MAX_JOBS = MAX_TEMPLATES - 1


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the first job that is one too many."""
    over = len(file.jobs) - MAX_JOBS
    if over > 0:
        message = f"the file has {len(file.jobs):,} jobs, {over:,} more than the {MAX_JOBS} that a run can hold"
        reading.error(file.jobs[MAX_JOBS].key.span, "too-many-jobs", message)
