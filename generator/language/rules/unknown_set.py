"""`unknown-set`, `set-as-glob`: `paths` names a set that the file does not have, or has one's name among globs."""

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
    sets = frozenset(file.set_names)
    places = (file.on, *(job.on for job in (*file.jobs, *file.templates)))
    for trigger in (one for on in places if on is not None for one in (on.value.push, on.value.pull_request)):
        paths = trigger.paths if trigger is not None else None
        if paths is None:
            continue
        for name in dict.fromkeys(name for name in paths.globs if name in sets):
            message = f"{quoted(name)} is a glob here, and the name of a set of files"
            reading.warning(paths.span, "set-as-glob", message, f"write paths: {name}, or the globs of the set")
        named = paths.named
        if named is not None and named.value not in file.set_names:
            hint = suggestion(named.value, file.set_names) or f"globs are a list: paths: [{named.value}]"
            reading.error(named.span, "unknown-set", f"no set {quoted(named.value)} under 'files'", hint)
