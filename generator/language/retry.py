"""The key `retry` of a job and of `defaults`: after which failures a job is tried again, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Choice, Integer, Key, Made, Object
from generator.language import other_systems
from generator.language.model import Retry, RetryOn

if TYPE_CHECKING:
    from generator.fields import Record

MOST = 10

LIMIT = Key(
    "limit",
    Integer(1, MOST),
    f"How many further attempts there may be, at most {MOST}.",
    example="limit: 2",
    required=True,
)
ON = Key(
    "on",
    Made(Choice(tuple(RetryOn), what="kind of failure"), RetryOn),
    "`infrastructure`: what came from outside the job, as when its node goes away or its source cannot be fetched; "
    "`failure`: what came from the job itself, its timeout included; `always`: either.",
    default="`infrastructure`",
    example="on: infrastructure",
)


def _retry(record: Record) -> Retry | None:
    limit = record.get(LIMIT)
    return None if limit is None else Retry(limit, record.get(ON) or RetryOn.INFRASTRUCTURE)


RETRY = Key(
    "retry",
    At(
        Object(
            "retry",
            (LIMIT, ON),
            _retry,
            foreign=other_systems.RETRY,
            title="retry",
            doc="A further attempt is a new pod with a checkout and a time of its own; what counts is how the last one "
            "ends. A pod that is gone within ten seconds of its start is made again, with or without `retry`, and that "
            "is no attempt.",
        )
    ),
    "After which failures the job is tried again.",
    default="of `defaults`, else it is not",
    example="retry: {limit: 2}",
)
