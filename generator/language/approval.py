"""The key `approval` of a job: a person has to say yes before the job starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import Key, Object, Text, duration
from generator.language import texts
from generator.language.model import Approval
from generator.language.texts import no_expression

if TYPE_CHECKING:
    from generator.fields import Record

DEFAULT_TIMEOUT = 24 * 3600

MESSAGE = Key(
    "message",
    Text("a message", r"[^\n]{1,200}", "one line of at most 200 characters", rules=(no_expression,)),
    "What is asked. The job's status shows it as long as nobody has answered.",
    example="message: Release to production?",
    required=True,
)
ENVIRONMENT = Key(
    "environment",
    texts.ENVIRONMENT,
    "What the job changes. Who runs the platform can let other people approve for other environments.",
    default="none: whoever may approve for every environment",
    example="environment: production",
)
TIMEOUT = Key(
    "timeout",
    duration(rules=(no_expression,)),
    "How long the run waits for an answer. No answer is no: the job fails then.",
    default="`24h`",
    example="timeout: 2h",
)


def _approval(record: Record) -> Approval | None:
    message = record.get(MESSAGE)
    if message is None:
        return None
    return Approval(message, record.get(ENVIRONMENT) or "", record.get(TIMEOUT) or DEFAULT_TIMEOUT)


APPROVAL = Key(
    "approval",
    Object(
        "approval",
        (MESSAGE, ENVIRONMENT, TIMEOUT),
        _approval,
        title="approval",
        doc="The run waits until a person answers with [`argosy approve`](commands.md#argosy-approve). Who may is for "
        "those to say who run the platform. One answer stands for all combinations of a matrix.",
    ),
    "A person has to say yes before the job starts; its time begins after that.",
    default="none",
    example="approval: {message: Release to production?, environment: production}",
)
