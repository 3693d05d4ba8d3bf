"""What every expression knows of the event: the names, their types and meanings, and their values in an event.

Every name has a value in every event, a zero value where the event has nothing to say. Values are verbatim, but for
what no environment variable could hold: NUL, and half of a surrogate pair.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.events.event import PullRequest
from generator.expressions.evaluating import Bindings
from generator.expressions.scope import Scope, Value, ValueType

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.events.event import Event

_NO_PULL_REQUEST = PullRequest(action="")
_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclasses.dataclass(frozen=True, slots=True)
class EventName:
    """One name. `doc` is the sentence of the reference."""

    name: str
    type: ValueType
    doc: str
    value: Callable[[Event], Value]


def _of_request(event: Event) -> PullRequest:
    return event.pull_request if event.kind == "pull_request" else _NO_PULL_REQUEST


_TEXT, _NUMBER, _FLAG, _TEXTS = ValueType.TEXT, ValueType.NUMBER, ValueType.FLAG, ValueType.TEXTS

EVENT_NAMES = (
    EventName(
        "event", _TEXT, "`push` (of a branch), `tag`, `pull_request`, `schedule` or `manual`.", lambda event: event.kind
    ),
    EventName(
        "branch",
        _TEXT,
        "The branch that runs, without `refs/heads/`; empty in a pull request and for a tag.",
        lambda event: "" if event.kind == "pull_request" else event.branch,
    ),
    EventName("tag", _TEXT, "The tag, without `refs/tags/`.", lambda event: event.tag),
    EventName("ref", _TEXT, "`refs/heads/x`, `refs/tags/x` or `refs/pull/N`.", lambda event: event.ref),
    EventName("sha", _TEXT, "The commit that runs.", lambda event: event.sha),
    EventName("actor", _TEXT, "The user who started the run.", lambda event: event.actor),
    EventName("repository", _TEXT, "`owner/name`.", lambda event: event.repository),
    EventName("default_branch", _TEXT, "The repository's default branch.", lambda event: event.default_branch),
    EventName("schedule", _TEXT, "The schedule's name.", lambda event: event.schedule),
    EventName("pull_request.number", _NUMBER, "Its number.", lambda event: _of_request(event).number),
    EventName("pull_request.title", _TEXT, "Its title.", lambda event: _of_request(event).title),
    EventName("pull_request.author", _TEXT, "Who opened it.", lambda event: _of_request(event).author),
    EventName(
        "pull_request.action",
        _TEXT,
        "What happened to it, one of `on.pull_request.types`.",
        lambda event: _of_request(event).action,
    ),
    EventName("pull_request.base", _TEXT, "The branch that it goes into.", lambda event: _of_request(event).base),
    EventName("pull_request.head", _TEXT, "The branch that it comes from.", lambda event: _of_request(event).head),
    EventName("pull_request.draft", _FLAG, "Whether it is a draft.", lambda event: _of_request(event).draft),
    EventName(
        "pull_request.from_fork",
        _FLAG,
        "Whether it comes from another repository.",
        lambda event: _of_request(event).from_fork,
    ),
    EventName("pull_request.labels", _TEXTS, "Its labels.", lambda event: _of_request(event).labels),
)
EVENT_SCOPE = Scope(tuple((one.name, one.type) for one in EVENT_NAMES))


def event_bindings(event: Event) -> Bindings:
    """What the names stand for in this event."""
    return Bindings(EVENT_SCOPE, tuple((one.name, _fit(one.value(event))) for one in EVENT_NAMES))


def _fit(value: Value) -> Value:
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    return tuple(_UNFIT.sub("\ufffd", text) for text in value) if isinstance(value, tuple) else value
