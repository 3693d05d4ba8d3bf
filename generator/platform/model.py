"""What the operator decided in platform.yaml, right by construction.

The reference for every key is docs/reference/platform-yaml.md.

Quantities are Kubernetes' own texts ("500m", "4Gi"); durations are whole seconds; globs are over `owner/name` for a
forge's own repositories and over `forge/owner/name` elsewhere, with the rules of generator.globs.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span

# The words of generator.events.event, which this stage does not know of.
EVENT_KINDS = ("push", "tag", "pull_request", "schedule", "manual")
TIERS = ("untrusted", "trusted", "protected")
FORGE_KINDS = ("github", "gitlab", "gitea", "forgejo", "bitbucket", "bitbucket-server")


@dataclasses.dataclass(frozen=True, slots=True)
class SecretKey:
    """A key of a Kubernetes Secret, never a value."""

    name: str
    key: str


@dataclasses.dataclass(frozen=True, slots=True)
class Images:
    """The project's own images, as a pod names them."""

    argosy: str
    checkout: str


@dataclasses.dataclass(frozen=True, slots=True)
class Forge:
    """One forge. `url` and `hook_url` have no slash at the end.

    Each secret is one or, while it is rotated, two keys, the newer first.
    """

    id: str
    kind: str
    url: str
    hook_url: str
    hook_secrets: tuple[SecretKey, ...]
    read_tokens: tuple[SecretKey, ...]
    report_tokens: tuple[SecretKey, ...]
    checkout_tokens: tuple[SecretKey, ...]
    repositories: tuple[str, ...]
    shards: int
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Tenant:
    """A part of the repositories with run namespaces of its own.

    `quota` is a ResourceQuota's `hard`; `runs` at once, None for any number.
    """

    id: str
    repositories: tuple[str, ...]
    quota: tuple[tuple[str, str], ...]
    runs: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Toleration:
    """A pod's toleration, in Kubernetes' words; None where the file leaves a field out."""

    key: str | None = None
    operator: str | None = None
    value: str | None = None
    effect: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Runner:
    """What a job on this runner requests and is limited to. Empty `tenants` and `tiers` mean every one."""

    name: str
    resources: tuple[tuple[str, str], ...]
    node_selector: tuple[tuple[str, str], ...] = ()
    tolerations: tuple[Toleration, ...] = ()
    tenants: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Defaults:
    """What a job gets that names none of its own."""

    runner: str
    image: str
    timeout: int


@dataclasses.dataclass(frozen=True, slots=True)
class SecretGrant:
    """A secret that ci.yaml may name.

    `on` holds `push`, `push:<branch glob>`, `tag`, `pull_request`, `schedule`, `manual`; empty means every event.
    """

    name: str
    source: SecretKey
    repositories: tuple[str, ...]
    on: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Only ever below the language's own.

    `script` is bytes of a job's scripts after gzip, `timeout` seconds of a job's longest timeout.
    """

    tasks: int = 2000
    timeout: int = 24 * 3600
    script: int = 64 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """`jobs` is all, failed-and-required, none or empty (the forge's default).

    `link` has {namespace} and {name}; empty is no link.
    """

    jobs: str
    link: str


@dataclasses.dataclass(frozen=True, slots=True)
class Artifacts:
    """Where jobs' artifacts and caches lie.

    `config_map` and `key` name one of Argo's artifact repositories, in each run namespace; `keep` is whole days.
    """

    config_map: str
    key: str
    keep: int


@dataclasses.dataclass(frozen=True, slots=True)
class Platform:
    """A whole platform.yaml. Forges, tenants, runners and secrets stand in the order of the file.

    `artifacts` is None where the platform keeps none.
    """

    images: Images
    forges: tuple[Forge, ...]
    tenants: tuple[Tenant, ...]
    runners: tuple[Runner, ...]
    defaults: Defaults
    secrets: tuple[SecretGrant, ...]
    limits: Limits
    report: Report
    registry_credentials: tuple[str, ...]
    artifacts: Artifacts | None
    instance_id: str
    paused: bool

    def forge(self, forge_id: str) -> Forge | None:
        """The forge with this id, None where there is none."""
        return next((forge for forge in self.forges if forge.id == forge_id), None)

    def runner(self, name: str) -> Runner | None:
        """The runner with this name, None where there is none."""
        return next((runner for runner in self.runners if runner.name == name), None)

    def secret(self, name: str) -> SecretGrant | None:
        """The grant for the secret that ci.yaml calls `name`, None where there is none."""
        return next((grant for grant in self.secrets if grant.name == name), None)
