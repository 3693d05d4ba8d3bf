"""`schedule-name`: several schedules that cannot be told apart. A single one may go without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each entry without a name among several, and each name's second entry."""
    schedules = file.on.value.schedule if file.on is not None else ()
    seen: set[str] = set()
    for entry in schedules:
        if not entry.has_name and len(schedules) > 1:
            reading.error(
                entry.span, "schedule-name", "each of several schedules needs a 'name'", "write name: nightly"
            )
        if entry.name is None:
            continue
        if entry.name.value in seen:
            message = f"a second schedule is called {quoted(entry.name.value)}"
            reading.error(entry.name.span, "schedule-name", message, "give it another name")
        else:
            seen.add(entry.name.value)
