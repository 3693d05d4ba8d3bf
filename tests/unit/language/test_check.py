"""A ci.yaml against a platform: names that it has, repositories that it grants them to, limits that it lowers."""

from __future__ import annotations

import dataclasses
import hashlib

from generator.language import reader
from generator.language.check import check_against_platform
from generator.platform.model import Limits, Platform, Runner, Tenant
from tests.unit.samples import PLATFORM

MORE = dataclasses.replace(
    PLATFORM,
    tenants=(Tenant("ml", ("work/acme/ml-*",), (), None), Tenant("web", ("work/**",), (), None)),
    runners=(*PLATFORM.runners, Runner("gpu", (), tenants=("ml",))),
)


def found(text: str, platform: Platform = PLATFORM, repository: str | None = "acme/app") -> list[tuple[str, str, str]]:
    ci, errors = reader.read(text, "ci.yaml")
    assert ci is not None, errors
    forge = "work" if repository else None
    return [
        (f"{one.span.line}:{one.span.column} {one.code}", one.message, one.hint)
        for one in check_against_platform(ci, platform, forge, repository)
    ]


def test_a_file_that_the_platform_has_everything_for() -> None:
    assert found("jobs: {a: {runner: large, secrets: [NPM_TOKEN], timeout: 1h, run: x}, b: {run: x}}") == []


def test_an_unknown_runner_is_told_once_where_it_is_written() -> None:
    text = "defaults: {runner: larg}\njobs: {a: {run: x}, b: {run: x}, c: {runner: small, run: x}}"
    assert found(text) == [
        (
            "1:20 unknown-runner",
            "unknown runner 'larg'",
            "did you mean 'large'? known: small, medium, large, release",
        )
    ]


def test_a_runner_may_be_other_tenants() -> None:
    text = "jobs: {a: {runner: gpu, run: x}}"
    assert found(text, MORE, "acme/ml-train") == []
    assert found(text, MORE, None) == []
    assert [code for code, _, _ in found(text, MORE)] == ["1:20 unknown-runner"]


def test_unknown_secrets_suggest_what_the_repository_is_granted() -> None:
    text = "jobs: {a: {secrets: {T: NPM_TOKN}, run: x}}"
    assert found(text) == [
        (
            "1:25 unknown-secret",
            "the platform grants no secret 'NPM_TOKN' to this repository",
            "did you mean 'NPM_TOKEN'? known: NPM_TOKEN, CHAT",
        )
    ]
    assert found(text, repository="other/app")[0][2] == ""


def test_a_secret_of_another_repository_is_not_granted() -> None:
    text = "jobs: {a: {secrets: [CHAT], run: x}}"
    assert found(text, repository=None) == []
    assert [code for code, _, _ in found(text, repository="other/app")] == ["1:22 unknown-secret"]


def test_limits_of_the_platform() -> None:
    platform = dataclasses.replace(PLATFORM, limits=Limits(tasks=1, timeout=3600, script=1000))
    noise = hashlib.shake_256(b"").hexdigest(1500)
    text = f"jobs:\n  a: {{timeout: 2h, run: x}}\n  b: {{run: {noise}}}\n"
    codes = [code for code, _, _ in found(text, platform)]
    assert codes == ["2:3 timeout-limit", "3:3 script-size", "3:3 too-many-jobs"]
    assert found(text, platform)[0][1] == "a timeout of 2h is longer than the 1h of this platform"
