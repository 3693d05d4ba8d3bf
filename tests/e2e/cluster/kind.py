"""Creates and removes the kind cluster, through pytest-kind's KindCluster, which tests then use as well."""

from __future__ import annotations

import contextlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster.commands import CommandFailed, run, say, timed
from tests.e2e.cluster.handle import Cluster
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.settings import CLUSTER, GITEA_NODE_PORT, GITEA_PORT, KUBECONFIG, STATE, TOOLS, node_name

if TYPE_CHECKING:
    from tests.e2e.cluster.engines import Engine


def handle() -> Cluster:
    """The cluster of this name, whether it is there or not."""
    from pytest_kind import KindCluster  # noqa: PLC0415 - needs more than a second, and `env` does not need it

    STATE.mkdir(parents=True, exist_ok=True)
    with contextlib.chdir(STATE):  # KindCluster makes a folder of its own where it is constructed
        kind = KindCluster(CLUSTER, kubeconfig=KUBECONFIG, kind_path=TOOLS / "kind", kubectl_path=TOOLS / "kubectl")
    return Cluster(CLUSTER, kind)


def create(engine: Engine, image: str) -> Cluster:
    """A cluster of one node that runs this image; one that is there already is kept if it answers.

    One that was made from another image, or whose processes somebody killed, is made anew. Raises CommandFailed.
    """
    configuration = json.dumps(_configuration(engine), indent=1)
    stamp, key = STATE / "cluster.key", content_key(configuration, image)
    cluster = handle()
    if is_fresh(stamp, key) and _runs(engine):
        cluster.kind_cluster.create()  # finds it, and connects
        if answers(cluster):
            return cluster
        say("the cluster does not answer: it is made anew")
    if _exists(engine):
        delete(cluster)
        cluster = handle()
    with timed("kind create cluster"):
        file = STATE / "kind.yaml"
        file.write_text(configuration, encoding="utf-8")
        cluster.kind_cluster.image = image
        cluster.kind_cluster.create(file)
        cluster.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=180s")
    write_stamp(stamp, key)
    return cluster


def answers(cluster: Cluster) -> bool:
    """Whether the cluster's API server is there and ready."""
    try:
        cluster.kubectl("get", "--raw", "/readyz")
    except CommandFailed:
        return False
    return True


def delete(cluster: Cluster) -> None:
    """Removes the cluster, and with it what is known of it."""
    with timed("kind delete cluster"):
        cluster.kind_cluster.delete()
    shutil.rmtree(STATE, ignore_errors=True)


def _configuration(engine: Engine) -> dict[str, Any]:
    gitea = {"listenAddress": "127.0.0.1", "hostPort": GITEA_PORT, "containerPort": GITEA_NODE_PORT, "protocol": "TCP"}
    return {
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "nodes": [{"role": "control-plane", "extraPortMappings": [gitea]}],
        **engine.kind_configuration(),
    }


def _exists(engine: Engine) -> bool:
    return bool(_inspect(engine))


def _runs(engine: Engine) -> bool:
    return _inspect(engine) == "true"


def _inspect(engine: Engine) -> str:
    try:
        return run(engine.program, "container", "inspect", "--format", "{{.State.Running}}", node_name()).strip()
    except CommandFailed:
        return ""
