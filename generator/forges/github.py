"""GitHub and GitHub Enterprise Server over their REST API, version 2022-11-28 (https://docs.github.com/en/rest).

A token needs, on the repositories: metadata, contents and pull requests to read; commit statuses to write, and for
comments pull requests. Not tried on a real GitHub yet: tests/unit/forges holds it to answers in the shape of that
documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from generator.forges.api import Api, RefusedError, is_sha, segments, understood
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
    from collections.abc import Iterator, Sequence

_WRITERS = ("write", "admin")
_DESCRIPTION = 140  # characters; longer ones are refused
_PAGE = 100
_NO_SUCH_COMMIT = 422
_TAG_OF_TAG = 4  # how many tag objects are followed to a commit
_STATES = (PENDING, SUCCESS, FAILURE, ERROR)


class GitHub:
    """github.com, or a server of one's own at `url` (without a slash at the end)."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self._url = url
        base = (
            "https://api.github.com" if urlsplit(url).hostname in ("github.com", "www.github.com") else f"{url}/api/v3"
        )
        self._api = Api(base, tokens, _headers)

    @understood
    def repository(self, name: str) -> RepositoryFacts | None:
        """See Forge."""
        path = segments(name, 2)
        found = self._api.get(f"/repos/{path}") if path else None
        if found is None:
            return None
        return RepositoryFacts(
            id=str(found["id"]),
            name=found["full_name"],
            default_branch=found["default_branch"],
            private=bool(found["private"]),
            clone_url=f"{self._url}/{found['full_name']}.git",
        )

    @understood
    def branch(self, repository: str, branch: str) -> BranchFacts | None:
        """See Forge. A renamed branch answers under its new name, and is not the one that was asked for."""
        found = self._in(repository, "branches", branch)
        if found is None or found["name"] != branch:
            return None
        commit = found["commit"]
        return BranchFacts(head=commit["sha"], protected=bool(found["protected"]), message=commit["commit"]["message"])

    @understood
    def tag(self, repository: str, tag: str) -> TagFacts | None:
        """See Forge."""
        found = self._in(repository, "git/ref/tags", tag)
        if found is None:
            return None
        first = found["object"]
        target, message = first, ""
        for _ in range(_TAG_OF_TAG):
            if target["type"] != "tag":
                break
            annotated = self._in(repository, "git/tags", target["sha"])
            if annotated is None:
                return None
            message = message or annotated["message"]
            target = annotated["object"]
        if target["type"] != "commit":
            return None
        commit = self._in(repository, "git/commits", target["sha"]) if first is target else None
        return TagFacts(sha=target["sha"], object_sha=first["sha"], message=commit["message"] if commit else message)

    @understood
    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:
        """See Forge."""
        found = self._in(repository, "pulls", str(number))
        if found is None:
            return None
        return pull_request_facts(found)

    @understood
    def may_write(self, repository: str, user: str) -> bool:
        """See Forge. `permission` takes maintain as write and triage as read."""
        if not segments(user, 1):
            return False
        found = self._in(repository, "collaborators", f"{user}/permission")
        return found is not None and found["permission"] in _WRITERS

    @understood
    def statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...]:
        """See Forge. The combined status lists the last one of each context."""
        path = segments(repository, 2)
        if not path or not is_sha(sha):
            return ()
        try:
            return tuple(self._statuses(path, sha))
        except RefusedError as refusal:
            if refusal.status == _NO_SUCH_COMMIT:
                return ()
            raise

    @understood
    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        """See Forge."""
        value = {
            "context": status.context,
            "state": status.state,
            "description": status.description[:_DESCRIPTION],
            "target_url": status.url or None,
        }
        self._api.post(f"/repos/{segments(repository, 2)}/statuses/{segments(sha, 1)}", value)

    @understood
    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        """See Forge. Listed by ascending id."""
        own = self._api.get("/user")["id"]
        found: list[OwnComment] = []
        path = f"/repos/{segments(repository, 2)}/issues/{int(number)}/comments"
        for page in self._api.pages(path, {"per_page": _PAGE}):
            found += [OwnComment(one["id"], one["body"] or "") for one in page if (one["user"] or {}).get("id") == own]
            if len(page) < _PAGE:
                break
        return tuple(found)

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

    def _statuses(self, path: str, sha: str) -> Iterator[CommitStatus]:
        for page in self._api.pages(f"/repos/{path}/commits/{sha}/status", {"per_page": _PAGE}):
            for item in page["statuses"]:
                state = item["state"] if item["state"] in _STATES else ERROR
                yield CommitStatus(item["context"], state, item["description"] or "", item["target_url"] or "")
            if len(page["statuses"]) < _PAGE:
                return

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
        author=(found["user"] or {}).get("login", ""),
        base=base["ref"],
        base_sha=base["sha"],
        head=head["ref"],
        head_sha=head["sha"],
        draft=bool(found.get("draft")),
        from_fork=head["repo"] is None or head["repo"]["id"] != base["repo"]["id"],
        labels=tuple(label["name"] for label in found["labels"]),
        updated_at=found["updated_at"],
    )


def _headers(token: str) -> dict[str, str]:
    common = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return {**common, "Authorization": f"Bearer {token}"} if token else common
