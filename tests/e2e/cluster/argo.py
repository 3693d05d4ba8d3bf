"""Installs Argo Workflows and Argo Events, from the manifests of the very modules that their programs come from.

The event bus is not made here: the project's own kustomization brings it.
"""

from __future__ import annotations

import shutil
from string import Template
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import CommandFailed, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import HERE, REQUEUE_TIME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.cluster.handle import Cluster

_MANIFESTS = HERE / "manifests"
_APPLY = ("apply", "--server-side", "--force-conflicts")
_DEPLOYMENTS = {"argo": "deployment/workflow-controller", "argo-events": "deployment/controller-manager"}


def apply_crds(cluster: Cluster) -> None:
    """Argo Workflows' full CRDs, with the rules that the minimal ones leave out. Needs no image on the node."""
    folder = program("argo-workflows").fetch() / "manifests/base/crds/full"
    stamp, key = cluster.state / "crds.key", program("argo-workflows").key
    if is_fresh(stamp, key) and _answers(cluster, "get", "crd", "workflows.argoproj.io"):
        return
    with timed("CRDs of Argo Workflows"):
        for crd in sorted(folder.glob("argoproj.io_*.yaml")):  # beside them lies a kustomization, which is no manifest
            cluster.kubectl(*_APPLY, "-f", crd)
    write_stamp(stamp, key)


def install(cluster: Cluster) -> None:
    """Both controllers; returns when they are available. Needs their images on the node."""
    key = content_key(_MANIFESTS, REQUEUE_TIME, program("argo-workflows").key, program("argo-events").key)
    stamp = cluster.state / "argo.key"
    if is_fresh(stamp, key) and all(_available(cluster, *item) for item in _DEPLOYMENTS.items()):
        return
    with timed("Argo Workflows and Argo Events"):
        for name, namespace in (("argo-workflows", "argo"), ("argo-events", "argo-events")):
            text = cluster.kubectl("create", "namespace", namespace, "--dry-run=client", "-o", "yaml")
            cluster.kubectl(*_APPLY, "-f", "-", stdin=text)
            cluster.kubectl(*_APPLY, "-f", "-", stdin=cluster.kubectl("kustomize", _overlay(cluster, name)))
        for namespace, deployment in _DEPLOYMENTS.items():
            cluster.kubectl("-n", namespace, "rollout", "status", deployment, "--timeout=180s")
    write_stamp(stamp, key)


def _overlay(cluster: Cluster, name: str) -> Path:
    """A folder with our kustomization beside the module's manifests; kustomize reads nothing outside of it."""
    folder = cluster.state / "manifests" / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(program(name).fetch() / "manifests", folder / "upstream")
    template = Template((_MANIFESTS / f"{name}.yaml").read_text(encoding="utf-8"))
    text = template.substitute(version=program(name).version, requeue_time=REQUEUE_TIME)
    (folder / "kustomization.yaml").write_text(text, encoding="utf-8")
    return folder


def _available(cluster: Cluster, namespace: str, deployment: str) -> bool:
    return _answers(cluster, "-n", namespace, "wait", "--for=condition=Available", deployment, "--timeout=1s")


def _answers(cluster: Cluster, *arguments: str) -> bool:
    try:
        cluster.kubectl(*arguments)
    except CommandFailed:
        return False
    return True
