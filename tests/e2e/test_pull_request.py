"""A pull request and a push of the same commit, and a pull request that may not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = "on: {push: {branches: ['**']}, pull_request: {}}\njobs: {one: {run: 'echo $CI_EVENT'}}\n"


def test_a_push_and_a_pull_request_on_one_commit_both_keep_their_statuses(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("both")
    copy.commit({"ci.yaml": CI})
    copy.push()
    copy.git("checkout", "--quiet", "-b", "topic")
    sha = copy.commit({"a.txt": "a\n"})
    copy.push()
    gitea.pull_request(name, "topic")

    contexts = {"argosy/push", "argosy/push/one", "argosy/pull_request", "argosy/pull_request/one"}
    statuses = ended_statuses(gitea, name, sha, contexts)
    assert {status.state for status in statuses.values()} == {"success"}
    runs = observed.runs(sha)
    assert sorted(run["metadata"]["name"][:6] for run in runs) == ["run-b-", "run-p-"]
    assert len({status.url for status in statuses.values()}) == 2


def test_a_pull_request_from_a_fork_is_refused_with_the_reason(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("forked")
    copy.commit({"ci.yaml": CI})
    copy.push()
    fork = gitea.ask("POST", f"/repos/{name}/forks", {"name": name.split("/")[1] + "-fork"})["full_name"]
    try:
        theirs = gitea.clone(fork, copy.folder.with_name("fork"))
        sha = theirs.commit({"b.txt": "b\n"})
        theirs.push("HEAD:topic")
        gitea.pull_request(name, f"{fork.split('/')[0]}:topic")
        statuses = ended_statuses(gitea, name, sha, {"argosy/pull_request"})
        assert statuses["argosy/pull_request"].state == "failure"
        assert "fork" in statuses["argosy/pull_request"].description
        assert observed.runs(sha) == []
    finally:
        gitea.delete_repository(fork)
