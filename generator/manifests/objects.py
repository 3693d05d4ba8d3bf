"""Kubernetes objects as plain data, and the labels, names and words that several of them share.

An `Object` is what YAML and JSON know, in the order in which it is written; the modules beside this one make them from
a Platform.
"""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

ARGO_API = "argoproj.io/v1alpha1"

RUNS_LABEL = "argosy.dev/runs"  # "true" on every run namespace; the admission policy chooses by it
DEAD_LETTER_ROLE = "dead-letter"

EXPANDER_TEMPLATE = "argosy-expander"
PLATFORM_CONFIG_MAP = "argosy-platform"  # a fixed name: kustomize's hash suffixes do not reach WorkflowTemplates
PLATFORM_KEY = "platform.yaml"
CONFIGURATION_FOLDER = "/etc/argosy"
BUS_ACCOUNT = "argosy-bus"
EVENT_SOURCE_ACCOUNT = "argosy-eventsource"

# An unprivileged user that owns nothing on any node. Argo's images name none of their own, so every pod of ours must
# say it.
_USER = 65532


def part_of() -> dict[str, str]:
    """The labels of everything that render makes."""
    return {"app.kubernetes.io/part-of": "argosy"}


def pod_security() -> Object:
    """A pod's securityContext that the restricted standard takes."""
    return {
        "runAsNonRoot": True,
        "runAsUser": _USER,
        "runAsGroup": _USER,
        "fsGroup": _USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security(*, read_only: bool = True) -> Object:
    """A container's securityContext that the restricted standard takes; `read_only` is about its root file system."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": read_only,
    }


def resources(cpu: str, memory: str, memory_limit: str) -> Object:
    """Requests, and a limit of memory alone: one of processor time would only make a webhook wait longer."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory_limit}}
