"""`unknown-job`: a job needs one that the file does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such need at its place."""
    known = frozenset(file.names)
    for job in file.jobs:
        for need in job.needs:
            if need.value not in known:
                others = [] if reading.crowded else [name for name in file.names if name != job.key.text]
                hint = suggestion(need.value, others)
                reading.error(need.span, "unknown-job", f"no job {quoted(need.value)} in this file", hint)
