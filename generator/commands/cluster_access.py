"""The cluster as a person's commands reach it: which one it is, what is installed there, and as whom they ask.

What the cluster refuses, or that it does not answer, ends the command with 3.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.inputs import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cluster import Cluster
    from generator.platform.model import Platform

OUTSIDE_TROUBLE = 3
_FORBIDDEN = 403
_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"

ContextOption = Annotated[
    str, typer.Option("--context", metavar="NAME", help="The kubeconfig's context; by default its current one.")
]


@contextlib.contextmanager
def connected(context: str) -> Iterator[Cluster]:
    """The cluster of the kubeconfig, or the one whose pod this is where there is none.

    Ends the command with 3 for every ClusterError inside.
    """
    from generator.cluster import Cluster, ClusterError  # noqa: PLC0415  (what the other commands do not need)

    try:
        inside = "KUBERNETES_SERVICE_HOST" in os.environ and not context and "KUBECONFIG" not in os.environ
        yield Cluster.inside() if inside else Cluster.from_kubeconfig(context=context or None)
    except ClusterError as failure:
        say(f"argosy: {failure}")
        if failure.status == _FORBIDDEN:
            say("docs/operations.md, 'Runs by hand' and 'Approvals', says which roles let a person do this")
        raise typer.Exit(OUTSIDE_TROUBLE) from failure


def installed_platform(cluster: Cluster) -> Platform:
    """The platform.yaml that is installed in the cluster. Raises ClusterError where there is none that can be read."""
    from generator.cluster import ClusterError, config_maps  # noqa: PLC0415
    from generator.diagnostics import has_errors, headline  # noqa: PLC0415
    from generator.manifests.objects import PLATFORM_CONFIG_MAP, PLATFORM_KEY  # noqa: PLC0415
    from generator.placement import CONTROL_NAMESPACE  # noqa: PLC0415
    from generator.platform import reader  # noqa: PLC0415

    found = cluster.find(config_maps(CONTROL_NAMESPACE, PLATFORM_CONFIG_MAP))
    if found is None:
        raise ClusterError(0, f"argosy is not in this cluster: no ConfigMap {CONTROL_NAMESPACE}/{PLATFORM_CONFIG_MAP}")
    platform, diagnostics = reader.read(str(found.get("data", {}).get(PLATFORM_KEY, "")), PLATFORM_KEY)
    if platform is None or has_errors(diagnostics):
        raise ClusterError(0, f"the cluster's platform.yaml is not one of this version: {headline(diagnostics[0])}")
    return platform


def user_of(cluster: Cluster) -> str:
    """The name that the cluster knows the caller by, empty where it does not say."""
    from generator.cluster import ClusterError  # noqa: PLC0415

    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        answer = cluster.create(_REVIEWS, review)
    except ClusterError:
        return ""
    return str(((answer.get("status") or {}).get("userInfo") or {}).get("username", ""))
