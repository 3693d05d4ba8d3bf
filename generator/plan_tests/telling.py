"""A test that fails, in words: the event, what it must start and what it starts, and of each difference the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.wording import harmless, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.events.event import Event
    from generator.plan_tests.model import Expected
    from generator.plan_tests.outcome import Difference, Outcome
    from generator.planning.plan import PlannedJob

_MOST_PATHS = 3
_MOST_REASONS = 10
_NOTHING = "nothing"

_EVENTS: dict[str, Callable[[Event], str]] = {
    "push": lambda event: f"push to {quoted(event.branch)}",
    "tag": lambda event: f"tag {quoted(event.tag)}",
    "pull_request": lambda event: f"pull request into {quoted(event.pull_request.base)}",
    "schedule": lambda event: f"schedule {quoted(event.schedule)}",
    "manual": lambda event: f"run by hand of {quoted(event.tag or event.branch)}",
}


def finding(outcome: Outcome) -> Diagnostic:
    """The finding of an outcome that is not as its test says."""
    test = outcome.test
    about = f"{quoted(test.name)}: {event_in_words(outcome.event)}"
    if outcome.problem:
        return error(test.place, "test-failed", f"{about} cannot be planned", outcome.problem)
    message = f"{about} must start {_wanted(test.expected)}, but starts {_started(outcome.jobs)}"
    return error(test.place, "test-failed", message, "\n".join(_reasons(outcome.differences)))


def event_in_words(event: Event) -> str:
    """`push to 'main' that changes docs/a.md`."""
    words = _EVENTS[event.kind](event)
    if event.changed is None:
        return words
    if len(event.changed) > _MOST_PATHS:
        return f"{words} that changes {len(event.changed)} paths"
    return f"{words} that changes {_names(event.changed)}"


def _wanted(expected: Expected) -> str:
    if expected.every:
        return "every job"
    started, not_started = ([name.value for name in names] for names in (expected.started, expected.not_started))
    if expected.exact:
        return _names(started)
    parts = [f"at least {_names(started)}"] if started else []
    parts += [f"none of {_names(not_started)}"] if not_started else []
    return " and ".join(parts) or "anything"


def _started(jobs: tuple[PlannedJob, ...]) -> str:
    """The jobs that start, one that does in all its combinations by its name."""
    partly = {job.job for job in jobs if not job.runs}
    return _names(dict.fromkeys(job.id if job.job in partly else job.job for job in jobs if job.runs))


def _names(names: Iterable[str]) -> str:
    return listed(map(harmless, names)) or _NOTHING


def _reasons(differences: tuple[Difference, ...]) -> list[str]:
    """A line for each reason, with the jobs that have it."""
    jobs: dict[tuple[bool, str], list[str]] = {}
    for difference in differences:
        jobs.setdefault((difference.starts, difference.why), []).append(difference.id)
    lines = [f"{_names(ids)} {_verb(len(ids), starts)}: {why}" for (starts, why), ids in jobs.items()]
    more = len(lines) - _MOST_REASONS
    return [*lines[:_MOST_REASONS], *([f"and {more} more reasons"] if more > 0 else [])]


def _verb(count: int, starts: bool) -> str:
    if count > 1:
        return "start" if starts else "do not start"
    return "starts" if starts else "does not start"
