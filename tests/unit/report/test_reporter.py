"""The reporter as a whole, on a stand-in for the cluster and one for the forge."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from generator.cluster import pods, workflows
from generator.forges.forge import CommitStatus, ForgeError, OwnComment
from generator.report import watch
from generator.report.reporter import Reporter
from generator.report.store import Store
from tests.unit.report.cluster import FakeCluster
from tests.unit.report.workflows import EARLY, RUN, RUNS, event_workflow, node, run
from tests.unit.samples import PLATFORM, SHA, pull_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cluster import Cluster
    from generator.report.settings import Settings

SUCCEEDED = run("Succeeded", nodes=(node("job-test", "Succeeded"),))
RUNNING = run("Running", nodes=(node("job-test", "Running"),))
ALL_SAID = ["argosy/push success", "argosy/push/test success"]


class FakeForge:
    """Takes statuses; `refusals` are raised first, one for each post."""

    def __init__(self) -> None:
        self.posts: list[CommitStatus] = []
        self.there: list[CommitStatus] = []
        self.refusals: list[ForgeError] = []
        self.posted = threading.Event()
        self.comments: list[OwnComment] = []
        self.comment_trouble: list[ForgeError] = []

    def statuses(self, _repository: str, _sha: str) -> tuple[CommitStatus, ...]:
        return tuple(self.there)

    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        assert (repository, sha) == ("acme/app", SHA)
        if self.refusals:
            raise self.refusals.pop(0)
        self.posts.append(status)
        self.posted.set()

    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        assert (repository, number) in (("acme/app", 7), ("acme/app", 8))
        if self.comment_trouble:
            raise self.comment_trouble.pop(0)
        return tuple(self.comments)

    def post_comment(self, _repository: str, _number: int, body: str) -> None:
        self.comments.append(OwnComment(1, body))

    def said(self) -> list[str]:
        return [f"{status.context} {status.state}" for status in self.posts]


class FakeSettings:
    """A platform that does not change, and one forge."""

    def __init__(self, forge: FakeForge) -> None:
        self.platform = PLATFORM
        self._forge = forge

    def refresh(self) -> bool:
        return False

    def client(self, forge_id: str) -> FakeForge:
        assert forge_id == "work"
        return self._forge


@pytest.fixture
def forge() -> FakeForge:
    return FakeForge()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCluster]:
    monkeypatch.setattr(watch, "_SHORTEST_WATCH", 0.01)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield FakeCluster()
    for number, handler in before.items():
        signal.signal(number, handler)


def reporter(cluster: FakeCluster, forge: FakeForge) -> Reporter:
    real = cast("Cluster", cluster)
    return Reporter(real, cast("Settings", FakeSettings(forge)), Store(real))


def listing(*raws: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return [list(raws)]


def test_once_reports_everything_that_is_there(cluster: FakeCluster, forge: FakeForge) -> None:
    cluster.pages = {workflows("argosy"): listing(event_workflow("Running")), workflows(RUNS): listing(SUCCEEDED)}
    assert reporter(cluster, forge).run_once(10.0)
    assert sorted(forge.said()) == ALL_SAID


def test_the_next_one_knows_what_the_last_one_told(cluster: FakeCluster, forge: FakeForge) -> None:
    cluster.pages = {workflows(RUNS): listing(RUNNING)}
    assert reporter(cluster, forge).run_once(10.0)
    assert reporter(cluster, forge).run_once(10.0)
    assert forge.said() == ["argosy/push pending", "argosy/push/test pending"]
    cluster.pages = {}
    assert reporter(cluster, forge).run_once(10.0)
    assert forge.said()[2:] == ["argosy/push error", "argosy/push/test error"]
    assert forge.posts[-1].description == "the run was deleted"


def test_an_older_result_on_the_commit_is_not_covered_by_planning(cluster: FakeCluster, forge: FakeForge) -> None:
    forge.there = [CommitStatus("argosy/push", "success", "2 jobs succeeded", f"https://argo.example/{RUN}")]
    cluster.pages = {workflows("argosy"): listing(event_workflow("Running"))}
    assert reporter(cluster, forge).run_once(10.0)
    assert forge.posts == []


def test_a_forge_that_was_away_gets_every_status(cluster: FakeCluster, forge: FakeForge) -> None:
    forge.refusals = [ForgeError("connection refused")]
    cluster.pages = {workflows(RUNS): listing(SUCCEEDED)}
    assert reporter(cluster, forge).run_once(30.0)
    assert sorted(forge.said()) == ALL_SAID


def test_what_the_forge_refuses_for_good_holds_up_nothing(cluster: FakeCluster, forge: FakeForge) -> None:
    forge.refusals = [ForgeError("404 no such commit", lasting=True)]
    cluster.pages = {workflows(RUNS): listing(SUCCEEDED)}
    assert reporter(cluster, forge).run_once(10.0)
    assert forge.said() == ["argosy/push/test success"]


def test_what_could_not_be_posted_in_time_is_told_by_the_next_one(cluster: FakeCluster, forge: FakeForge) -> None:
    forge.refusals = [ForgeError("away")] * 2
    cluster.pages = {workflows(RUNS): listing(SUCCEEDED)}
    assert not reporter(cluster, forge).run_once(0.2)
    forge.refusals = []
    assert reporter(cluster, forge).run_once(10.0)
    assert sorted(forge.said()) == ALL_SAID


def test_it_follows_runs_and_pods_until_it_is_told_to_stop(cluster: FakeCluster, forge: FakeForge) -> None:
    """A job that has ended well is told before Argo notices; SIGTERM ends it in good order, with the record written."""
    cluster.pages = {workflows(RUNS): listing(RUNNING), pods(RUNS): listing(_pod("job-test"))}
    told = threading.Thread(target=_stop_when_said, args=(forge, "argosy/push/test success"), daemon=True)
    told.start()
    assert reporter(cluster, forge).run()
    told.join(10.0)
    assert "argosy/push/test success" in forge.said()
    fresh = FakeForge()
    cluster.pages = {workflows(RUNS): listing(run("Running", nodes=(node("job-test", "Succeeded"),)))}
    assert reporter(cluster, fresh).run_once(10.0)
    assert fresh.posts == []


def test_a_broken_thread_ends_the_reporter(
    cluster: FakeCluster, forge: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    cluster.pages = {workflows(RUNS): [[{"metadata": {"uid": "no name"}}]]}
    monkeypatch.setattr("generator.report.followers.read", lambda raw: raw["no such key"])
    assert not reporter(cluster, forge).run()


REQUEST = run("Succeeded", nodes=(node("job-test", "Succeeded", summary="# Found"),), event=pull_request())
REQUEST_SAID = ["argosy/pull_request success", "argosy/pull_request/test success"]


def test_what_jobs_wrote_is_a_comment_on_the_pull_request(cluster: FakeCluster, forge: FakeForge) -> None:
    cluster.pages = {workflows(RUNS): listing(REQUEST)}
    assert reporter(cluster, forge).run_once(10.0)
    assert reporter(cluster, forge).run_once(10.0)
    assert sorted(forge.said()) == REQUEST_SAID
    (comment,) = forge.comments
    assert "\n> # Found\n" in comment.body


def test_a_forge_that_was_away_gets_the_comment(cluster: FakeCluster, forge: FakeForge) -> None:
    forge.comment_trouble = [ForgeError("connection refused")]
    cluster.pages = {workflows(RUNS): listing(REQUEST)}
    assert reporter(cluster, forge).run_once(30.0)
    assert len(forge.comments) == 1


def test_a_token_that_may_not_comment_is_told_once_and_keeps_no_status_back(
    cluster: FakeCluster, forge: FakeForge, capsys: pytest.CaptureFixture[str]
) -> None:
    forge.comment_trouble = [ForgeError("403 token does not have the scope", lasting=True)] * 2
    nodes = (node("job-test", "Succeeded", summary="# Found"),)
    other = run("Succeeded", nodes=nodes, event=pull_request(number=8), uid="other", created=EARLY)
    cluster.pages = {workflows(RUNS): listing(REQUEST, other)}
    assert reporter(cluster, forge).run_once(10.0)
    assert (forge.comments, forge.comment_trouble) == ([], [])
    assert sorted(forge.said()) == REQUEST_SAID
    told = capsys.readouterr().err
    assert told.count("no-comments") == 1
    assert "post-failed" not in told
    assert "refused" not in told


def _pod(task: str) -> dict[str, Any]:
    return {
        "metadata": {
            "uid": "pod",
            "resourceVersion": "9",
            "ownerReferences": [{"kind": "Workflow", "name": RUN, "uid": "run-uid"}],
            "annotations": {"workflows.argoproj.io/node-name": f"{RUN}.{task}"},
        },
        "status": {
            "phase": "Running",
            "containerStatuses": [
                {"name": "main", "state": {"terminated": {"exitCode": 0}}},
                {"name": "wait", "state": {"running": {}}},
            ],
        },
    }


def _stop_when_said(forge: FakeForge, line: str) -> None:
    while forge.posted.wait(10.0):
        forge.posted.clear()
        if line in forge.said():
            break
    os.kill(os.getpid(), signal.SIGTERM)
