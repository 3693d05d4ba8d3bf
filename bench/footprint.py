"""What lies on a node and what stays in memory while nothing happens: sizes of images, components at rest.

Sizes are the engine's (unpacked) and those of a gzip stream of the layers, which is about what a node pulls. Memory is
the kubelet's: the working set is what a limit counts, the resident set is the part of it that no page cache explains.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import tempfile
from typing import Any

from bench.tables import heading, progress, table
from generator.placement import CONTROL_NAMESPACE, REPORT_NAMESPACE
from tests.e2e import cluster
from tests.e2e.cluster.commands import run
from tests.e2e.cluster.engines import choose
from tests.e2e.cluster.settings import node_name
from tests.e2e.installation import install

_MEGABYTE = 1_000_000
_MEBIBYTE = 1 << 20
_CHUNK = 1 << 20
_COMPONENTS = (
    ("reporter", REPORT_NAMESPACE, "argosy-reporter-"),
    ("EventSource, one a forge", CONTROL_NAMESPACE, "work-eventsource-"),
    ("Sensor, one a forge", CONTROL_NAMESPACE, "work-sensor-"),
    ("bus, one of its servers", CONTROL_NAMESPACE, "eventbus-default-js-"),
    ("Argo Events' controller", "argo-events", "controller-manager-"),
    ("Argo Workflows' controller", "argo", "workflow-controller-"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of the containers of one component."""

    containers: int
    working_set: int
    resident: int


def main() -> None:
    """Prints both tables."""
    here = cluster.up()
    install(here)
    _print_images()
    _print_memory(here)


def _print_images() -> None:
    engine = choose()
    engine.prepare()
    rows = []
    for image in (cluster.ARGOSY_IMAGE, cluster.CHECKOUT_IMAGE):
        progress(f"images: {image}")
        size = int(run(engine.program, "image", "inspect", "--format", "{{.Size}}", image))
        rows.append((image, f"{size / _MEGABYTE:.0f}", f"{_packed(engine.program, image) / _MEGABYTE:.0f}"))
    heading("Images")
    table(("", "unpacked, MB", "gzip, MB"), rows)


def _packed(program: str, image: str) -> int:
    """Bytes of the image's layers as a registry hands them out, but for the cut between the layers."""
    gzip = shutil.which("pigz") or "gzip"
    with tempfile.TemporaryFile() as packed, subprocess.Popen((program, "save", image), stdout=subprocess.PIPE) as save:
        subprocess.run((gzip, "-6"), stdin=save.stdout, stdout=packed, check=True)
        return packed.seek(0, os.SEEK_END)


def _print_memory(here: cluster.Cluster) -> None:
    summary = json.loads(here.kubectl("get", "--raw", f"/api/v1/nodes/{node_name()}/proxy/stats/summary"))
    heading("Memory at rest")
    rows = []
    for title, namespace, prefix in _COMPONENTS:
        memory = _memory(summary["pods"], namespace, prefix)
        rows.append(
            (
                title,
                str(memory.containers),
                f"{memory.working_set / _MEBIBYTE:.0f}",
                f"{memory.resident / _MEBIBYTE:.0f}",
            )
        )
    table(("", "containers", "working set, MiB", "resident, MiB"), rows)


def _memory(pods: list[dict[str, Any]], namespace: str, prefix: str) -> Memory:
    """The newest pod's; one that is on its way out has no figures of its own any more."""
    found = [
        pod
        for pod in pods
        if pod["podRef"]["namespace"] == namespace and pod["podRef"]["name"].startswith(prefix) and "containers" in pod
    ]
    if not found:
        raise LookupError(f"no pod {namespace}/{prefix}* on the node")
    containers = max(found, key=lambda pod: str(pod["startTime"]))["containers"]
    used = [container["memory"] for container in containers]
    return Memory(
        len(used), sum(memory["workingSetBytes"] for memory in used), sum(memory["rssBytes"] for memory in used)
    )


if __name__ == "__main__":
    main()
