"""`unknown-set`: `paths` names a set of files that the file does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each such name at its place."""
    if not file.whole:
        return
    places = (file.on, *(job.on for job in (*file.jobs, *file.templates)))
    for trigger in (one for on in places if on is not None for one in (on.value.push, on.value.pull_request)):
        named = trigger.paths.named if trigger is not None and trigger.paths is not None else None
        if named is not None and named.value not in file.set_names:
            hint = suggestion(named.value, file.set_names) or f"globs are a list: paths: [{named.value}]"
            reading.error(named.span, "unknown-set", f"no set {quoted(named.value)} under 'files'", hint)
