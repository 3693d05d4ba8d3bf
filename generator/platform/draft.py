"""A platform.yaml between its nodes and its meaning: the parts whose places the rules across keys need.

A draft may come from a file with errors and then lacks what was wrong; only the reader turns one without errors into a
Platform.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span
    from generator.fields import Named, Placed
    from generator.platform.model import Artifacts, Limits, Report, SecretKey, Toleration


@dataclasses.dataclass(frozen=True, slots=True)
class HookDraft:
    """A forge's `hook`; the secrets are the newer first."""

    url: Placed[str] | None
    secrets: tuple[SecretKey, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class TokenDraft:
    """`read`, `report` or `checkout`; the tokens are the newer first."""

    tokens: tuple[SecretKey, ...]
    wide: bool
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class ForgeDraft:
    """One forge."""

    kind: Placed[str] | None
    url: str | None
    hook: HookDraft | None
    read: TokenDraft | None
    report: TokenDraft | None
    checkout: TokenDraft | None
    repositories: tuple[Placed[str], ...]
    accepts_weak_verification: Placed[bool] | None


@dataclasses.dataclass(frozen=True, slots=True)
class TenantDraft:
    """One tenant."""

    repositories: tuple[Placed[str], ...]
    quota: tuple[tuple[str, str], ...]
    runs: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class RunnerDraft:
    """One runner."""

    resources: tuple[tuple[str, str], ...]
    nodes: tuple[tuple[str, str], ...]
    tolerations: tuple[Toleration, ...]
    tenants: tuple[Placed[str], ...]
    tiers: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class SecretDraft:
    """One secret that ci.yaml may name."""

    source: SecretKey
    repositories: tuple[Placed[str], ...]
    on: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class DefaultsDraft:
    """`defaults`."""

    runner: Placed[str] | None
    image: str | None
    timeout: int


@dataclasses.dataclass(frozen=True, slots=True)
class ImagesDraft:
    """`images`."""

    argosy: Placed[str]
    checkout: Placed[str]


@dataclasses.dataclass(frozen=True, slots=True)
class PlatformDraft:
    """The whole file, without what is wrong in it; the names are all that stand there, right or wrong."""

    forge_names: tuple[str, ...]
    tenant_names: tuple[str, ...]
    runner_names: tuple[str, ...]
    images: ImagesDraft | None
    forges: tuple[Named[ForgeDraft], ...]
    tenants: tuple[Named[TenantDraft], ...]
    runners: tuple[Named[RunnerDraft], ...]
    defaults: DefaultsDraft | None
    secrets: tuple[Named[SecretDraft], ...]
    limits: Limits
    report: Report
    registry_credentials: tuple[str, ...]
    artifacts: Artifacts | None
    instance_id: str
    paused: bool
