"""GitLab over its REST API, version 4 (https://docs.gitlab.com/api/rest/).

A token needs the scope `read_api` for the facts and `api` with the role Developer for statuses and comments. Not tried
on a real GitLab yet: tests/unit/forges holds it to answers in the shape of that documentation.
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

_DEVELOPER = 30  # https://docs.gitlab.com/api/access_requests/#valid-access-levels: the least that may push to a branch
_DESCRIPTION = 255
_PAGE = 100
_BAD_REQUEST = 400
# GitLab has no error; canceled shows that it was not the code's fault.
_TO_GITLAB = {PENDING: "pending", SUCCESS: "success", FAILURE: "failed", ERROR: "canceled"}
_FROM_GITLAB = {"success": SUCCESS, "skipped": SUCCESS, "failed": FAILURE, "canceled": ERROR}


class GitLab:
    """gitlab.com, or a server of one's own at `url` (without a slash at the end).

    A repository's name may have more than one slash.
    """

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self._url = url
        self._api = Api(f"{url}/api/v4", tokens, _headers)

    @understood
    def repository(self, name: str) -> RepositoryFacts | None:
        """See Forge."""
        found = self._in(name, "")
        if found is None:
            return None
        return RepositoryFacts(
            id=str(found["id"]),
            name=found["path_with_namespace"],
            default_branch=found["default_branch"] or "",
            private=found["visibility"] != "public",
            clone_url=f"{self._url}/{found['path_with_namespace']}.git",
        )

    @understood
    def branch(self, repository: str, branch: str) -> BranchFacts | None:
        """See Forge."""
        found = self._in(repository, f"/repository/branches/{segment(branch)}")
        if found is None:
            return None
        return BranchFacts(
            head=found["commit"]["id"], protected=bool(found["protected"]), message=found["commit"]["message"]
        )

    @understood
    def tag(self, repository: str, tag: str) -> TagFacts | None:
        """See Forge. `target` is the tag object of an annotated tag, else the commit."""
        found = self._in(repository, f"/repository/tags/{segment(tag)}")
        if found is None:
            return None
        message = found["message"] or found["commit"]["message"]
        return TagFacts(sha=found["commit"]["id"], object_sha=found["target"], message=message)

    @understood
    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:
        """See Forge. GitLab tells where the two branches met, not where the target is: that is one call more."""
        found = self._in(repository, f"/merge_requests/{int(number)}")
        if found is None:
            return None
        base = self.branch(repository, found["target_branch"])
        return PullRequestFacts(
            number=found["iid"],
            open=found["state"] == "opened",
            title=found["title"],
            author=(found["author"] or {}).get("username", ""),
            base=found["target_branch"],
            base_sha=base.head if base else "",
            head=found["source_branch"],
            head_sha=found["sha"],
            draft=bool(found["draft"]),
            from_fork=found["source_project_id"] != found["target_project_id"],
            labels=tuple(found["labels"]),
            updated_at=found["updated_at"],
        )

    @understood
    def may_write(self, repository: str, user: str) -> bool:
        """See Forge. Inherited memberships count, a blocked one does not."""
        users = self._api.get("/users", {"username": user}) or ()
        known = next((item["id"] for item in users if item["username"].lower() == user.lower()), None)
        member = None if known is None else self._in(repository, f"/members/all/{int(known)}")
        return member is not None and member["access_level"] >= _DEVELOPER and member.get("state", "active") == "active"

    @understood
    def statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...]:
        """See Forge. GitLab lists the last status of each name, unless asked for all."""
        if not segments(repository) or not is_sha(sha):
            return ()
        found: list[CommitStatus] = []
        for page in self._api.pages(
            f"/projects/{segment(repository)}/repository/commits/{sha}/statuses", {"per_page": _PAGE}
        ):
            found += [_status(item) for item in page]
            if len(page) < _PAGE:
                break
        return tuple({status.context: status for status in reversed(found)}.values())

    @understood
    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        """See Forge.

        GitLab refuses to make a pending status pending again, if only to change its text: the old text then stays.
        """
        value = {
            "name": status.context,
            "state": _TO_GITLAB[status.state],
            "description": status.description[:_DESCRIPTION],
            **({"target_url": status.url} if status.url else {}),
        }
        try:
            self._api.post(f"/projects/{segment(repository)}/statuses/{segment(sha)}", value)
        except RefusedError as refusal:
            # https://gitlab.com/gitlab-org/gitlab-foss/-/issues/25807
            if (
                status.state != PENDING
                or refusal.status != _BAD_REQUEST
                or "Cannot transition status" not in str(refusal)
            ):
                raise

    @understood
    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        """See Forge. What GitLab itself notes in a user's name is none."""
        own = self._api.get("/user")["id"]
        found: list[OwnComment] = []
        query: dict[str, str | int] = {"per_page": _PAGE, "sort": "asc", "order_by": "created_at"}
        for page in self._api.pages(self._notes(repository, number), query):
            found += [
                OwnComment(item["id"], item["body"])
                for item in page
                if item["author"]["id"] == own and not item["system"]
            ]
            if len(page) < _PAGE:
                break
        return tuple(found)

    @understood
    def post_comment(self, repository: str, number: int, body: str) -> None:
        """See Forge."""
        self._api.post(self._notes(repository, number), {"body": body}, once=True)

    @understood
    def edit_comment(self, repository: str, number: int, comment: OwnComment, body: str) -> None:
        """See Forge."""
        self._api.put(f"{self._notes(repository, number)}/{int(comment.id)}", {"body": body})

    @understood
    def delete_comment(self, repository: str, number: int, comment: OwnComment) -> None:
        """See Forge."""
        self._api.delete(f"{self._notes(repository, number)}/{int(comment.id)}")

    def _notes(self, repository: str, number: int) -> str:
        return f"/projects/{segment(repository)}/merge_requests/{int(number)}/notes"

    def _in(self, repository: str, path: str) -> Any:
        return self._api.get(f"/projects/{segment(repository)}{path}") if segments(repository) else None


def _status(item: dict[str, Any]) -> CommitStatus:
    state = _FROM_GITLAB.get(item["status"], PENDING)
    return CommitStatus(item["name"], state, item["description"] or "", item["target_url"] or "")


def _headers(token: str) -> dict[str, str]:
    return {"PRIVATE-TOKEN": token} if token else {}
