"""What argosy asks of a forge, whichever it is: facts for the expander, statuses for the reporter.

One module beside this one per forge implements `Forge`; `connect` in generator.forges chooses. Names of repositories
are `owner/name`.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

# A status' state, in GitHub's and Gitea's words; another forge's module translates.
PENDING = "pending"
SUCCESS = "success"
FAILURE = "failure"
ERROR = "error"


class ForgeError(Exception):
    """The forge could not be asked, or said no.

    `retry_after` is in seconds, 0 where it did not say; `lasting` means that asking again is no use.
    """

    def __init__(self, message: str, *, lasting: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.retry_after = retry_after


@dataclasses.dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """`id` is the forge's, decimal; `clone_url` is https or http, without credentials."""

    id: str
    name: str
    default_branch: str
    private: bool
    clone_url: str


@dataclasses.dataclass(frozen=True, slots=True)
class BranchFacts:
    """Where a branch is now. `message` is the head commit's."""

    head: str
    protected: bool
    message: str


@dataclasses.dataclass(frozen=True, slots=True)
class TagFacts:
    """`object_sha` is the tag object's sha of an annotated tag, else the commit's."""

    sha: str
    object_sha: str
    message: str


@dataclasses.dataclass(frozen=True, slots=True)
class PullRequestFacts:
    """A pull request now.

    `from_fork` also where the fork is gone; `head_sha` is the head commit, `base_sha` the target branch's.
    """

    number: int
    open: bool
    title: str
    author: str
    base: str
    base_sha: str
    head: str
    head_sha: str
    draft: bool
    from_fork: bool
    labels: tuple[str, ...]
    updated_at: str


@dataclasses.dataclass(frozen=True, slots=True)
class CommitStatus:
    """One slot of a commit: the last state posted for a context wins.

    `description` is a line, cut by the forge's module to what it takes.
    """

    context: str
    state: str
    description: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment on a pull request by the user whose token we have. `body` is Markdown, as it was written."""

    id: int
    body: str


class ForgeFacts(Protocol):
    """Every method raises ForgeError; None is the forge's clear answer: no such thing, or none that we may see."""

    def repository(self, name: str) -> RepositoryFacts | None:
        """The repository's facts."""

    def branch(self, repository: str, branch: str) -> BranchFacts | None:
        """Where the branch is now."""

    def tag(self, repository: str, tag: str) -> TagFacts | None:
        """What the tag is now."""

    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:
        """The pull request as it is now."""

    def may_write(self, repository: str, user: str) -> bool:
        """Whether the user may push to the repository: what makes a pull request a member's."""


class Forge(ForgeFacts, Protocol):
    """A forge that takes statuses and comments, too."""

    def statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...]:
        """The last status of each context on the commit."""

    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        """Sets one status. Setting the same one again changes nothing that anybody sees."""

    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        """The comments on the pull request by the token's own user, oldest first; nobody else's, whatever they say."""

    def post_comment(self, repository: str, number: int, body: str) -> None:
        """Writes a comment. An error may come although it was written: look before trying again."""

    def edit_comment(self, repository: str, number: int, comment: OwnComment, body: str) -> None:
        """Gives a comment of one's own another text."""

    def delete_comment(self, repository: str, number: int, comment: OwnComment) -> None:
        """Removes a comment of one's own, if it is still there."""
