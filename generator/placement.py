"""Where a run lives: the namespace, the service account and the standard that its pods are held to.

A function of platform, repository and tier, and of nothing else, from the first installation on: namespaces are what
keeps tenants and strangers apart, and nobody can move them later.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.platform.tenancy import tenant_of, tenants

if TYPE_CHECKING:
    from generator.platform.model import Platform

CONTROL_NAMESPACE = "argosy"  # bus, EventSources, Sensors, expander, sweep; read tokens
REPORT_NAMESPACE = "argosy-report"  # reporter; write tokens; nobody may create a Workflow here
RUNS_PREFIX = "argosy-runs-"

EXPANDER_ACCOUNT = "argosy-expander"
SENSOR_ACCOUNT = "argosy-sensor"
REPORTER_ACCOUNT = "argosy-reporter"
STARTER_ROLE = "argosy-starter"  # a role and no account: for people who start runs by hand
APPROVER_ROLE = "argosy-approver"  # and for those who approve jobs
JOB_ACCOUNT = "argosy-job"  # what a job's pod runs as: no rights at all
EXECUTOR_ACCOUNT = "argosy-executor"  # what Argo's own containers in that pod use: task results, no more


@dataclasses.dataclass(frozen=True, slots=True)
class Placement:
    """Where one run goes. `pod_security` is the namespace's Pod Security Standard, `tenant` the id that names it."""

    namespace: str
    service_account: str
    tenant: str
    tier: str
    pod_security: str


def place(platform: Platform, forge: str, repository: str, tier: str) -> Placement | None:
    """The placement of a repository's runs of a tier (untrusted, trusted, protected); None where no tenant has it."""
    owner = tenant_of(platform, forge, repository)
    if owner is None:
        return None
    suffix = "-untrusted" if tier == "untrusted" else ""
    return Placement(
        namespace=f"{RUNS_PREFIX}{owner.id}{suffix}",
        service_account=JOB_ACCOUNT,
        tenant=owner.id,
        tier=tier,
        pod_security="baseline",
    )


def run_namespaces(platform: Platform) -> tuple[str, ...]:
    """Every namespace that runs may be placed in, sorted."""
    return tuple(
        sorted(f"{RUNS_PREFIX}{tenant.id}{suffix}" for tenant in tenants(platform) for suffix in ("", "-untrusted"))
    )
