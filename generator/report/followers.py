"""What the watches tell the reporter: Workflows as views, and pods that have ended well, as messages in its inbox."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from generator.cluster import pods, workflows
from generator.manifests.metadata import EVENT_ROLE, ROLE_LABEL, RUN_ROLE
from generator.report.view import EventView, RunView, read
from generator.report.watch import Collection

if TYPE_CHECKING:
    from collections.abc import Callable

_WORKFLOW_LABEL = "workflows.argoproj.io/workflow"
_WORKFLOW_KIND = "Workflow"
_NODE_ANNOTATION = "workflows.argoproj.io/node-name"


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A Workflow is there, or has changed."""

    view: RunView | EventView


@dataclasses.dataclass(frozen=True, slots=True)
class Gone:
    """A Workflow has been deleted."""

    uid: str


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """The namespace has these Workflows and no others."""

    namespace: str
    uids: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Unreadable:
    """The namespace could not be listed."""

    namespace: str


@dataclasses.dataclass(frozen=True, slots=True)
class PodSucceeded:
    """A pod of the Workflow has ended well; `node` is the name of its node."""

    uid: str
    node: str


Message = Seen | Gone | Listed | Unreadable | PodSucceeded


class WorkflowFollower:
    """Tells of the Workflows of a namespace."""

    def __init__(self, namespace: str, tell: Callable[[Message], None]) -> None:
        self._namespace = namespace
        self._tell = tell

    def seen(self, raw: dict[str, Any]) -> None:
        """See Follower."""
        view = read(raw)
        if view is not None:
            self._tell(Seen(view))

    def gone(self, raw: dict[str, Any]) -> None:
        """See Follower. Its last state first: it may have ended just before."""
        self.seen(raw)
        self._tell(Gone(raw["metadata"]["uid"]))

    def listed(self, uids: set[str]) -> None:
        """See Follower."""
        self._tell(Listed(self._namespace, frozenset(uids)))

    def unreadable(self) -> None:
        """See Follower."""
        self._tell(Unreadable(self._namespace))


class PodFollower:
    """Tells of the pods of a namespace that have ended well; the collection has no others."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell

    def seen(self, raw: dict[str, Any]) -> None:
        """See Follower."""
        metadata = raw["metadata"]
        node = (metadata.get("annotations") or {}).get(_NODE_ANNOTATION)
        # By its owner, not by its label: a Workflow of the same name may have been there before.
        owners = metadata.get("ownerReferences") or ()
        uid = next((owner["uid"] for owner in owners if owner["kind"] == _WORKFLOW_KIND), "")
        if uid and node:
            self._tell(PodSucceeded(uid, node))

    def gone(self, raw: dict[str, Any]) -> None:
        """See Follower. A pod that goes after its end changes nothing."""

    def listed(self, uids: set[str]) -> None:
        """See Follower. What a pod says is said once."""

    def unreadable(self) -> None:
        """See Follower. Then Argo's word is what there is."""


def workflow_collection(namespace: str) -> Collection:
    """The event and run Workflows of a namespace."""
    return Collection(workflows(namespace), (("labelSelector", f"{ROLE_LABEL} in ({EVENT_ROLE},{RUN_ROLE})"),))


def pod_collection(namespace: str) -> Collection:
    """The pods of Workflows in a namespace that have ended well: others are not even sent to us."""
    return Collection(
        pods(namespace), (("labelSelector", _WORKFLOW_LABEL), ("fieldSelector", "status.phase=Succeeded"))
    )
