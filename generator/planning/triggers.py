"""Whether a file's `on` starts anything for an event, and why or why not, in words that a status can show.

`on` and an event go in, a `Verdict` comes out. `[skip ci]` in the head commit's message is decided here too.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.expressions.name_patterns import matches
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.events.event import Event
    from generator.language.model import Triggers

SKIP_MARKS = ("[skip ci]", "[ci skip]")
_SKIPPABLE = ("push", "pull_request")


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """`why` is one line, whether it runs or not."""

    runs: bool
    why: str


def decide(triggers: Triggers, event: Event) -> Verdict:
    """Whether the event starts the file's jobs."""
    mark = next((mark for mark in SKIP_MARKS if mark in event.message), None)
    if mark and event.kind in _SKIPPABLE:
        return Verdict(runs=False, why=f"the commit's message says {mark}")
    return _DECISIONS[event.kind](triggers, event)


def _push(triggers: Triggers, event: Event) -> Verdict:
    yes = Verdict(runs=True, why=f"push to {quoted(event.branch)}")
    if triggers.default_branch_only:
        if event.branch == event.default_branch:
            return yes
        return Verdict(
            runs=False, why=f"without `on`, only pushes to {quoted(event.default_branch)} and pull requests run"
        )
    push = triggers.push
    if push is None:
        return Verdict(runs=False, why="`on` has no push")
    if push.branches is None:
        return yes if push.tags is None else Verdict(runs=False, why="on.push names tags only")
    if matches(push.branches, event.branch):
        return yes
    return Verdict(runs=False, why=f"branch {quoted(event.branch)} matches none of on.push.branches")


def _tag(triggers: Triggers, event: Event) -> Verdict:
    push = triggers.push
    if push is None or triggers.default_branch_only:
        return Verdict(runs=False, why="`on` has no push with tags")
    if push.tags is None:
        return Verdict(runs=False, why="on.push names no tags")
    if matches(push.tags, event.tag):
        return Verdict(runs=True, why=f"tag {quoted(event.tag)}")
    return Verdict(runs=False, why=f"tag {quoted(event.tag)} matches none of on.push.tags")


def _pull_request(triggers: Triggers, event: Event) -> Verdict:
    trigger, request = triggers.pull_request, event.pull_request
    if trigger is None:
        return Verdict(runs=False, why="`on` has no pull_request")
    if request.action not in trigger.types:
        return Verdict(runs=False, why=f"{request.action} is none of on.pull_request.types: {listed(trigger.types)}")
    if trigger.branches is not None and not matches(trigger.branches, request.base):
        return Verdict(runs=False, why=f"target branch {quoted(request.base)} matches none of on.pull_request.branches")
    # One that is only asked about has no number yet.
    which = f"pull request {request.number}" if request.number else "a pull request"
    return Verdict(runs=True, why=f"{which} into {quoted(request.base)}")


def _schedule(triggers: Triggers, event: Event) -> Verdict:
    if any(entry.name == event.schedule for entry in triggers.schedule):
        return Verdict(runs=True, why=f"schedule {quoted(event.schedule)}")
    return Verdict(runs=False, why=f"on.schedule has no {quoted(event.schedule)}")


def _manual(triggers: Triggers, event: Event) -> Verdict:  # noqa: ARG001  (one shape for all kinds)
    return Verdict(runs=False, why="manual runs are not supported yet")


_DECISIONS: dict[str, Callable[[Triggers, Event], Verdict]] = {
    "push": _push,
    "tag": _tag,
    "pull_request": _pull_request,
    "schedule": _schedule,
    "manual": _manual,
}
