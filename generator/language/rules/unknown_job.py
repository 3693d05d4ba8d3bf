"""`unknown-job`: a job needs one that the file does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.needs import ALL
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such need at its place."""
    known = frozenset(file.names) | {ALL}
    for job in file.jobs:
        for name in (need.name for need in job.needs):
            if name.value not in known:
                others = [] if reading.crowded else [name for name in file.names if name != job.key.text]
                hint = suggestion(name.value, others)
                reading.error(name.span, "unknown-job", f"no job {quoted(name.value)} in this file", hint)
