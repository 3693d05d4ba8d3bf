"""The namespaces: one for control, one for reports, two for the runs of each tenant; and what their pods are held to.

Control and reports follow the restricted standard. Runs follow baseline, because job images commonly run as root; a
tenant's quota counts in each of its namespaces, and `runs` is a label that Argo's controller reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.objects import RUNS_LABEL, Object, part_of
from generator.placement import CONTROL_NAMESPACE, REPORT_NAMESPACE, RUNS_PREFIX
from generator.platform.tenancy import tenants

if TYPE_CHECKING:
    from generator.platform.model import Platform, Tenant

RUN_POD_SECURITY = "baseline"
_CONTROL_POD_SECURITY = "restricted"
_TENANT_LABEL = "argosy.dev/tenant"
_PARALLELISM_LABEL = "workflows.argoproj.io/parallelism-limit"
# What a container gets that says nothing, once a quota demands that every one says something: Argo's own ones do not.
_DEFAULT_REQUEST = {"cpu": "10m", "memory": "32Mi"}
_DEFAULT_LIMIT = {"cpu": "1", "memory": "512Mi"}


def namespaces(platform: Platform) -> tuple[Object, ...]:
    """The Namespace objects."""
    fixed = [_namespace(name, _CONTROL_POD_SECURITY, {}) for name in (CONTROL_NAMESPACE, REPORT_NAMESPACE)]
    runs = [
        _namespace(name, RUN_POD_SECURITY, _run_labels(tenant))
        for tenant in tenants(platform)
        for name in run_pair(tenant)
    ]
    return (*fixed, *runs)


def quotas(platform: Platform) -> tuple[Object, ...]:
    """A ResourceQuota and its LimitRange in each namespace of a tenant that has a quota."""
    limited = [tenant for tenant in tenants(platform) if tenant.quota]
    return tuple(
        value
        for tenant in limited
        for name in run_pair(tenant)
        for value in (_quota(name, tenant), _limits(name, tenant))
    )


def run_pair(tenant: Tenant) -> tuple[str, str]:
    """The tenant's namespaces: for members, for strangers."""
    return f"{RUNS_PREFIX}{tenant.id}", f"{RUNS_PREFIX}{tenant.id}-untrusted"


def _namespace(name: str, standard: str, labels: dict[str, str]) -> Object:
    security = {f"pod-security.kubernetes.io/{mode}": standard for mode in ("enforce", "audit")}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {**part_of(), **labels, **security}},
    }


def _run_labels(tenant: Tenant) -> dict[str, str]:
    limit = {} if tenant.runs is None else {_PARALLELISM_LABEL: str(tenant.runs)}
    return {RUNS_LABEL: "true", _TENANT_LABEL: tenant.id, **limit}


def _quota(namespace: str, tenant: Tenant) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "argosy-tenant", "namespace": namespace, "labels": part_of()},
        "spec": {"hard": dict(tenant.quota)},
    }


def _limits(namespace: str, tenant: Tenant) -> Object:
    limit: Object = {"type": "Container", "defaultRequest": _DEFAULT_REQUEST}
    if any(name.startswith("limits.") for name, _ in tenant.quota):
        limit["default"] = _DEFAULT_LIMIT
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "argosy-tenant", "namespace": namespace, "labels": part_of()},
        "spec": {"limits": [limit]},
    }
