"""Expressions decide before anything is created, and what an outsider wrote stays text in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.cluster import BUSYBOX_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
NAME, _, VERSION = BUSYBOX_IMAGE.rpartition(":")
BRANCH = "topic/{{workflow.name}}-$(id)-'quoted'-🚀"
CI = f"""\
on: {{push: {{branches: ['/topic/.+/', main]}}}}
jobs:
  here:
    image: "{NAME}:${{{{ branch.startsWith('topic/') ? '{VERSION}' : 'none' }}}}"
    if: event == 'push' && branch != default_branch
    env: {{WHERE: "on ${{{{ branch }}}}"}}
    steps: [{{name: "greet ${{{{ actor }}}}", run: 'echo "$WHERE"'}}]
  elsewhere: {{if: branch == default_branch, run: exit 1}}
  behind: {{needs: elsewhere, run: exit 1}}
"""


def test_conditions_and_values_are_decided_for_the_event(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("expressions")
    # A forge takes the first branch that it is given for the default one.
    copy.commit({"README": "expressions\n"})
    copy.push()
    sha = copy.commit({"ci.yaml": CI})
    copy.push(f"HEAD:refs/heads/{BRANCH}")
    contexts = {"argosy/push", *(f"argosy/push/{job}" for job in ("here", "elsewhere", "behind"))}
    statuses = ended_statuses(gitea, name, sha, contexts)
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    assert statuses["argosy/push/elsewhere"].description == "skipped: `if` is false: branch == default_branch"
    assert statuses["argosy/push/behind"].description == "skipped: needs 'elsewhere', which does not run"
    run = observed.finished_run(sha)
    pod = observed.job_pod(run, "here")
    assert f"\non {BRANCH}\n" in observed.log(pod)
    assert next(one for one in pod["spec"]["containers"] if one["name"] == "main")["image"] == BUSYBOX_IMAGE
    assert len(observed.pods(run)) == 1


def test_an_expression_that_is_none_is_told_with_its_column(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = new_project("expressions")
    sha = copy.commit({"ci.yaml": "jobs: {one: {run: x, if: brnch == 'main'}}"})
    copy.push()
    status = ended_statuses(gitea, name, sha, {"argosy/push"})["argosy/push"]
    assert status.state == "error"
    assert status.description.startswith("ci.yaml:1:26: error: unknown name 'brnch'"), status
