"""What jobs mean for those that need them: which do not run either, and whose failure they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.model import When
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.language.model import Job


def with_dependants(jobs: Iterable[Job], skipped: Mapping[str, str], may_fail: Collection[str]) -> dict[str, str]:
    """Why each job does not run, by its name: as `skipped` says, and what follows from that for those that need it.

    `may_fail` are the names of those whose failure is none.
    """
    known = {job.name: job for job in jobs}
    reasons = dict(skipped)
    waiting = [job for job in known.values() if job.name not in reasons]
    while newly := {job.name: why for job in waiting if (why := _reason(job, known, reasons, may_fail))}:
        reasons |= newly
        waiting = [job for job in waiting if job.name not in reasons]
    return reasons


def causes(job: Job, jobs: Mapping[str, Job], skipped: Collection[str], may_fail: Collection[str]) -> tuple[str, ...]:
    """The jobs whose failure is a failure of what `job` needs, by name.

    Those are its needs, unless they may fail, and what keeps a need from running by its own failure: the needs of one
    that waits for success, and so on. Of all the jobs only those that are not `skipped`.
    """
    found: list[str] = []
    waiting = [need.name for need in job.needs]
    seen = set(skipped)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name not in may_fail:
            found.append(name)
        if jobs[name].when is When.SUCCESS:
            waiting += [need.name for need in jobs[name].needs]
    return tuple(found)


def _reason(job: Job, jobs: Mapping[str, Job], skipped: Collection[str], may_fail: Collection[str]) -> str:
    """Why a job does not run, given what does not; empty if it does."""
    lacking = [need for need in job.needs if need.name in skipped]
    if job.when is not When.ALWAYS:
        required = next((need.name for need in lacking if not need.optional), None)
        if required is not None:
            return f"needs {quoted(required)}, which does not run"
    if job.when is not When.SUCCESS and job.needs and len(lacking) == len(job.needs):
        return "none of the jobs that it needs runs"
    if job.when is When.FAILURE and not causes(job, jobs, skipped, may_fail):
        return "waits for a failure, and all that it needs may fail"
    return ""
