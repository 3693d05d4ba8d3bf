"""`same-port`, `too-many-services`: services without an `if`, which are there together in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.together import shared_ports, too_many

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports what a job's services cannot have together."""
    for job in file.jobs:
        present = [entry for entry in job.services if entry.value.condition is None]
        reading.add(*shared_ports((one.name, one.value.ports, one.value.ports_place) for one in present))
        reading.add(*too_many([one.key.span for one in present]))
