"""Path filters and changed() ask Git what a push or a pull request changed, wherever its history begins."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea, WorkingCopy

NewProject = Callable[..., Project]
CI = """\
on:
  push: {branches: ["**", "!quiet/**"], paths: code}
  pull_request: {paths: code}
files:
  code: ["**", "!docs/**"]
  web: web/**
jobs:
  web: {if: changed(files.web), env: {KEY: "${{ hash('web/**') }}"}, run: 'echo "key $KEY"'}
  rest: {if: "changed('lib/**')", run: "true"}
"""


def test_a_new_branch_is_compared_with_the_default_branch(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = _started(new_project)
    copy.git("checkout", "--quiet", "-b", "topic")
    copy.commit({"web/page.html": "one\n"})
    sha = copy.commit({"docs/page.md": "two\n"})
    copy.push()
    assert _outcomes(gitea, name, sha) == {"web": "succeeded", "rest": "skipped"}
    log = observed.log(observed.job_pod(observed.finished_run(sha), "web"))
    assert re.search("^key [0-9a-f]{64}$", log, re.MULTILINE), log


def test_a_push_that_touches_no_path_of_the_filter_says_so(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = _started(new_project)
    sha = copy.commit({"docs/page.md": "one\n"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push"})
    assert statuses["argosy/push"].state == "success"
    assert "paths" in statuses["argosy/push"].description


def test_a_forced_push_is_compared_with_where_it_left_what_was_there(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = _started(new_project)
    copy.git("checkout", "--quiet", "-b", "topic")
    before = copy.commit({"web/page.html": "one\n"})
    copy.push()
    assert _outcomes(gitea, name, before) == {"web": "succeeded", "rest": "skipped"}
    copy.git("reset", "--quiet", "--hard", "main")
    sha = copy.commit({"lib/code": "two\n"})
    copy.push(force=True)
    assert _outcomes(gitea, name, sha) == {"web": "skipped", "rest": "succeeded"}


def test_a_pull_request_is_compared_with_where_it_left_its_target(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = _started(new_project)
    copy.git("checkout", "--quiet", "-b", "topic")
    sha = copy.commit({"lib/code": "one\n"})
    copy.git("checkout", "--quiet", "main")
    copy.commit({"web/page.html": "of main alone\n"})
    copy.push("main")
    copy.push("topic:refs/heads/quiet/topic")
    gitea.pull_request(name, "quiet/topic")
    assert _outcomes(gitea, name, sha, "pull_request") == {"web": "skipped", "rest": "succeeded"}


def _started(new_project: NewProject) -> tuple[str, WorkingCopy]:
    name, copy = new_project("changed")
    copy.commit({"ci.yaml": CI, "web/index.html": "zero\n"})
    copy.push()
    return name, copy


def _outcomes(gitea: Gitea, name: str, sha: str, kind: str = "push") -> dict[str, str]:
    """How each job of the file ended, in a word."""
    contexts = {f"argosy/{kind}/{job}": job for job in ("web", "rest")}
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", f"argosy/{kind}", *contexts})
    assert {status.state for status in statuses.values()} == {"success"}
    return {job: statuses[context].description.split(":")[0] for context, job in contexts.items()}
