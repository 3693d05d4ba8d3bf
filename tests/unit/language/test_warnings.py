"""Warnings of the unused and the unreachable: where they are told, and where there is nothing to tell."""

from __future__ import annotations

import dataclasses

import pytest

from generator.diagnostics import Severity
from generator.language import reader
from generator.language.check import check_against_platform
from generator.platform.model import Platform, SecretGrant, SecretKey
from tests.unit.samples import PLATFORM

JOBS = "\njobs: {test: {run: make test}}\n"


def told(text: str) -> list[str]:
    """Places and codes of a file's warnings; there are no errors."""
    ci, found = reader.read(text, "ci.yaml")
    assert ci is not None, found
    assert {one.severity for one in found} <= {Severity.WARNING}
    assert all(one.hint for one in found if one.code != "cron-never-fires")
    return [f"{one.span.line}:{one.span.column} {one.code}" for one in found]


def told_with(text: str, platform: Platform = PLATFORM) -> list[str]:
    ci, found = reader.read(text, "ci.yaml")
    assert ci is not None, found
    return [f"{one.span.line}:{one.span.column} {one.code}" for one in check_against_platform(ci, platform)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("{push: {branches: [main, '!main']}}", ["1:23 never-matches"]),
        ("{push: {branches: 'a b'}}", ["1:23 never-matches"]),
        ("{push: {tags: ['!**']}}", ["1:19 never-matches"]),
        ("{pull_request: {branches: [main, '!**']}}", ["1:31 never-matches"]),
        ("{push: {branches: ['**', main]}}", ["1:30 idle-pattern"]),
        ("{push: {tags: ['v*', '!w*']}}", ["1:26 idle-pattern"]),
        ("{push: {branches: [main, 'release/**', '!release/*-wip'], tags: '!nightly'}}", []),
    ],
)
def test_dead_patterns(on: str, expected: list[str]) -> None:
    assert told(f"on: {on}{JOBS}") == expected


def test_a_list_with_a_wrong_pattern_is_judged_when_it_is_right() -> None:
    ci, found = reader.read(f"on: {{push: {{branches: ['[', '!main']}}}}{JOBS}", "ci.yaml")
    assert ci is None
    assert [one.code for one in found] == ["bad-glob"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("env: {A: b}\njobs: {a: {env: {A: c}, run: x}, b: {env: {A: d}, run: x}}", ["1:7 hidden-variable"]),
        ("env: {A: b}\njobs: {a: {steps: [{run: x, env: {A: c}}]}}", ["1:7 hidden-variable"]),
        (
            "jobs: {a: {env: {A: b, B: c}, steps: [{run: x, env: {A: c}}, {run: y, env: {A: d}}]}}",
            ["1:18 hidden-variable"],
        ),
        ("env: {A: b}\njobs: {a: {env: {A: c}, run: x}, b: {run: x}}", []),
        ("jobs: {a: {env: {A: b}, steps: [{run: x, env: {A: c}}, {run: y}]}}", []),
        ("env: &env {A: b}\njobs: {a: {env: *env, run: x}}", []),
    ],
)
def test_variables_that_others_hide(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "defaults: {image: 'a:1', runner: b, timeout: 1h}\njobs: {a: {image: 'c:1', run: x}}",
            ["1:19 unused-default"],
        ),
        ("defaults: {retry: {limit: 1}}\njobs: {a: {retry: {limit: 2}, run: x}}", ["1:19 unused-default"]),
        ("defaults: {timeout: 1h}\njobs: {a: {timeout: 2h, run: x}, b: {run: x}}", []),
        ("defaults: &same {timeout: 1h}\njobs: {a: {<<: *same, run: x}}", []),
    ],
)
def test_defaults_that_no_job_uses(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_job_that_could_not_be_read_may_use_anything() -> None:
    ci, found = reader.read(
        "defaults: {timeout: 1h}\nenv: {A: b}\njobs: {a: {timeout: 2h, env: {A: c}, run: x}, b: 1}", "f"
    )
    assert ci is None
    assert [one.code for one in found] == ["wrong-type"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x-a: &a {A: b}\njobs: {test: {run: x}}", ["1:6 unused-anchor"]),
        ("jobs: {test: {run: &script make}}", ["1:20 unused-anchor"]),
        ("x-a: &a {A: &b c}\njobs: {test: {env: *a, run: x}}", ["1:13 unused-anchor"]),
        ("x-a: &a {A: b}\njobs: {test: {env: {<<: *a}, run: x}}", []),
    ],
)
def test_anchors_without_an_alias(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_an_alias_that_is_misspelt_is_the_only_thing_that_is_told() -> None:
    ci, found = reader.read("x-a: &common {A: b}\njobs: {test: {env: *comon, run: x}}", "f")
    assert ci is None
    assert [one.code for one in found] == ["yaml-alias"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("pull_request", ["2:22 never-granted"]),
        ("{push: {branches: 'release/**'}}", ["2:22 never-granted"]),
        ("{schedule: {cron: '0 3 * * *'}}", ["2:22 never-granted"]),
        ("manual", ["2:22 never-granted"]),
        ("push", []),
        ("{push: {branches: 'm*'}}", []),
        ("{push: {branches: '!main', tags: 'v*'}}", []),
    ],
)
def test_secrets_that_no_run_of_the_file_is_granted(on: str, expected: list[str]) -> None:
    # NPM_TOKEN is for tags and for pushes to main.
    assert told_with(f"on: {on}\njobs: {{a: {{secrets: [NPM_TOKEN], run: x}}}}") == expected


