"""The key `pull_request` of an event: the name of a target branch, or all that an event file says of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.event import PULL_REQUEST_ACTIONS, PullRequest
from generator.fields import Choice, Either, Flag, Integer, Key, ListOf, Made, Object, Text

if TYPE_CHECKING:
    from generator.fields import Record

# One that is about nothing in particular, but has a number, since `ref` is made of it.
STANDARD = PullRequest(number=1)
_LARGEST = 2**53 - 1
_TEXT = Text(empty=True)
_BRANCH = Text("a branch", empty=True)

NUMBER = Key(
    "number", Integer(0, _LARGEST), "Its number.", default=f"`{STANDARD.number}`", example=f"number: {STANDARD.number}"
)
BASE = Key("base", _BRANCH, "The branch that it goes into.", default="the default branch", example="base: main")
HEAD = Key("head", _BRANCH, "The branch that it comes from.", default="empty", example="head: topic")
TITLE = Key("title", _TEXT, "Its title.", default="empty", example="title: Add a parser")
AUTHOR = Key("author", _TEXT, "Who opened it.", default="empty", example="author: ann")
ACTION = Key(
    "action",
    Choice(PULL_REQUEST_ACTIONS),
    "What happened to it, one of `on.pull_request.types`.",
    default=f"`{STANDARD.action}`",
    example="action: labeled",
)
DRAFT = Key("draft", Flag(), "Whether it is a draft.", default="`false`", example="draft: true")
FROM_FORK = Key(
    "from_fork", Flag(), "Whether it comes from another repository.", default="`false`", example="from_fork: true"
)
LABELS = Key("labels", ListOf(_TEXT, "a list of texts"), "Its labels.", default="none", example="labels: [full-test]")
LABEL = Key(
    "label",
    _TEXT,
    "The label that `labeled` and `unlabeled` are about.",
    default="empty",
    example="label: full-test",
)
UPDATED_AT = Key(
    "updated_at",
    _TEXT,
    "When it was changed, as the forge says it.",
    default="empty",
    example='updated_at: "2026-11-24T03:00:00Z"',
)


def _pull_request(record: Record) -> PullRequest:
    number = record.get(NUMBER)
    return PullRequest(
        number=STANDARD.number if number is None else number,
        base=record.get(BASE) or "",
        head=record.get(HEAD) or "",
        title=record.get(TITLE) or "",
        author=record.get(AUTHOR) or "",
        action=record.get(ACTION) or STANDARD.action,
        draft=record.get(DRAFT) or False,
        from_fork=record.get(FROM_FORK) or False,
        labels=record.get(LABELS) or (),
        label=record.get(LABEL) or "",
        updated_at=record.get(UPDATED_AT) or "",
    )


_MAPPING = Object(
    "a pull request",
    (BASE, HEAD, LABELS, DRAFT, FROM_FORK, TITLE, AUTHOR, ACTION, LABEL, NUMBER, UPDATED_AT),
    _pull_request,
    title="event.pull_request",
    doc="A pull request. The name of the target branch alone is short for `base`.",
    foreign={
        "branches": "write base",
        "types": "write action",
        "changed": "write it beside pull_request",
        "fork": "write from_fork",
    },
)
PULL_REQUEST = Key(
    "pull_request",
    Either(
        "a target branch, or a mapping",
        text=Made(_BRANCH, lambda base: PullRequest(number=STANDARD.number, base=base)),
        mapping=_MAPPING,
    ),
    "A pull request was opened or changed: the name of its target branch, or more of it.",
    example="pull_request: {base: main, labels: [full-test]}",
)
