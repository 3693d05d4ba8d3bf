"""A running cluster as tests, the demo and the rest of this package hold it: programs, addresses, credentials."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import run
from tests.e2e.cluster.settings import KUBECONFIG, STATE, TOOLS

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_kind import KindCluster


@dataclass(frozen=True)
class Gitea:
    """Gitea's two addresses and an administrator there.

    `url` is for programs on the host. `internal_url` is for pods, and it is what Gitea writes into links, clone
    addresses and hooks' payloads.
    """

    url: str
    internal_url: str
    user: str
    password: str
    token: str

    def from_host(self, address: str) -> str:
        """An address that Gitea gave, as the host can reach it."""
        return address.replace(self.internal_url, self.url, 1)


@dataclass(frozen=True)
class Cluster:
    """The programs and files of one kind cluster. It may be stopped at any time by whoever else holds it."""

    name: str
    kind_cluster: KindCluster
    kubeconfig: Path = KUBECONFIG
    state: Path = STATE
    kind_path: Path = TOOLS / "kind"
    kubectl_path: Path = TOOLS / "kubectl"
    argo_path: Path = TOOLS / "argo"

    @property
    def gitea(self) -> Gitea:
        """Gitea's addresses and credentials. Raises FileNotFoundError before Gitea is there."""
        from tests.e2e.cluster.gitea import credentials  # noqa: PLC0415 - the module needs this one

        return credentials(self)

    def kubectl(self, *arguments: str | Path, stdin: str | None = None) -> str:
        """What kubectl prints. Raises CommandFailed with kubectl's own words."""
        return run(self.kubectl_path, *arguments, stdin=stdin, env={"KUBECONFIG": str(self.kubeconfig)})

    def load_images(self, *archives: Path) -> None:
        """Brings every image of these archives (OCI layout or docker) onto the node."""
        for archive in archives:
            run(self.kind_path, "load", "image-archive", "--name", self.name, archive, log="kind")

    def environment(self) -> dict[str, str]:
        """This process' environment with kubectl, argo and kind on PATH and KUBECONFIG set."""
        path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "KUBECONFIG": str(self.kubeconfig)}
