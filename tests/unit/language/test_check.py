"""A ci.yaml against a platform: names that it has, repositories that it grants them to, limits that it lowers."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from generator.language import reader
from generator.language.check import check_against_platform, check_outline
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


def of_outline(text: str, platform: Platform = PLATFORM) -> tuple[list[str], list[str]]:
    """What a file with errors is told of itself, and what the platform makes of what could be read."""
    outline, errors = reader.read_outline(text, "ci.yaml")
    assert errors
    found = check_outline(outline, platform, "work/acme/app") if outline is not None else []
    return [f"{one.span.line} {one.code}" for one in errors], [f"{one.span.line} {one.code}" for one in found]


def test_a_file_with_errors_is_told_what_the_platform_lacks_all_the_same() -> None:
    text = """\
defaults: {runner: larg}
files: {code: [""]}
jobs:
  a: {rum: x, secrets: [NPM_TOKE, NPM_TOKEN]}
  b: {needs: nothing, runner: medum, matrix: {a: []}, env: [], secrets: {T: {name: CHA, fil: true}}, run: x}
  c: {extends: nothing, runner: small, secrets: {X: NOPE}, run: x}
  d: [1]
"""
    own, of_platform = of_outline(text)
    assert len(own) == 8
    assert of_platform == [
        "1 unknown-runner",
        "4 unknown-secret",
        "5 unknown-runner",
        "5 unknown-secret",
        "6 unknown-secret",
    ]


def test_what_the_file_is_told_of_itself_is_not_told_of_its_platform_too() -> None:
    small = dataclasses.replace(PLATFORM, limits=Limits(tasks=1, timeout=3600, script=1000))
    noise = hashlib.shake_256(b"").hexdigest(100_000)
    jobs = f"  a: {{timeout: 30h, run: x}}\n  b: {{timeout: 2h, run: {noise}}}\n  c: nothing\n"
    own, of_platform = of_outline(f"jobs:\n{jobs}", small)
    assert own == ["2 timeout-limit", "3 script-size", "4 wrong-type"]
    assert of_platform == ["3 timeout-limit"]
    assert of_outline("jobs: {a: {secrets: [NOPE, NOPE], run: x}}") == (["1 duplicate-value"], ["1 unknown-secret"])
    # A name that is none, and one whose alias is misspelt, is nothing that a platform could grant.
    assert of_outline("jobs: {a: {secrets: [a b], runner: '', run: x}}")[1] == []
    assert of_outline("jobs: {a: {secrets: *nope, run: x}}")[1] == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("on: pull_request", ["never-granted"]),
        ("on:\n  pull_request:\n    paths: code", ["never-granted"]),
        ("on:\n  pull_request:\n    branch: x", []),
        ("on: {pul_request: {}}", []),
        ("on: [push, nothing]", []),
        ("on: 7", []),
        ("triggers: push", []),
        ("x-on: push", []),
    ],
)
def test_whether_a_secret_is_ever_granted_is_told_where_on_could_be_read(on: str, expected: list[str]) -> None:
    # NPM_TOKEN is for tags and for pushes to main.
    _, of_platform = of_outline(f"{on}\nfiles: {{code: ['']}}\njobs: {{a: {{secrets: [NPM_TOKEN], runn: x}}}}")
    assert [one.split()[1] for one in of_platform] == expected


def test_a_file_that_is_hopeless_is_told_no_more() -> None:
    outline, found = reader.read_outline("jobs: {" + ", ".join(f"j{n}: {n}" for n in range(1500)) + "}", "ci.yaml")
    assert (outline, len(found)) == (None, 1000)
    assert reader.read_outline("jobs: [", "ci.yaml")[0] is None


def test_limits_of_the_platform() -> None:
    platform = dataclasses.replace(PLATFORM, limits=Limits(tasks=1, timeout=3600, script=1000))
    noise = hashlib.shake_256(b"").hexdigest(1500)
    text = f"jobs:\n  a: {{timeout: 2h, run: x}}\n  b: {{run: {noise}}}\n"
    codes = [code for code, _, _ in found(text, platform)]
    assert codes == ["2:3 timeout-limit", "3:3 script-size", "3:3 too-many-jobs"]
    assert found(text, platform)[0][1] == "a timeout of 2h is longer than the 1h of this platform"
