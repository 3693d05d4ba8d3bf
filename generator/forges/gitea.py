"""Gitea and Forgejo over their REST API, version 1. Facts about the API are from Gitea 1.26.0's source, routers/api/v1.

Scopes: `read:repository` for the facts, `write:repository` for statuses, `write:issue` and `read:user` for comments. To
say what somebody else may do, the read token's user must be an administrator of the repository or of the site
(repo/collaborators.go, GetRepoPermissions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.forges.api import Api, RefusedError, is_sha, segment, segments, understood
from generator.forges.forge import (
    ERROR,
    FAILURE,
    PENDING,
    SUCCESS,
    BranchFacts,
    CommitStatus,
    OwnComment,
    PullRequestFacts,
    RepositoryFacts,
    TagFacts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITERS = ("write", "admin", "owner")
_FORBIDDEN = 403
_INTERNAL_ERROR = 500
# `warning` is Gitea's own; nothing of ours posts it. `skipped` is newer Gitea's.
_STATES = {PENDING: PENDING, SUCCESS: SUCCESS, FAILURE: FAILURE, ERROR: ERROR, "warning": FAILURE, "skipped": SUCCESS}


class Gitea:
    """One Gitea or Forgejo. `url` is where it is, without a slash at the end."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self._url = url
        self._api = Api(f"{url}/api/v1", tokens, _authorization)

    @understood
    def repository(self, name: str) -> RepositoryFacts | None:
        """See Forge. The address to clone from is ours, not the forge's ROOT_URL: it is where the token may go."""
        path = segments(name, 2)
        found = self._api.get(f"/repos/{path}") if path else None
        if found is None:
            return None
        full_name = found["full_name"]
        return RepositoryFacts(
            id=str(found["id"]),
            name=full_name,
            default_branch=found["default_branch"],
            private=bool(found["private"]),
            clone_url=f"{self._url}/{full_name}.git",
        )

    @understood
    def branch(self, repository: str, branch: str) -> BranchFacts | None:
        """See Forge."""
        found = self._in(repository, "branches", branch)
        if found is None or found["name"] != branch:
            return None
        commit = found["commit"]
        return BranchFacts(head=commit["id"], protected=bool(found["protected"]), message=commit["message"])

    @understood
    def tag(self, repository: str, tag: str) -> TagFacts | None:
        """See Forge. A lightweight tag's id is its commit's."""
        found = self._in(repository, "tags", tag)
        if found is None or found["name"] != tag:
            return None
        return TagFacts(sha=found["commit"]["sha"], object_sha=found["id"], message=found["message"])

    @understood
    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:
        """See Forge."""
        found = self._in(repository, "pulls", str(number))
        if found is None:
            return None
        return pull_request_facts(found)

    @understood
    def may_write(self, repository: str, user: str) -> bool:
        """See Forge. A team that may write to a part of the repository only counts as what it may do to all of it."""
        if not segments(user, 1):
            return False
        try:
            found = self._in(repository, "collaborators", f"{user}/permission")
        except RefusedError as refusal:
            if refusal.status != _FORBIDDEN:
                raise
            why = "the read token may not ask who may write there; its user must administrate the repository"
            raise RefusedError(_FORBIDDEN, f"{repository}: {why}", lasting=True) from refusal
        return found is not None and found["permission"] in _WRITERS

    @understood
    def statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...]:
        """See Forge. The combined status lists the last one of each context; a page may be shorter than asked for."""
        return self._statuses(repository, sha) or ()

    @understood
    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        """See Forge."""
        path = segments(repository, 2)
        value = {
            "context": status.context,
            "state": status.state,
            "description": status.description,
            "target_url": status.url,
        }
        try:
            self._api.post(f"/repos/{path}/statuses/{segment(sha)}", value)
        except RefusedError as refusal:
            if refusal.status != _INTERNAL_ERROR:
                raise
            self._judge(repository, sha, status, refusal)

    @understood
    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        """See Forge. Gitea gives all comments at once, and lets who may write to a repository edit everybody's."""
        path = segments(repository, 2)
        own = self._api.get("/user")["id"]
        try:
            found = self._api.get(f"/repos/{path}/issues/{int(number)}/comments") or ()
        except RefusedError as refusal:
            # So it answers for a pull request that has been deleted.
            if refusal.status == _INTERNAL_ERROR and self.pull_request(repository, number) is None:
                raise RefusedError(404, f"{refusal}: there is no such pull request", lasting=True) from refusal
            raise
        return tuple(
            OwnComment(item["id"], item["body"])
            for item in sorted(found, key=_id)
            if (item["user"] or {}).get("id") == own
        )

    @understood
    def post_comment(self, repository: str, number: int, body: str) -> None:
        """See Forge."""
        path = segments(repository, 2)
        self._api.post(f"/repos/{path}/issues/{int(number)}/comments", {"body": body}, once=True)

    @understood
    def edit_comment(self, repository: str, number: int, comment: OwnComment, body: str) -> None:  # noqa: ARG002
        """See Forge."""
        self._api.patch(f"/repos/{segments(repository, 2)}/issues/comments/{int(comment.id)}", {"body": body})

    @understood
    def delete_comment(self, repository: str, number: int, comment: OwnComment) -> None:  # noqa: ARG002
        """See Forge."""
        self._api.delete(f"/repos/{segments(repository, 2)}/issues/comments/{int(comment.id)}")

    def _judge(self, repository: str, sha: str, status: CommitStatus, refusal: RefusedError) -> None:
        """What a 500 meant: Gitea answers so for a commit that it does not have, and after it has taken the status.

        (services/repository/commitstatus/commitstatus.go: GetCommit fails; or, with the status saved, GetBranchCommit
        of the default branch.)
        """
        there = self._statuses(repository, sha)
        if there is None:
            raise RefusedError(404, f"{refusal}: there is no commit {sha}", lasting=True) from refusal
        if status not in there:
            raise refusal

    def _statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...] | None:
        """None where the forge has no such commit."""
        path = segments(repository, 2)
        if not path or not is_sha(sha):
            return None
        found: dict[str, CommitStatus] = {}
        known = False
        for page in self._api.pages(f"/repos/{path}/commits/{sha}/status", {"limit": 50}):
            known = True
            fresh = [item for item in page["statuses"] or () if item["context"] not in found]
            if not fresh:
                break
            found.update((item["context"], _status(item)) for item in fresh)
        return tuple(found.values()) if known else None

    def _in(self, repository: str, collection: str, name: str) -> Any:
        """What a repository has under a name that may hold slashes; None where there is none, or can be none."""
        path, rest = segments(repository, 2), segments(name)
        return self._api.get(f"/repos/{path}/{collection}/{rest}") if path and rest else None


def pull_request_facts(found: dict[str, Any]) -> PullRequestFacts:
    """The facts in a pull request as the API has it, and a webhook's body too; what is missing is a KeyError."""
    head, base = found["head"], found["base"]
    return PullRequestFacts(
        number=found["number"],
        open=found["state"] == "open",
        title=found["title"],
        author=(found.get("user") or {}).get("login", ""),
        base=base["ref"],
        base_sha=base["sha"],
        # `label` is the branch, also when that is gone and `ref` is refs/pull/N/head: services/convert/pull.go.
        head=head["label"] or head["ref"],
        head_sha=head["sha"],
        draft=bool(found.get("draft")),
        # Without a label it was pushed to refs/for: to no branch, and by anyone who may read.
        from_fork=head["repo_id"] != base["repo_id"] or not head["label"],
        labels=tuple(label["name"] for label in found.get("labels") or ()),
        updated_at=found.get("updated_at") or "",
    )


def _id(item: dict[str, Any]) -> int:
    return int(item["id"])


def _status(item: dict[str, Any]) -> CommitStatus:
    return CommitStatus(
        context=item["context"],
        state=_STATES.get(item["status"], ERROR),
        description=item["description"],
        url=item["target_url"],
    )


def _authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"token {token}"} if token else {}
