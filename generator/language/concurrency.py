"""`concurrency`: which runs of a repository come one after the other, and whether a newer one ends the older."""

from __future__ import annotations

from generator.fields import Key, Object
from generator.language import texts
from generator.language.draft import ConcurrencyDraft, ConditionDraft
from generator.language.template_text import FlagOrCondition

GROUP = Key(
    "group",
    texts.GROUP,
    "The name of what only one run at a time may be in; [`${{ }}`](#expressions) makes it several groups.",
    example='group: "${{ event }}-${{ ref }}"',
    required=True,
)
CANCEL: Key[bool | ConditionDraft] = Key(
    "cancel-in-progress",
    FlagOrCondition(),
    "Whether a run of a newer commit cancels the older runs of its group, instead of waiting for them.",
    default="`false`",
    example="cancel-in-progress: event == 'pull_request'",
)
CONCURRENCY = Object(
    "concurrency",
    (GROUP, CANCEL),
    lambda record: ConcurrencyDraft(record.get(GROUP), record.get(CANCEL) or False),
    title="concurrency",
    doc="Runs of one group come one after the other, in the order in which they were started. A group is the "
    "repository's own: another one's of the same name is another group.",
)
FILE_CONCURRENCY = Key(
    "concurrency",
    CONCURRENCY,
    "Which runs wait for each other, or end each other.",
    default="none: runs know nothing of each other",
    example='concurrency: {group: "${{ event }}-${{ ref }}", cancel-in-progress: true}',
)
