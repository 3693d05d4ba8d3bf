"""GitHub's client on answers in the shape of https://docs.github.com/en/rest; it was not tried on GitHub itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.forges.forge import BranchFacts, CommitStatus, ForgeError, PullRequestFacts, RepositoryFacts, TagFacts
from generator.forges.github import GitHub
from tests.unit.forges.server import Answer
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from tests.unit.forges.server import Server

APP = "/api/v3/repos/acme/app"


@pytest.fixture
def github(server: Server) -> GitHub:
    return GitHub(server.url, ("t0",))


def pull(**changes: Any) -> dict[str, Any]:
    return {
        "number": 7,
        "state": "open",
        "title": "A change",
        "user": {"login": "ann"},
        "draft": False,
        "labels": [{"name": "bug"}],
        "updated_at": "2026-11-24T12:00:00Z",
        "head": {"ref": "topic", "sha": SHA, "repo": {"id": 17}},
        "base": {"ref": "main", "sha": "b" * 40, "repo": {"id": 17}},
        **changes,
    }


def test_github_com_has_its_api_on_a_host_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    bases: list[str] = []
    monkeypatch.setattr("generator.forges.github.Api", lambda base, _tokens, _headers: bases.append(base))
    GitHub("https://github.com", ())
    GitHub("https://ghe.example", ())
    assert bases == ["https://api.github.com", "https://ghe.example/api/v3"]


def test_a_repository(server: Server, github: GitHub) -> None:
    server.get(APP, {"id": 17, "full_name": "acme/app", "default_branch": "main", "private": False})
    assert github.repository("acme/app") == RepositoryFacts(
        "17", "acme/app", "main", private=False, clone_url=f"{server.url}/acme/app.git"
    )
    headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer t0"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["accept"] == "application/vnd.github+json"


def test_what_is_not_there(github: GitHub) -> None:
    assert github.repository("acme/app") is None
    assert github.branch("acme/app", "main") is None
    assert github.tag("acme/app", "v1") is None
    assert github.pull_request("acme/app", 7) is None
    assert github.statuses("acme/app", SHA) == ()
    assert not github.may_write("acme/app", "ann")


def test_a_branch(server: Server, github: GitHub) -> None:
    found = {"name": "a/b", "protected": True, "commit": {"sha": SHA, "commit": {"message": "Add it"}}}
    server.get(f"{APP}/branches/a/b", found)
    assert github.branch("acme/app", "a/b") == BranchFacts(SHA, protected=True, message="Add it")


def test_a_renamed_branch_is_gone(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/branches/old", Answer(301, headers=(("Location", f"{APP}/branches/new"),)))
    server.get(
        f"{APP}/branches/new", {"name": "new", "protected": False, "commit": {"sha": SHA, "commit": {"message": ""}}}
    )
    assert github.branch("acme/app", "old") is None


def test_a_lightweight_tag_is_its_commit(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/git/ref/tags/v1", {"object": {"type": "commit", "sha": SHA}})
    server.get(f"{APP}/git/commits/{SHA}", {"sha": SHA, "message": "Add it"})
    assert github.tag("acme/app", "v1") == TagFacts(SHA, SHA, "Add it")


def test_an_annotated_tag_is_followed_to_its_commit(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/git/ref/tags/v1", {"object": {"type": "tag", "sha": "d" * 40}})
    server.get(f"{APP}/git/tags/{'d' * 40}", {"message": "One", "object": {"type": "tag", "sha": "e" * 40}})
    server.get(f"{APP}/git/tags/{'e' * 40}", {"message": "inner", "object": {"type": "commit", "sha": SHA}})
    assert github.tag("acme/app", "v1") == TagFacts(SHA, "d" * 40, "One")


def test_a_tag_of_something_else_than_a_commit_is_none(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/git/ref/tags/v1", {"object": {"type": "tree", "sha": "d" * 40}})
    assert github.tag("acme/app", "v1") is None


def test_a_pull_request(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/pulls/7", pull())
    assert github.pull_request("acme/app", 7) == PullRequestFacts(
        number=7,
        open=True,
        title="A change",
        author="ann",
        base="main",
        base_sha="b" * 40,
        head="topic",
        head_sha=SHA,
        draft=False,
        from_fork=False,
        labels=("bug",),
        updated_at="2026-11-24T12:00:00Z",
    )


@pytest.mark.parametrize("repository", [None, {"id": 99}], ids=["a fork that is gone", "a fork"])
def test_a_pull_request_from_a_fork(server: Server, github: GitHub, repository: dict[str, int] | None) -> None:
    server.get(f"{APP}/pulls/7", pull(head={"ref": "topic", "sha": SHA, "repo": repository}))
    facts = github.pull_request("acme/app", 7)
    assert facts is not None
    assert facts.from_fork


@pytest.mark.parametrize(("permission", "may"), [("none", False), ("read", False), ("write", True), ("admin", True)])
def test_who_may_write(server: Server, github: GitHub, permission: str, may: bool) -> None:
    server.get(f"{APP}/collaborators/ann/permission", {"permission": permission})
    assert github.may_write("acme/app", "ann") is may


def test_statuses_of_all_pages(server: Server, github: GitHub) -> None:
    path = f"{APP}/commits/{SHA}/status?per_page=100&page="
    items = [{"context": f"c{n}", "state": "success", "description": None, "target_url": None} for n in range(101)]
    server.get(f"{path}1", {"statuses": items[:100]})
    server.get(f"{path}2", {"statuses": items[100:]})
    found = github.statuses("acme/app", SHA)
    assert len(found) == 101
    assert found[-1] == CommitStatus("c100", "success", "", "")


def test_a_commit_that_is_not_there_has_no_statuses(server: Server, github: GitHub) -> None:
    server.get(f"{APP}/commits/{SHA}/status", Answer(422, {"message": f"No commit found for SHA: {SHA}"}))
    assert github.statuses("acme/app", SHA) == ()


def test_a_status_is_posted_and_cut_to_what_github_takes(server: Server, github: GitHub) -> None:
    server.post(f"{APP}/statuses/{SHA}", Answer(201, {}))
    github.post_status("acme/app", SHA, CommitStatus("argosy/push", "error", "x" * 200, ""))
    body = server.requests[0].body
    assert body == {"context": "argosy/push", "state": "error", "description": "x" * 140, "target_url": None}


def test_a_slot_with_a_thousand_statuses_takes_no_more(server: Server, github: GitHub) -> None:
    server.post(
        f"{APP}/statuses/{SHA}",
        Answer(422, {"message": "This SHA and context has reached the maximum number of statuses."}),
    )
    with pytest.raises(ForgeError) as caught:
        github.post_status("acme/app", SHA, CommitStatus("argosy/push", "error", "", ""))
    assert caught.value.lasting
