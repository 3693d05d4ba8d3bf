"""Jobs of a plan that will not start, whatever the scripts do: they need the success of one that is denied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.model import When
from generator.planning.plan import by_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.planning.plan import PlannedJob


def blocked_jobs(jobs: Iterable[PlannedJob]) -> dict[str, str]:
    """Which denied job keeps a job from its start, by the jobs' names."""
    running = by_job(job for job in jobs if job.runs)
    # A job that may fail lets those that need it start in any case.
    ends_badly = {name for name, group in running.items() if any(job.denied and not job.allow_failure for job in group)}
    found: dict[str, str] = {}
    grows = True
    while grows:
        before = len(found)
        for name, (first, *_) in running.items():
            cause = _cause(first, ends_badly, found, running)
            if cause and name not in found:
                found[name] = cause
        grows = len(found) > before
    return found


def _cause(
    job: PlannedJob, ends_badly: set[str], found: Mapping[str, str], running: Mapping[str, list[PlannedJob]]
) -> str:
    """The denied job that one needs, itself or through jobs that are kept from their start; empty where none is."""
    if job.when is not When.SUCCESS or job.denied:
        return ""
    for need in job.needs:
        if need in ends_badly:
            return need
        if need in found and not any(one.allow_failure for one in running[need]):
            return found[need]
    return ""
