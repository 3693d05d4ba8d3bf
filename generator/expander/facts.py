"""From what a payload claims to what the forge says: the `Event` that everything after it is decided from.

A payload is a hint. It names a repository and a ref; whether they exist, where they point now, whose a pull request
is and what tier that makes it comes from the forge's API alone.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from generator.events.event import Event, PullRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.events.claims import Claim
    from generator.forges.forge import BranchFacts, ForgeFacts, RepositoryFacts

_HEADS = "refs/heads/"
_TAGS = "refs/tags/"

Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True, slots=True)
class Gone:
    """The event is about something that is not there (any more); `why` says what."""

    why: str


def gather(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    """Asks the forge what is true of a claim. Raises ForgeError.

    The commit of a push stays the claimed one, though the branch may have moved on since: each push has its run.
    Whether the branch still holds it is for Git to say (`moved`). A pull request is taken as it is now.
    """
    gatherers: dict[str, Callable[[Claim, str, ForgeFacts], Event | Gone]] = {
        "push": _push,
        "tag": _tag,
        "pull_request": _pull_request,
        "schedule": _schedule,
        "manual": _manual,
    }
    return gatherers[claim.kind](claim, forge_id, forge)


def head(event: Event, forge: ForgeFacts) -> str:
    """The commit that the event's ref points to now, empty where it is gone. Raises ForgeError."""
    if event.kind == "pull_request":
        request = forge.pull_request(event.repository, event.pull_request.number)
        return request.head_sha if request is not None else ""
    if event.tag:
        tag = forge.tag(event.repository, event.tag)
        return tag.sha if tag is not None else ""
    branch = forge.branch(event.repository, event.branch)
    return branch.head if branch is not None else ""


def _push(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    found, branch = _both(
        lambda: forge.repository(claim.repository), lambda: forge.branch(claim.repository, claim.branch)
    )
    repository = _known(claim, found)
    if isinstance(repository, Gone):
        return repository
    if branch is None:
        return Gone(f"branch {claim.branch!r} is not there any more")
    event = _event(
        claim, forge_id, repository, claim.sha or branch.head, _branch_tier(repository, claim.branch, branch)
    )
    return dataclasses.replace(event, branch=claim.branch, base_sha=claim.base_sha)


def _tag(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    found, tag = _both(lambda: forge.repository(claim.repository), lambda: forge.tag(claim.repository, claim.tag))
    repository = _known(claim, found)
    if isinstance(repository, Gone):
        return repository
    if tag is None:
        return Gone(f"tag {claim.tag!r} is not there any more")
    event = _event(claim, forge_id, repository, tag.sha, "protected")
    return dataclasses.replace(event, tag=claim.tag, object_sha=tag.object_sha)


def _pull_request(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    found, request = _both(
        lambda: forge.repository(claim.repository), lambda: forge.pull_request(claim.repository, claim.number)
    )
    repository = _known(claim, found)
    if isinstance(repository, Gone):
        return repository
    if request is None:
        return Gone(f"pull request {claim.number} is not there")
    if not request.head_sha:
        return Gone(f"pull request {claim.number} has no commit")
    member = not request.from_fork and forge.may_write(claim.repository, request.author)
    event = _event(claim, forge_id, repository, request.head_sha, "trusted" if member else "untrusted")
    return dataclasses.replace(
        event,
        base_sha=request.base_sha,
        pull_request=PullRequest(
            number=request.number,
            base=request.base,
            head=request.head,
            title=request.title,
            author=request.author,
            action=claim.action,
            draft=request.draft,
            from_fork=request.from_fork,
            labels=request.labels,
            label=claim.label,
            updated_at=claim.updated_at,
        ),
    )


def _schedule(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    found = forge.repository(claim.repository)
    repository = _known(claim, found)
    if isinstance(repository, Gone):
        return repository
    branch = forge.branch(claim.repository, repository.default_branch)
    if branch is None:
        return Gone(f"the default branch {repository.default_branch!r} has no commit")
    event = _event(claim, forge_id, repository, branch.head, "protected")
    return dataclasses.replace(
        event, branch=repository.default_branch, schedule=claim.schedule, scheduled_at=claim.scheduled_at
    )


def _manual(claim: Claim, forge_id: str, forge: ForgeFacts) -> Event | Gone:
    repository = _known(claim, forge.repository(claim.repository))
    if isinstance(repository, Gone):
        return repository
    ref = claim.ref or f"{_HEADS}{repository.default_branch}"
    # A whole ref says which of the two it is.
    branch = None if ref.startswith(_TAGS) else forge.branch(claim.repository, ref.removeprefix(_HEADS))
    tag = None if ref.startswith(_HEADS) else forge.tag(claim.repository, ref.removeprefix(_TAGS))
    if branch is not None and tag is not None:
        return Gone(f"{ref!r} is a branch and a tag: write {_HEADS}{ref} or {_TAGS}{ref}")
    if branch is not None:
        name = ref.removeprefix(_HEADS)
        event = _event(claim, forge_id, repository, branch.head, _branch_tier(repository, name, branch))
        event = dataclasses.replace(event, branch=name)
    elif tag is not None:
        event = _event(claim, forge_id, repository, tag.sha, "protected")
        event = dataclasses.replace(event, tag=ref.removeprefix(_TAGS), object_sha=tag.object_sha)
    else:
        return Gone(f"there is no branch or tag {ref!r}")
    return dataclasses.replace(event, request=claim.request, inputs=claim.inputs)


def _event(claim: Claim, forge_id: str, repository: RepositoryFacts, sha: str, tier: str) -> Event:
    """What events of all kinds have."""
    return Event(
        forge=forge_id,
        kind=claim.kind,
        repository=repository.name,
        repository_id=repository.id,
        default_branch=repository.default_branch,
        sha=sha,
        actor=claim.actor,
        tier=tier,
    )


def _branch_tier(repository: RepositoryFacts, name: str, branch: BranchFacts) -> str:
    return "protected" if branch.protected or name == repository.default_branch else "trusted"


def _known(claim: Claim, found: RepositoryFacts | None) -> RepositoryFacts | Gone:
    """The repository that the event is about: its id counts, since a name may be another's by now."""
    if found is None:
        return Gone(f"the forge shows no repository {claim.repository!r} to our read token")
    if claim.repository_id not in ("", found.id):
        return Gone(f"{claim.repository!r} is another repository than the one that the event is about")
    return found


def _both(
    first: Callable[[], RepositoryFacts | None], second: Callable[[], Found]
) -> tuple[RepositoryFacts | None, Found]:
    """Two answers in the time of the slower one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        later = pool.submit(first)
        found = second()
        return later.result(), found
