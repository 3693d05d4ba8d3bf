"""`when-without-needs`: a job waits for a failure and for no other job, so that it could never start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.model import When
from generator.language.needs import NEEDS

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the job."""
    for job in file.jobs:
        if job.when is When.FAILURE and not job.has_needs and job.knows(NEEDS.name):
            message = f"job '{job.key.text}' runs when a job that it needs has failed, and needs none"
            reading.error(job.key.span, "when-without-needs", message, "name the jobs under needs, or write needs: all")
