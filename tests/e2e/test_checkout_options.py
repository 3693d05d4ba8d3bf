"""How much of a repository a job asks for, from pushes and a pull request: history, tags, base, submodules, nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea, WorkingCopy

NewProject = Callable[..., Project]
CI = """\
on: {push: {branches: ["**", "!quiet/**"]}, pull_request: {}}
defaults: {image: "localhost/argosy/python:dev"}
jobs:
  plain:
    run: |
      echo "commits $(git rev-list --count HEAD), tags $(git tag | wc -l), lib $(ls lib | wc -l)"
  deep:
    checkout: {depth: 0, tags: true}
    run: echo "commits $(git rev-list --count HEAD), $(git describe)"
  base:
    checkout: {base: true}
    run: |
      parted=$(git merge-base argosy/base HEAD)
      echo "ahead $(git rev-list --count argosy/base..HEAD), $(git log -1 --format=%s "$parted")"
      git diff --stat argosy/base...HEAD
  linked:
    checkout: {submodules: recursive, lfs: true}
    run: |
      echo "lib says $(cat lib/code), $(git -C lib rev-parse --is-shallow-repository)"
      git status --porcelain
  none:
    checkout: false
    run: |
      echo "$(pwd) has $(ls -A | wc -l) files"
      touch made
"""
JOBS = ("plain", "deep", "base", "linked", "none")
ATTRIBUTES = "picture filter=lfs diff=lfs merge=lfs -text\n"
NOWHERE = """\
version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"""


def test_a_new_branch_has_as_much_as_its_jobs_ask_for(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = _started(new_project)
    copy.git("checkout", "--quiet", "-b", "topic", "HEAD~1")
    for number in range(25):
        sha = copy.commit({"topic": f"{number}\n"})
    copy.push()
    logs = _logs(gitea, observed, name, sha, "push")
    assert "commits 1, tags 0, lib 0" in logs["plain"]
    assert f"commits 27, v1-26-g{sha[:7]}" in logs["deep"]
    assert "ahead 25, with a submodule" in logs["base"]
    assert "topic | 1 +" in logs["base"]
    assert "lib says two, true\n" in logs["linked"]
    assert "topic" not in logs["linked"]
    assert "/workspace has 0 files" in logs["none"]


def test_a_pull_requests_base_is_its_target(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = _started(new_project)
    copy.git("checkout", "--quiet", "-b", "topic", "HEAD~1")
    for number in range(3):
        sha = copy.commit({"topic": f"{number}\n"})
    copy.push("HEAD:refs/heads/quiet/topic")
    gitea.pull_request(name, "quiet/topic")
    assert "ahead 3, with a submodule" in _logs(gitea, observed, name, sha, "pull_request")["base"]


def test_a_job_without_a_source_asks_for_no_token(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = _started(new_project)
    sha = copy.commit({"ci.yaml": "jobs:\n  none: {checkout: false, run: ls -A}\n"})
    copy.push()
    ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/none"})
    assert "ARGOSY_TOKEN" not in json.dumps(_pod(observed, sha, "none"))


def test_what_cannot_be_fetched_is_said(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = _started(new_project)
    ci = "jobs:\n  linked: {checkout: {submodules: true}, run: ls}\n  large: {checkout: {lfs: true}, run: ls}\n"
    copy.git("config", "--file", ".gitmodules", "submodule.lib.url", "ssh://git@elsewhere.example/lib.git")
    sha = copy.commit({"ci.yaml": ci, ".gitattributes": ATTRIBUTES, "picture": NOWHERE})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/linked", "argosy/push/large"})
    assert statuses["argosy/push/linked"].state == statuses["argosy/push/large"].state == "error"
    assert "checkout: submodule lib: transport 'ssh' not allowed" in _log(observed, sha, "linked", "checkout")
    assert "info/lfs has not got " in _log(observed, sha, "large", "checkout")


def test_large_files_come_from_the_forge(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("large", private=True)
    pointer = gitea.large_file(name, b"a large picture\n" * 1000)
    ci = "jobs:\n  large: {checkout: {lfs: true}, run: wc -l picture}\n  plain: {run: wc -l picture}\n"
    sha = copy.commit({"ci.yaml": ci, ".gitattributes": ATTRIBUTES, "picture": pointer})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/large", "argosy/push/plain"})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    assert "1000 picture\n" in _log(observed, sha, "large", "main")
    assert "3 picture\n" in _log(observed, sha, "plain", "main")


def _started(new_project: NewProject) -> tuple[str, WorkingCopy]:
    """A private repository with a private submodule: one commit with the tag v1, one with the submodule, one more."""
    library, inside = new_project("library", private=True)
    inside.commit({"code": "one\n"})
    linked = inside.commit({"code": "two\n"})
    inside.commit({"code": "three\n"})
    inside.push()
    name, copy = new_project("options", private=True)
    copy.commit({"readme": "x\n"}, "first")
    copy.git("tag", "--annotate", "--message", "one", "v1")
    modules = f'[submodule "lib"]\n\tpath = lib\n\turl = ../{library.partition("/")[2]}.git\n'
    copy.git("update-index", "--add", "--cacheinfo", f"160000,{linked},lib")
    (copy.folder / "lib").mkdir()
    copy.commit({"ci.yaml": CI, ".gitmodules": modules}, "with a submodule")
    copy.commit({"readme": "y\n"}, "of main alone")
    copy.push("main", "v1")
    return name, copy


def _logs(gitea: Gitea, observed: Observed, name: str, sha: str, kind: str) -> dict[str, str]:
    """What each job said, all of which have to succeed."""
    contexts = {"argosy/push", f"argosy/{kind}", *(f"argosy/{kind}/{job}" for job in JOBS)}
    statuses = ended_statuses(gitea, name, sha, contexts, 300)
    run = observed.finished_run(sha)
    logs = {job: observed.log(observed.job_pod(run, job)) for job in JOBS}
    assert {statuses[context].state for context in contexts} == {"success"}, (statuses, logs)
    return logs


def _pod(observed: Observed, sha: str, job: str) -> dict[str, Any]:
    return observed.job_pod(observed.finished_run(sha), job)


def _log(observed: Observed, sha: str, job: str, container: str = "main") -> str:
    return observed.log(_pod(observed, sha, job), container)
