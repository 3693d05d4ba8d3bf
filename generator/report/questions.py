"""How a job's question for approval stands: its node, as generator.manifests.approvals has Argo make it."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING, Any

from generator.manifests.approvals import APPROVED, APPROVED_PARAMETER, BY_PARAMETER

if TYPE_CHECKING:
    from collections.abc import Mapping


class Answer(enum.StrEnum):
    """What came of a question. `stopped`: the run was cancelled before anybody answered."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    STOPPED = "stopped"


UNAPPROVED = (Answer.REFUSED, Answer.EXPIRED)


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `by` is who answered, as the cluster knows them, and `reason` what they said, each perhaps empty.
    """

    answer: Answer
    by: str = ""
    reason: str = ""


def answered(question: Question) -> str:
    """`approved by ann: ticket 42`, of one that somebody has answered."""
    return f"{question.answer} by {question.by}" + (f": {question.reason}" if question.reason else "")


def question_of(node: Mapping[str, Any]) -> Question | None:
    """How it stands; None before it is asked, or where it will not be."""
    phase, message = node.get("phase"), str(node.get("message") or "")
    given = {
        one.get("name"): str(one.get("value") or "") for one in (node.get("outputs") or {}).get("parameters") or ()
    }
    if phase == "Running":
        return Question(Answer.WAITING)
    if phase == "Succeeded":
        approved = given.get(APPROVED_PARAMETER) == APPROVED
        return Question(Answer.APPROVED if approved else Answer.EXPIRED, given.get(BY_PARAMETER, ""), message)
    if phase not in ("Failed", "Error"):
        return None
    # Argo fails the node too when the run is stopped, and then nobody has set its outputs.
    answered = bool(given.get(BY_PARAMETER))
    return Question(Answer.REFUSED if answered else Answer.STOPPED, given.get(BY_PARAMETER, ""), message)
