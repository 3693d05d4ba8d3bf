"""A repository's CronWorkflows, brought to what its ci.yaml says.

Made, changed, and removed when their entry left the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cluster import CONFLICT, NOT_FOUND, Cluster, ClusterError, cron_workflows
from generator.manifests.metadata import GROUP_LABEL, ROLE_LABEL
from generator.placement import CONTROL_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping


def synchronise(cluster: Cluster, labels: Mapping[str, str], wanted: list[dict[str, Any]]) -> list[str]:
    """Makes the CronWorkflows with the repository's `labels` those of `wanted`.

    Idempotent. Says what it changed. Raises ClusterError.
    """
    present = {item["metadata"]["name"]: item for item in _present(cluster, labels)}
    changes = [_apply(cluster, item, present.pop(item["metadata"]["name"], None)) for item in wanted]
    changes += [_remove(cluster, name) for name in sorted(present)]
    return [change for change in changes if change]


def _present(cluster: Cluster, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    # By the group, which a new name of the repository does not change.
    selector = ",".join(f"{key}={labels[key]}" for key in (ROLE_LABEL, GROUP_LABEL))
    items: list[dict[str, Any]] = cluster.get(cron_workflows(CONTROL_NAMESPACE), {"labelSelector": selector})["items"]
    return items


def _apply(cluster: Cluster, wanted: dict[str, Any], present: dict[str, Any] | None) -> str:
    name = wanted["metadata"]["name"]
    if present is None:
        return _create(cluster, wanted, name)
    if present["spec"] == wanted["spec"]:
        return ""
    return _replace(cluster, wanted, present)


def _create(cluster: Cluster, wanted: dict[str, Any], name: str) -> str:
    try:
        cluster.create(cron_workflows(CONTROL_NAMESPACE), wanted)
    except ClusterError as failure:
        if failure.status != CONFLICT:
            raise
        # Made by another expander just now, or somebody took its labels away.
        return _replace(cluster, wanted, cluster.get(cron_workflows(CONTROL_NAMESPACE, name)))
    return f"schedule {name} made"


def _replace(cluster: Cluster, wanted: dict[str, Any], present: dict[str, Any]) -> str:
    """Puts the whole object there, not a patch: a field that the file no longer gives has to go.

    A writer in between is a conflict, and the step is tried again.
    """
    name = wanted["metadata"]["name"]
    metadata = {**wanted["metadata"], "resourceVersion": present["metadata"]["resourceVersion"]}
    cluster.replace(cron_workflows(CONTROL_NAMESPACE, name), {**wanted, "metadata": metadata})
    return f"schedule {name} changed"


def _remove(cluster: Cluster, name: str) -> str:
    try:
        cluster.delete(cron_workflows(CONTROL_NAMESPACE, name))
    except ClusterError as failure:
        if failure.status != NOT_FOUND:
            raise
    return f"schedule {name} removed"
