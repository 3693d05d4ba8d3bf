"""Jobs that wait for an approval: approved, refused, expired, in statuses and for other jobs; and who may answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from generator.placement import APPROVER_ROLE
from tests.e2e.cluster import BUSYBOX_IMAGE, CommandFailed
from tests.e2e.conftest import Project
from tests.e2e.installation import CHECKOUT
from tests.e2e.observed import Observed, ended_statuses, job_of
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
Argosy = Callable[..., "subprocess.CompletedProcess[str]"]
RUNS = "argosy-runs-default"
ANN, BOB = "ann@example.org", "bob@example.org"
JOBS = ("deploy", "after", "excuse", "notify")
CONTEXTS = {"argosy/push", *(f"argosy/push/{job}" for job in JOBS)}


def ci(timeout: str) -> dict[str, str | bytes]:
    text = f"""\
concurrency: {{group: releases}}
defaults: {{image: "{BUSYBOX_IMAGE}"}}
jobs:
  deploy:
    approval: {{message: "To {{{{workflow.name}}}}?", environment: production, timeout: {timeout}}}
    outputs: [where]
    run: echo where=there >>"$CI_OUTPUT"
  after:
    needs: deploy
    env: {{WHERE: "${{{{ needs.deploy.outputs.where }}}}"}}
    run: echo "<$WHERE>"
  excuse: {{needs: deploy, when: failure, run: echo sorry}}
  notify:
    needs: all
    when: always
    env: {{RESULT: "${{{{ needs.deploy.result }}}}"}}
    run: echo "<$RESULT>"
"""
    return {"ci.yaml": text}


@pytest.fixture
def argosy(here: Cluster) -> Argosy:
    """The command, as the cluster's administrator has it."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generator", "approve", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "KUBECONFIG": str(here.kubeconfig)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def waiting_run(gitea: Gitea, observed: Observed, name: str, sha: str) -> str:
    """Waits until the commit says that an approval is asked for; the run's name."""
    (run,) = until("the run", lambda: observed.runs(sha))
    command = f"argosy approve {run['metadata']['name']} deploy"
    asked = f"waits for approval ({command}) for production: To {{{{workflow.name}}}}?"

    def said(context: str) -> str:
        status = gitea.statuses(name, sha).get(context)
        return f"{status.state}: {status.description}" if status is not None else ""

    until("the job to ask", lambda: said("argosy/push/deploy"), good=lambda text: text == f"pending: {asked}")
    until("the run to say so", lambda: said("argosy/push"), good=lambda text: text == f"pending: deploy {asked}")
    return str(run["metadata"]["name"])


def described(gitea: Gitea, name: str, sha: str) -> dict[str, str]:
    """The last words, by job; the run's under the empty name."""
    statuses = ended_statuses(gitea, name, sha, CONTEXTS)
    return {
        context.removeprefix("argosy/push").lstrip("/"): f"{status.state}: {status.description}"
        for context, status in statuses.items()
    }


def logs(observed: Observed, sha: str) -> dict[str, str]:
    return {job_of(pod): observed.log(pod) for pod in observed.pods(observed.finished_run(sha))}


def test_one_is_approved_and_one_is_refused_and_neither_holds_its_group(
    new_project: NewProject, gitea: Gitea, observed: Observed, argosy: Argosy
) -> None:
    name, copy = new_project("approval")
    shas, runs = [], []
    for number in (1, 2):
        shas.append(copy.commit({**ci("1h"), "number": str(number)}))
        copy.push()
        runs.append(waiting_run(gitea, observed, name, shas[-1]))
    listed = argosy()
    assert listed.returncode == 0, listed.stderr
    for run, sha in zip(runs, shas, strict=True):
        line = f"{RUNS}/{run} deploy for production: To {{{{workflow.name}}}}? ({name} push {sha[:8]}, until "
        assert line in listed.stdout
    (row,) = json.loads(argosy(runs[0], "-o", "json").stdout)
    assert (row["run"], row["job"], row["sha"]) == (f"{RUNS}/{runs[0]}", "deploy", shas[0])

    assert argosy(runs[0][:-1], "deploy").returncode == 1
    assert "runs no job deplo; these wait for one: deploy" in argosy(runs[0], "deplo").stderr
    done = argosy(runs[0], "deploy", "--reason", "ticket 42")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("approved by kubernetes-admin: job deploy of ")
    assert argosy(f"{RUNS}/{runs[1]}", "deploy", "--reject", "--reason", "not on Friday").returncode == 0

    approved = described(gitea, name, shas[0])
    assert approved.pop("").startswith("success: 3 jobs succeeded")
    assert approved == {
        "deploy": "success: succeeded; approved by kubernetes-admin: ticket 42",
        "after": "success: succeeded",
        "excuse": "success: not run: nothing that it waits for has failed",
        "notify": "success: succeeded",
    }
    assert "<there>" in logs(observed, shas[0])["after"]
    assert "<success>" in logs(observed, shas[0])["notify"]
    refused = "failure: refused by kubernetes-admin: not on Friday"
    assert described(gitea, name, shas[1]) == {
        "": refused.replace("failure: ", "failure: deploy: "),
        "deploy": refused,
        "after": "error: not run: a job that it needs did not succeed",
        "excuse": "success: succeeded",
        "notify": "success: succeeded",
    }
    assert set(logs(observed, shas[1])) == {"excuse", "notify"}
    assert "<failure>" in logs(observed, shas[1])["notify"]

    again = argosy(runs[1], "deploy")
    assert again.returncode == 1
    assert "waits for no answer: refused by kubernetes-admin" in again.stderr
    assert "waits for no answer: approved by kubernetes-admin" in argosy(runs[0], "deploy", "--reject").stderr