def test_a_job_that_can_do_without_such_a_secret_is_told_that_it_always_does() -> None:
    text = "on: pull_request\njobs: {a: {secrets: {T: {name: NPM_TOKEN, optional: true}}, run: x}}"
    ci, _ = reader.read(text, "f")
    assert ci is not None
    (found,) = check_against_platform(ci, PLATFORM)
    assert (found.code, found.severity) == ("never-granted", Severity.WARNING)
    assert found.message.endswith(": T is unset in every run")


def test_without_on_pushes_to_the_default_branch_count_whatever_its_name() -> None:
    assert told_with("jobs: {a: {secrets: [NPM_TOKEN], run: x}}") == []


def test_a_runner_for_protected_runs_is_nothing_for_pull_requests() -> None:
    job = "\njobs: {a: {runner: release, run: x}}"
    assert told_with(f"on: pull_request{job}") == ["2:20 never-granted"]
    assert told_with(f"on: [push, pull_request]{job}") == []
    assert told_with(f"on: manual{job}") == []
    assert told_with(f"on: {{push: {{tags: 'v*'}}}}{job}") == []


def test_a_grant_may_be_for_pull_requests() -> None:
    grant = SecretGrant("LABELS", SecretKey("labels", "token"), ("**",), ("pull_request",))
    platform = dataclasses.replace(PLATFORM, secrets=(grant,))
    text = "on: {on}\njobs: {{a: {{secrets: [LABELS], run: x}}}}"
    assert told_with(text.format(on="pull_request"), platform) == []
    assert told_with(text.format(on="push"), platform) == ["2:22 never-granted"]


@pytest.mark.parametrize(
    ("on", "of_job", "expected"),
    [
        ("push", "pull_request", ["2:16 never-runs"]),
        ("push", "{push: {tags: 'v*'}}", ["2:16 never-runs"]),
        ("{push: {tags: 'v*'}}", "push", ["2:16 never-runs"]),
        ("[push, pull_request]", "schedule", ["2:16 never-runs"]),
        ("{schedule: {cron: '0 3 * * *'}}", "[push, schedule]", []),
        ("{push: {branches: main, tags: 'v*'}}", "{push: {tags: 'v*'}}", []),
        ("push", "manual", ["2:16 never-runs"]),
        ("manual", "push", ["2:16 never-runs"]),
        ("[push, manual]", "manual", []),
        ("pull_request", "{pull_request: {types: labeled}}", ["2:16 never-runs"]),
        ("pull_request", "{pull_request: {types: [labeled, opened]}}", []),
        ("{pull_request: {types: labeled}}", "pull_request", []),
        ("[push, pull_request]", "{push: {}, pull_request: {types: labeled}}", []),
    ],
)
def test_a_job_for_none_of_the_files_events(on: str, of_job: str, expected: list[str]) -> None:
    assert told(f"on: {on}\njobs: {{a: {{on: {of_job}, run: x}}, b: {{run: x}}}}") == expected


def test_a_job_in_a_file_without_on_is_for_branches_and_pull_requests() -> None:
    assert told("jobs: {a: {on: {push: {tags: 'v*'}}, run: x}}") == ["1:16 never-runs"]
    assert told("jobs: {a: {on: push, run: x}, b: {on: pull_request, run: x}}") == []
