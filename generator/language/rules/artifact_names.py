"""`artifact-name`: an artifact that is called `paths`, as what an artifact holds is: its own name was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

_KEYS = ("paths", "path")


def check(file: FileDraft, reading: Reading) -> None:
    """Warns of the first such artifact of each job."""
    for job in file.jobs:
        named = next((one for one in job.artifacts if one.name in _KEYS and one.value.bare), None)
        if named is not None:
            message = f"this is an artifact of the name {quoted(named.name)}"
            hint = "artifacts have names: write artifacts: {NAME: {paths: [...]}}, or call it something else"
            reading.warning(named.key.span, "artifact-name", message, hint)
