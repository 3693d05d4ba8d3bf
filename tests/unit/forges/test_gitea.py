"""Gitea's client on answers in the shape of Gitea 1.26.0; tests/e2e/test_gitea_client.py asks a real one the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.forges.forge import BranchFacts, CommitStatus, ForgeError, PullRequestFacts, RepositoryFacts, TagFacts
from generator.forges.gitea import Gitea
from tests.unit.forges.server import Answer
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from tests.unit.forges.server import Server

APP = "/api/v1/repos/acme/app"
STATUS = CommitStatus("argosy/push", "pending", "planning", "https://argo.example/run-b-x")


@pytest.fixture
def gitea(server: Server) -> Gitea:
    return Gitea(server.url, ("t0",))


def pull(**changes: Any) -> dict[str, Any]:
    return {
        "number": 7,
        "state": "open",
        "title": "A change",
        "user": {"login": "ann"},
        "draft": False,
        "labels": [{"name": "bug"}, {"name": "big one"}],
        "updated_at": "2026-11-24T12:00:00Z",
        "head": {"label": "topic", "ref": "topic", "sha": SHA, "repo_id": 17},
        "base": {"label": "main", "ref": "main", "sha": "b" * 40, "repo_id": 17},
        **changes,
    }


def shown(status: CommitStatus) -> dict[str, str]:
    return {
        "context": status.context,
        "status": status.state,
        "description": status.description,
        "target_url": status.url,
    }


def test_a_repository(server: Server, gitea: Gitea) -> None:
    facts = {
        "id": 17,
        "full_name": "acme/App",
        "default_branch": "main",
        "private": True,
        "clone_url": "http://elsewhere/x",
    }
    server.get(APP, facts)
    assert gitea.repository("acme/app") == RepositoryFacts(
        "17", "acme/App", "main", private=True, clone_url=f"{server.url}/acme/App.git"
    )
    assert server.requests[0].headers["authorization"] == "token t0"


def test_what_is_not_there(gitea: Gitea) -> None:
    assert gitea.repository("acme/app") is None
    assert gitea.branch("acme/app", "main") is None
    assert gitea.tag("acme/app", "v1") is None
    assert gitea.pull_request("acme/app", 7) is None
    assert gitea.statuses("acme/app", SHA) == ()
    assert not gitea.may_write("acme/app", "ann")


@pytest.mark.parametrize("name", ["app", "acme/app/x", "acme/..", "../app", "", "acme/"])
def test_a_name_that_is_no_repositorys_is_not_asked_for(server: Server, gitea: Gitea, name: str) -> None:
    assert gitea.repository(name) is None
    assert gitea.branch(name, "main") is None
    assert server.requests == []


def test_a_branch(server: Server, gitea: Gitea) -> None:
    found = {"name": "main", "protected": True, "commit": {"id": SHA, "message": "Add it\n\nmore"}}
    server.get(f"{APP}/branches/main", found)
    assert gitea.branch("acme/app", "main") == BranchFacts(SHA, protected=True, message="Add it\n\nmore")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("feature/x", "feature/x"),
        ("50%", "50%25"),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("{{workflow.name}}", "%7B%7Bworkflow.name%7D%7D"),
        ("zweig-\N{PARTY POPPER}", "zweig-%F0%9F%8E%89"),
    ],
)
def test_a_branch_of_any_name(server: Server, gitea: Gitea, name: str, path: str) -> None:
    server.get(f"{APP}/branches/{path}", {"name": name, "protected": False, "commit": {"id": SHA, "message": ""}})
    assert gitea.branch("acme/app", name) is not None


def test_another_branch_than_was_asked_for_is_none(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/branches/old", {"name": "new", "protected": False, "commit": {"id": SHA, "message": ""}})
    assert gitea.branch("acme/app", "old") is None


def test_tags(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/tags/v1", {"name": "v1", "id": "d" * 40, "message": "One", "commit": {"sha": SHA}})
    server.get(f"{APP}/tags/v2", {"name": "v2", "id": SHA, "message": "", "commit": {"sha": SHA}})
    assert gitea.tag("acme/app", "v1") == TagFacts(SHA, "d" * 40, "One")
    assert gitea.tag("acme/app", "v2") == TagFacts(SHA, SHA, "")


def test_a_pull_request(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/pulls/7", pull())
    assert gitea.pull_request("acme/app", 7) == PullRequestFacts(
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
        labels=("bug", "big one"),
        updated_at="2026-11-24T12:00:00Z",
    )


@pytest.mark.parametrize(
    ("head", "from_fork"),
    [
        ({"label": "topic", "ref": "topic", "sha": SHA, "repo_id": 99}, True),
        ({"label": "topic", "ref": "refs/pull/7/head", "sha": SHA, "repo_id": -1, "repo": None}, True),
        ({"label": "", "ref": "refs/pull/7/head", "sha": SHA, "repo_id": 17}, True),
        ({"label": "topic", "ref": "refs/pull/7/head", "sha": SHA, "repo_id": 17}, False),
    ],
    ids=["a fork", "a fork that is gone", "pushed to refs/for", "a branch that is gone"],
)
def test_where_a_pull_request_comes_from(server: Server, gitea: Gitea, head: dict[str, Any], from_fork: bool) -> None:
    server.get(f"{APP}/pulls/7", pull(head=head))
    facts = gitea.pull_request("acme/app", 7)
    assert facts is not None
    assert facts.from_fork is from_fork


def test_a_closed_pull_request_of_a_deleted_user(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/pulls/7", pull(state="closed", user=None, labels=None, draft=True))
    facts = gitea.pull_request("acme/app", 7)
    assert facts is not None
    assert (facts.open, facts.author, facts.labels, facts.draft) == (False, "", (), True)


@pytest.mark.parametrize(
    ("permission", "may"), [("none", False), ("read", False), ("write", True), ("admin", True), ("owner", True)]
)
def test_who_may_write(server: Server, gitea: Gitea, permission: str, may: bool) -> None:
    server.get(f"{APP}/collaborators/ann/permission", {"permission": permission})
    assert gitea.may_write("acme/app", "ann") is may


def test_not_to_be_told_who_may_write_is_an_error_and_not_a_no(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/collaborators/ann/permission", Answer(403, {"message": "Only admins can query all permissions"}))
    with pytest.raises(ForgeError, match=r"acme/app: the read token .* its user must administrate") as caught:
        gitea.may_write("acme/app", "ann")
    assert caught.value.lasting


@pytest.mark.parametrize("user", ["", "..", "a/b"])
def test_a_user_with_an_impossible_name_may_nothing(server: Server, gitea: Gitea, user: str) -> None:
    assert not gitea.may_write("acme/app", user)
    assert server.requests == []


def test_statuses_of_all_pages(server: Server, gitea: Gitea) -> None:
    path = f"{APP}/commits/{SHA}/status"
    two = CommitStatus("argosy/push/test", "failure", "step 1 failed", "")
    server.get(f"{path}?limit=50&page=1", {"statuses": [shown(STATUS)]})
    server.get(f"{path}?limit=50&page=2", {"statuses": [shown(two)]})
    server.get(f"{path}?limit=50&page=3", {"statuses": None})
    assert gitea.statuses("acme/app", SHA) == (STATUS, two)


def test_a_commit_without_statuses_costs_one_request(server: Server, gitea: Gitea) -> None:
    server.get(f"{APP}/commits/{SHA}/status", {"statuses": None})
    assert gitea.statuses("acme/app", SHA) == ()
    assert len(server.requests) == 1


def test_gitea_s_own_states_become_ours(server: Server, gitea: Gitea) -> None:
    page = {
        "statuses": [{**shown(STATUS), "context": state, "status": state} for state in ("warning", "skipped", "new")]
    }
    server.get(f"{APP}/commits/{SHA}/status", page)
    assert [status.state for status in gitea.statuses("acme/app", SHA)] == ["failure", "success", "error"]


def test_a_status_is_posted(server: Server, gitea: Gitea) -> None:
    server.post(f"{APP}/statuses/{SHA}", Answer(201, {"id": 1}))
    gitea.post_status("acme/app", SHA, STATUS)
    assert server.requests[0].body == {
        "context": "argosy/push",
        "state": "pending",
        "description": "planning",
        "target_url": "https://argo.example/run-b-x",
    }


@pytest.mark.parametrize("answer", [[], {}, {"id": 1}, "x", {"statuses": [1]}, {"statuses": [{}]}])
def test_answers_of_another_program_are_an_error_of_the_forge(server: Server, gitea: Gitea, answer: Any) -> None:
    server.get(APP, answer)
    server.get(f"{APP}/commits/{SHA}/status", answer)
    with pytest.raises(ForgeError, match="not as expected"):
        gitea.repository("acme/app")
    with pytest.raises(ForgeError, match="not as expected"):
        gitea.statuses("acme/app", SHA)


class TestAnswer500ToAStatus:
    """Gitea says so for different things, and only one of them is trouble."""

    @pytest.fixture(autouse=True)
    def refusing(self, server: Server) -> None:
        server.post(f"{APP}/statuses/{SHA}", Answer(500, {"message": ""}))

    def test_the_status_was_taken_all_the_same(self, server: Server, gitea: Gitea) -> None:
        server.get(f"{APP}/commits/{SHA}/status", {"statuses": [shown(STATUS)]})
        gitea.post_status("acme/app", SHA, STATUS)

    def test_there_is_no_such_commit(self, gitea: Gitea) -> None:
        with pytest.raises(ForgeError, match="there is no commit") as caught:
            gitea.post_status("acme/app", SHA, STATUS)
        assert caught.value.lasting

    def test_gitea_is_in_trouble(self, server: Server, gitea: Gitea) -> None:
        server.get(f"{APP}/commits/{SHA}/status", {"statuses": None})
        with pytest.raises(ForgeError) as caught:
            gitea.post_status("acme/app", SHA, STATUS)
        assert not caught.value.lasting
