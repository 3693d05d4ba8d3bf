"""Secrets of a run namespace in a job: as a variable, as a file, and where they are not granted or not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from generator.placement import EXECUTOR_ACCOUNT, JOB_ACCOUNT
from tests.e2e.conftest import Project
from tests.e2e.installation import GREETING
from tests.e2e.observed import Observed, ended_statuses, job_of
from tests.e2e.test_policies import EXPANDER, POD, attempt, with_spec

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
RUNS = "argosy-runs-default"
# DEPLOY_KEY is for tags.
CI = """\
on: {push: {branches: "**", tags: "**"}}
jobs:
  see:
    secrets:
      VALUE: GREETING
      FILE: {name: GREETING, file: true}
      KEY: {name: DEPLOY_KEY, file: true, optional: true}
      TEXT: {name: DEPLOY_KEY, optional: true}
    steps:
      - run: |
          test "$VALUE" = "$(cat "$FILE")"
          echo "mode $(stat -L -c %a "$FILE") in $(dirname "$FILE")"
          (echo x >"$FILE") 2>/dev/null || echo "not written"
          su -s /bin/sh nobody -c 'cat "$0"' "$FILE" 2>/dev/null || echo "not for nobody"
          su -s /bin/sh nobody -c 'cat "$0"' "${FILE%/root/FILE}/anybody/FILE" >/dev/null && echo "for anybody"
          echo "key ${KEY-unset}, text ${TEXT-unset}"
  need: {secrets: {KEY: {name: DEPLOY_KEY, file: true}}, run: echo ran}
"""


def test_a_secret_is_a_variable_or_a_file_and_what_is_optional_may_be_missing(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("secrets")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/see", "argosy/push/need"})
    assert statuses["argosy/push/see"].state == "success", statuses
    assert "secret 'DEPLOY_KEY' is not granted to this run" in statuses["argosy/push/need"].description
    see = observed.job_pod(observed.finished_run(sha), "see")
    log = observed.log(see)
    for line in (
        "mode 400 in /argosy-secrets/root\n",
        "not written\n",
        "not for nobody\n",
        "for anybody\n",
        "key unset, text unset\n",
    ):
        assert line in log
    assert GREETING not in str(see)
    mounting = [
        container["name"]
        for container in see["spec"]["containers"] + see["spec"].get("initContainers", [])
        if any(mount["mountPath"] == "/argosy-secrets" for mount in container.get("volumeMounts", []))
    ]
    assert mounting == ["main"]


DENIED = """\
on: {push: {branches: "**"}}
jobs:
  need: {secrets: [DEPLOY_KEY], outputs: [version], run: echo ran}
  each: {matrix: {n: [1, 2]}, secrets: [DEPLOY_KEY], run: echo ran}
  soft: {secrets: [DEPLOY_KEY], allow-failure: true, run: echo ran}
  after: {needs: soft, run: "true"}
  never: {needs: need, run: echo ran}
  alarm:
    needs: [need, each]
    when: failure
    env: {GIVEN: "${{ needs.need.result }}, ${{ needs.each.result }}, '${{ needs.need.outputs.version }}'"}
    run: echo "got $GIVEN"
"""


def test_a_job_whose_secret_is_not_granted_fails_without_a_pod_as_any_other_fails(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("denied")
    sha = copy.commit({"ci.yaml": DENIED})
    copy.push()
    jobs = ("need", "each", "soft", "after", "never", "alarm")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)})
    why = "secret 'DEPLOY_KEY' is not granted to this run"
    assert {job: statuses[f"argosy/push/{job}"].state for job in jobs} == {
        "need": "failure",
        "each": "failure",
        "soft": "success",
        "after": "success",
        "never": "error",
        "alarm": "success",
    }
    assert statuses["argosy/push"].state == "failure"
    assert statuses["argosy/push/need"].description.startswith(why)
    assert f"2 of 2 failed: each[n=1], each[n=2]: {why}" in statuses["argosy/push/each"].description
    assert statuses["argosy/push/soft"].description.startswith(f"failure (allowed): {why}")
    run = observed.finished_run(sha)
    assert {job_of(pod) for pod in observed.pods(run)} == {"after", "alarm"}
    assert "got failure, failure, ''\n" in observed.log(observed.job_pod(run, "alarm"))


def test_a_secret_that_is_granted_and_not_there_is_missed_only_by_those_that_need_it(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    here.kubectl("-n", RUNS, "delete", "secret", "deploy", "--ignore-not-found")
    name, copy = new_project("no-secret")
    sha = copy.commit({"ci.yaml": CI})
    copy.git("tag", "v1")
    copy.push("v1")
    statuses = ended_statuses(gitea, name, sha, {"argosy/tag", "argosy/tag/see", "argosy/tag/need"})
    assert statuses["argosy/tag/see"].state == "success", statuses
    assert "a secret that it needs is not in the run namespace" in statuses["argosy/tag/need"].description
    run = observed.finished_run(sha)
    assert "key unset, text unset\n" in observed.log(observed.job_pod(run, "see"))
    assert "no value for KEY:" in observed.log(observed.job_pod(run, "need"))


FILES = {"sources": [{"secret": {"name": "a", "items": [{"key": "k", "path": "root/A", "mode": 0o400}]}}]}


@pytest.mark.parametrize(
    ("volume", "good"),
    [
        ({"emptyDir": {}}, True),
        ({"projected": FILES}, True),
        ({"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}, False),
        ({"hostPath": {"path": "/"}}, False),
        ({"secret": {"secretName": "forge-work-checkout"}}, False),
        ({"csi": {"driver": "x"}}, False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_run_has_no_volumes_but_empty_ones_and_files_of_secrets(
    volume: dict[str, Any], good: bool, here: Cluster
) -> None:
    one = {"name": "one", **volume}
    for spec in ({"templates": [POD], "volumes": [one]}, {"templates": [{**POD, "volumes": [one]}]}):
        whole = {
            "entrypoint": "main",
            "serviceAccountName": JOB_ACCOUNT,
            "automountServiceAccountToken": False,
            "executor": {"serviceAccountName": EXECUTOR_ACCOUNT},
            **spec,
        }
        workflow = with_spec(RUNS, whole)
        workflow["metadata"]["annotations"] = {"argosy.dev/digest": f"sha256:{'0' * 64}"}
        answer = attempt(here, EXPANDER, workflow)
        assert answer == "" if good else "a run's volumes are empty" in answer
