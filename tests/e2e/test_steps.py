"""Steps as they run: in which shell and folder, after what, and what becomes of the job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster import PYTHON_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = f"""\
defaults: {{image: {PYTHON_IMAGE}}}
jobs:
  good:
    steps:
      - {{name: pipe, shell: bash, run: 'false | true; echo not here', continue-on-error: true}}
      - {{name: hand over, run: "printf '%s\\n' 'WORD=it is; $(id) {{{{=1+1}}}}' >>$CI_ENV"}}
      - {{name: take, run: 'echo "word: $WORD"'}}
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
    assert statuses["argosy/push/bad"].description == "step 2 'break' failed with exit code 3 (ci.yaml:15)"
    run = observed.finished_run(sha)
    good, bad = (observed.log(observed.job_pod(run, job)) for job in ("good", "bad"))
    for line in ("word: it is; $(id) {{=1+1}}\n", "42\n", "app\nhello from the folder\n", "status=success\n"):
        assert line in good
    assert "status=failure\n" in bad
    for line in ("\nnot here", "\nnever"):
        assert line not in good + bad


SLOW = f"""\
defaults: {{image: {PYTHON_IMAGE}}}
jobs:
  step:
    steps:
      - {{name: hang, timeout: 2s, run: 'sleep 300 & wait'}}
      - {{name: late, when: always, run: echo late}}
  job:
    timeout: 10s
    steps:
      - {{name: hang, run: sleep 300}}
      - {{name: late, when: failure, run: echo late}}
"""


def test_what_has_had_its_time_is_ended_and_late_steps_still_run(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("slow")
    sha = copy.commit({"ci.yaml": SLOW})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/step", "argosy/push/job"})
    assert statuses["argosy/push/step"].description == "step 1 'hang' timed out (ci.yaml:5)"
    assert statuses["argosy/push/job"].description == "timed out in step 1 'hang' (ci.yaml:10)"
    run = observed.finished_run(sha)
    assert all("late\n" in observed.log(observed.job_pod(run, job)) for job in ("step", "job"))


def test_a_run_that_is_stopped_ends_its_script_and_runs_what_always_runs(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("stopped")
    steps = "steps: [{run: 'echo begun; sleep 300'}, {run: echo never}, {when: always, run: echo cleaned up}]"
    sha = copy.commit({"ci.yaml": f"jobs: {{one: {{image: {PYTHON_IMAGE}, {steps}}}}}"})
    copy.push()
    until("the run", lambda: observed.runs(sha))
    run = observed.runs(sha)[0]["metadata"]
    until("the first step", lambda: any("begun\n" in observed.log(pod) for pod in _running(observed, sha)))
    here.kubectl(
        *("-n", run["namespace"], "patch", "workflow", run["name"], "--type=merge"),
        *("--patch", '{"spec": {"shutdown": "Stop"}}'),
    )
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert {status.state for status in statuses.values()} <= {"failure", "error"}, statuses
    log = observed.log(observed.job_pod(observed.finished_run(sha), "one"))
    assert "cleaned up\n" in log
    assert "\nnever" not in log


def _running(observed: Observed, sha: str) -> list[dict[str, Any]]:
    """The pods of the commit's runs whose job has started."""
    return [
        pod
        for run in observed.runs(sha)
        for pod in observed.pods(run)
        if any(one["name"] == "main" and one.get("started") for one in pod["status"].get("containerStatuses", ()))
    ]
