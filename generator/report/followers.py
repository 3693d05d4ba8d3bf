"""What the watches tell the reporter, as messages in its inbox: Workflows as views, and what only pods know in time."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from generator.cluster import pods, workflows
from generator.manifests.metadata import EVENT_ROLE, ROLE_LABEL, RUN_ROLE
from generator.manifests.run import MAIN_CONTAINER
from generator.report.pod_trouble import pod_trouble, told_from
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
class JobSucceeded:
    """The job's own container in a pod of the Workflow has ended well; `node` is the name of the pod's node."""

    uid: str
    node: str


@dataclasses.dataclass(frozen=True, slots=True)
class PodTrouble:
    """The job in a pod of the Workflow or a service of it does not start, or the service has ended; `what` says why.

    Empty where all is well (again): an image that could not be pulled may come in the end. Before `told_from`, in
    seconds since the epoch, it is not worth telling.
    """

    uid: str
    node: str
    what: str
    told_from: float = 0.0


Message = Seen | Gone | Listed | Unreadable | JobSucceeded | PodTrouble


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
    """Tells of the pods of a namespace: of jobs that have ended well, and of what does not start or ended too early."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self._tell = tell

    def seen(self, raw: dict[str, Any]) -> None:
        """See Follower. What one pod says may be said again: the board takes it once."""
        metadata = raw["metadata"]
        node = (metadata.get("annotations") or {}).get(_NODE_ANNOTATION)
        # By its owner, not by its label: a Workflow of the same name may have been there before.
        owners = metadata.get("ownerReferences") or ()
        uid = next((owner["uid"] for owner in owners if owner["kind"] == _WORKFLOW_KIND), "")
        if not uid or not node:
            return
        status = raw.get("status") or {}
        what = pod_trouble(status)
        if what is not None:
            self._tell(PodTrouble(uid, node, what, told_from(status)))
        if _succeeded(status):
            self._tell(JobSucceeded(uid, node))

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
    """The pods of Workflows in a namespace."""
    return Collection(pods(namespace), (("labelSelector", _WORKFLOW_LABEL),))


def _succeeded(status: dict[str, Any]) -> bool:
    """Whether the job's container has ended well and nothing else of its pod has failed.

    The pod's phase would say so too, but only once Argo's container beside it has ended, one and more seconds later.
    """
    containers = status.get("containerStatuses") or ()
    codes = {one["name"]: ((one.get("state") or {}).get("terminated") or {}).get("exitCode") for one in containers}
    return status.get("phase") != "Failed" and codes.get(MAIN_CONTAINER) == 0 and not any(codes.values())
