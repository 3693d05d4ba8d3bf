"""Steps as they run: in which shell and folder, after what, and what becomes of the job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.cluster import PYTHON_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = f"""\
defaults: {{image: {PYTHON_IMAGE}}}
jobs:
  good:
    steps:
      - {{name: pipe, shell: bash, run: 'false | true; echo not here', continue-on-error: true}}
      - {{name: snake, shell: python, run: 'print(6 * 7)'}}
      - {{name: folder, working-directory: web/app, run: 'basename "$PWD"; cat greeting'}}
      - {{name: only after failure, when: failure, run: echo never}}
      - {{name: at the end, when: always, run: 'echo "status=$CI_STATUS"'}}
  bad:
    steps:
      - {{name: fine, run: echo fine}}
      - {{name: break, run: exit 3}}
      - {{name: left out, run: echo never}}
      - {{name: clean up, when: failure, run: 'echo "status=$CI_STATUS"'}}
      - {{name: report, when: always, run: exit 4}}
"""


def test_steps_run_after_success_failure_or_always_in_their_shell_and_folder(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("steps")
    sha = copy.commit({"ci.yaml": CI, "web/app/greeting": "hello from the folder\n"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/good", "argosy/push/bad"})
    assert {context: status.state for context, status in statuses.items()} == {
        "argosy/push": "failure",
        "argosy/push/good": "success",
        "argosy/push/bad": "failure",
    }
    assert statuses["argosy/push/bad"].description == "step 2 'break' failed with exit code 3 (ci.yaml:10)"
    run = observed.finished_run(sha)
    good, bad = (observed.log(observed.job_pod(run, job)) for job in ("good", "bad"))
    for line in ("42\n", "app\nhello from the folder\n", "status=success\n"):
        assert line in good
    assert "status=failure\n" in bad
    for line in ("\nnot here", "\nnever"):
        assert line not in good + bad
