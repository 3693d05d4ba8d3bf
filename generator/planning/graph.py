"""How jobs that do not run take those with them that need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.language.model import Job


def with_dependants(jobs: Iterable[Job], skipped: Mapping[str, str]) -> dict[str, str]:
    """Why each job does not run, by its name: as `skipped` says, and for what needs such a job, which need it is."""
    reasons = dict(skipped)
    waiting = [job for job in jobs if job.name not in reasons]
    while newly := [(job, need) for job in waiting if (need := _lacking(job, reasons))]:
        reasons |= {job.name: f"needs {quoted(need)}, which does not run" for job, need in newly}
        waiting = [job for job in waiting if job.name not in reasons]
    return reasons


def _lacking(job: Job, reasons: Mapping[str, str]) -> str:
    return next((need for need in job.needs if need in reasons), "")
