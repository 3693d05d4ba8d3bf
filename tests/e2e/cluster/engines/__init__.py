"""What runs kind's node: one contract, two implementations, and the choice between them.

Docker where it answers and can pull kind's own node image; else podman, with programs compiled and images packed on the
spot. What comes after is the same for both: the same names of images, the same namespaces, the same storage class.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from tests.e2e.cluster.commands import say

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.cluster.handle import Cluster
    from tests.e2e.cluster.own_images import BuiltImage


class Engine(Protocol):
    """A container engine, and how images come to be on it."""

    program: str
    """The engine's command; it understands `inspect` and `exec` as Docker does."""

    def prepare(self) -> None:
        """Makes the host and this process' environment ready; quick when they are."""

    def node_image(self) -> str:
        """Makes what a cluster is created from: kind and kubectl in TOOLS, the node's image. Gives the image's name."""

    def kind_configuration(self) -> dict[str, Any]:
        """Keys to add to kind's Cluster configuration."""

    def connect(self, cluster: Cluster) -> None:
        """What is left to do on a cluster that answers, on every `up`: storage, names, the way out."""

    def disconnect(self) -> None:
        """Takes back what `connect` did to the host."""

    def workloads(self) -> tuple[Path, str] | None:
        """What runs on the cluster under upstream's names, as an archive and its key; None where the node pulls."""

    def own_images(self) -> tuple[BuiltImage, ...]:
        """Images to build beside those of the project; asked for after workloads()."""

    def build(self, image: BuiltImage) -> str:
        """Builds an image from its Dockerfile and gives its id."""

    def load(self, cluster: Cluster, name: str, /) -> None:
        """Brings a built image onto the node."""

    def purge(self) -> None:
        """Removes every container and image that was made, so that the cache can be deleted."""


def choose() -> Engine:
    """The engine to use, said on stderr with the reason; ARGOSY_ENGINE overrules. Raises ValueError on another name."""
    from tests.e2e.cluster.engines.docker import Docker  # noqa: PLC0415 - each imports what only it needs
    from tests.e2e.cluster.engines.podman import Podman  # noqa: PLC0415

    wanted = os.environ.get("ARGOSY_ENGINE", "")
    if wanted not in {"", "docker", "podman"}:
        raise ValueError(f"ARGOSY_ENGINE is {wanted!r}; it can be docker or podman")
    obstacle = "ARGOSY_ENGINE says so" if wanted == "podman" else Docker.obstacle()
    if wanted == "docker" or not obstacle:
        say("engine: docker, with kind's node image and upstream's images")
        return Docker()
    say(f"engine: podman, with images made on the spot ({obstacle})")
    return Podman()
