"""Where the record is kept: a ConfigMap per shard in the reporter's namespace, written by this process alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cluster import CONFLICT, NOT_FOUND, ClusterError, config_maps
from generator.placement import REPORT_NAMESPACE
from generator.report.log import log
from generator.report.record import SHARDS, Record, RecordError

if TYPE_CHECKING:
    from generator.cluster import Cluster

_KEY = "record"
_LABELS = {"app.kubernetes.io/part-of": "argosy", "app.kubernetes.io/component": "record"}


class Store:
    """The ConfigMaps `argosy-record-<shard>`."""

    def __init__(self, cluster: Cluster, namespace: str = REPORT_NAMESPACE) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._versions: dict[int, str] = {}

    def load(self) -> Record:
        """The record as it was left. A shard that cannot be read counts as empty. Raises ClusterError."""
        record = Record()
        for number in range(SHARDS):
            there = self._cluster.find(config_maps(self._namespace, _name(number)))
            if there is None:
                continue
            self._versions[number] = there["metadata"]["resourceVersion"]
            try:
                record.load((there.get("data") or {}).get(_KEY, ""))
            except RecordError as failure:
                log("record-unreadable", shard=number, why=str(failure))
        return record

    def save(self, record: Record) -> bool:
        """Writes the shards that have changed.

        Returns whether all of them are written; the others are tried again the next time.
        """
        whole = True
        for number, text in record.dirty().items():
            try:
                self._write(number, text)
            except ClusterError as failure:
                log("record-not-written", shard=number, why=str(failure))
                record.keep_dirty(number)
                whole = False
        return whole

    def _write(self, number: int, text: str) -> None:
        try:
            self._put(number, text)
        except ClusterError as failure:
            if failure.status not in (CONFLICT, NOT_FOUND):
                raise
            # Somebody restored, changed or removed it; what we know is newer.
            there = self._cluster.find(config_maps(self._namespace, _name(number)))
            self._versions.pop(number, None)
            if there is not None:
                self._versions[number] = there["metadata"]["resourceVersion"]
            log("record-changed-by-others", shard=number)
            self._put(number, text)

    def _put(self, number: int, text: str) -> None:
        metadata: dict[str, object] = {"name": _name(number), "namespace": self._namespace, "labels": _LABELS}
        value = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {_KEY: text}}
        version = self._versions.get(number)
        if version is None:
            written = self._cluster.create(config_maps(self._namespace), value)
        else:
            metadata["resourceVersion"] = version
            written = self._cluster.replace(config_maps(self._namespace, _name(number)), value)
        self._versions[number] = written["metadata"]["resourceVersion"]


def _name(number: int) -> str:
    return f"argosy-record-{number}"
