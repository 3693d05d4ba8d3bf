"""Which Secrets somebody must put where."""

from __future__ import annotations

from generator.manifests.needed_secrets import needed_secrets
from generator.platform.model import SecretGrant, SecretKey, Tenant
from tests.unit.samples import platform


def places(**changes: object) -> set[str]:
    return {f"{need.namespace}/{need.name}/{need.key}" for need in needed_secrets(platform(**changes))}


def test_each_token_lies_where_it_is_used() -> None:
    assert places(secrets=()) == {
        "argosy/forge-work/hook",
        "argosy/forge-work-read/token",
        "argosy-report/forge-work-report/token",
        "argosy-runs-default/forge-work-checkout/token",
    }


def test_registry_credentials_lie_beside_the_jobs() -> None:
    assert "argosy-runs-default/pull/.dockerconfigjson" in places(registry_credentials=("pull",))


def test_a_granted_secret_lies_with_the_tenants_that_may_have_it() -> None:
    tenants = (
        Tenant("web", ("work/acme/web-*",), (), None),
        Tenant("data", ("work/acme/data-*",), (), None),
    )
    grant = SecretGrant("TOKEN", SecretKey("shared", "key"), ("work/acme/web-shop",), ())
    found = places(tenants=tenants, secrets=(grant,))
    assert "argosy-runs-web/shared/key" in found
    assert "argosy-runs-data/shared/key" not in found


def test_nothing_lies_where_strangers_run() -> None:
    assert not any("untrusted" in place for place in places(registry_credentials=("pull",)))
