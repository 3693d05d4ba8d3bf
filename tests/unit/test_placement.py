"""Where runs live: a function of platform, repository and tier, which nobody can change later."""

from __future__ import annotations

import pytest

from generator.placement import place, run_namespaces
from generator.platform.model import Tenant
from tests.unit.samples import PLATFORM, platform

TENANTS = (
    Tenant("web", ("work/acme/web-*", "!work/acme/web-secret"), (), None),
    Tenant("rest", ("work/**",), (), 3),
)


@pytest.mark.parametrize(
    ("tier", "namespace"),
    [
        ("untrusted", "argosy-runs-default-untrusted"),
        ("trusted", "argosy-runs-default"),
        ("protected", "argosy-runs-default"),
    ],
)
def test_without_tenants_there_is_one_named_default(tier: str, namespace: str) -> None:
    placement = place(PLATFORM, "work", "acme/app", tier)
    assert placement is not None
    assert (placement.namespace, placement.tenant, placement.tier) == (namespace, "default", tier)


@pytest.mark.parametrize(
    ("repository", "tenant"),
    [("acme/web-shop", "web"), ("acme/web-secret", "rest"), ("acme/app", "rest"), ("a/b/c", "rest")],
)
def test_the_first_tenant_that_matches_has_the_repository(repository: str, tenant: str) -> None:
    placement = place(platform(tenants=TENANTS), "work", repository, "trusted")
    assert placement is not None
    assert placement.namespace == f"argosy-runs-{tenant}"


def test_a_repository_of_no_tenant_is_placed_nowhere() -> None:
    assert place(platform(tenants=TENANTS), "other", "acme/app", "trusted") is None


def test_strangers_and_members_never_share_a_namespace() -> None:
    there = platform(tenants=TENANTS)
    placements = [place(there, "work", "acme/app", tier) for tier in ("untrusted", "trusted", "protected")]
    strangers, *members = [placement.namespace for placement in placements if placement is not None]
    assert strangers not in members
    assert len(set(members)) == 1


def test_every_placement_is_in_a_namespace_that_render_makes() -> None:
    there = platform(tenants=TENANTS)
    assert run_namespaces(there) == (
        "argosy-runs-rest",
        "argosy-runs-rest-untrusted",
        "argosy-runs-web",
        "argosy-runs-web-untrusted",
    )
