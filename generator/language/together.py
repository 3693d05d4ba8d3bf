"""What the services of one job cannot have together: they share a network, and a pod.

Which of them are there may depend on their `if`, so this is asked twice: when a file is read, of those without one, and
when a run is planned, of those that are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.diagnostics import Span

# Argo hands its whole template to each container that starts before the job's, up to 128 KiB at a time, and Kubernetes
# takes pods of 1.5 MB.
MAX_SERVICES = 8


def shared_ports(services: Iterable[tuple[str, tuple[int, ...], Span]]) -> Iterator[Diagnostic]:
    """An error for each port that a service before has too; a service is its name, its ports and where they stand."""
    taken: dict[int, str] = {}
    for name, ports, place in services:
        for port in ports:
            owner = taken.setdefault(port, name)
            if owner != name:
                message = f"service {quoted(owner)} has port {port} too, and all of a job's services share one network"
                yield error(place, "same-port", message, "let one of them listen on another port")


def too_many(places: list[Span]) -> Iterator[Diagnostic]:
    """An error for the first service that there is no more room for; the services are told by their places."""
    over = len(places) - MAX_SERVICES
    if over > 0:
        message = f"the job has {len(places)} services, {over} more than the {MAX_SERVICES} that a pod takes"
        yield error(places[MAX_SERVICES], "too-many-services", message, "let several jobs have them")
