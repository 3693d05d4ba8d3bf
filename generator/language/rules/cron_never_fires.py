"""`cron-never-fires`: the expression is right and names no day that exists, such as the 30th of February."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language import cron
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Warns at each such expression."""
    for entry in file.on.value.schedule if file.on is not None else ():
        if entry.cron is not None and not cron.ever_fires(entry.cron.value):
            message = f"{quoted(entry.cron.value)} never fires: no month that it names has such a day"
            reading.warning(entry.cron.span, "cron-never-fires", message, "name a day that one of its months has")
