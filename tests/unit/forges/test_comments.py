"""Comments on pull requests, on each forge: one's own are found, written, changed and removed, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.forges.forge import ForgeError, OwnComment
from generator.forges.gitea import Gitea
from generator.forges.github import GitHub
from generator.forges.gitlab import GitLab
from tests.unit.forges.server import Answer

if TYPE_CHECKING:
    from generator.forges.forge import Forge
    from tests.unit.forges.server import Server

CLIENTS: dict[str, type[Gitea | GitHub | GitLab]] = {"gitea": Gitea, "github": GitHub, "gitlab": GitLab}
BASES = {"gitea": "/api/v1", "github": "/api/v3", "gitlab": "/api/v4"}
LISTS = {
    "gitea": "/api/v1/repos/acme/app/issues/7/comments",
    "github": "/api/v3/repos/acme/app/issues/7/comments",
    "gitlab": "/api/v4/projects/acme%2Fapp/merge_requests/7/notes",
}
SINGLES = {
    "gitea": ("PATCH", "/api/v1/repos/acme/app/issues/comments/31"),
    "github": ("PATCH", "/api/v3/repos/acme/app/issues/comments/31"),
    "gitlab": ("PUT", "/api/v4/projects/acme%2Fapp/merge_requests/7/notes/31"),
}
OURS = OwnComment(31, "ours")


def comment(kind: str, number: int, user: int, body: str, **fields: Any) -> dict[str, Any]:
    who = {"author": {"id": user}, "system": False} if kind == "gitlab" else {"user": {"id": user}}
    return {"id": number, "body": body, **who, **fields}


@pytest.fixture(params=sorted(CLIENTS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def forge(server: Server, kind: str) -> Forge:
    server.get(f"{BASES[kind]}/user", {"id": 5})
    client: Forge = CLIENTS[kind](server.url, ("t0",))
    return client


def test_only_ones_own_comments_are_found(server: Server, forge: Forge, kind: str) -> None:
    server.get(LISTS[kind], [comment(kind, 30, 6, "theirs"), comment(kind, 31, 5, "ours"), comment(kind, 32, 5, "too")])
    assert forge.own_comments("acme/app", 7) == (OURS, OwnComment(32, "too"))


def test_a_pull_request_without_comments_has_none(server: Server, forge: Forge, kind: str) -> None:
    server.get(LISTS[kind], [])
    assert forge.own_comments("acme/app", 7) == ()


def test_a_comment_is_written_changed_and_removed(server: Server, forge: Forge, kind: str) -> None:
    method, path = SINGLES[kind]
    server.post(LISTS[kind], Answer(201, {}))
    server.change(method, path, {})
    server.change("DELETE", path, Answer(204, b""))
    forge.post_comment("acme/app", 7, "ours")
    forge.edit_comment("acme/app", 7, OURS, "new")
    forge.delete_comment("acme/app", 7, OURS)
    asked = [(one.method, one.path, one.body) for one in server.requests]
    assert asked == [
        ("POST", LISTS[kind], {"body": "ours"}),
        (method, path, {"body": "new"}),
        ("DELETE", path, None),
    ]


def test_a_comment_that_is_gone_needs_no_removing(forge: Forge) -> None:
    forge.delete_comment("acme/app", 7, OURS)


def test_a_comment_that_may_have_been_written_is_not_sent_again(server: Server, forge: Forge, kind: str) -> None:
    server.get(LISTS[kind], [])
    server.post(LISTS[kind], Answer(breaks=True))
    forge.own_comments("acme/app", 7)
    with pytest.raises(ForgeError) as caught:
        forge.post_comment("acme/app", 7, "ours")
    assert not caught.value.lasting
    assert [one.method for one in server.requests].count("POST") == 1


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("what", ["user", "list"])
def test_a_token_that_may_not_comment_is_lasting_trouble(
    server: Server, forge: Forge, kind: str, status: int, what: str
) -> None:
    path = f"{BASES[kind]}/user" if what == "user" else LISTS[kind]
    server.get(path, Answer(status, {"message": "token does not have at least one of required scope(s)"}))
    server.post(LISTS[kind], Answer(status, {"message": "no"}))
    with pytest.raises(ForgeError) as caught:
        forge.post_comment("acme/app", 7, f"after {forge.own_comments('acme/app', 7)}")
    assert caught.value.lasting


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_comments_of_all_pages_are_looked_through(server: Server, forge: Forge, kind: str) -> None:
    more = {"gitlab": "&sort=asc&order_by=created_at"}.get(kind, "")
    server.get(f"{LISTS[kind]}?per_page=100{more}&page=1", [comment(kind, n, 6, "theirs") for n in range(100)])
    server.get(f"{LISTS[kind]}?per_page=100{more}&page=2", [comment(kind, 31, 5, "ours")])
    assert forge.own_comments("acme/app", 7) == (OURS,)


@pytest.mark.parametrize("kind", ["gitlab"])
def test_what_gitlab_notes_itself_is_no_comment(server: Server, forge: Forge, kind: str) -> None:
    server.get(LISTS[kind], [comment(kind, 30, 5, "added 1 commit", system=True), comment(kind, 31, 5, "ours")])
    assert forge.own_comments("acme/app", 7) == (OURS,)


@pytest.mark.parametrize("kind", ["gitea"])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_pull_request_that_was_deleted_is_not_asked_for_again(
    server: Server, forge: Forge, kind: str, is_there: bool
) -> None:
    server.get(LISTS[kind], Answer(500, {"message": "issue does not exist"}))
    if is_there:
        branch = {"label": "b", "ref": "b", "sha": "a" * 40, "repo_id": 17}
        facts = {"number": 7, "state": "open", "title": "", "head": branch, "base": branch}
        server.get("/api/v1/repos/acme/app/pulls/7", facts)
    with pytest.raises(ForgeError) as caught:
        forge.own_comments("acme/app", 7)
    assert caught.value.lasting != is_there
