"""Which combinations' artifacts a job gets, known once it is planned which of them run."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.language.model import When
from generator.planning.plan import PlannedDownload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.language.model import Download, Job
    from generator.planning.plan import PlannedJob

# File systems take 255 bytes.
_LONGEST = 200
_NOT_IN_FOLDERS = re.compile(r"[^A-Za-z0-9._=,+@-]")


def with_downloads(jobs: Iterable[Job], planned: Sequence[PlannedJob]) -> list[PlannedJob]:
    """The planned jobs, each that runs with what it gets of others that run."""
    wanted = {job.name: job.downloads for job in jobs if job.downloads}
    if not wanted:
        return list(planned)
    running: dict[str, list[PlannedJob]] = {}
    for job in planned:
        if job.runs:
            running.setdefault(job.job, []).append(job)
    return [_with_downloads(job, wanted.get(job.job, ()), running) if job.runs else job for job in planned]


def _with_downloads(job: PlannedJob, wanted: Iterable[Download], running: Mapping[str, list[PlannedJob]]) -> PlannedJob:
    made = (_planned(job, download, running.get(download.job, [])) for download in wanted)
    return dataclasses.replace(job, downloads=tuple(one for one in made if one.sources))


def _planned(job: PlannedJob, download: Download, givers: Iterable[PlannedJob]) -> PlannedDownload:
    values = dict(job.matrix)
    storing = [one for one in givers if any(artifact.name == download.artifact for artifact in one.artifacts)]
    found = [one for one in storing if all(dict(one.matrix)[axis] == values[axis] for axis in download.same)]
    return PlannedDownload(
        job=download.job,
        artifact=download.artifact,
        to=download.to,
        sources=tuple(_folders(found) if download.split else ((one.index, "") for one in found)),
        needed=job.when is When.SUCCESS and not any(one.allow_failure for one in found),
    )


def _folders(givers: Iterable[PlannedJob]) -> list[tuple[int, str]]:
    """A folder for each combination, called as the combination in its id is."""
    found: list[tuple[int, str]] = []
    taken: set[str] = set()
    for one in givers:
        name = _NOT_IN_FOLDERS.sub("-", one.id.removeprefix(one.job)[1:-1])[:_LONGEST]
        while name in taken:
            name = f"{name}-{one.index}"
        taken.add(name)
        found.append((one.index, name))
    return found
