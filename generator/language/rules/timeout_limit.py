"""`timeout-limit`: a job or a step may take a day, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_SECONDS = 24 * 3600


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each longer timeout, that of `defaults` included."""
    of_steps = (step.timeout for job in file.jobs for step in job.steps)
    for timeout in (file.defaults.timeout, *(job.own.timeout for job in file.jobs), *of_steps):
        if timeout is not None and timeout.value > MAX_SECONDS:
            length = in_words(timeout.value)
            message = f"a timeout of {length} is longer than the {in_words(MAX_SECONDS)} that a job may take"
            reading.error(timeout.span, "timeout-limit", message, "split the job")


def in_words(seconds: int) -> str:
    """Seconds as ci.yaml writes them: `1h30m`."""
    parts = ((seconds // 3600, "h"), (seconds % 3600 // 60, "m"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
