"""What must be there for artifacts and caches and somebody else makes: ConfigMaps, and the rules of the bucket.

Render lists it. Which Secret opens the bucket only the ConfigMap knows.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.manifests.namespaces import run_pair
from generator.manifests.storage_keys import PREFIXES
from generator.platform.tenancy import tenants

if TYPE_CHECKING:
    from generator.platform.model import Platform


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class NeededConfigMap:
    """A key of a ConfigMap that must exist; `purpose` is for people."""

    namespace: str
    name: str
    key: str
    purpose: str


@dataclasses.dataclass(frozen=True, slots=True)
class BucketRule:
    """Objects whose key starts with `prefix` are to go `days` days after they were stored."""

    prefix: str
    days: int


def needed_config_maps(platform: Platform) -> tuple[NeededConfigMap, ...]:
    """Every ConfigMap's key that a run reads, sorted. Strangers' namespaces have none, since nothing runs there."""
    artifacts = platform.artifacts
    if artifacts is None:
        return ()
    purpose = "the bucket for artifacts and caches, and the Secret that opens it"
    namespaces = sorted(run_pair(tenant)[0] for tenant in tenants(platform))
    return tuple(NeededConfigMap(name, artifacts.config_map, artifacts.key, purpose) for name in namespaces)


def bucket_rules(platform: Platform) -> tuple[BucketRule, ...]:
    """What makes the bucket keep things as long as the platform says."""
    artifacts = platform.artifacts
    return () if artifacts is None else tuple(BucketRule(prefix, artifacts.keep) for prefix in PREFIXES)
