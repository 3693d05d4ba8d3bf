"""The key `on` of a job: which of the file's events it runs for. What it does not narrow is as wide as the file's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Choice, Either, Key, ListOf, Made, Object
from generator.language import other_systems
from generator.language.dead_globs import globs
from generator.language.draft import NarrowingDraft, PullRequestDraft, PushDraft
from generator.language.model import PULL_REQUEST_TYPES, PullRequestTrigger, PushTrigger
from generator.language.texts import SCHEDULE_NAME
from generator.language.triggers import BASES, ON_PUSH, PULL_REQUEST_PATHS, TYPES

if TYPE_CHECKING:
    from generator.fields import Placed, Record

_ANY_PUSH = PushDraft(PushTrigger(None, None))
_ANY_PULL_REQUEST = PullRequestDraft(PullRequestTrigger(None, PULL_REQUEST_TYPES))

OF_TYPES = Key("types", TYPES.type, TYPES.doc, default="any of the file's", example="types: [labeled]")


def _pull_request(record: Record) -> PullRequestDraft:
    trigger = PullRequestTrigger(globs(record, BASES, "branch"), record.get(OF_TYPES) or PULL_REQUEST_TYPES)
    return PullRequestDraft(trigger, record.get(PULL_REQUEST_PATHS))


PULL_REQUEST = Object(
    "on.pull_request of a job",
    (BASES, OF_TYPES, PULL_REQUEST_PATHS),
    _pull_request,
    foreign=other_systems.NO_IGNORE,
    title="jobs.on.pull_request",
    doc="Of the pull requests that the file runs for, those that the job does.",
)
ON_PULL_REQUEST = Key(
    "pull_request",
    PULL_REQUEST,
    "Pull requests; `{}` is any that the file runs for.",
    example="pull_request: {types: labeled}",
)


def _any_schedule(_: Record) -> tuple[Placed[str], ...]:
    return ()


_NAMES = ListOf(At(SCHEDULE_NAME), "a list of schedules' names", minimum=1, unique=True)
ON_SCHEDULE = Key(
    "schedule",
    Either(
        "a list of schedules' names, or {}",
        text=_NAMES,
        sequence=_NAMES,
        mapping=Object(
            "on.schedule of a job",
            (),
            _any_schedule,
            foreign=dict.fromkeys(
                ("name", "cron", "timezone"), "schedules are declared in the file's own 'on'; write their names here"
            ),
        ),
    ),
    "Schedules of the file, by their names; `{}` is any.",
    example="schedule: nightly",
)
ON_MANUAL = Key(
    "manual",
    Object(
        "on.manual of a job",
        (),
        lambda _: True,
        foreign={"inputs": "inputs are declared in the file's own 'on'"},
    ),
    "Runs that somebody starts by hand.",
    example="manual: {}",
)
_EVENTS = (ON_PUSH, ON_PULL_REQUEST, ON_SCHEDULE, ON_MANUAL)


def _narrowing(record: Record) -> NarrowingDraft | None:
    if not any(record.has(key) for key in _EVENTS) and not record.has_strange_keys:
        record.reading.error(
            record.place, "empty-value", "'on' is empty: the job would never run", "leave it out, or name an event"
        )
        return None
    return NarrowingDraft(
        record.get(ON_PUSH), record.get(ON_PULL_REQUEST), record.get(ON_SCHEDULE), record.get(ON_MANUAL) or False
    )


_MAPPING = Object(
    "on of a job",
    _EVENTS,
    _narrowing,
    foreign=other_systems.EVENTS,
    title="jobs.on",
    doc="The events that the job runs for, of those that the file runs for; in others it is skipped, and so is what "
    "needs it. `on: push` and `on: [push, schedule]` are short for empty mappings.",
    also={"minProperties": 1},
)


def _from_words(words: tuple[str, ...]) -> NarrowingDraft:
    return NarrowingDraft(
        _ANY_PUSH if "push" in words else None,
        _ANY_PULL_REQUEST if "pull_request" in words else None,
        () if "schedule" in words else None,
        "manual" in words,
    )


_WORDS = Made(
    ListOf(
        Choice(("push", "pull_request", "schedule", "manual"), what="event", foreign=other_systems.EVENTS),
        "a list of events",
        minimum=1,
        unique=True,
    ),
    _from_words,
)
ON = Key(
    "on",
    At(Either("an event, a list of events, or a mapping", text=_WORDS, sequence=_WORDS, mapping=_MAPPING)),
    "Which of the file's events the job runs for.",
    default="all of them",
    example='on: {push: {tags: "v*"}}',
)
