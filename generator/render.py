"""From a platform to the files that a GitOps tool syncs: argo-events/ and deploy/kustomize/.

What comes in is the Platform and the operator's text, which is kept word for word in the ConfigMap; what goes out maps
paths below the output folder to bytes. Nothing is read or written here, and the same input gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from generator.diagnostics import Diagnostic, Span, error, warning
from generator.manifests.approvals import (
    APPROVED,
    APPROVED_PARAMETER,
    BY_PARAMETER,
    ENVIRONMENT_ANNOTATION,
    EXPIRED,
    REASON_CHARACTERS,
    REFUSED,
)
from generator.manifests.configuration import configuration_volume, platform_config_map
from generator.manifests.eventbus import BUS_NAME, event_bus, stream_config
from generator.manifests.eventsource import event_source, service
from generator.manifests.expander_template import PARAMETERS, expander_template
from generator.manifests.hooks import PORT, hooks
from generator.manifests.metadata import DIGEST_ANNOTATION, instance_labels
from generator.manifests.namespaces import namespaces, quotas
from generator.manifests.objects import (
    BUS_ACCOUNT,
    CONFIGURATION_FOLDER,
    EVENT_SOURCE_ACCOUNT,
    EXPANDER_TEMPLATE,
    PLATFORM_CONFIG_MAP,
    RUNS_LABEL,
    Object,
    container_security,
    part_of,
    pod_security,
)
from generator.manifests.sensor import sensor
from generator.manifests.templates import fill, template_names
from generator.manifests.yaml_text import to_yaml
from generator.placement import (
    APPROVER_ROLE,
    CONTROL_NAMESPACE,
    EXECUTOR_ACCOUNT,
    EXPANDER_ACCOUNT,
    JOB_ACCOUNT,
    REPORT_NAMESPACE,
    REPORTER_ACCOUNT,
    SENSOR_ACCOUNT,
    STARTER_ROLE,
    run_namespaces,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.platform.model import Platform

ROOTS = ("argo-events", "deploy/kustomize")
_BASE = "deploy/kustomize/base"
_KUSTOMIZATION = "kustomization.yaml"
_CONFIG_MAP_BYTES = 1000 * 1000  # below the 1 MiB that a ConfigMap may hold
_CONTROLLER_NAMESPACE = "argosy-controller"
_ARGO_VERSION = "v4.0.5"
_REQUEUE_TIME = "1s"
_CONTROLLER_USER = 8737  # of upstream's image
# Kinds that must be there before what the default wave, 0, makes, and those that come after it.
_WAVES = (
    ("v1", "Namespace", "-2"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "-1"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "-1"),
    ("argoproj.io/v1alpha1", "EventBus", "0"),
    ("argoproj.io/v1alpha1", "Sensor", "1"),
    ("argoproj.io/v1alpha1", "EventSource", "2"),
    ("networking.k8s.io/v1", "Ingress", "3"),
)
_HEALTH_KINDS = ("EventBus", "EventSource", "Sensor")


def files(platform: Platform, platform_text: str) -> dict[str, bytes]:
    """Every file of the tree, by its path, sorted."""
    made = {path: to_yaml(objects) for path, objects in _objects(platform, platform_text).items()}
    names = template_names()
    values = _values(platform, (*made, *names))
    made |= {name: fill(name, values) for name in names}
    return dict(sorted(made.items()))


def objects(rendered: Mapping[str, bytes]) -> tuple[Object, ...]:
    """The Kubernetes objects of the base, in the order of the files; overlays and components only add to them."""
    paths = [path for path in rendered if path.startswith((ROOTS[0], _BASE)) and not path.endswith(_KUSTOMIZATION)]
    return tuple(value for path in paths for value in yaml.load_all(rendered[path], Loader=yaml.CSafeLoader))


def problems(platform: Platform, platform_text: str, file: str) -> list[Diagnostic]:
    """What is wrong, or worth saying, about a platform that reads well. `file` names platform.yaml."""
    place = Span(file, 1, 1, 1, 1)
    size = len(platform_text.encode())
    message = f"platform.yaml has {size} bytes, and a ConfigMap takes {_CONFIG_MAP_BYTES}"
    hint = "use globs where single repositories are listed"
    large = [error(place, "platform-too-large", message, hint)] if size > _CONFIG_MAP_BYTES else []
    # A hook that cannot be is no hook to move.
    return [*large, *(_clashes(platform) or _rotations(platform))]


def identifier(value: Object) -> tuple[str, str, str]:
    """Kind, namespace (empty for none) and name."""
    metadata: Any = value["metadata"]
    return str(value["kind"]), str(metadata.get("namespace", "")), str(metadata["name"])


def _clashes(platform: Platform) -> list[Diagnostic]:
    """Forges that would be in the way of another's hook of the next secret."""
    arrivals = [(forge, hook) for forge in platform.forges for hook in hooks(forge)]
    names = Counter(hook.name for _, hook in arrivals)
    urls = Counter(hook.url for _, hook in arrivals)
    return [
        error(
            forge.span,
            "hook-clash",
            f"two hooks of this platform would be {hook.name} at {hook.url}",
            "while a forge's hook secret is changed, its id and its address with -next are taken",
        )
        for forge, hook in arrivals
        if names[hook.name] > 1 or urls[hook.url] > 1
    ]


def _rotations(platform: Platform) -> list[Diagnostic]:
    return [
        warning(
            forge.span,
            "hook-rotation",
            f"forge {forge.id!r} has two hook secrets: the newer one counts at {hooks(forge)[1].url}",
            "docs/operations.md, 'Change the hook's secret', says how to move the hooks, and how to end this",
        )
        for forge in platform.forges
        if len(forge.hook_secrets) > 1
    ]


