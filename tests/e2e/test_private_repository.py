"""A private repository is checked out with a token that the job never sees."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
# Looks where a token could be left behind: prints everything that the job can read.
SEARCH = r"""env
cat .git/config
git config --list || true
for folder in /argosy /workspace /tmp /root /home /run; do
  find "$folder" -xdev -type f -size -64k 2>/dev/null | while read -r file; do
    echo "== $file"
    tr -cd '\11\12\40-\176' < "$file" 2>/dev/null || true
  done
done
cat /proc/*/environ 2>/dev/null | tr '\0' '\n' || true
test -e /var/run/secrets/kubernetes.io/serviceaccount || echo no token of a service account
"""


def test_the_token_checks_out_and_is_nowhere_in_the_job(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("private", private=True)
    ci = "defaults: {image: 'localhost/argosy/python:dev'}\njobs:\n  one:\n    run: |\n"
    ci += "".join(f"      {line}\n" for line in SEARCH.splitlines())
    sha = copy.commit({"ci.yaml": ci, "secret-plans.txt": "only for members\n"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert {status.state for status in statuses.values()} == {"success"}, statuses

    run = observed.finished_run(sha)
    pod = observed.job_pod(run, "one")
    secret = json.loads(
        here.kubectl("-n", run["metadata"]["namespace"], "get", "secret", "forge-work-checkout", "-o", "json")
    )
    token = base64.b64decode(secret["data"]["token"]).decode()
    log = observed.log(pod)
    assert "only for members" in log
    for place in (log, observed.log(pod, "checkout"), json.dumps(pod), json.dumps(run)):
        assert token not in place
        assert base64.b64encode(token.encode()).decode() not in place
    assert "no token of a service account" in log.splitlines()
