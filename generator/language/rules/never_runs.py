"""`never-runs`: a job's `on` names none of the events that the file's `on` starts anything for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.draft import TriggersDraft
from generator.language.model import DEFAULT_PULL_REQUEST_TYPES
from generator.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.fields import Reading
    from generator.language.draft import FileDraft, NarrowingDraft

# Without `on`, a file runs for these.
_DEFAULT = ("push", "pull_request")


def check(file: FileDraft, reading: Reading) -> None:
    """Warns of each such job at its `on`."""
    if not file.knows_on:
        return
    started = tuple(_kinds(file.on.value)) if file.on is not None else _DEFAULT
    types = _types(file.on.value) if file.on is not None else DEFAULT_PULL_REQUEST_TYPES
    for job in file.jobs:
        # Of a name that no schedule has, unknown-schedule tells.
        if job.on is None or (job.on.value.schedule and "schedule" not in started):
            continue
        kinds = tuple(_kinds(job.on.value))
        both = set(started).intersection(kinds)
        if started and kinds and not both:
            message = f"job '{job.key.text}' never runs: it is for {listed(kinds)}, and the file for {listed(started)}"
            reading.warning(job.on.span, "never-runs", message, "let the file's 'on' name such an event")
        wanted = _types(job.on.value)
        if both == {"pull_request"} and not set(types).intersection(wanted):
            message = f"job '{job.key.text}' never runs: it is for {listed(wanted)}, and the file for {listed(types)}"
            reading.warning(job.on.span, "never-runs", message, "let the file's on.pull_request name such a type")


def _types(on: TriggersDraft | NarrowingDraft) -> tuple[str, ...]:
    """What has to happen to a pull request."""
    return on.pull_request.trigger.types if on.pull_request is not None else ()


def _kinds(on: TriggersDraft | NarrowingDraft) -> Iterator[str]:
    """The kinds of event that are named, in the words of expressions."""
    push = on.push.trigger if on.push is not None else None
    if push is not None and (push.branches is not None or push.tags is None):
        yield "push"
    if push is not None and push.tags is not None:
        yield "tag"
    if on.pull_request is not None:
        yield "pull_request"
    # A file without schedules has an empty list, a job for any schedule too.
    if on.schedule if isinstance(on, TriggersDraft) else on.schedule is not None:
        yield "schedule"
    if on.manual:
        yield "manual"
