"""Everything that argosy asks of a forge, asked of a real Gitea."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
import requests

from generator.forges.forge import BranchFacts, CommitStatus, ForgeError, TagFacts
from generator.forges.gitea import Gitea as Client
from tests.e2e.installation import ORGANISATION
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.conftest import Project
    from tests.e2e.gitea import Gitea, WorkingCopy

NO_COMMIT = "0123456789" * 4
PENDING = CommitStatus("argosy/push", "pending", "planning", "https://argo.example/run-b-x")


@pytest.fixture
def client(gitea: Gitea) -> Client:
    """The client with the administrator's token."""
    return Client(gitea.url, (gitea.token,))


@pytest.fixture
def stranger(gitea: Gitea) -> Iterator[str]:
    """A user who has nothing to do with anything."""
    name = f"stranger-{secrets.token_hex(3)}"
    password = secrets.token_urlsafe(12)
    user = {"username": name, "email": f"{name}@example.invalid", "password": password, "must_change_password": False}
    gitea.ask("POST", "/admin/users", user)
    yield name
    gitea.ask("DELETE", f"/admin/users/{name}?purge=true")


def is_there(client: Client, name: str, branch: str = "main") -> bool:
    """Whether Gitea has taken in a first push; before that, asking for a branch is an error 500 (Gitea 1.26.0)."""
    try:
        return client.branch(name, branch) is not None
    except ForgeError as failure:
        if failure.lasting:
            raise
        return False


def push_first(client: Client, name: str, copy: WorkingCopy, *refs: str) -> None:
    """Pushes, and waits until the repository is empty no longer."""
    copy.push(*refs)
    until(f"{name} has its branch", lambda: is_there(client, name), timeout=30.0)


def as_user(gitea: Gitea, user: str, *scopes: str) -> Client:
    """The client with a new token of the user, which only the user may make."""
    password = secrets.token_urlsafe(12)
    change = {"login_name": user, "source_id": 0, "password": password, "must_change_password": False}
    gitea.ask("PATCH", f"/admin/users/{user}", change)
    url = f"{gitea.url}/api/v1/users/{user}/tokens"
    wanted = {"name": secrets.token_hex(3), "scopes": list(scopes)}
    answer = requests.post(url, json=wanted, auth=(user, password), timeout=30)
    answer.raise_for_status()
    return Client(gitea.url, (answer.json()["sha1"],))


def test_a_repository(client: Client, gitea: Gitea, quiet_project: Callable[..., Project]) -> None:
    name, _ = quiet_project("facts", private=True)
    facts = client.repository(name)
    assert facts is not None
    assert facts.id == str(gitea.ask("GET", f"/repos/{name}")["id"])
    assert (facts.name, facts.default_branch, facts.private) == (name, "main", True)
    assert facts.clone_url == f"{gitea.url}/{name}.git"
    assert client.repository(f"{ORGANISATION}/there-is-none") is None


def test_a_renamed_repository_answers_under_its_new_name(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project]
) -> None:
    name, copy = quiet_project("before")
    sha = copy.commit({"a": "1"})
    push_first(client, name, copy)
    renamed = f"{name}-after"
    gitea.ask("PATCH", f"/repos/{name}", {"name": renamed.partition("/")[2]})
    facts = client.repository(name)
    assert facts is not None
    assert facts.name == renamed
    client.post_status(name, sha, PENDING)
    assert client.statuses(renamed, sha) == (PENDING,)
    gitea.delete_repository(renamed)


@pytest.mark.parametrize(
    "branch",
    [
        "feature/x",
        "50%off",
        "a#b",
        "{{workflow.name}}",
        "{{=1+1}}",
        "$(id)",
        "it's",
        "zweig-\N{PARTY POPPER}",
        "a&b=c",
    ],
)
def test_a_branch_of_any_name(client: Client, quiet_project: Callable[..., Project], branch: str) -> None:
    name, copy = quiet_project("branch")
    sha = copy.commit({"a": "1"}, "Add {{workflow.name}}\n\nand more")
    push_first(client, name, copy, "HEAD:refs/heads/main", f"HEAD:refs/heads/{branch}")
    facts = client.branch(name, branch)
    assert facts is not None
    assert (facts.head, facts.protected) == (sha, False)
    assert facts.message.strip() == "Add {{workflow.name}}\n\nand more"
    assert client.branch(name, f"{branch}-not") is None


