"""What a run does after a failure, as its commit tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
ALLOWED = """\
jobs:
  lint: {run: exit 3, allow-failure: branch == default_branch}
  test:
    needs: lint
    steps:
      - {run: "echo GREETING=hello >>$CI_ENV"}
      - {run: exit 4, continue-on-error: true}
      - {run: "echo $GREETING there"}
  alarm: {run: "true", needs: all, when: failure}
  notify: {run: "true", needs: all, when: always}
"""
FAILING = """\
jobs:
  test:
    steps:
      - {name: unit tests, run: exit 3}
      - {run: echo never}
      - {name: report, run: "echo status $CI_STATUS", when: always}
  deploy: {run: "true", needs: test}
  alarm: {run: "true", needs: deploy, when: failure}
"""
SLOW = """\
jobs:
  test:
    timeout: 20s
    steps:
      - {name: soak, run: sleep 600}
      - {run: "echo status $CI_STATUS", when: failure}
"""


def test_a_job_that_may_fail_leaves_its_run_green(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("allowed")
    sha = copy.commit({"ci.yaml": ALLOWED})
    copy.push()
    jobs = ("lint", "test", "alarm", "notify")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    assert "failure (allowed): lint" in statuses["argosy/push"].description
    assert "failure (allowed): step 1 failed with exit code 3" in statuses["argosy/push/lint"].description
    assert "not run" in statuses["argosy/push/alarm"].description
    assert "hello there\n" in observed.log(observed.job_pod(observed.finished_run(sha), "test"))


def test_after_a_failure_what_waits_for_one_runs(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("failing")
    sha = copy.commit({"ci.yaml": FAILING})
    copy.push()
    jobs = ("test", "deploy", "alarm")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)})
    states = [statuses[f"argosy/push{job}"].state for job in ("", "/test", "/deploy", "/alarm")]
    assert states == ["failure", "failure", "error", "success"]
    assert "step 1 'unit tests' failed with exit code 3" in statuses["argosy/push/test"].description
    log = observed.log(observed.job_pod(observed.finished_run(sha), "test"))
    assert "status failure\n" in log
    assert "never\n" not in log


def test_late_steps_run_after_the_jobs_time(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("slow")
    sha = copy.commit({"ci.yaml": SLOW})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test"})
    assert statuses["argosy/push/test"].state == "failure"
    assert "timed out in step 1 'soak'" in statuses["argosy/push/test"].description
    assert "status failure\n" in observed.log(observed.job_pod(observed.finished_run(sha), "test"))


UNKNOWN = """\
jobs:
  test: {image: "localhost/no/such:1", timeout: 1s, run: echo never}
  again: {image: "localhost/no/such:2", timeout: 1s, retry: {limit: 1, on: infrastructure}, run: echo never}
"""


def test_a_job_whose_image_is_not_there_says_so_at_once_and_in_the_end(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = new_project("unknown")
    sha = copy.commit({"ci.yaml": UNKNOWN})
    copy.push()

    def shown(job: str) -> str:
        status = gitea.statuses(name, sha).get(f"argosy/push/{job}")
        return f"{status.state}: {status.description}" if status is not None else ""

    def said(state: str) -> bool:
        told = {"test": "localhost/no/such:1", "again": "localhost/no/such:2"}
        return all(
            shown(job).startswith(f"{state}: does not start: image '{image}' cannot be pulled")
            for job, image in told.items()
        )

    until("both jobs to say what they wait for", lambda: said("pending"))
    ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test", "argosy/push/again"}, 240)
    assert said("failure"), (shown("test"), shown("again"))


RETRIED = """\
jobs:
  lost: {retry: {limit: 2}, run: "echo begun; until [ -e go ]; do sleep 1; done"}
  own: {retry: {limit: 1}, run: exit 3}
  flaky: {retry: {limit: 1, on: failure}, run: exit 4}
"""


def test_a_job_is_tried_again_after_what_its_retry_names(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("retried")
    sha = copy.commit({"ci.yaml": RETRIED})
    copy.push()

    def waiting(attempt: int) -> list[dict[str, Any]]:
        """The attempt's pod, once its script waits."""
        return [pod for pod in observed.lasting(sha, f"job-lost({attempt})") if "begun" in observed.log(pod)]

    (lost,) = until("the first attempt's script", lambda: waiting(0))
    namespace = lost["metadata"]["namespace"]
    observed.here.kubectl("-n", namespace, "delete", "pod", lost["metadata"]["name"], "--wait=false")
    (again,) = until("the second attempt's script", lambda: waiting(1))
    go = ("exec", again["metadata"]["name"], "-c", "main", "--", "/argosy/bin/busybox", "touch", "/workspace/go")
    observed.here.kubectl("-n", namespace, *go)
    jobs = ("lost", "own", "flaky")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)})
    assert {job: statuses[f"argosy/push/{job}"].state for job in jobs} == {
        "lost": "success",
        "own": "failure",
        "flaky": "failure",
    }
    assert "step 1 failed with exit code 4" in statuses["argosy/push/flaky"].description
    run = observed.finished_run(sha)
    # The pod of the attempt that was lost is gone.
    assert {job: sorted(observed.attempts(run, job)) for job in jobs} == {"lost": [1], "own": [0], "flaky": [0, 1]}


TEMPLATED = """\
include: ci/checks.yaml
jobs:
  vet: {extends: checks}
  one:
    timeout: 2m
    run: exit 4
"""
CHECKS = """\
templates:
  checks:
    steps:
      - run: echo fine
      - name: vet
        run: exit 3
"""


def test_a_status_names_the_line_of_the_step_that_failed_and_the_file_of_its_template(
    new_project: NewProject, gitea: Gitea
) -> None:
    name, copy = new_project("templated")
    sha = copy.commit({"ci.yaml": TEMPLATED, "ci/checks.yaml": CHECKS})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/vet", "argosy/push/one"})
    assert statuses["argosy/push/vet"].description == "step 2 'vet' failed with exit code 3 (ci/checks.yaml:5)"
    assert statuses["argosy/push/one"].description == "step 1 failed with exit code 4 (ci.yaml:6)"


NARROWED = """\
on: {push: {branches: "**", tags: "v*"}}
jobs:
  docs: {on: {push: {branches: docs}}, run: "true"}
  test: {needs: {job: docs, optional: true}, run: "true"}
  publish: {needs: test, on: {push: {tags: "v*"}}, run: "true"}
"""


def test_a_job_runs_for_the_events_of_its_own_on(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = new_project("narrowed")
    sha = copy.commit({"ci.yaml": NARROWED})
    copy.push()
    jobs = ("docs", "test", "publish")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    assert statuses["argosy/push/test"].description == "succeeded"
    assert statuses["argosy/push/publish"].description == "skipped: not for this event: on.push names tags only"
    assert statuses["argosy/push/docs"].description.startswith("skipped: not for this event: branch 'main' matches")
