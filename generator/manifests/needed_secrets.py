"""The Secrets that a platform names and somebody else puts there: render lists them, and never writes a value."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.manifests.namespaces import run_pair
from generator.placement import CONTROL_NAMESPACE, REPORT_NAMESPACE
from generator.platform.tenancy import tenants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.platform.model import Platform, SecretKey, Tenant

_WILDCARDS = "*?[{"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class NeededSecret:
    """A key of a Secret that must exist; `purpose` is for people."""

    namespace: str
    name: str
    key: str
    purpose: str


def needed_secrets(platform: Platform) -> tuple[NeededSecret, ...]:
    """Every Secret's key that something of the platform reads, sorted. Namespaces for strangers' runs have none."""
    found = {*_of_forges(platform), *(need for tenant in tenants(platform) for need in _of_runs(platform, tenant))}
    return tuple(sorted(found))


def _of_forges(platform: Platform) -> Iterator[NeededSecret]:
    for forge in platform.forges:
        yield from _keys(CONTROL_NAMESPACE, forge.hook_secrets, f"signs the webhooks of {forge.id}")
        yield from _keys(CONTROL_NAMESPACE, forge.read_tokens, f"token that reads {forge.id}")
        yield from _keys(REPORT_NAMESPACE, forge.report_tokens, f"token that writes statuses to {forge.id}")


def _of_runs(platform: Platform, tenant: Tenant) -> Iterator[NeededSecret]:
    namespace, _ = run_pair(tenant)
    for forge in platform.forges:
        if _overlap(tenant.repositories, tuple(f"{forge.id}/{pattern}" for pattern in forge.repositories)):
            yield from _keys(namespace, forge.checkout_tokens, f"token that checks out from {forge.id}")
    for grant in platform.secrets:
        if not grant.repositories or _overlap(tenant.repositories, grant.repositories):
            yield from _keys(namespace, (grant.source,), f"secret {grant.name} of ci.yaml")
    for name in platform.registry_credentials:
        yield NeededSecret(namespace, name, ".dockerconfigjson", "credentials of a registry")


def _keys(namespace: str, secrets: tuple[SecretKey, ...], purpose: str) -> Iterator[NeededSecret]:
    for secret in secrets:
        yield NeededSecret(namespace, secret.name, secret.key, purpose)


def _overlap(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether both lists of globs may match one repository, by their literal beginnings; in doubt, yes."""
    return any(
        _start(one).startswith(_start(other)) or _start(other).startswith(_start(one))
        for one in some
        for other in others
        if not one.startswith("!") and not other.startswith("!")
    )


def _start(pattern: str) -> str:
    ends = [pattern.index(wildcard) for wildcard in _WILDCARDS if wildcard in pattern]
    return pattern[: min(ends, default=len(pattern))]
