"""`too-many-schedules`: each entry of `on.schedule` is an object that the cluster keeps, for every repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_SCHEDULES = 50


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the first entry that is one too many."""
    entries = file.on.value.schedule if file.on is not None else ()
    over = len(entries) - MAX_SCHEDULES
    if over > 0:
        message = f"the file has {len(entries):,} schedules, {over:,} more than the {MAX_SCHEDULES} it may have"
        reading.error(
            entries[MAX_SCHEDULES].span, "too-many-schedules", message, "a cron can name several times: 0 3,15 * * *"
        )