def test_a_branch_of_an_empty_repository_is_none(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, _ = quiet_project("empty")
    assert client.branch(name, "main") is None
    assert client.tag(name, "v1") is None


def test_a_protected_branch(client: Client, gitea: Gitea, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("protected")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    gitea.ask("POST", f"/repos/{name}/branch_protections", {"rule_name": "ma*", "enable_push": True})
    facts = client.branch(name, "main")
    assert isinstance(facts, BranchFacts)
    assert facts.protected


def test_tags(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("tags")
    sha = copy.commit({"a": "1"}, "Add it")
    copy.git("tag", "light")
    copy.git("tag", "--annotate", "release/v1", "--message", "One")
    push_first(client, name, copy, "HEAD", "light", "release/v1")
    light, annotated = client.tag(name, "light"), client.tag(name, "release/v1")
    assert light is not None
    assert (light.sha, light.object_sha) == (sha, sha)
    assert annotated == TagFacts(sha, copy.git("rev-parse", "release/v1"), "One")
    assert annotated.object_sha != sha
    assert client.tag(name, "v2") is None


def test_a_pull_request(client: Client, gitea: Gitea, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("pull")
    base = copy.commit({"a": "1"})
    push_first(client, name, copy)
    copy.git("checkout", "--quiet", "-b", "topic/1")
    head = copy.commit({"b": "2"})
    copy.push("HEAD:refs/heads/topic/1")
    number = gitea.pull_request(name, "topic/1", title="WIP: a change")
    label = gitea.ask("POST", f"/repos/{name}/labels", {"name": "big one", "color": "#ff0000"})
    gitea.ask("POST", f"/repos/{name}/issues/{number}/labels", {"labels": [label["id"]]})
    facts = client.pull_request(name, number)
    assert facts is not None
    assert (facts.number, facts.open, facts.draft, facts.from_fork) == (number, True, True, False)
    assert (facts.base, facts.base_sha, facts.head, facts.head_sha) == ("main", base, "topic/1", head)
    assert (facts.title, facts.author, facts.labels) == ("WIP: a change", gitea.user, ("big one",))
    assert facts.updated_at.startswith("20")
    gitea.ask("PATCH", f"/repos/{name}/pulls/{number}", {"state": "closed", "title": "a change"})
    gitea.ask("DELETE", f"/repos/{name}/branches/topic/1")
    facts = client.pull_request(name, number)
    assert facts is not None
    assert (facts.open, facts.draft, facts.head, facts.head_sha, facts.from_fork) == (
        False,
        False,
        "topic/1",
        head,
        False,
    )
    assert client.pull_request(name, number + 1) is None


def test_a_pull_request_from_a_fork(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project], stranger: str
) -> None:
    name, copy = quiet_project("forked")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    fork = f"{stranger}/{name.partition('/')[2]}"
    gitea.ask("POST", f"/repos/{name}/forks?sudo={stranger}", {})
    copy.git("checkout", "--quiet", "-b", "topic")
    head = copy.commit({"b": "2"})
    copy.git("push", "--quiet", copy.url.replace(name, fork), "HEAD:refs/heads/topic")
    number = gitea.pull_request(name, f"{stranger}:topic")
    facts = client.pull_request(name, number)
    assert facts is not None
    assert (facts.from_fork, facts.head_sha) == (True, head)
    gitea.delete_repository(fork)
    facts = client.pull_request(name, number)
    assert facts is not None
    assert (facts.from_fork, facts.head_sha) == (True, head)


def test_a_pull_request_pushed_to_no_branch_counts_as_from_a_fork(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project]
) -> None:
    name, copy = quiet_project("agit")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    head = copy.commit({"b": "2"})
    copy.git("push", "--quiet", "-o", "topic=topic", "-o", "title=A change", "origin", "HEAD:refs/for/main")
    (request,) = gitea.ask("GET", f"/repos/{name}/pulls")
    facts = client.pull_request(name, request["number"])
    assert facts is not None
    assert (facts.from_fork, facts.head_sha) == (True, head)


def test_who_may_write(client: Client, gitea: Gitea, quiet_project: Callable[..., Project], stranger: str) -> None:
    name, _ = quiet_project("members")
    assert client.may_write(name, gitea.user)
    assert not client.may_write(name, stranger)
    assert not client.may_write(name, "nobody-of-this-name")
    for permission, may in (("read", False), ("write", True), ("admin", True)):
        gitea.ask("PUT", f"/repos/{name}/collaborators/{stranger}", {"permission": permission})
        assert client.may_write(name, stranger) is may
    gitea.ask("DELETE", f"/repos/{name}/collaborators/{stranger}")
    assert not client.may_write(name, stranger)


def test_what_a_narrow_token_can_and_cannot(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project], stranger: str
) -> None:
    """`read:repository` for facts, `write:repository` for statuses; who may write is told to administrators alone."""
    name, copy = quiet_project("scopes", private=True)
    sha = copy.commit({"a": "1"})
    push_first(client, name, copy)
    reader = as_user(gitea, stranger, "read:repository")
    assert reader.repository(name) is None
    gitea.ask("PUT", f"/repos/{name}/collaborators/{stranger}", {"permission": "write"})
    assert reader.repository(name) is not None
    assert reader.branch(name, "main") is not None
    assert reader.statuses(name, sha) == ()
    for refused in (
        lambda: reader.post_status(name, sha, PENDING),
        lambda: reader.may_write(name, gitea.user),
    ):
        with pytest.raises(ForgeError) as caught:
            refused()
        assert caught.value.lasting
    as_user(gitea, stranger, "write:repository").post_status(name, sha, PENDING)
    gitea.ask("PUT", f"/repos/{name}/collaborators/{stranger}", {"permission": "admin"})
    assert as_user(gitea, stranger, "read:repository").may_write(name, gitea.user)


def test_the_last_status_of_a_context_counts(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("statuses")
    sha = copy.commit({"a": "1"})
    push_first(client, name, copy)
    assert client.statuses(name, sha) == ()
    done = CommitStatus("argosy/push", "failure", "test: step 2 'unit tests' failed with exit code 3 (ci.yaml:12)", "")
    other = CommitStatus("argosy/push/test", "success", "succeeded", "https://argo.example/run-b-x")
    for status in (PENDING, other, done):
        client.post_status(name, sha, status)
    assert set(client.statuses(name, sha)) == {done, other}


def test_more_statuses_than_a_page_holds(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("pages")
    sha = copy.commit({"a": "1"})
    push_first(client, name, copy)
    contexts = {f"argosy/push/job-{number}" for number in range(60)}
    for context in contexts:
        client.post_status(name, sha, CommitStatus(context, "success", "", ""))
    assert {status.context for status in client.statuses(name, sha)} == contexts


def test_a_commit_that_is_not_there(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("gone")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    assert client.statuses(name, NO_COMMIT) == ()
    with pytest.raises(ForgeError) as caught:
        client.post_status(name, NO_COMMIT, PENDING)
    assert caught.value.lasting


def test_a_status_where_there_is_no_default_branch(client: Client, quiet_project: Callable[..., Project]) -> None:
    """Gitea takes the status and then says 500, because it looks for the default branch."""
    name, copy = quiet_project("branchless")
    sha = copy.commit({"a": "1"})
    copy.push("HEAD:refs/heads/other")
    client.post_status(name, sha, PENDING)
    assert client.statuses(name, sha) == (PENDING,)


def test_tokens_are_rotated_without_a_gap(gitea: Gitea, quiet_project: Callable[..., Project]) -> None:
    name, _ = quiet_project("rotation")
    assert Client(gitea.url, ("0" * 40, gitea.token)).repository(name) is not None
    with pytest.raises(ForgeError, match="does not take our token"):
        Client(gitea.url, ("0" * 40,)).repository(name)


def test_a_commit_with_a_long_message(client: Client, quiet_project: Callable[..., Project]) -> None:
    name, copy = quiet_project("long")
    copy.commit({"a": "1"}, "x" * 100_000)
    push_first(client, name, copy)
    facts = client.branch(name, "main")
    assert facts is not None
    assert len(facts.message.strip()) == 100_000


def test_comments_are_found_written_changed_and_removed_by_whom_they_are(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project], stranger: str
) -> None:
    name, copy = quiet_project("comments")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    copy.commit({"a": "2"})
    copy.push("HEAD:topic")
    number = gitea.pull_request(name, "topic")
    client.post_comment(name, number, "administrator's")
    theirs = as_user(gitea, stranger, "write:issue", "read:user")
    assert theirs.own_comments(name, number) == ()
    body = "<!-- x -->\n> \N{ROCKET} {{workflow.name}} `-->`"
    theirs.post_comment(name, number, body)
    (one,) = theirs.own_comments(name, number)
    assert one.body == body
    theirs.edit_comment(name, number, one, "new")
    assert [comment.body for comment in theirs.own_comments(name, number)] == ["new"]
    assert [comment.body for comment in client.own_comments(name, number)] == ["administrator's"]
    theirs.delete_comment(name, number, one)
    theirs.delete_comment(name, number, one)
    assert [comment["body"] for comment in gitea.comments(name, number)] == ["administrator's"]
    with pytest.raises(ForgeError) as caught:
        theirs.own_comments(name, number + 1)
    assert caught.value.lasting


@pytest.mark.parametrize("scopes", [("write:repository",), ("write:issue",), ("read:user", "read:issue")])
def test_a_token_that_may_not_comment_is_told_for_good(
    client: Client, gitea: Gitea, quiet_project: Callable[..., Project], stranger: str, scopes: tuple[str, ...]
) -> None:
    name, copy = quiet_project("comments")
    copy.commit({"a": "1"})
    push_first(client, name, copy)
    copy.commit({"a": "2"})
    copy.push("HEAD:topic")
    number = gitea.pull_request(name, "topic")
    theirs = as_user(gitea, stranger, *scopes)
    with pytest.raises(ForgeError) as caught:
        theirs.post_comment(name, number, f"after {theirs.own_comments(name, number)}")
    assert caught.value.lasting
