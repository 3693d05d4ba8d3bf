"""What a job's pod shows to be wrong with its services, in a sentence.

Argo does not tell: of a pod that waits for a service it knows that it waits, and of one that has failed it names one
container's exit code, be it that of a service which was only told to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.manifests.services import CONTAINER_PREFIX
from generator.wording import one_line, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

Status = dict[str, Any]

# What a container waits for that does not come by waiting (kubelet, pkg/kubelet/images and pkg/kubelet/kuberuntime);
# one that has ended waits for its next start, CrashLoopBackOff, and then it says more how it ended.
_HOPELESS = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "RegistryUnavailable",
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "StartError",
    }
)
_SHOWN = 80


def service_trouble(status: Mapping[str, Any]) -> str | None:
    """The first service of a pod that has ended while it was needed, or cannot be started; empty where all are well.

    None where the pod has no services.
    """
    containers = status.get("initContainerStatuses") or ()
    services = [one for one in containers if one["name"].startswith(CONTAINER_PREFIX)]
    return next(filter(None, map(_trouble, services)), "") if services else None


def _trouble(container: Status) -> str:
    whose = f"service {quoted(container['name'].removeprefix(CONTAINER_PREFIX))}"
    waiting = (container.get("state") or {}).get("waiting") or {}
    if waiting.get("reason") in _HOPELESS:
        why = one_line(str(waiting.get("message") or ""), _SHOWN)
        return f"{whose} does not start: {waiting['reason']}" + (f": {why}" if why else "")
    # All of them end with the job; one that was started again had ended before.
    if not container.get("restartCount"):
        return ""
    ended = _terminated(container, "lastState") or _terminated(container, "state")
    if ended.get("reason") == "OOMKilled":
        return f"{whose} ended: out of memory"
    return f"{whose} ended with exit code {ended.get('exitCode', '?')}"


def _terminated(container: Status, state: str) -> Status:
    found: Status = (container.get(state) or {}).get("terminated") or {}
    return found
