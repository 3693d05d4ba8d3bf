"""The key `event` of a test: one word, a kind with its ref, or all that an event file may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.events.event import KINDS, TIERS
from generator.fields import Choice, Either, Key, ListOf, Made, MapOf, Object, Text
from generator.plan_tests.draft import EventDraft
from generator.plan_tests.pull_requests import PULL_REQUEST
from generator.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.fields import Record

_TEXT = Text(empty=True)
_BRANCH = Text("a branch", empty=True)
_PATH = Text("a path", r"(?!/)[^\x00]*[^\x00/]", "write it from the repository's root, like src/main.go")

PUSH = Key("push", _BRANCH, "A branch was pushed; without a name, the default branch.", example="push: main")
TAG = Key("tag", Text("a tag", empty=True), "A tag was pushed.", example="tag: v1.2.0")
SCHEDULE = Key(
    "schedule",
    Text("a schedule's name", empty=True),
    "It is the time of a schedule; without a name, of the one called `schedule`.",
    example="schedule: nightly",
)
MANUAL = Key(
    "manual",
    _BRANCH,
    "Somebody started a run by hand, on a branch; without a name, on the default branch.",
    example="manual: main",
)
CHANGED = Key(
    "changed",
    ListOf(_PATH, "a list of paths"),
    "The paths that were changed. They need not exist.",
    default="every path",
    example="changed: [src/main.go, docs/index.md]",
)
INPUTS = Key(
    "inputs",
    MapOf(Text("an input's name"), _TEXT, "a mapping of names to texts"),
    "The inputs of a run by hand.",
    default="those that ci.yaml has",
    example="inputs: {level: debug}",
)
KIND = Key(
    "kind",
    Choice(KINDS, what="kind"),
    "The kind, as an event file says it; the other keys are then those of an event file.",
    default="the key above that is there",
    example="kind: push",
)
BRANCH = Key("branch", _BRANCH, "The branch, beside `kind`.", default="the default branch", example="branch: main")
TIER = Key(
    "tier",
    Choice(TIERS),
    "How far it is trusted.",
    default="protected on the default branch and of a tag, else trusted",
    example="tier: protected",
)
FORGE = Key("forge", _TEXT, "The forge's id in platform.yaml.", default="empty", example="forge: work")
REPOSITORY = Key("repository", _TEXT, "The repository.", default="`owner/name`", example="repository: acme/app")
DEFAULT_BRANCH = Key(
    "default_branch",
    Text("a branch", empty=True),
    "The repository's default branch.",
    default="`main`",
    example="default_branch: trunk",
)
ACTOR = Key("actor", _TEXT, "Who did it.", default="empty", example="actor: ann")
MESSAGE = Key(
    "message",
    _TEXT,
    "The head commit's message, in which `[skip ci]` may stand.",
    default="empty",
    example='message: "Mend a typo [skip ci]"',
)
SHA = Key("sha", _TEXT, "The commit.", default="zeros", example="sha: c0ffee0000000000000000000000000000000000")
BASE_SHA = Key(
    "base_sha",
    _TEXT,
    "The commit before the push; of a pull request its base.",
    default="empty",
    example="base_sha: b0ffee0000000000000000000000000000000000",
)
OBJECT_SHA = Key(
    "object_sha",
    _TEXT,
    "The object of an annotated tag.",
    default="empty",
    example="object_sha: a0ffee0000000000000000000000000000000000",
)
REPOSITORY_ID = Key(
    "repository_id", _TEXT, "The forge's number for the repository.", default="empty", example="repository_id: 42"
)
SCHEDULED_AT = Key(
    "scheduled_at",
    _TEXT,
    "The time that the schedule was for, in UTC.",
    default="empty",
    example='scheduled_at: "2026-11-24T03:00:00Z"',
)
REQUEST = Key("request", _TEXT, "The id of a run by hand.", default="empty", example="request: 6f1c")

# What a table may say once for all of its events.
COMMON: tuple[Key[str], ...] = (REPOSITORY, DEFAULT_BRANCH, ACTOR, FORGE)
# What stands in an Event as it is written, under the same name.
_TEXTS: tuple[Key[str], ...] = (
    *(*COMMON, MESSAGE, TIER, SHA, BASE_SHA),
    *(OBJECT_SHA, REPOSITORY_ID, SCHEDULED_AT, REQUEST),
)
# What an event file has not: there, `kind` says it.
_SHORT: Mapping[str, Key[str]] = {key.name: key for key in (PUSH, MANUAL)}
_KINDS: tuple[Key[Any], ...] = (PUSH, TAG, PULL_REQUEST, SCHEDULE, MANUAL)


def texts(record: Record, keys: tuple[Key[str], ...]) -> dict[str, str]:
    """What the keys say, by their names, without those that are not there."""
    found = ((key.name, record.get(key)) for key in keys)
    return {name: value for name, value in found if value is not None}


def _event(record: Record) -> EventDraft | None:
    kind = _kind(record)
    if kind is None:
        return None
    if kind == TAG.name and not record.get(TAG):
        record.reading.error(record.place, "missing-key", "an event of a tag needs the tag", "write tag: v1.2.0")
        return None
    short = _SHORT.get(kind)
    return EventDraft(
        kind=kind,
        branch=(record.get(short) if short is not None else None) or record.get(BRANCH) or "",
        tag=record.get(TAG) or "",
        schedule=record.get(SCHEDULE) or "",
        pull_request=record.get(PULL_REQUEST),
        changed=record.get(CHANGED),
        inputs=tuple(sorted((entry.name, entry.value) for entry in record.get(INPUTS) or ())),
        texts=texts(record, _TEXTS),
    )


def _kind(record: Record) -> str | None:
    """What kind of event it is; None where that is not clear, which is reported."""
    named = [key.name for key in _KINDS if record.has(key)]
    short = next((name for name in named if name in _SHORT), None)
    if record.has(KIND):
        if short is None:
            return record.get(KIND)
        record.reading.error(record.place, "bad-value", f"'kind' and {short!r} are two ways to say one thing")
    elif len(named) > 1:
        record.reading.error(
            record.place, "bad-value", f"one event is not {listed(named)} at once", "write a list of events"
        )
    elif named:
        return named[0]
    elif not record.has_strange_keys:
        known = listed(key.name for key in _KINDS)
        record.reading.error(record.place, "missing-key", "an event needs its kind", f"write one of {known}")
    return None


_MAPPING = Object(
    "an event",
    (*_KINDS, CHANGED, INPUTS, KIND, BRANCH, *_TEXTS),
    _event,
    title="event",
    doc="What happened: one of `push`, `tag`, `pull_request`, `schedule` and `manual`, and what else matters. What an "
    "event file holds will do, too: there `kind` says which of the other keys count.",
    foreign={
        **dict.fromkeys(("labels", "draft", "title", "author", "action", "head", "base"), "write it in pull_request"),
        **dict.fromkeys(("files", "paths"), "write changed"),
        "ref": "write push, tag or pull_request",
        "branches": "write push",
        "tags": "write tag",
    },
)
_WORD = Choice(tuple(kind for kind in KINDS if kind != TAG.name), what="event")
EVENT = Key(
    "event",
    ListOf(
        Either("an event's kind, or a mapping", text=Made(_WORD, EventDraft), mapping=_MAPPING),
        "an event or a list of them",
        minimum=1,
    ),
    "The event, or several that must all start the same. `push`, `pull_request`, `schedule` and `manual` by themselves "
    "are short for mappings.",
    example="event: {push: main, changed: src/main.go}",
    required=True,
)
