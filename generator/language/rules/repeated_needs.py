"""`duplicate-value`: a job needs another one twice, by its name and by a mapping, which may say different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such need at its place. Names alone are told where the list is read."""
    for job in file.jobs:
        seen: set[str] = set()
        for name in (need.name for need in job.needs):
            if name.value in seen:
                reading.error(
                    name.span, "duplicate-value", f"{quoted(name.value)} stands here twice", "remove one of them"
                )
            seen.add(name.value)
