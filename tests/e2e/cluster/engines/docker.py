"""The ordinary way: Docker, kind's official node image, and upstream's images pulled by the node itself.

Only kind is compiled, since its sources are at hand; kubectl and argo are copied out of the images that ship them.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster.commands import run, succeeds
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import TOOLS, debian_suite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.cluster.handle import Cluster
    from tests.e2e.cluster.own_images import BuiltImage

# The default of kind v0.30.0: pkg/apis/config/defaults/image.go.
_NODE_IMAGE = "kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a"


class Docker:
    """See Engine."""

    program = "docker"

    @staticmethod
    def obstacle() -> str:
        """Why Docker can't be used here; empty where it can."""
        if shutil.which("docker") is None:
            return "there is no docker"
        if not succeeds("docker", "info"):
            return "docker does not answer"
        have = succeeds("docker", "image", "inspect", _NODE_IMAGE) or succeeds("docker", "pull", "--quiet", _NODE_IMAGE)
        return "" if have else "docker cannot pull kind's node image"

    def prepare(self) -> None:
        TOOLS.mkdir(parents=True, exist_ok=True)

    def node_image(self) -> str:
        kind = program("kind")
        kind.build()
        shutil.copy2(kind.path(), TOOLS / "kind")
        _copy_out(_NODE_IMAGE, "/usr/bin/kubectl", TOOLS / "kubectl")
        _copy_out(f"quay.io/argoproj/argocli:{program('argo-workflows').version}", "/bin/argo", TOOLS / "argo")
        return _NODE_IMAGE

    def kind_configuration(self) -> dict[str, Any]:
        return {}

    def connect(self, cluster: Cluster) -> None:
        """kind's node image brings a storage class and a resolver."""

    def disconnect(self) -> None:
        """Nothing was done to the host."""

    def workloads(self) -> None:
        return None

    def own_images(self) -> tuple[BuiltImage, ...]:
        return ()

    def build(self, image: BuiltImage) -> str:
        run("docker", "build", *image.arguments(debian_suite()), image.context, log=image.log)
        return run("docker", "image", "inspect", "--format", "{{.Id}}", image.name).strip()

    def load(self, cluster: Cluster, name: str) -> None:
        cluster.kind_cluster.load_docker_image(name)

    def purge(self) -> None:
        """Images are left to Docker's own housekeeping."""


def _copy_out(image: str, path: str, target: Path) -> None:
    if target.exists():
        return
    container = run("docker", "create", image).strip()
    try:
        run("docker", "cp", f"{container}:{path}", target)
    finally:
        run("docker", "rm", container)
