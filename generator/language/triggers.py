"""The key `on`: which events start the file's jobs.

It is one event's name, a list of them, or a mapping with what narrows each; all three become the same draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Choice, Either, Key, ListOf, Made, Object, Parsed
from generator.language import cron, manual, other_systems, timezones
from generator.language.dead_globs import globs
from generator.language.draft import ManualDraft, PathsDraft, PullRequestDraft, PushDraft, ScheduleDraft, TriggersDraft
from generator.language.model import (
    DEFAULT_PULL_REQUEST_TYPES,
    PULL_REQUEST_TYPES,
    ManualTrigger,
    PullRequestTrigger,
    PushTrigger,
)
from generator.language.texts import NAME_PATTERN, NAMED_SET, PATH_GLOB, SCHEDULE_NAME, no_expression

if TYPE_CHECKING:
    from generator.fields import Placed, Record

_PATTERNS = ListOf(At(NAME_PATTERN), "a list of globs", minimum=1)
# White space as Python has it, which other readers of regular expressions do not all have.
_FIVE_FIELDS = r"[\s\u0085]*([^\s\u0085]+[\s\u0085]+){4}[^\s\u0085]+[\s\u0085]*"
_ANY_PUSH = PushDraft(PushTrigger(None, None))
_ANY_PULL_REQUEST = PullRequestDraft(PullRequestTrigger(None, DEFAULT_PULL_REQUEST_TYPES))
_PATHS = Either(
    "a list of globs, or the name of a set",
    text=Made(At(NAMED_SET), lambda name: PathsDraft((), name, name.span)),
    sequence=Made(
        At(ListOf(PATH_GLOB, "a list of globs", one=False, minimum=1)),
        lambda listed: PathsDraft(listed.value, None, listed.span),
    ),
)

BRANCHES = Key(
    "branches",
    _PATTERNS,
    "[Globs](#globs) over the branch that was pushed; `/regex/` too.",
    default="every branch, or none where `tags` stands alone",
    example='branches: [main, "release/**"]',
)
TAGS = Key(
    "tags",
    _PATTERNS,
    "[Globs](#globs) over the tag that was pushed; `/regex/` too.",
    default="no tag",
    example='tags: ["v*", "!v*-rc*"]',
)
PUSH_PATHS = Key(
    "paths",
    _PATHS,
    "[Globs](#globs) over paths, of which one that the push changed has to match; or the name of a set of `files`. "
    "Tags are not asked.",
    default="any",
    example='paths: ["**", "!docs/**"]',
)


def _push(record: Record) -> PushDraft:
    trigger = PushTrigger(globs(record, BRANCHES, "branch"), globs(record, TAGS, "tag"))
    return PushDraft(trigger, record.get(PUSH_PATHS))


PUSH = Object(
    "on.push",
    (BRANCHES, TAGS, PUSH_PATHS),
    _push,
    title="on.push",
    doc="A branch or a tag was pushed. `branches` alone shuts tags out and the other way round.",
    foreign=other_systems.NO_IGNORE,
)

BASES = Key(
    "branches",
    _PATTERNS,
    "[Globs](#globs) over the target branch; `/regex/` too.",
    default="any",
    example="branches: main",
)
TYPES = Key(
    "types",
    ListOf(
        Choice(PULL_REQUEST_TYPES, what="type", foreign=other_systems.TYPES),
        "a list of pull request types",
        minimum=1,
        unique=True,
    ),
    "What happened to the pull request: " + ", ".join(f"`{kind}`" for kind in PULL_REQUEST_TYPES) + ".",
    default=", ".join(f"`{kind}`" for kind in DEFAULT_PULL_REQUEST_TYPES),
    example="types: [opened, synchronize]",
)
PULL_REQUEST_PATHS = Key(
    "paths",
    _PATHS,
    "[Globs](#globs) over paths, of which one that the pull request changes has to match; or the name of a set of "
    "`files`.",
    default="any",
    example="paths: code",
)


def _pull_request(record: Record) -> PullRequestDraft:
    types = record.get(TYPES) or DEFAULT_PULL_REQUEST_TYPES
    trigger = PullRequestTrigger(globs(record, BASES, "branch"), types)
    return PullRequestDraft(trigger, record.get(PULL_REQUEST_PATHS))


PULL_REQUEST = Object(
    "on.pull_request",
    (BASES, TYPES, PULL_REQUEST_PATHS),
    _pull_request,
    title="on.pull_request",
    doc="A pull request was opened or changed. Its head commit runs, with that commit's ci.yaml.",
    foreign=other_systems.NO_IGNORE,
)

NAME = Key(
    "name",
    At(SCHEDULE_NAME),
    "The entry's name; each of several entries needs one.",
    default="`schedule`",
    example="name: nightly",
)
CRON = Key(
    "cron",
    At(
        Parsed(
            "a cron expression",
            cron.normalized,
            grammar="minute hour day month weekday, like '0 3 * * 1-5'",
            pattern=_FIVE_FIELDS,
            code="bad-cron",
            rules=(no_expression,),
        )
    ),
    "Minute, hour, day of the month, month, day of the week, each `*`, a number, a list, a range or with a step; "
    "months and days of the week by name, too.",
    example='cron: "0 3 * * MON-FRI"',
    required=True,
)
TIMEZONE = Key(
    "timezone",
    Parsed(
        "a time zone",
        timezones.known,
        "write its IANA name, like Europe/Berlin",
        code="bad-timezone",
        rules=(no_expression,),
        words=timezones.all_names,
    ),
    "The time zone that the expression is read in, by its IANA name.",
    default="`UTC`",
    example="timezone: Europe/Berlin",
)


def _schedule(record: Record) -> ScheduleDraft:
    timezone = record.get(TIMEZONE) or ""
    return ScheduleDraft(
        record.get(NAME), record.has(NAME) or not record.knows(NAME), record.get(CRON), timezone, record.span
    )


SCHEDULE = Object(
    "a schedule",
    (NAME, CRON, TIMEZONE),
    _schedule,
    foreign=other_systems.SCHEDULE,
    title="on.schedule",
    doc="At these times the head of the default branch runs. One mapping, or a list of them.",
)

ON_PUSH = Key(
    "push", PUSH, "Pushes to branches and of tags; `{}` is every branch and no tag.", example="push: {branches: [main]}"
)
ON_PULL_REQUEST = Key("pull_request", PULL_REQUEST, "Pull requests.", example="pull_request: {branches: [main]}")
ON_SCHEDULE = Key(
    "schedule",
    ListOf(SCHEDULE, "a schedule or a list of them", minimum=1),
    "Times; only those in the default branch's file count.",
    example='schedule: {cron: "0 3 * * *"}',
)
ON_MANUAL = Key(
    "manual",
    manual.MANUAL,
    "Runs that somebody starts by hand, with inputs if you like.",
    example="manual: {inputs: {version: {description: What to release}}}",
)
_EVENTS = (ON_PUSH, ON_PULL_REQUEST, ON_SCHEDULE, ON_MANUAL)


def _triggers(record: Record) -> TriggersDraft | None:
    if not any(record.has(key) for key in _EVENTS) and not record.has_strange_keys:
        record.reading.error(
            record.place, "empty-value", "'on' is empty: nothing would ever start", "leave it out, or name an event"
        )
        return None
    return TriggersDraft(
        record.get(ON_PUSH),
        record.get(ON_PULL_REQUEST),
        record.get(ON_SCHEDULE) or (),
        manual.manual(record, ON_MANUAL),
    )


_MAPPING = Object(
    "on",
    _EVENTS,
    _triggers,
    title="on",
    doc="Which events start the file's jobs. `on: push` and `on: [push, pull_request]` are short for empty mappings.",
    also={"minProperties": 1},
    foreign=other_systems.EVENTS,
)


def _from_words(words: Placed[tuple[str, ...]]) -> TriggersDraft:
    return TriggersDraft(
        _ANY_PUSH if "push" in words.value else None,
        _ANY_PULL_REQUEST if "pull_request" in words.value else None,
        (),
        ManualDraft(ManualTrigger((), words.span)) if "manual" in words.value else None,
    )


_MAPPED = {"schedule": 'a schedule has a time, so on is a mapping: {push: {}, schedule: {cron: "0 3 * * *"}}'}
_WORDS = Made(
    At(
        ListOf(
            Choice(("push", "pull_request", "manual"), what="event", foreign={**other_systems.EVENTS, **_MAPPED}),
            "a list of events",
            minimum=1,
            unique=True,
        )
    ),
    _from_words,
)
ON = Key(
    "on",
    At(Either("an event, a list of events, or a mapping", text=_WORDS, sequence=_WORDS, mapping=_MAPPING)),
    "Which events start the jobs.",
    default="pushes to the default branch, and pull requests",
    example="on: {push: {branches: [main]}, pull_request: {}}",
)
