"""Whether a file's `on` starts anything for an event, and why or why not, in words that a status can show.

`on` and an event go in, a `Verdict` comes out. `[skip ci]` in the head commit's message is decided here too.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, Span, error
from generator.expressions import FunctionError
from generator.expressions.name_patterns import matches
from generator.language.model import ManualTrigger, Triggers
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.events.event import Event
    from generator.language.model import Narrowing
    from generator.planning.facts import Facts

SKIP_MARKS = ("[skip ci]", "[ci skip]")
_NOWHERE = Span("", 0, 0, 0, 0)
_SKIPPABLE = ("push", "pull_request")


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """`why` is one line, whether it runs or not."""

    runs: bool
    why: str


class PathsError(Exception):
    """What was changed is not known, and `paths` asks for it; `finding` says why."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def decide(triggers: Triggers, event: Event, facts: Facts) -> Verdict:
    """Whether the event starts the file's jobs. Raises PathsError."""
    mark = skip_mark(event)
    if mark:
        return Verdict(runs=False, why=f"the commit's message says {mark}")
    verdict = _DECISIONS[event.kind](triggers, event)
    return _with_paths(verdict, triggers, event, facts) if verdict.runs else verdict


def skip_mark(event: Event) -> str:
    """What the head commit's message says to keep the event from starting anything; empty where it says no such."""
    marks = SKIP_MARKS if event.kind in _SKIPPABLE else ()
    return next((mark for mark in marks if mark in event.message), "")


def _with_paths(verdict: Verdict, triggers: Triggers, event: Event, facts: Facts) -> Verdict:
    """The verdict once something that was changed has to match, which is asked last: it may cost a fetch."""
    trigger = {"push": triggers.push, "pull_request": triggers.pull_request}.get(event.kind)
    paths = trigger.paths if trigger is not None else None
    if paths is None:
        return verdict
    try:
        if facts.touched(paths.globs):
            return verdict
    except FunctionError as failure:
        raise PathsError(error(paths.span, failure.code, failure.message, failure.hint)) from failure
    return Verdict(runs=False, why=f"{verdict.why}, but it changes nothing that on.{event.kind}.paths takes in")


def narrow(on: Narrowing, event: Event, facts: Facts) -> Verdict:
    """Whether a job with this `on` runs for an event that the file runs for. Raises PathsError."""
    schedule = _narrow_schedule(on, event) if event.kind == "schedule" else None
    manual = ManualTrigger((), _NOWHERE) if on.manual else None
    as_of_file = Triggers(on.push, on.pull_request, (), default_branch_only=False, span=_NOWHERE, manual=manual)
    verdict = schedule or _DECISIONS[event.kind](as_of_file, event)
    if verdict.runs:
        verdict = _with_paths(verdict, as_of_file, event, facts)
    return verdict if verdict.runs else Verdict(runs=False, why=f"not for this event: {verdict.why}")


def _narrow_schedule(on: Narrowing, event: Event) -> Verdict:
    if on.schedule is None:
        return Verdict(runs=False, why="`on` has no schedule")
    if not on.schedule or event.schedule in on.schedule:
        return Verdict(runs=True, why=f"schedule {quoted(event.schedule)}")
    return Verdict(runs=False, why=f"on.schedule does not name {quoted(event.schedule)}")


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


def _manual(triggers: Triggers, event: Event) -> Verdict:
    if triggers.manual is None:
        return Verdict(runs=False, why="`on` has no manual")
    return Verdict(runs=True, why=f"manual run of {quoted(event.tag or event.branch)}")


_DECISIONS: dict[str, Callable[[Triggers, Event], Verdict]] = {
    "push": _push,
    "tag": _tag,
    "pull_request": _pull_request,
    "schedule": _schedule,
    "manual": _manual,
}
