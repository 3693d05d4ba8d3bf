"""`needs-all`: `needs: all` where it has no meaning: in a job that waits for success, or beside other needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.jobs import WHEN
from generator.language.model import When
from generator.language.needs import ALL, needs_all

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such `all` at its place."""
    for job in file.jobs:
        place = next((need.name.span for need in job.needs if need.name.value == ALL), None)
        if place is None:
            continue
        if len(job.needs) > 1:
            reading.error(place, "needs-all", "'all' stands alone: it is every job", "write needs: all")
        elif job.when in (None, When.SUCCESS) and job.knows(WHEN.name):
            message = "'needs: all' is for jobs with 'when: failure' or 'when: always'"
            reading.error(place, "needs-all", message, "name the jobs, or say when it runs")
        elif all(map(needs_all, file.jobs)) and len(file.jobs) == len(file.names):
            reading.error(place, "needs-all", "there is no other job to need", "leave needs and when out")
