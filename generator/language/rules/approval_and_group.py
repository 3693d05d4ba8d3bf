"""`approval-and-group`: runs of a group that come one after the other, and a job in them that waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Warns at the first such job without a lock. Where newer runs always end the older ones, nothing is lost."""
    if file.concurrency is None or file.concurrency.cancel is True:
        return
    job = next((job for job in file.jobs if job.approval is not None and job.lock is None), None)
    if job is not None:
        message = f"a run that waits for the approval of '{job.key.text}' neither waits for its group nor holds it"
        hint = "give it a lock, which is held only while the job runs"
        reading.warning(job.key.span, "approval-and-group", message, hint)