def _objects(platform: Platform, platform_text: str) -> dict[str, tuple[Object, ...]]:
    """What is built as data, by the file that it stands in."""
    limits = quotas(platform)
    return {
        f"{ROOTS[0]}/eventbus.yaml": (event_bus(),),
        **_arrivals(platform),
        f"{_BASE}/namespaces.yaml": namespaces(platform),
        f"{_BASE}/{CONTROL_NAMESPACE}/platform.yaml": (platform_config_map(CONTROL_NAMESPACE, platform_text),),
        f"{_BASE}/{CONTROL_NAMESPACE}/expander.yaml": (expander_template(platform),),
        f"{_BASE}/{REPORT_NAMESPACE}/platform.yaml": (platform_config_map(REPORT_NAMESPACE, platform_text),),
        **({f"{_BASE}/runs/quotas.yaml": limits} if limits else {}),
    }


def _arrivals(platform: Platform) -> dict[str, tuple[Object, ...]]:
    """For each point of entry a folder: what takes webhooks, what makes Workflows of them."""
    labels = instance_labels(platform)
    made: dict[str, tuple[Object, ...]] = {}
    for forge in platform.forges:
        for hook in hooks(forge):
            folder = f"{ROOTS[0]}/{hook.name}"
            made[f"{folder}/eventsource.yaml"] = (event_source(forge, hook), service(forge, hook))
            made[f"{folder}/sensor.yaml"] = (sensor(forge, hook, labels),)
    return made


def _values(platform: Platform, paths: tuple[str, ...]) -> dict[str, object]:
    """What the templates know."""
    artifacts = platform.artifacts
    return {
        "approved": APPROVED,
        "approved_parameter": APPROVED_PARAMETER,
        "approver": APPROVER_ROLE,
        "artifact_repository": {} if artifacts is None else {"configMap": artifacts.config_map, "key": artifacts.key},
        "base_files": ["../../../argo-events", *_resources(_BASE, paths)],
        "bus": BUS_NAME,
        "by_parameter": BY_PARAMETER,
        "configuration_folder": CONFIGURATION_FOLDER,
        "container_security": container_security(),
        "control": CONTROL_NAMESPACE,
        "controller_image": f"quay.io/argoproj/workflow-controller:{_ARGO_VERSION}",
        "controller_namespace": _CONTROLLER_NAMESPACE,
        "controller_pod_security": {**pod_security(), "runAsUser": _CONTROLLER_USER, "runAsGroup": _CONTROLLER_USER},
        "digest_annotation": DIGEST_ANNOTATION,
        "environment_annotation": ENVIRONMENT_ANNOTATION,
        "event_files": _resources(ROOTS[0], paths),
        "expired": EXPIRED,
        "executor": EXECUTOR_ACCOUNT,
        "executor_image": f"quay.io/argoproj/argoexec:{_ARGO_VERSION}",
        "executor_security": container_security(read_only=False),
        "executor_token": f"{EXECUTOR_ACCOUNT}.service-account-token",
        "expander": EXPANDER_ACCOUNT,
        "expander_template": EXPANDER_TEMPLATE,
        "expander_user": _user(EXPANDER_ACCOUNT),
        "health_kinds": _HEALTH_KINDS,
        "hook_names": [hook.name for forge in platform.forges for hook in hooks(forge)],
        "hook_port": PORT,
        "image": platform.images.argosy,
        "instance_id": platform.instance_id,
        "job": JOB_ACCOUNT,
        "labels": part_of(),
        "local_stream": stream_config(1),
        "longest_reason": REASON_CHARACTERS,
        "parameters": PARAMETERS,
        "pod_security": pod_security(),
        "refused": REFUSED,
        "report": REPORT_NAMESPACE,
        "report_volume": configuration_volume(
            "configuration", ((forge.id, forge.report_tokens) for forge in platform.forges)
        ),
        "reporter": REPORTER_ACCOUNT,
        "requeue_time": _REQUEUE_TIME,
        "run_namespaces": run_namespaces(platform),
        "runs_selector": {RUNS_LABEL: "true"},
        "sensor": SENSOR_ACCOUNT,
        "sensor_user": _user(SENSOR_ACCOUNT),
        "platform_config_map": PLATFORM_CONFIG_MAP,
        "silent_accounts": [BUS_ACCOUNT, EVENT_SOURCE_ACCOUNT],
        "starter": STARTER_ROLE,
        "waves": _WAVES,
        **_ways_in(platform),
    }


def _ways_in(platform: Platform) -> dict[str, object]:
    """The hooks by their host, for the Ingress."""
    hosts: dict[str, list[dict[str, str]]] = {}
    encrypted: dict[str, None] = {}
    for forge in platform.forges:
        for hook in hooks(forge):
            address = urlsplit(hook.url)
            host = address.hostname or ""
            hosts.setdefault(host, []).append({"endpoint": hook.endpoint, "service": hook.service})
            if address.scheme == "https":
                encrypted[host] = None
    return {"hosts": [{"name": name, "hooks": found} for name, found in hosts.items()], "tls_hosts": list(encrypted)}


def _resources(folder: str, paths: tuple[str, ...]) -> list[str]:
    inside = (path.removeprefix(f"{folder}/") for path in paths if path.startswith(f"{folder}/"))
    return sorted(path for path in inside if not path.endswith(_KUSTOMIZATION))


def _user(account: str) -> str:
    return f"system:serviceaccount:{CONTROL_NAMESPACE}:{account}"
