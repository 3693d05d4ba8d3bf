"""What a repository may use of the platform: the platform itself, a secret, a runner. Pure questions to a Platform.

What is not granted to a repository at all is an error in its ci.yaml, told to the author; what is granted, but not for
this event, fails only the jobs that need it.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from generator.globs import matches
from generator.platform.tenancy import tenant_of

if TYPE_CHECKING:
    from generator.platform.model import Platform, Runner

_PUSH = "push"
_UNTRUSTED = "untrusted"


class Grant(enum.Enum):
    """The answer for one name."""

    GRANTED = "granted"
    NOT_NOW = "not for this event"
    NEVER = "not for this repository"


def granted(platform: Platform, forge_id: str, repository: str) -> bool:
    """Whether the platform serves the repository (`owner/name`) at all."""
    forge = platform.forge(forge_id)
    return forge is not None and matches(forge.repositories, repository)


def secret_granted(
    platform: Platform, forge_id: str, repository: str, name: str, *, kind: str, branch: str, tier: str
) -> Grant:
    """Whether a job may use the secret `name`.

    `kind` is one of generator.events.event.KINDS, `branch` the pushed branch (only a push is asked for it), `tier` the
    run's. An untrusted run gets none, whatever platform.yaml says.
    """
    grant = platform.secret(name)
    if grant is None or not matches(grant.repositories, f"{forge_id}/{repository}"):
        return Grant.NEVER
    if tier == _UNTRUSTED:
        return Grant.NOT_NOW
    if grant.on and not any(_covers(entry, kind, branch) for entry in grant.on):
        return Grant.NOT_NOW
    return Grant.GRANTED


def runner_granted(platform: Platform, forge_id: str, repository: str, name: str, *, tier: str) -> Grant:
    """Whether a job of a run of this tier may use the runner `name`."""
    runner = platform.runner(name)
    if runner is None or not _has_tenant(platform, runner, forge_id, repository):
        return Grant.NEVER
    if runner.tiers and tier not in runner.tiers:
        return Grant.NOT_NOW
    return Grant.GRANTED


def _has_tenant(platform: Platform, runner: Runner, forge_id: str, repository: str) -> bool:
    if not runner.tenants:
        return True
    tenant = tenant_of(platform, forge_id, repository)
    return tenant is not None and tenant.id in runner.tenants


def _covers(entry: str, kind: str, branch: str) -> bool:
    event, _, glob = entry.partition(":")
    return event == kind and (not glob or (kind == _PUSH and matches((glob,), branch)))
