from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from generator.cluster import ClusterError
from generator.report import watch
from generator.report.watch import Collection, Watch
from tests.unit.report.cluster import FakeCluster

if TYPE_CHECKING:
    from generator.cluster import Cluster

PATH = "/apis/argoproj.io/v1alpha1/namespaces/argosy/workflows"
COLLECTION = Collection(PATH, (("labelSelector", "argosy.dev/role in (event,run)"),))


def thing(uid: str, version: str = "1") -> dict[str, Any]:
    return {"metadata": {"uid": uid, "resourceVersion": version}}


def event(kind: str, uid: str, version: str) -> dict[str, Any]:
    return {"type": kind, "object": thing(uid, version)}


class Notes:
    """A follower that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def seen(self, raw: dict[str, Any]) -> None:
        self.told.append(f"seen {raw['metadata']['uid']}@{raw['metadata']['resourceVersion']}")

    def gone(self, raw: dict[str, Any]) -> None:
        self.told.append(f"gone {raw['metadata']['uid']}")

    def listed(self, uids: set[str]) -> None:
        self.told.append(f"listed {' '.join(sorted(uids))}".rstrip())

    def unreadable(self) -> None:
        self.told.append("unreadable")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> FakeCluster:
    monkeypatch.setattr(watch, "_pause", lambda _failures: 0.0)
    monkeypatch.setattr(watch, "_SHORTEST_WATCH", 0.0)
    return FakeCluster()


def followed(cluster: FakeCluster) -> list[str]:
    """Runs a watch until the cluster has nothing more to tell."""
    notes, stop = Notes(), threading.Event()
    cluster.at_the_end = stop.set
    Watch(cast("Cluster", cluster), COLLECTION, notes, stop).run()
    return notes.told


def test_everything_is_listed_page_by_page_and_then_watched(cluster: FakeCluster) -> None:
    cluster.pages[PATH] = [[thing("a"), thing("b")], [thing("c")]]
    cluster.events = [[event("ADDED", "d", "101"), event("MODIFIED", "a", "102"), event("DELETED", "b", "103")]]
    assert followed(cluster) == [
        "seen a@1",
        "seen b@1",
        "seen c@1",
        "listed a b c",
        "seen d@101",
        "seen a@102",
        "gone b",
    ]


def test_lists_are_small_and_watches_end(cluster: FakeCluster) -> None:
    followed(cluster)
    (_, listing), (_, watching) = cluster.asked
    assert (listing["limit"], listing["labelSelector"]) == ("100", "argosy.dev/role in (event,run)")
    assert watching["resourceVersion"] == "100"
    assert 0 < float(watching["timeoutSeconds"]) < cluster.read_timeouts[0]


def test_a_watch_goes_on_where_the_last_one_ended(cluster: FakeCluster) -> None:
    bookmark = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "150"}}}
    cluster.events = [[event("ADDED", "a", "120"), bookmark], [event("ADDED", "b", "160")]]
    assert followed(cluster) == ["listed", "seen a@120", "seen b@160"]
    assert [query["resourceVersion"] for _, query in cluster.asked if "watch" in query] == ["100", "150", "160"]


@pytest.mark.parametrize(
    "forgotten",
    [[{"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}}], ClusterError(410, "gone")],
)
def test_a_forgotten_place_means_a_new_list(cluster: FakeCluster, forgotten: Any) -> None:
    cluster.events = [forgotten]
    cluster.pages[PATH] = [[thing("a")]]
    assert followed(cluster) == ["seen a@1", "listed a", "seen a@1", "listed a"]


def test_a_broken_watch_is_begun_again(cluster: FakeCluster) -> None:
    cluster.events = [ClusterError(0, "connection lost"), [event("ADDED", "a", "120")]]
    assert followed(cluster) == ["listed", "seen a@120"]


def test_other_errors_of_a_watch_are_no_end_of_it(cluster: FakeCluster) -> None:
    cluster.events = [[{"type": "ERROR", "object": {"code": 500, "message": "etcd"}}], [event("ADDED", "a", "120")]]
    assert followed(cluster) == ["listed", "seen a@120"]


def test_what_cannot_be_listed_is_said_and_tried_again(cluster: FakeCluster) -> None:
    cluster.trouble = [ClusterError(403, "no"), ClusterError(0, "away")]
    assert followed(cluster) == ["unreadable", "unreadable", "listed"]


def test_after_a_while_everything_is_listed_again(cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_RELIST_AFTER", 0.0)
    lists: list[str] = []
    stop = threading.Event()

    class Counting(Notes):
        def listed(self, uids: set[str]) -> None:
            super().listed(uids)
            lists.append("again")
            if len(lists) == 3:
                stop.set()

    Watch(cast("Cluster", cluster), COLLECTION, Counting(), stop).run()
    assert len(lists) == 3
