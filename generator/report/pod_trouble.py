"""What a job's pod shows to be wrong beside its scripts, in a sentence: what does not start, which service has ended.

Argo does not tell: of a pod that waits for an image it knows why only as long as it waits, of one that waits for a
service that it waits, and of one that has failed it names one container's exit code, be it that of a service which was
only told to end.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from generator.manifests.run import MAIN_CONTAINER
from generator.manifests.services import CONTAINER_PREFIX
from generator.wording import one_line, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

Status = dict[str, Any]

# What a container waits for that does not come by waiting (kubelet, pkg/kubelet/images and pkg/kubelet/kuberuntime);
# one that has ended waits for its next start, CrashLoopBackOff, and then it says more how it ended.
_NO_IMAGE = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
)
_NO_START = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError"})
UNSTARTED = "does not start"  # what is said of a container that waits for one of these
UNPLACED = "waiting for a node"  # and of a pod that none has room for
_NO_ROOM = "Unschedulable"
_PATIENCE = 60.0  # seconds in which room may still come, as it does where nodes are busy or on their way
_BACK_OFF = "Back-off"
_ENDED = frozenset({"Succeeded", "Failed"})
_SHOWN = 80


def pod_trouble(status: Mapping[str, Any]) -> str | None:
    """Why the job has no node or does not start, else which service does not or has ended while it was needed.

    Empty where all is well. None where nobody can tell any more: of a pod that has ended no container waits, and what
    one waited for in vain is still what was wrong.
    """
    services = [one for one in status.get("initContainerStatuses") or () if one["name"].startswith(CONTAINER_PREFIX)]
    own = [one for one in status.get("containerStatuses") or () if one["name"] == MAIN_CONTAINER]
    found = next(filter(None, (_no_room(status), *map(_unstarted, own), *map(_service_trouble, services))), "")
    return None if not found and status.get("phase") in _ENDED else found


def told_from(status: Mapping[str, Any]) -> float:
    """When, in seconds since the epoch, what is wrong with a pod is worth telling: at once, but for one without a node.

    0 for at once.
    """
    condition = _unplaced(status)
    since = (condition or {}).get("lastTransitionTime")
    return dt.datetime.fromisoformat(since).timestamp() + _PATIENCE if since else 0.0


def _unplaced(status: Mapping[str, Any]) -> Status | None:
    """The condition that says that no node takes the pod."""
    conditions = status.get("conditions") or ()
    return next((one for one in conditions if one.get("reason") == _NO_ROOM and one.get("status") == "False"), None)


def _no_room(status: Mapping[str, Any]) -> str:
    condition = _unplaced(status)
    if condition is None:
        return ""
    # The first sentence: `0/3 nodes are available: 3 Insufficient cpu`. What follows is about preemption.
    why = str(condition.get("message") or "").partition(". ")[0]
    return UNPLACED + (f": {one_line(why, _SHOWN)}" if why else "")


def _service_trouble(container: Status) -> str:
    whose = f"service {quoted(container['name'].removeprefix(CONTAINER_PREFIX))}"
    if unstarted := _unstarted(container):
        return f"{whose} {unstarted}"
    # All of them end with the job; one that was started again had ended before.
    if not container.get("restartCount"):
        return ""
    ended = _terminated(container, "lastState") or _terminated(container, "state")
    if ended.get("reason") == "OOMKilled":
        return f"{whose} ended: out of memory"
    return f"{whose} ended with exit code {ended.get('exitCode', '?')}"


def _unstarted(container: Status) -> str:
    """What keeps a container from its start, in words that stay the same from try to try; empty where nothing does."""
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason, message = str(waiting.get("reason") or ""), str(waiting.get("message") or "")
    if reason in _NO_IMAGE:
        # The causes stand behind each other, the last one is the registry's answer: `...: not found`.
        cause = message.rpartition(": ")[2]
        why = "" if cause.startswith(_BACK_OFF) else cause
        what = f"image {quoted(str(container.get('image') or ''))} cannot be pulled"
    elif reason in _NO_START:
        what, why = reason, message
    else:
        return ""
    return f"{UNSTARTED}: {what}" + (f": {one_line(why, _SHOWN)}" if why else "")


def _terminated(container: Status, state: str) -> Status:
    found: Status = (container.get(state) or {}).get("terminated") or {}
    return found
