"""`--payload`: a webhook's body, as a forge's page of deliveries shows it, as the event that it would have been.

The expander takes a payload for a hint and asks the forge; here the payload itself and the working copy answer, through
the same questions (generator.expander.facts). What neither knows is assumed and said: that a branch is not protected
but the default one, and that a pull request which comes from no fork is a member's.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from generator.commands.inputs import refuse
from generator.events import packing
from generator.events.claims import claim
from generator.expander.facts import Gone, gather
from generator.forges import gitea, github
from generator.forges.forge import BranchFacts, ForgeError, PullRequestFacts, RepositoryFacts, TagFacts
from generator.platform.remotes import repository_of
from generator.wording import quoted
from generator.working_copy import WorkingCopy, WorkingCopyError

if TYPE_CHECKING:
    import pathlib

    from generator.events.claims import Claim
    from generator.events.event import Event
    from generator.platform.model import Platform

_GITLAB_TYPES = {"push": "Push Hook", "tag_push": "Tag Push Hook", "merge_request": "Merge Request Hook"}


def read_payload(path: pathlib.Path, folder: pathlib.Path, platform: Platform | None) -> Event:
    """The event of a webhook's body.

    `folder` is in a clone of the repository. Ends the command with 2 where there is none: a body that is no webhook's,
    or one that starts nothing, or a commit that the clone has not got.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as failure:
        refuse(f"{path}: not JSON: {failure}")
    if not isinstance(body, dict):
        refuse(f"{path}: not the body of a webhook, which is a JSON object")
    try:
        forge_id, kind = _forge(body, platform)
        claimed = claim(packing.unpack(packing.encode(packing.pack(kind, _type(kind, body), body, forge_id))))
        if not claimed.kind:
            refuse(f"{path}: {claimed.why}")
        copy = WorkingCopy(folder)
        found = gather(claimed, forge_id, RecordedForge(kind, body, claimed, copy))
    except ForgeError as failure:
        refuse(f"{path}: {failure}")
    except WorkingCopyError as failure:
        refuse(f"{folder} cannot be asked about ({failure}): a payload needs a clone of its repository")
    if isinstance(found, Gone):
        refuse(f"{path}: {found.why}")
    if not copy.has(found.sha):
        fetch = f"git fetch {copy.remote() or 'REMOTE'} {quoted(found.sha)}"
        refuse(f"{path}: its commit {quoted(found.sha)} is not in this clone: {fetch}")
    return dataclasses.replace(found, message=copy.message(found.sha))


def _forge(body: dict[str, Any], platform: Platform | None) -> tuple[str, str]:
    """The forge's id, empty where no platform tells, and its kind, which the body's shape tells too."""
    repository, project = _object(body, "repository"), _object(body, "project")
    address = str(project.get("web_url") or repository.get("html_url") or "")
    found = repository_of(platform, address) if platform is not None else None
    if found is not None:
        return found[0].id, found[0].kind
    if platform is not None and len(platform.forges) == 1:
        return platform.forges[0].id, platform.forges[0].kind
    if "object_kind" in body:
        return "", "gitlab"
    return "", "github" if "node_id" in repository else "gitea"


def _type(kind: str, body: dict[str, Any]) -> str:
    """What the type header said: it is no part of a body, which only looks like one of its type."""
    if kind == "gitlab":
        return _GITLAB_TYPES.get(str(body.get("object_kind")), str(body.get("object_kind")))
    if "comment" in body:
        return "issue_comment"
    return "pull_request" if "pull_request" in body else "push" if "after" in body else "another"


@dataclasses.dataclass(frozen=True, slots=True)
class RecordedForge:
    """A forge that knows what one payload says: see generator.forges.forge.ForgeFacts."""

    kind: str
    body: dict[str, Any]
    claim: Claim
    copy: WorkingCopy

    def repository(self, name: str) -> RepositoryFacts | None:
        """As the payload has it; nothing is cloned from it."""
        branch = (_object(self.body, "project") or _object(self.body, "repository")).get("default_branch")
        if not isinstance(branch, str):
            raise ForgeError("the payload says no default branch", lasting=True)
        return RepositoryFacts(self.claim.repository_id, name, branch, private=False, clone_url="")

    def branch(self, repository: str, branch: str) -> BranchFacts | None:  # noqa: ARG002  (of the one repository)
        """Where the payload leaves it, else where the clone has it."""
        head = self.claim.sha if branch == self.claim.branch else self.copy.remote_head(branch)
        return BranchFacts(head, protected=False, message="") if head else None

    def tag(self, repository: str, tag: str) -> TagFacts | None:  # noqa: ARG002
        """The commit of the tag's object, which the clone must have."""
        commit = self.copy.commit_of(self.claim.sha)
        if not commit:
            remote = self.copy.remote() or "REMOTE"
            raise ForgeError(f"tag {quoted(tag)} is not in this clone: git fetch {remote} --tags", lasting=True)
        return TagFacts(sha=commit, object_sha=self.claim.sha, message="")

    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:  # noqa: ARG002
        """As it was when the payload was sent."""
        facts = {"gitlab": _merge_request, "github": github.pull_request_facts}.get(self.kind, gitea.pull_request_facts)
        found = _object(self.body, "object_attributes" if self.kind == "gitlab" else "pull_request")
        try:
            made = facts(found)
        except (KeyError, TypeError, AttributeError) as failure:
            raise ForgeError(f"the payload's pull request lacks something: {failure}", lasting=True) from failure
        return made if made.base_sha else dataclasses.replace(made, base_sha=self.copy.remote_head(made.base))

    def may_write(self, repository: str, user: str) -> bool:  # noqa: ARG002
        """Assumed of who pushes to the repository itself."""
        return True


def _object(body: dict[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _merge_request(found: dict[str, Any]) -> PullRequestFacts:
    """GitLab's `object_attributes`, which are another shape than its API's merge request."""
    return PullRequestFacts(
        number=found["iid"],
        open=found["state"] == "opened",
        title=found["title"],
        author="",
        base=found["target_branch"],
        base_sha="",
        head=found["source_branch"],
        head_sha=found["last_commit"]["id"],
        draft=bool(found.get("draft") or found.get("work_in_progress")),
        from_fork=found["source_project_id"] != found["target_project_id"],
        labels=tuple(label["title"] for label in found.get("labels") or ()),
        updated_at=str(found.get("updated_at") or ""),
    )
