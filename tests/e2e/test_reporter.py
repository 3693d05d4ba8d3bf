"""Statuses survive the reporter's absence, the forge's absence, and the run's."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.placement import REPORT_NAMESPACE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import stays, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
SHORT = "jobs: {one: {run: 'true'}}\n"
LONG = "jobs: {one: {run: 'while [ ! -e /tmp/stop ]; do sleep 0.2; done'}}\n"
CONTEXTS = {"argosy/push", "argosy/push/one"}


@contextlib.contextmanager
def reporter_away(here: Cluster) -> Iterator[None]:
    scale = ["-n", REPORT_NAMESPACE, "scale", "deployment/argosy-reporter"]
    here.kubectl(*scale, "--replicas=0")
    gone = ["-n", REPORT_NAMESPACE, "get", "pods", "-o", "name"]
    until("no reporter", lambda: here.kubectl(*gone).strip(), good=lambda pods: not pods)
    try:
        yield
    finally:
        here.kubectl(*scale, "--replicas=1")


@contextlib.contextmanager
def gitea_away(here: Cluster) -> Iterator[None]:
    """Nobody reaches Gitea, on any way, though it runs."""

    def route(app: str) -> None:
        here.kubectl(
            "-n",
            "gitea",
            "patch",
            "service",
            "gitea",
            "--type=merge",
            "-p",
            json.dumps({"spec": {"selector": {"app": app}}}),
        )

    route("nobody")
    try:
        yield
    finally:
        route("gitea")


def test_a_run_that_ends_while_the_reporter_is_away_is_reported(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("restart")
    with reporter_away(here):
        sha = copy.commit({"ci.yaml": SHORT})
        copy.push()
        observed.finished_run(sha)
        assert gitea.statuses(name, sha) == {}
    statuses = ended_statuses(gitea, name, sha, CONTEXTS)
    assert {status.state for status in statuses.values()} == {"success"}
    posted = len(gitea.history(name, sha))
    with reporter_away(here):
        pass
    stays("the commit's statuses", lambda: len(gitea.history(name, sha)), 8, lambda now: now == posted)


def test_a_run_that_is_deleted_while_the_reporter_is_away_is_told(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("deleted-run")
    sha = copy.commit({"ci.yaml": LONG})
    copy.push()
    until("a running job", lambda: gitea.statuses(name, sha).get("argosy/push/one"), good=bool)
    (run,) = observed.runs(sha)
    with reporter_away(here):
        here.kubectl("-n", run["metadata"]["namespace"], "delete", "workflow", run["metadata"]["name"])
    statuses = ended_statuses(gitea, name, sha, CONTEXTS)
    assert {status.state for status in statuses.values()} == {"error"}
    assert "deleted" in statuses["argosy/push"].description


def test_a_run_that_ends_while_the_forge_is_away_is_reported(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("forge-away")
    sha = copy.commit({"ci.yaml": LONG})
    copy.push()

    def running() -> bool:
        return any(pod["status"].get("phase") == "Running" for run in observed.runs(sha) for pod in observed.pods(run))

    until("a running job", running)
    (run,) = observed.runs(sha)
    pod = observed.job_pod(run, "one")["metadata"]
    with gitea_away(here):
        here.kubectl("-n", pod["namespace"], "exec", pod["name"], "-c", "main", "--", "touch", "/tmp/stop")
        observed.finished_run(sha)
        # A minute from here: longer than the first few attempts, and what a forge's restart takes.
        stays(
            "the finished run", lambda: observed.runs(sha)[0]["status"]["phase"], 60, lambda phase: phase == "Succeeded"
        )
    statuses = ended_statuses(gitea, name, sha, CONTEXTS)
    assert {status.state for status in statuses.values()} == {"success"}
