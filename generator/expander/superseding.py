"""The third write: of a group's runs the newest stays, if its file wants that, and the older ones are ended.

Newest is the run of the commit that the forge calls the ref's head now, whichever event came first; among runs of other
refs, or of one commit, it is the one that was created last. A run that has begun is stopped. One that waits for its
turn is deleted: Argo lets such a run, once it is stopped, end as Succeeded (argo-workflows 4.0.2 to 4.0.9,
workflow/controller/operator.go, releaseLocksForPendingShuttingdownWfs). Either is marked first, and the reporter tells
on its commit what the mark means. Every write is bound to the state that it was decided on, and what is done already is
left alone: a second attempt does the rest.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from generator.cluster import CONFLICT, NOT_FOUND, Cluster, ClusterError, workflows
from generator.manifests.metadata import (
    EVENT_ANNOTATION,
    GROUP_LABEL,
    ROLE_LABEL,
    RUN_ROLE,
    SHA_LABEL,
    SUPERSEDED_ANNOTATION,
    AnnotationError,
    decode_event,
    sha_label,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ATTEMPTS = 10  # at one run that changes while it is looked at
_UNFINISHED = "workflows.argoproj.io/completed!=true"
_FINAL_PHASES = ("Succeeded", "Failed", "Error")
_BEGUN = ("nodes", "compressedNodes", "offloadNodeStatusVersion")
_TIERS = ("untrusted", "trusted", "protected")


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    """A run Workflow, `raw`, and what it is a run of. `created` is Kubernetes' time."""

    raw: dict[str, Any]
    name: str
    namespace: str
    group: str
    created: str
    kind: str
    ref: str
    sha: str
    tier: str


def supersede(cluster: Cluster, run: dict[str, Any], head: str, say: Callable[[str], None]) -> bool:
    """Ends the older runs of the run's group; or the run itself if a newer one is there, which is told by True.

    `head` is the commit of the run's ref now, empty where the ref is gone. Raises ClusterError.
    """
    mine = _read(run)
    if mine is None or _is_final(run):
        return False
    if mine.sha == head:
        for other in _others(cluster, mine, _UNFINISHED):
            if _is_older(other, mine):
                _end(cluster, other, mine.name, say)
        return False
    of_head = _others(cluster, mine, f"{SHA_LABEL}={sha_label(head)}") if head else iter(())
    newer = next((other for other in of_head if _of_same_ref(other, mine)), None)
    if newer is not None:
        _end(cluster, mine, newer.name, say)
    return newer is not None


def _others(cluster: Cluster, mine: _Run, which: str) -> Iterator[_Run]:
    """The other runs of the group that a selector takes."""
    selector = f"{ROLE_LABEL}={RUN_ROLE},{GROUP_LABEL}={mine.group},{which}"
    found = map(_read, cluster.get(workflows(mine.namespace), {"labelSelector": selector})["items"])
    return (other for other in found if other is not None and other.name != mine.name)


def _read(raw: dict[str, Any]) -> _Run | None:
    """What the run is; None where that is not to be told, for it is none that could be older or newer then."""
    metadata = raw["metadata"]
    try:
        event = decode_event(metadata["annotations"][EVENT_ANNOTATION])
        return _Run(
            raw=raw,
            name=metadata["name"],
            namespace=metadata["namespace"],
            group=metadata["labels"][GROUP_LABEL],
            created=metadata["creationTimestamp"],
            kind=event.kind,
            ref=event.ref,
            sha=event.sha,
            tier=event.tier,
        )
    except (AnnotationError, KeyError):
        return None


def _is_older(other: _Run, mine: _Run) -> bool:
    """Whether the other run has to go, mine being one of its ref's head.

    Those who may push to some branch choose the group in its file: that is not to end runs of a higher tier.
    """
    if _TIERS.index(other.tier) > _TIERS.index(mine.tier):
        return False
    if _of_same_ref(other, mine) and other.sha != mine.sha:
        return True
    return (other.created, other.name) < (mine.created, mine.name)


def _of_same_ref(other: _Run, mine: _Run) -> bool:
    return (other.kind, other.ref) == (mine.kind, mine.ref)


def _end(cluster: Cluster, run: _Run, newer: str, say: Callable[[str], None]) -> None:
    """Stops or deletes a run, by the state that it is in once that is written."""
    path = workflows(run.namespace, run.name)
    current: dict[str, Any] | None = run.raw
    for _ in range(_ATTEMPTS):
        if current is None or _is_final(current):
            return
        try:
            done = _stop(cluster, path, current, newer) if _has_begun(current) else _drop(cluster, path, current, newer)
        except ClusterError as failure:
            if failure.status not in (CONFLICT, NOT_FOUND):
                raise
            current = cluster.find(path)
        else:
            say(f"{done} {run.namespace}/{run.name}: {newer} is newer")
            return
    raise ClusterError(CONFLICT, f"{path} changes faster than it can be ended")


def _stop(cluster: Cluster, path: str, current: dict[str, Any], newer: str) -> str:
    if not current["spec"].get("shutdown"):
        cluster.patch(path, {"metadata": _marks(current, newer), "spec": {"shutdown": "Terminate"}})
    return "stopped"


def _drop(cluster: Cluster, path: str, current: dict[str, Any], newer: str) -> str:
    marked = cluster.patch(path, {"metadata": _marks(current, newer)})
    cluster.delete(path, version=marked["metadata"]["resourceVersion"])
    return "deleted, before it began,"


def _marks(current: dict[str, Any], newer: str) -> dict[str, Any]:
    """The mark, and the state that it is bound to. What is marked once stays so."""
    metadata = current["metadata"]
    by = metadata["annotations"].get(SUPERSEDED_ANNOTATION, newer)
    return {"resourceVersion": metadata["resourceVersion"], "annotations": {SUPERSEDED_ANNOTATION: by}}


def _is_final(raw: dict[str, Any]) -> bool:
    return raw.get("status", {}).get("phase") in _FINAL_PHASES


def _has_begun(raw: dict[str, Any]) -> bool:
    return any(raw.get("status", {}).get(key) for key in _BEGUN)
