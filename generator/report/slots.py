"""What is shown where: a slot is one context on one commit, a report is what one Workflow wants it to show.

The comment on a pull request is such a slot too.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib

from generator.forges.forge import PENDING, CommitStatus
from generator.report.comment import Comment

DESCRIPTION = 140  # characters; GitHub takes no more, and a commit's page shows no more


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One context on one commit, or the comment on one pull request.

    `repository` is `owner/name`, `forge` an id of platform.yaml. `number` is that of the pull request whose comment it
    is, which has no `sha`; 0 for a status.
    """

    forge: str
    repository: str
    sha: str
    context: str
    number: int = 0


class When(enum.Enum):
    """On what a report depends, other than that no better one is there."""

    ALWAYS = "always"
    UNLESS_FINAL = "unless final"  # only where no final state of an earlier run stands
    IF_OPEN = "if open"  # only to end what we have left pending
    IF_THERE = "if there"  # only in place of something of ours


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What one Workflow wants a slot to show. `after` is a time (seconds since 1970) before which it is not said."""

    slot: Slot
    status: CommitStatus | Comment
    when: When = When.ALWAYS
    after: float = 0.0


def status(context: str, state: str, description: str, url: str) -> CommitStatus:
    """A status whose description is one line of at most 140 characters."""
    line = " ".join("".join(character if character.isprintable() else " " for character in description).split())
    return CommitStatus(context, state, line if len(line) <= DESCRIPTION else line[: DESCRIPTION - 1] + "…", url)


def is_open(shown: CommitStatus | Comment) -> bool:
    """Whether something is still to come after this."""
    return isinstance(shown, CommitStatus) and shown.state == PENDING


def digest(shown: CommitStatus | Comment) -> str:
    """12 hex digits that stand for what it says; where it leads to is not part of that."""
    if isinstance(shown, Comment):
        said = shown.body.replace(shown.url, "") if shown.url else shown.body
    else:
        said = f"{shown.state}\0{shown.description}"
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:12]
