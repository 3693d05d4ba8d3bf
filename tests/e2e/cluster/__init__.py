"""A real Kubernetes cluster for the end-to-end tests and the demo, from a bare Debian host or on top of Docker.

`up()` brings everything that is not there yet, in order: host packages, programs, images, a kind cluster, Argo
Workflows, Argo Events, Gitea with a user and a token, an S3 server, and argosy's own images. A second call finds it all
and changes nothing. From a shell:

    python -m tests.e2e.cluster up       bring the cluster up, or up to date
    python -m tests.e2e.cluster images   rebuild argosy's images from the checkout, load them, restart what runs on them
    python -m tests.e2e.cluster status   what runs, and where
    python -m tests.e2e.cluster env      exports for a shell: eval "$(python -m tests.e2e.cluster env)"
    python -m tests.e2e.cluster down     remove the cluster; --purge removes the cache too

What tests and the demo use:

    from tests.e2e import cluster

    here = cluster.up()                  # -> Cluster; cluster.running() gives the same without doing anything, or None
    here.kubectl("get", "pods", "-A")    # -> str; raises CommandFailed with kubectl's own words
    here.kubectl("apply", "-f", "-", stdin=text)
    here.kind_cluster                    # pytest-kind's KindCluster: .kubectl(), .port_forward(), .api (pykube), ...
    here.kubeconfig, here.kubectl_path, here.argo_path, here.kind_path       # Path
    here.gitea.url                       # http://127.0.0.1:3000, from the host
    here.gitea.internal_url              # http://gitea.gitea:3000, from pods, and in what Gitea itself writes
    here.gitea.from_host(address)        # an address that Gitea gave, as the host can reach it
    here.gitea.user, here.gitea.password, here.gitea.token                   # an administrator, a token for everything
    here.load_images(Path("x.tar"))      # image archives (OCI or docker) onto the node
    here.environment()                   # os.environ with PATH and KUBECONFIG of this cluster, for subprocesses
    cluster.images()                     # argosy's images anew from the checkout; quick when nothing changed
    cluster.down()

    cluster.ARGOSY_IMAGE     localhost/argosy/argosy:dev     expander and reporter (Dockerfile, target argosy)
    cluster.CHECKOUT_IMAGE   localhost/argosy/checkout:dev   jobs' init container (Dockerfile, target argosy-checkout)
    cluster.PYTHON_IMAGE     localhost/argosy/python:dev     for jobs: Debian, Python 3, git, make
    cluster.CI_IMAGE         localhost/argosy/ci:dev         for jobs: the same with requirements/dev.txt in /opt/venv
    cluster.BUSYBOX_IMAGE    docker.io/library/busybox:1.35  for jobs

All of them are on the node, and nothing there can be pulled: use imagePullPolicy IfNotPresent. Namespaces: `argo`,
`argo-events`, `gitea` and `storage` are made here; those named argosy* come from the product's own kustomization.

Environment: ARGOSY_CACHE (default ~/.cache/argosy) holds all that is made, ARGOSY_CLUSTER (argosy) names the cluster,
ARGOSY_GITEA_PORT (3000) is Gitea's on the host, ARGOSY_REQUEUE_TIME (1s) the workflow controller's
DEFAULT_REQUEUE_TIME, ARGOSY_ENGINE (docker or podman) overrules the choice.
"""

from tests.e2e.cluster.commands import CommandFailed
from tests.e2e.cluster.handle import Cluster, Gitea
from tests.e2e.cluster.lifecycle import down, images, running, up
from tests.e2e.cluster.settings import ARGOSY_IMAGE, BUSYBOX_IMAGE, CHECKOUT_IMAGE, CI_IMAGE, PYTHON_IMAGE

__all__ = [
    "ARGOSY_IMAGE",
    "BUSYBOX_IMAGE",
    "CHECKOUT_IMAGE",
    "CI_IMAGE",
    "PYTHON_IMAGE",
    "Cluster",
    "CommandFailed",
    "Gitea",
    "down",
    "images",
    "running",
    "up",
]
