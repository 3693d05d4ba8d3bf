"""Names, folders and ports of the test cluster, from the environment where a developer may want another.

Everything made lies under CACHE, outside of the checkout: what is compiled and packed there is keyed by its inputs,
so that a fresh clone finds what an older one built. STATE is what belongs to one cluster and goes away with it.
"""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent

CLUSTER = os.environ.get("ARGOSY_CLUSTER", "argosy")
CACHE = Path(os.environ.get("ARGOSY_CACHE") or Path.home() / ".cache" / "argosy").absolute()
PROGRAMS = CACHE / "programs"
TOOLS = CACHE / "tools"  # kind, kubectl and argo
IMAGES = CACHE / "images"
LOGS = CACHE / "logs"
STATE = CACHE / "clusters" / CLUSTER
KUBECONFIG = STATE / "kubeconfig"

GITEA_PORT = int(os.environ.get("ARGOSY_GITEA_PORT", "3000"))
GITEA_NODE_PORT = 30300
REQUEUE_TIME = os.environ.get("ARGOSY_REQUEUE_TIME", "1s")
"""How long Argo's controller waits before it looks at a Workflow again, a Go duration; Argo's own default is 10s."""


ARGOSY_IMAGE = "localhost/argosy/argosy:dev"
CHECKOUT_IMAGE = "localhost/argosy/checkout:dev"
PYTHON_IMAGE = "localhost/argosy/python:dev"
CI_IMAGE = "localhost/argosy/ci:dev"
BUSYBOX_IMAGE = "docker.io/library/busybox:1.35"


def node_name() -> str:
    """The container that is the cluster's only node, as kind names it."""
    return f"{CLUSTER}-control-plane"


def debian_suite() -> str:
    """The Debian suite of every image made here: the host's own, since Gitea is linked to the host's C library.

    Where the host is no Debian, the images are built on Debian's and the suite is the one that argosy's Dockerfile
    names.
    """
    release = Path("/etc/os-release")
    fields = (
        dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line) if release.exists() else {}
    )
    if fields.get("ID") != "debian":
        return "bookworm"
    return fields["VERSION_CODENAME"].strip('"')
