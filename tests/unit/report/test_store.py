from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from generator.cluster import ClusterError
from generator.report.record import Record, Standing, shard
from generator.report.slots import Slot
from generator.report.store import Store
from tests.unit.report.cluster import FakeCluster
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from generator.cluster import Cluster

SLOT = Slot("work", "acme/app", SHA, "argosy/push")
STANDING = Standing("uid", 1.0, "d" * 12, open=True, namespace="argosy-runs-default", name="run-b-x")
PATH = f"/api/v1/namespaces/argosy-report/configmaps/argosy-record-{shard(SLOT)}"


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


def store(cluster: FakeCluster) -> Store:
    return Store(cast("Cluster", cluster))


def known() -> Record:
    record = Record()
    record.put(SLOT, STANDING)
    return record


def test_a_new_installation_has_an_empty_record(cluster: FakeCluster) -> None:
    assert store(cluster).load().slots() == ()


def test_what_is_saved_is_loaded(cluster: FakeCluster) -> None:
    assert store(cluster).save(known())
    assert list(cluster.objects) == [PATH]
    assert store(cluster).load().get(SLOT) == STANDING


def test_it_is_written_over_and_over(cluster: FakeCluster) -> None:
    writer, record = store(cluster), known()
    writer.save(record)
    record.drop(SLOT)
    assert writer.save(record)
    assert store(cluster).load().slots() == ()


def test_after_a_restart_it_is_written_over(cluster: FakeCluster) -> None:
    store(cluster).save(known())
    second = store(cluster)
    record = second.load()
    record.drop(SLOT)
    assert second.save(record)
    assert store(cluster).load().slots() == ()


def test_an_api_server_that_is_away_costs_nothing(cluster: FakeCluster) -> None:
    writer, record = store(cluster), known()
    cluster.trouble = [ClusterError(0, "away")]
    assert not writer.save(record)
    assert writer.save(record)
    assert store(cluster).load().get(SLOT) == STANDING


@pytest.mark.parametrize("meddle", ["change", "delete"])
def test_what_others_did_to_it_is_written_over(cluster: FakeCluster, meddle: str) -> None:
    writer, record = store(cluster), known()
    writer.save(record)
    if meddle == "delete":
        del cluster.objects[PATH]
    else:
        cluster.replace(PATH, cluster.objects[PATH])
    record.put(SLOT, Standing("other", 2.0, "e" * 12, open=False))
    assert writer.save(record)
    loaded = store(cluster).load().get(SLOT)
    assert loaded is not None
    assert loaded.uid == "other"


def test_a_shard_that_cannot_be_read_counts_as_empty(cluster: FakeCluster) -> None:
    store(cluster).save(known())
    cluster.objects[PATH]["data"]["record"] = "{"
    assert store(cluster).load().slots() == ()


def test_trouble_while_loading_is_not_taken_for_an_empty_record(cluster: FakeCluster) -> None:
    cluster.trouble = [ClusterError(0, "away")]
    with pytest.raises(ClusterError):
        store(cluster).load()
