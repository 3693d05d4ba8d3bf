"""Which tenant a repository belongs to: the first of the file that has it, or the one named default."""

from __future__ import annotations

from generator.globs import matches
from generator.platform.model import Platform, Tenant

DEFAULT_TENANT = "default"


def tenants(platform: Platform) -> tuple[Tenant, ...]:
    """The platform's tenants; the one named default, with every repository, where the file names none."""
    return platform.tenants or (Tenant(id=DEFAULT_TENANT, repositories=("**",), quota=(), runs=None),)


def tenant_of(platform: Platform, forge_id: str, repository: str) -> Tenant | None:
    """The tenant that has the repository (`owner/name`); None where none has it."""
    name = f"{forge_id}/{repository}"
    return next((tenant for tenant in tenants(platform) if matches(tenant.repositories, name)), None)
