"""How a service is found to be ready: what the step runner asks from beside it, and Kubernetes inside of it.

Open ports and an answer over HTTP the step runner looks for itself (checkout/services.sh), from where the job's steps
will. A command has to run in the service's own container, which only Kubernetes can do: as a startup probe, before
whose end the job's containers are not started. A probe that fails for good would have the service started over and over
and the job never; so this one ends well in any case, and tells the step runner in a file whether it was ready in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.deadlines import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.manifests.inert import Inert
    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedService

_FOLDER = "/argosy-services"
_SUB_PATH = "services"  # of the volume that the job has as /argosy

# Nothing but what a POSIX shell has built in: who knows what is in the image. The time is the node's uptime.
_SCRIPT = """\
read -r now rest </proc/uptime
now=${now%%.*}
[ -e "$1.since" ] || echo "$now" >"$1.since"
read -r since <"$1.since"
[ "$((now - since))" -lt "$2" ] || { : >"$1.late"; exit 0; }
said=$(eval "$3" 2>&1 </dev/null) && { : >"$1.ready"; exit 0; }
printf '%s\\n' "$said" >"$1.said"
exit 1
"""
_EXEC_SECONDS = 10
# It is Kubernetes that gives up only where the image has no shell, or the service itself ends again and again.
_MORE_TRIES = 60


def startup_probe(service: PlannedService, timeout: int, written: Inert) -> Object:
    """The keys of a container that is asked by a command of its own, in a job with that timeout; none for others."""
    if not service.ready.command:
        return {}
    seconds = seconds_for(timeout)
    words = (_SCRIPT, "sh", f"{_FOLDER}/{service.name}", str(seconds), service.ready.command)
    return {
        "startupProbe": {
            "exec": {"command": ["sh", "-c", *map(written.text, words)]},
            "periodSeconds": 1,
            "timeoutSeconds": _EXEC_SECONDS,
            "failureThreshold": seconds + _MORE_TRIES,
        },
        "volumeMounts": [{"name": "argosy", "subPath": _SUB_PATH, "mountPath": _FOLDER}],
    }


def waited_for(services: Iterable[PlannedService], timeout: int) -> str:
    """What the step runner waits for, in a job with that timeout; empty where there is nothing to ask.

    A line with the seconds, then one for each service: `NAME command`, `NAME http PORT PATH` or `NAME ports PORT...`;
    the language's grammars leave no spaces in them.
    """
    lines = [f"{service.name} {_kind(service)}\n" for service in services if _kind(service)]
    return "".join((f"{seconds_for(timeout)}\n", *lines)) if lines else ""


def seconds_for(timeout: int) -> int:
    """How long a service of a job with that timeout may take until it is ready."""
    return min(SERVICE, timeout)


def _kind(service: PlannedService) -> str:
    if service.ready.command:
        return "command"
    if service.ready.path:
        return f"http {service.ports[0]} {service.ready.path}"
    return " ".join(("ports", *map(str, service.ports))) if service.ports else ""
