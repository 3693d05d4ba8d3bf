"""A job that wants more than its own run: what Argo reads out of its pod is a few numbers, and nobody's token."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
# The executor beside the job has a token there, and reads /argosy-result when the job has ended.
SCRIPT = """
token=/var/run/secrets/kubernetes.io/serviceaccount/token
for place in /argosy-result /argosy/result; do
  (while :; do rm -rf $place; ln -sfn $token $place; sleep 0.1; done) >/dev/null 2>&1 &
done
head -c 3000000 /dev/zero >/argosy-result
exit 3
"""


def test_neither_a_token_nor_a_huge_text_comes_out_as_a_jobs_result(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("hostile")
    script = "".join(f"      {line}\n" for line in SCRIPT.splitlines())
    sha = copy.commit({"ci.yaml": f"jobs:\n  one:\n    run: |\n{script}"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert statuses["argosy/push/one"].state == "failure", statuses
    nodes = observed.finished_run(sha)["status"]["nodes"]
    (said,) = [node["outputs"]["parameters"][0]["value"] for node in nodes.values() if node["type"] == "Pod"]
    assert "eyJ" not in json.dumps(nodes)
    assert said == '{"step":1,"code":3}'


def test_a_job_that_leaves_a_huge_result_behind_spoils_its_own_run_and_that_is_told(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    """Without the step runner, whose last word is a short one."""
    name, copy = new_project("huge")
    sha = copy.commit({"ci.yaml": "jobs: {one: {run: 'head -c 5000000 /dev/urandom >/argosy-result; kill -9 $PPID'}}"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert statuses["argosy/push"].state in ("failure", "error"), statuses
    assert len(json.dumps(observed.finished_run(sha))) < 1_000_000
