"""`too-many-steps`: a job has more than 100 steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_STEPS = 100


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the first step that is one too many, in each job."""
    for job in file.jobs:
        over = len(job.steps) - MAX_STEPS
        if over > 0:
            message = (
                f"job '{job.key.text}' has {len(job.steps):,} steps, {over:,} more than the {MAX_STEPS} it may have"
            )
            reading.error(job.steps[MAX_STEPS].span, "too-many-steps", message, "put several into one script")
