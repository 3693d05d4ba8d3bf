"""A job's services as containers of its pod: native sidecars, which Kubernetes starts before the job and ends after it.

Argo leaves them as they are, where it puts a program of its own in front of every other container and would have to
know the image's command for that. What it does do is substitute in all their texts, so those are written inertly
(generator.manifests.inert). Why it is done like this: docs/decisions/0028-services-are-native-sidecars.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.inert import inert
from generator.manifests.service_probe import startup_probe
from generator.platform.quantities import amount

if TYPE_CHECKING:
    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob, PlannedService

# So that no service has the name of one of Argo's containers or of ours.
CONTAINER_PREFIX = "service-"
_LOCALHOST = "127.0.0.1"
# What a service is sure to have, if the runner has as much. It may use as much memory as the job.
_REQUESTS = {"cpu": "100m", "memory": "128Mi"}


def sidecars(job: PlannedJob) -> list[Object]:
    """The containers, in the order of the file; each is started once the one before it runs."""
    return [_sidecar(service, job) for service in job.services]


def host_aliases(job: PlannedJob) -> list[Object]:
    """The services' names and aliases, which all are the pod itself."""
    names = [name for service in job.services for name in (service.name, *service.aliases)]
    return [{"ip": _LOCALHOST, "hostnames": list(dict.fromkeys(names))}]


def _sidecar(service: PlannedService, job: PlannedJob) -> Object:
    values = [variable.value for variable in service.env]
    written = inert([*service.args, *values, service.ready.command], (variable.name for variable in service.env))
    env = [{"name": variable.name, "value": written.text(variable.value)} for variable in service.env]
    env = written.variables() + env
    return {
        "name": CONTAINER_PREFIX + service.name,
        "image": service.image,
        "restartPolicy": "Always",
        **({"args": [written.text(text) for text in service.args]} if service.args else {}),
        **({"env": env} if env else {}),
        **startup_probe(service, job.timeout, written),
        "resources": _resources(dict(job.runner.resources)),
        "securityContext": {"allowPrivilegeEscalation": False},
    }


def _resources(runner: dict[str, str]) -> Object:
    requests = {name: _less(wanted, runner.get(name, wanted)) for name, wanted in _REQUESTS.items()}
    return {"requests": requests, "limits": {"memory": runner["memory"]} if "memory" in runner else {}}


def _less(one: str, other: str) -> str:
    first, second = amount(one), amount(other)
    return one if first is None or second is None or first <= second else other
