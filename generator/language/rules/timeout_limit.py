"""`timeout-limit`: a job may take a day, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_SECONDS = 24 * 3600


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each longer timeout, that of `defaults` included."""
    for own in (file.defaults, *(job.own for job in file.jobs)):
        if own.timeout is not None and own.timeout.value > MAX_SECONDS:
            length = in_words(own.timeout.value)
            message = f"a timeout of {length} is longer than the {in_words(MAX_SECONDS)} that a job may take"
            reading.error(own.timeout.span, "timeout-limit", message)


def in_words(seconds: int) -> str:
    """Seconds as ci.yaml writes them: `1h30m`."""
    parts = ((seconds // 3600, "h"), (seconds % 3600 // 60, "m"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
