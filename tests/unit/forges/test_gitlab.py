"""GitLab's client on answers in the shape of https://docs.gitlab.com/api/rest/; it was not tried on a real GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.forges.forge import BranchFacts, CommitStatus, ForgeError, PullRequestFacts, RepositoryFacts, TagFacts
from generator.forges.gitlab import GitLab
from tests.unit.forges.server import Answer
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from tests.unit.forges.server import Server

NAME = "acme/web/app"
APP = "/api/v4/projects/acme%2Fweb%2Fapp"


@pytest.fixture
def gitlab(server: Server) -> GitLab:
    return GitLab(server.url, ("t0",))


def merge_request(**changes: Any) -> dict[str, Any]:
    return {
        "iid": 7,
        "state": "opened",
        "title": "A change",
        "author": {"username": "ann"},
        "draft": True,
        "labels": ["bug"],
        "updated_at": "2026-11-24T12:00:00.000Z",
        "source_branch": "topic",
        "target_branch": "main",
        "sha": SHA,
        "source_project_id": 17,
        "target_project_id": 17,
        **changes,
    }


def branch(sha: str) -> dict[str, Any]:
    return {"name": "main", "protected": True, "commit": {"id": sha, "message": "Add it"}}


def test_a_repository_in_a_subgroup(server: Server, gitlab: GitLab) -> None:
    server.get(APP, {"id": 17, "path_with_namespace": NAME, "default_branch": "main", "visibility": "internal"})
    assert gitlab.repository(NAME) == RepositoryFacts(
        "17", NAME, "main", private=True, clone_url=f"{server.url}/{NAME}.git"
    )
    assert server.requests[0].headers["private-token"] == "t0"


def test_what_is_not_there(gitlab: GitLab) -> None:
    assert gitlab.repository(NAME) is None
    assert gitlab.branch(NAME, "main") is None
    assert gitlab.tag(NAME, "v1") is None
    assert gitlab.pull_request(NAME, 7) is None
    assert gitlab.statuses(NAME, SHA) == ()
    assert not gitlab.may_write(NAME, "ann")


def test_a_branch(server: Server, gitlab: GitLab) -> None:
    server.get(f"{APP}/repository/branches/a%2Fb", branch(SHA))
    assert gitlab.branch(NAME, "a/b") == BranchFacts(SHA, protected=True, message="Add it")


def test_tags(server: Server, gitlab: GitLab) -> None:
    server.get(
        f"{APP}/repository/tags/v1", {"target": "d" * 40, "message": "One", "commit": {"id": SHA, "message": "Add it"}}
    )
    server.get(
        f"{APP}/repository/tags/v2", {"target": SHA, "message": None, "commit": {"id": SHA, "message": "Add it"}}
    )
    assert gitlab.tag(NAME, "v1") == TagFacts(SHA, "d" * 40, "One")
    assert gitlab.tag(NAME, "v2") == TagFacts(SHA, SHA, "Add it")


def test_a_merge_request(server: Server, gitlab: GitLab) -> None:
    server.get(f"{APP}/merge_requests/7", merge_request())
    server.get(f"{APP}/repository/branches/main", branch("b" * 40))
    assert gitlab.pull_request(NAME, 7) == PullRequestFacts(
        number=7,
        open=True,
        title="A change",
        author="ann",
        base="main",
        base_sha="b" * 40,
        head="topic",
        head_sha=SHA,
        draft=True,
        from_fork=False,
        labels=("bug",),
        updated_at="2026-11-24T12:00:00.000Z",
    )


@pytest.mark.parametrize("source", [None, 99], ids=["a fork that is gone", "a fork"])
def test_a_merge_request_from_a_fork(server: Server, gitlab: GitLab, source: int | None) -> None:
    server.get(f"{APP}/merge_requests/7", merge_request(source_project_id=source))
    facts = gitlab.pull_request(NAME, 7)
    assert facts is not None
    assert facts.from_fork


@pytest.mark.parametrize(
    ("member", "may"),
    [
        ({"access_level": 20, "state": "active"}, False),
        ({"access_level": 30, "state": "active"}, True),
        ({"access_level": 50}, True),
        ({"access_level": 30, "state": "blocked"}, False),
    ],
)
def test_who_may_write(server: Server, gitlab: GitLab, member: dict[str, Any], may: bool) -> None:
    server.get("/api/v4/users?username=ann", [{"id": 5, "username": "ann"}])
    server.get(f"{APP}/members/all/5", member)
    assert gitlab.may_write(NAME, "ann") is may


def test_a_user_of_a_longer_name_is_somebody_else(server: Server, gitlab: GitLab) -> None:
    server.get("/api/v4/users?username=ann", [{"id": 6, "username": "anna"}])
    server.get(f"{APP}/members/all/6", {"access_level": 50})
    assert not gitlab.may_write(NAME, "ann")


def test_statuses_in_our_words(server: Server, gitlab: GitLab) -> None:
    words = ["created", "running", "success", "skipped", "failed", "canceled"]
    items = [{"name": word, "status": word, "description": None, "target_url": None} for word in words]
    server.get(f"{APP}/repository/commits/{SHA}/statuses", items)
    found = {status.context: status.state for status in gitlab.statuses(NAME, SHA)}
    assert found == {
        "created": "pending",
        "running": "pending",
        "success": "success",
        "skipped": "success",
        "failed": "failure",
        "canceled": "error",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"), [("pending", "pending"), ("success", "success"), ("failure", "failed"), ("error", "canceled")]
)
def test_a_status_is_posted_in_gitlabs_words(server: Server, gitlab: GitLab, ours: str, theirs: str) -> None:
    server.post(f"{APP}/statuses/{SHA}", Answer(201, {}))
    gitlab.post_status(NAME, SHA, CommitStatus("argosy/push", ours, "x" * 300, "https://argo.example/run"))
    assert server.requests[0].body == {
        "name": "argosy/push",
        "state": theirs,
        "description": "x" * 255,
        "target_url": "https://argo.example/run",
    }


class TestPendingTwice:
    """GitLab refuses to make a pending status pending: https://gitlab.com/gitlab-org/gitlab-foss/-/issues/25807."""

    @pytest.fixture(autouse=True)
    def refusing(self, server: Server) -> None:
        said = 'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via "enqueue")'
        server.post(f"{APP}/statuses/{SHA}", Answer(400, {"message": said}))

    def test_what_is_pending_already_stays_pending(self, gitlab: GitLab) -> None:
        gitlab.post_status(NAME, SHA, CommitStatus("argosy/push", "pending", "running", ""))

    def test_an_end_that_is_refused_is_an_error(self, gitlab: GitLab) -> None:
        with pytest.raises(ForgeError):
            gitlab.post_status(NAME, SHA, CommitStatus("argosy/push", "success", "", ""))
