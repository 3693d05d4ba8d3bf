"""The EventBus: JetStream on three servers, which keeps every event until a Sensor has made a Workflow of it.

One bus serves all forges. What `streamConfig` says counts when the stream is made and never again (argo-events 1.9.10,
pkg/eventbus/jetstream/base/jetstream.go, CreateStream), so a change of it needs a bus that is made anew;
generator.losses warns of it.
"""

from __future__ import annotations

from generator.manifests.objects import (
    ARGO_API,
    BUS_ACCOUNT,
    Object,
    container_security,
    part_of,
    pod_security,
    resources,
)
from generator.placement import CONTROL_NAMESPACE

BUS_NAME = "default"  # what an EventSource and a Sensor use that name none
# A key of argo-events-controller-config. `latest` would restart the bus whenever an upgrade of Argo Events moves it.
_VERSION = "2.10.29"
_REPLICAS = 3
_VOLUME = "10Gi"
_STREAM_BYTES = 8 * 1024**3  # below the volume, or a full disk would stop the bus before old events are dropped
_STREAM_AGE = "168h"  # a week without a Sensor loses nothing
_MAX_PAYLOAD = "8MB"  # of a message on the bus, which is base64; the EventSources refuse what would not fit


def event_bus() -> Object:
    """The EventBus of namespace argosy."""
    return {
        "apiVersion": ARGO_API,
        "kind": "EventBus",
        "metadata": {"name": BUS_NAME, "namespace": CONTROL_NAMESPACE, "labels": part_of()},
        "spec": {"jetstream": _jetstream()},
    }


def stream_config(replicas: int) -> str:
    """The stream's settings. `replicas` must be the bus' own: on one server a stream of three never becomes usable."""
    return f"replicas: {replicas}\nmaxAge: {_STREAM_AGE}\nmaxBytes: {_STREAM_BYTES}\nmaxMsgs: 100000\n"


def _jetstream() -> Object:
    return {
        "version": _VERSION,
        "replicas": _REPLICAS,
        "persistence": {"accessMode": "ReadWriteOnce", "volumeSize": _VOLUME},
        "streamConfig": stream_config(_REPLICAS),
        "maxPayload": _MAX_PAYLOAD,
        "serviceAccountName": BUS_ACCOUNT,
        "securityContext": pod_security(),
        "containerTemplate": _container("100m", "128Mi", "1Gi"),
        "reloaderContainerTemplate": _container("10m", "16Mi", "64Mi"),
        "metricsContainerTemplate": _container("10m", "16Mi", "128Mi"),
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [_apart()]}},
    }


def _container(cpu: str, memory: str, memory_limit: str) -> Object:
    return {"resources": resources(cpu, memory, memory_limit), "securityContext": container_security()}


def _apart() -> Object:
    selector = {"matchLabels": {"eventbus-name": BUS_NAME}}
    return {"weight": 100, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname", "labelSelector": selector}}
