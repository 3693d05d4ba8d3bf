"""Runs of a group come one after the other, a newer one can end the older ones, and a lock is held by one job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster import BUSYBOX_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
SUPERSEDED = "cancelled: a newer run of its group"


def grouped(*, cancel: bool, script: str) -> dict[str, str | bytes]:
    ci = f"""\
on: {{push: {{branches: ["**"]}}}}
concurrency: {{group: "${{{{ event }}}}-${{{{ ref }}}}", cancel-in-progress: {str(cancel).lower()}}}
jobs:
  one: {{image: "{BUSYBOX_IMAGE}", run: "{script}"}}
"""
    return {"ci.yaml": ci}


def locked(lock: str) -> dict[str, str | bytes]:
    ci = f"""\
on: {{push: {{branches: ["**"]}}}}
jobs:
  one: {{image: "{BUSYBOX_IMAGE}", lock: {lock}, run: sleep 4}}
"""
    return {"ci.yaml": ci}


def span(pod: dict[str, Any]) -> tuple[str, str]:
    """When the job's own container ran."""
    container = next(one for one in pod["status"]["containerStatuses"] if one["name"] == "main")
    ended = container["state"]["terminated"]
    return ended["startedAt"], ended["finishedAt"]


def is_running(observed: Observed, sha: str) -> bool:
    return any(pod["status"]["phase"] == "Running" for run in observed.runs(sha) for pod in observed.pods(run))


def test_runs_of_a_group_come_one_after_the_other(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("group")
    shas = []
    for number in (1, 2):
        shas.append(copy.commit(grouped(cancel=False, script=f"echo {number}; sleep 4")))
        copy.push()
        until("the run", lambda: observed.runs(shas[-1]))
    until("the second run to wait", lambda: said(gitea, name, shas[1]), good=lambda text: "of its group" in text)
    for sha in shas:
        statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
        assert {status.state for status in statuses.values()} == {"success"}, statuses
    first, second = (span(observed.job_pod(observed.finished_run(sha), "one")) for sha in shas)
    assert first[1] <= second[0]


def test_a_newer_run_stops_the_one_that_runs_and_deletes_the_one_that_waits(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("group")
    runs = copy.commit(grouped(cancel=False, script="sleep 600"))
    copy.push()
    until("the first run's pod", lambda: is_running(observed, runs))
    waits = copy.commit(grouped(cancel=False, script="echo never"))
    copy.push()
    waiting = "waiting for another run of its group"
    until("the second run to wait", lambda: said(gitea, name, waits), good=lambda text: text == waiting)
    newest = copy.commit(grouped(cancel=True, script="echo newest"))
    copy.push()

    statuses = ended_statuses(gitea, name, newest, {"argosy/push", "argosy/push/one"})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    stopped = ended_statuses(gitea, name, runs, {"argosy/push", "argosy/push/one"})
    assert (stopped["argosy/push"].state, stopped["argosy/push"].description) == ("error", SUPERSEDED)
    assert stopped["argosy/push/one"].description == "cancelled"
    deleted = ended_statuses(gitea, name, waits, {"argosy/push"})["argosy/push"]
    assert (deleted.state, deleted.description) == ("error", SUPERSEDED)
    assert observed.runs(waits) == []
    ended = observed.finished_run(runs)
    assert ended["status"]["phase"] == "Failed"
    assert span(observed.job_pod(ended, "one"))[1] <= span(observed.job_pod(observed.finished_run(newest), "one"))[0]


def test_a_lock_is_held_by_one_job_of_the_repository(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("lock")
    shas = []
    for branch, lock in (("one", "deploy"), ("two", "deploy"), ("three", "another")):
        shas.append(copy.commit({**locked(lock), "branch": branch}))
        copy.push(f"HEAD:{branch}")
    for sha in shas:
        statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
        assert {status.state for status in statuses.values()} == {"success"}, statuses
    one, two, _ = sorted(span(observed.job_pod(observed.finished_run(sha), "one")) for sha in shas)
    first, second = sorted(span(observed.job_pod(observed.finished_run(sha), "one")) for sha in shas[:2])
    assert first[1] <= second[0]
    assert one[1] > two[0], "jobs with another lock do not wait"
    waited = [any(one["description"] == "waiting for its lock" for one in gitea.history(name, sha)) for sha in shas]
    assert sorted(waited[:2]) == [False, True]
    assert not waited[2]


def said(gitea: Gitea, name: str, sha: str) -> str:
    """The description of the run's status."""
    status = gitea.statuses(name, sha).get("argosy/push")
    return status.description if status is not None else ""
