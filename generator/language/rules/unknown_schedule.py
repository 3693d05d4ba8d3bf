"""`unknown-schedule`: a job's `on` names a schedule that the file's `on` does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

_ONLY = "schedule"


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such name at its place."""
    entries = file.on.value.schedule if file.on is not None else ()
    # One that could not be read, or has no name among several, may be the one that is meant.
    if not file.knows_on or any(entry.name is None and len(entries) > 1 for entry in entries):
        return
    known = [entry.name.value if entry.name is not None else _ONLY for entry in entries]
    for job in (*file.jobs, *file.templates):
        for name in (job.on.value.schedule or ()) if job.on is not None else ():
            if name.value not in known:
                message = f"no schedule {quoted(name.value)} in this file's 'on'"
                reading.error(name.span, "unknown-schedule", message, suggestion(name.value, known))