def test_no_answer_is_no(new_project: NewProject, gitea: Gitea, observed: Observed, argosy: Argosy) -> None:
    name, copy = new_project("expired")
    sha = copy.commit(ci("6s"))
    copy.push()
    said = described(gitea, name, sha)
    assert said[""] == "failure: deploy: expired: nobody approved it in time"
    assert said["deploy"] == "failure: expired: nobody approved it in time"
    assert said["after"] == "error: not run: a job that it needs did not succeed"
    assert set(logs(observed, sha)) == {"excuse", "notify"}
    assert "<failure>" in logs(observed, sha)["notify"]
    late = argosy(str(observed.finished_run(sha)["metadata"]["name"]), "deploy")
    assert late.returncode == 1
    assert "waits for no answer: expired" in late.stderr


@pytest.fixture
def people(here: Cluster) -> Iterator[None]:
    """Ann may approve for production, Bob for staging."""
    bind = ("-n", RUNS, "create", "rolebinding")
    here.kubectl(*bind, "ann", f"--role={APPROVER_ROLE}", f"--user={ANN}")
    here.kubectl("-n", RUNS, "create", "role", "patcher", "--verb=get,list,patch", "--resource=workflows.argoproj.io")
    here.kubectl(*bind, "bob", "--role=patcher", f"--user={BOB}")
    yield
    for kind, found in (("rolebinding", "ann"), ("rolebinding", "bob"), ("role", "patcher")):
        here.kubectl("-n", RUNS, "delete", kind, found)


@pytest.mark.usefixtures("people")
def test_an_answer_is_given_by_those_who_may_and_in_their_own_name(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("approvers")
    sha = copy.commit(ci("1h"))
    copy.push()
    run = waiting_run(gitea, observed, name, sha)
    (raw,) = observed.runs(sha)
    (node,) = (one for one in raw["status"]["nodes"].values() if one["type"] == "Suspend")

    def tried(user: str, patch: dict[str, Any]) -> str:
        """What the cluster says to the patch, empty for yes."""
        try:
            here.kubectl("-n", RUNS, "--as", user, "patch", "workflow", run, "--type=merge", "-p", json.dumps(patch))
        except CommandFailed as failure:
            return str(failure)
        return ""

    def answer(by: str, approved: str = "true", **changes: Any) -> dict[str, Any]:
        outputs = {"parameters": [{"name": "approved", "value": approved}, {"name": "by", "value": by}]}
        ended = {"phase": "Succeeded", "finishedAt": node["startedAt"], "outputs": outputs}
        return {"status": {"nodes": {node["id"]: {**ended, **changes}}}}

    in_own_name = "in the name of who answers"
    assert "allowed to approve for the job's environment" in tried(BOB, answer(BOB))
    assert in_own_name in tried(ANN, answer(BOB))
    assert in_own_name in tried(ANN, answer(BOB, "1 == 1"))
    assert in_own_name in tried(ANN, answer(ANN, name="another"))
    assert "a run stays as it was made" in tried(ANN, {"spec": {"entrypoint": "job-deploy"}})
    assert "for Argo to say" in tried(ANN, {"status": {"phase": "Succeeded"}})
    assert in_own_name in tried(ANN, {"status": {"nodes": {run: {"phase": "Succeeded"}}}})
    assert tried(ANN, answer(ANN)) == ""
    assert in_own_name in tried(ANN, answer(ANN, "false", phase="Failed"))
    assert described(gitea, name, sha)["deploy"] == f"success: succeeded; approved by {ANN}"
