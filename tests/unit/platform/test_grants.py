"""What a repository may use: the answers, and who gets them."""

from __future__ import annotations

import pytest

from generator.platform.grants import Grant, granted, runner_granted, secret_granted
from generator.platform.model import Runner, SecretGrant, SecretKey, Tenant
from tests.unit.samples import PLATFORM, platform

KEY = SecretKey("s", "k")
SECRETS = platform(
    secrets=(
        SecretGrant("ANY", KEY, ("work/acme/*",), ()),
        SecretGrant("RELEASE", KEY, ("work/acme/*",), ("tag", "push:{main,release/**}")),
        SecretGrant("PUSH", KEY, ("work/acme/*", "!work/acme/attic"), ("push", "schedule")),
    )
)


@pytest.mark.parametrize(
    ("forge", "repository", "answer"),
    [
        ("work", "acme/app", True),
        ("work", "other/app", False),
        ("work", "acme/a/b", False),
        ("elsewhere", "acme/app", False),
    ],
)
def test_only_what_a_forges_globs_name_is_served(forge: str, repository: str, answer: bool) -> None:
    assert granted(PLATFORM, forge, repository) is answer


@pytest.mark.parametrize(
    ("name", "kind", "branch", "answer"),
    [
        ("ANY", "pull_request", "", Grant.GRANTED),
        ("RELEASE", "push", "main", Grant.GRANTED),
        ("RELEASE", "push", "release/1/0", Grant.GRANTED),
        ("RELEASE", "push", "topic", Grant.NOT_NOW),
        ("RELEASE", "tag", "", Grant.GRANTED),
        ("RELEASE", "pull_request", "", Grant.NOT_NOW),
        ("RELEASE", "schedule", "main", Grant.NOT_NOW),
        ("PUSH", "push", "anything", Grant.GRANTED),
        ("PUSH", "schedule", "main", Grant.GRANTED),
        ("PUSH", "manual", "main", Grant.NOT_NOW),
        ("UNKNOWN", "push", "main", Grant.NEVER),
    ],
)
def test_a_secret_is_granted_by_event_and_branch(name: str, kind: str, branch: str, answer: Grant) -> None:
    assert secret_granted(SECRETS, "work", "acme/app", name, kind=kind, branch=branch, tier="trusted") is answer


@pytest.mark.parametrize("name", ["ANY", "RELEASE", "PUSH"])
def test_no_secret_is_granted_to_an_untrusted_run(name: str) -> None:
    assert (
        secret_granted(SECRETS, "work", "acme/app", name, kind="push", branch="main", tier="untrusted") is Grant.NOT_NOW
    )


@pytest.mark.parametrize(
    ("forge", "repository"), [("work", "other/app"), ("work", "acme/attic"), ("elsewhere", "acme/app")]
)
def test_a_repository_that_is_not_named_gets_the_secret_never(forge: str, repository: str) -> None:
    assert secret_granted(SECRETS, forge, repository, "PUSH", kind="push", branch="main", tier="trusted") is Grant.NEVER


@pytest.mark.parametrize(
    ("name", "repository", "tier", "answer"),
    [
        ("free", "acme/app", "untrusted", Grant.GRANTED),
        ("ml", "acme/model", "trusted", Grant.GRANTED),
        ("ml", "acme/model", "untrusted", Grant.GRANTED),
        ("ml", "acme/app", "trusted", Grant.NEVER),
        ("release", "acme/app", "protected", Grant.GRANTED),
        ("release", "acme/app", "trusted", Grant.NOT_NOW),
        ("unknown", "acme/app", "trusted", Grant.NEVER),
    ],
)
def test_a_runner_is_granted_by_tenant_and_tier(name: str, repository: str, tier: str, answer: Grant) -> None:
    there = platform(
        tenants=(Tenant("ml", ("work/acme/model",), (), None), Tenant("rest", ("**",), (), None)),
        runners=(Runner("free", ()), Runner("ml", (), tenants=("ml",)), Runner("release", (), tiers=("protected",))),
    )
    assert runner_granted(there, "work", repository, name, tier=tier) is answer
