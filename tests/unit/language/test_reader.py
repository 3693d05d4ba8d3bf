"""ci.yaml to its meaning: defaults, short forms, and that no text at all makes the reader fail."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.diagnostics import Severity, has_errors, in_order
from generator.document import Mapping, parse
from generator.fields import Object, Reading
from generator.language import reader, reference
from generator.language.check import check_outline
from generator.language.file import CI_FILE
from generator.language.model import (
    DEFAULT_PULL_REQUEST_TYPES,
    PULL_REQUEST_TYPES,
    CiFile,
    Job,
    Narrowing,
    Need,
    Outline,
    PullRequestTrigger,
    PushTrigger,
    Retry,
    RetryOn,
    Variable,
    When,
)
from generator.language.rules import env_size
from tests.unit.samples import PLATFORM

ROOT = pathlib.Path(__file__).parents[3]
JOBS = "\njobs: {test: {run: make test}}\n"

FULL = """\
on:
  push: {branches: [main, "release/**"], tags: "v*"}
  pull_request: {branches: main, types: [opened, labeled]}
  schedule: {cron: "0 3 * * MON-FRI", timezone: Europe/Berlin}
env: {VERSION: 1.10, FLAG: yes, EMPTY: }
defaults: {image: "golang:1.26", runner: small, timeout: 30m}
x-setup: &setup
  - {name: setup, run: make setup}
jobs:
  lint:
    run: |
      go vet ./...
  test:
    needs: lint
    image: debian:12
    runner: medium
    timeout: 1h30m
    env: {A: b}
    secrets: {TOKEN: NPM_TOKEN}
    steps:
      - *setup
      - {run: make test, env: {LEVEL: debug}, shell: [bash, -x], working-directory: web, when: always}
  publish:
    on: {push: {tags: "v*"}}
    needs: [lint, {job: test, optional: true}]
    when: always
    secrets: [NPM_TOKEN]
    retry: {limit: 2, on: always}
    run: ./publish.sh
"""


def good(text: str | bytes) -> CiFile:
    ci, found = reader.read(text, "ci.yaml")
    assert found == []
    assert ci is not None
    return ci


def job(text: str) -> Job:
    return good(f"jobs:\n  test: {text}\n").jobs[0]


def written(variables: tuple[Variable, ...]) -> list[tuple[str, str]]:
    return [(variable.name, variable.value.source) for variable in variables]


def codes(text: str | bytes) -> list[str]:
    return [one.code for one in reader.read(text, "ci.yaml")[1]]


def test_a_file_with_everything() -> None:
    ci = good(FULL)
    assert [one.name for one in ci.jobs] == ["lint", "test", "publish"]
    assert written(ci.env) == [("VERSION", "1.10"), ("FLAG", "yes"), ("EMPTY", "")]
    lint, test, publish = ci.jobs
    assert (lint.steps[0].run, lint.steps[0].name) == ("go vet ./...\n", None)
    assert [[need.name for need in one.needs] for one in ci.jobs] == [[], ["lint"], ["lint", "test"]]
    assert [one.image.source if one.image else None for one in ci.jobs] == ["golang:1.26", "debian:12", "golang:1.26"]
    assert [one.runner.source if one.runner else None for one in ci.jobs] == ["small", "medium", "small"]
    assert [one.timeout for one in ci.jobs] == [1800, 5400, 1800]
    assert [(step.name and step.name.source, step.run, written(step.env)) for step in test.steps] == [
        ("setup", "make setup", []),
        (None, "make test", [("LEVEL", "debug")]),
    ]
    assert [(use.variable, use.name.value) for use in test.secrets + publish.secrets] == [
        ("TOKEN", "NPM_TOKEN"),
        ("NPM_TOKEN", "NPM_TOKEN"),
    ]


def test_a_secret_is_a_variable_or_a_file_and_may_be_missing() -> None:
    written_out = "{A: X, B: {name: X}, C: {name: X, file: true}, D: {name: Y, file: false, optional: true}}"
    found = [
        (use.variable, use.name.value, use.is_file, use.optional)
        for use in job(f"{{secrets: {written_out}, run: x}}").secrets
    ]
    assert found == [
        ("A", "X", False, False),
        ("B", "X", False, False),
        ("C", "X", True, False),
        ("D", "Y", False, True),
    ]


def test_places_that_later_stages_point_at() -> None:
    ci = good(FULL)
    runner = ci.jobs[1].runner
    assert runner is not None
    assert (ci.jobs[1].span.line, ci.jobs[1].span.column) == (13, 3)
    assert (runner.span.line, runner.span.column, runner.span.end_column) == (16, 13, 19)
    assert [step.span.line for step in ci.jobs[1].steps] == [8, 22]
    assert ci.jobs[1].secrets[0].name.span.column == 22


def test_paths_are_globs_or_the_name_of_a_set() -> None:
    on = "on: {push: {paths: [src/**]}, pull_request: {paths: code}}\nfiles: {code: ['**', '!docs/**'], one: a.txt}"
    ci = good(on + JOBS)
    push, request = ci.triggers.push, ci.triggers.pull_request
    assert push is not None
    assert request is not None
    assert push.paths is not None
    assert request.paths is not None
    assert (push.paths.globs, request.paths.globs) == (("src/**",), ("**", "!docs/**"))
    assert {one.name: one.globs for one in ci.sets} == {"code": ("**", "!docs/**"), "one": ("a.txt",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on: {push: {paths: code}}", ["unknown-set"]),
        ("on: {push: {paths: code}}\nfiles: {code: ['[']}", ["bad-glob"]),
        ("on: {push: {paths: src/**}}", ["bad-name"]),
        ("on: {push: {paths: []}}", ["empty-value"]),
        ("on: {push: {paths: ['/src/**']}}", ["bad-glob"]),
        ("on: {push: {paths: [src/]}, pull_request: {paths: ['**', '!docs/']}}", ["never-matches", "never-matches"]),
        ("on: {push: {paths: [code, docs/**]}}\nfiles: {code: [a]}", ["set-as-glob"]),
        ("on: {push: {paths: [code, docs/**]}}", []),
        ("files: {in: [a]}", ["bad-name"]),
        ("files: {Code: [a]}", ["bad-name"]),
        ("files: {code: []}", ["empty-value"]),
        ("files: {code: ['${{ x }}']}", ["expression-place"]),
        ("files: {code: [a]}\nenv: {A: '${{ hash(files.cod) }}'}", ["unknown-name"]),
        ("env: {A: '${{ hash(files.code) }}'}", ["unknown-name"]),
        ("files: {code: [a]}\nenv: {A: '${{ files.code }}'}", ["expression-type"]),
        ("files: {code: [a], \"b'c\": [a]}\nenv: {A: '${{ hash(files.code) }}'}", ["bad-name"]),
    ],
)
def test_wrong_paths_and_sets(text: str, expected: list[str]) -> None:
    assert codes(text + JOBS) == expected


def test_without_on_the_default_branch_and_pull_requests_start_the_jobs() -> None:
    triggers = good(JOBS).triggers
    assert triggers.default_branch_only
    assert triggers.push is None
    assert triggers.pull_request == PullRequestTrigger(None, DEFAULT_PULL_REQUEST_TYPES)
    assert triggers.schedule == ()


@pytest.mark.parametrize(
    ("on", "push", "pull_request"),
    [
        ("push", PushTrigger(None, None), None),
        ("[push, pull_request]", PushTrigger(None, None), PullRequestTrigger(None, DEFAULT_PULL_REQUEST_TYPES)),
        ("{push: {}}", PushTrigger(None, None), None),
        ("{push: }", PushTrigger(None, None), None),
        ("{push: {branches: main}}", PushTrigger(("main",), None), None),
        ("{push: {tags: ['v*', '!v0*']}}", PushTrigger(None, ("v*", "!v0*")), None),
        ("{pull_request: {types: closed}}", None, PullRequestTrigger(None, ("closed",))),
    ],
)
def test_shapes_of_on(on: str, push: PushTrigger | None, pull_request: PullRequestTrigger | None) -> None:
    triggers = good(f"on: {on}{JOBS}").triggers
    assert (triggers.push, triggers.pull_request) == (push, pull_request)
    assert not triggers.default_branch_only


def test_schedules() -> None:
    (only,) = good(f"on: {{schedule: {{cron: '0 3 * * MON-FRI'}}}}{JOBS}").triggers.schedule
    assert (only.name, only.cron, only.timezone) == ("schedule", "0 3 * * 1-5", "")
    text = f"on: {{schedule: [{{name: a, cron: '0 3 * * 7'}}, {{name: b, cron: '0 3 1 JAN ?', timezone: UTC}}]}}{JOBS}"
    assert [(one.name, one.cron, one.timezone) for one in good(text).triggers.schedule] == [
        ("a", "0 3 * * 0", ""),
        ("b", "0 3 1 1 ?", "UTC"),
    ]


@pytest.mark.parametrize("script", ["echo {{x}} $(id) $$ `a`", "  indented\n\n  \ttab", "é😀\u2028x", "#!/bin/bash\nx"])
def test_scripts_are_taken_byte_for_byte(script: str) -> None:
    block = "".join(f"\n      {line}" for line in script.split("\n"))
    assert good(f"jobs:\n  test:\n    run: |2-{block}\n").jobs[0].steps[0].run == script
    assert job(f"{{run: {json.dumps(script, ensure_ascii=False)}}}").steps[0].run == script


@pytest.mark.parametrize(
    ("written", "shell"),
    [
        ("", ("sh", "-e")),
        ("shell: sh", ("sh", "-e")),
        ("shell: bash", ("bash", "-eo", "pipefail")),
        ("shell: python", ("python3",)),
        ("shell: [perl, -w]", ("perl", "-w")),
        ("shell: [1.10, yes, $HOME]", ("1.10", "yes", "$HOME")),
    ],
)
def test_a_step_says_what_runs_it(written: str, shell: tuple[str, ...]) -> None:
    assert job(f"{{steps: [{{run: x, {written}}}]}}").steps[0].shell == shell


def test_the_shell_of_the_defaults_is_for_every_step_that_names_none() -> None:
    text = "defaults: {shell: bash}\njobs: {a: {run: x}, b: {steps: [{run: x}, {run: x, shell: [fish]}]}}"
    assert [step.shell[0] for one in good(text).jobs for step in one.steps] == ["bash", "bash", "fish"]


@pytest.mark.parametrize(
    "image",
    [
        *("debian", "debian:12", "ghcr.io/team/tool_x/a-b:V1.2-rc_1", "localhost:5000/a", "My.Registry/a"),
        f"registry.example/team/image:1@sha256:{'0a' * 32}",
    ],
)
def test_an_image(image: str) -> None:
    assert codes(f'jobs: {{a: {{image: "{image}", run: x}}}}') == []


@pytest.mark.parametrize(
    "image",
    ["Debian", "ghcr.io/Team/tool", "docker://debian", "debian:", "a:b:c", "a//b", "a@sha256:12", "a b", ":x", "a."],
)
def test_what_no_kubelet_would_pull_is_no_image(image: str) -> None:
    assert codes(f'jobs: {{a: {{image: "{image}", run: x}}}}') == ["bad-value"]


def test_a_step_runs_on_success_and_may_not_fail_unless_it_says_so() -> None:
    found = job("{steps: [{run: x}, {run: x, when: always, continue-on-error: true}, {run: x, when: failure}]}")
    assert [(step.when, step.may_fail) for step in found.steps] == [
        (When.SUCCESS, False),
        (When.ALWAYS, True),
        (When.FAILURE, False),
    ]


def test_a_steps_folder_is_one_of_the_workspace() -> None:
    assert job("{steps: [{run: x, working-directory: a b/../$c}]}").steps[0].working_directory == "a b/../$c"
    assert job("{run: x}").steps[0].working_directory == ""
    assert codes("jobs: {a: {steps: [{run: x, working-directory: /tmp}]}}") == ["bad-value"]


def test_a_warning_stops_nothing() -> None:
    ci, found = reader.read("jobs: {test: {run: 'echo ${{ x }}'}}", "ci.yaml")
    assert ci is not None
    assert [(one.code, one.severity) for one in found] == [("script-expression", Severity.WARNING)]


def test_a_job_that_cannot_be_read_is_still_there_to_be_needed() -> None:
    assert codes("jobs: {a: 1, b: {needs: a, run: x}}") == ["wrong-type"]


def test_a_long_chain_of_needs_is_no_circle() -> None:
    chain = "".join(f"  j{number}: {{needs: j{number + 1}, run: x}}\n" for number in range(150))
    assert good(f"jobs:\n{chain}  j150: {{run: x}}\n").jobs[0].needs == (Need("j1", optional=False),)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("push", Narrowing(PushTrigger(None, None), None, None)),
        ("[pull_request, schedule]", Narrowing(None, PullRequestTrigger(None, PULL_REQUEST_TYPES), ())),
        ("{push: {tags: 'v*'}}", Narrowing(PushTrigger(None, ("v*",)), None, None)),
        ("{pull_request: {types: labeled}}", Narrowing(None, PullRequestTrigger(None, ("labeled",)), None)),
        ("{schedule: {}}", Narrowing(None, None, ())),
        ("{schedule: }", Narrowing(None, None, ())),
        ("{schedule: [nightly, weekly]}", Narrowing(None, None, ("nightly", "weekly"))),
    ],
)
def test_shapes_of_a_jobs_on(on: str, expected: Narrowing) -> None:
    schedules = "[{name: nightly, cron: '0 3 * * *'}, {name: weekly, cron: '0 4 * * 1'}]"
    request = "types: [labeled, opened, synchronize, reopened, ready_for_review, retargeted]"
    given = f"on: {{push: {{branches: '**', tags: '**'}}, pull_request: {{{request}}}, schedule: {schedules}}}"
    assert good(f"{given}\njobs: {{a: {{run: x, on: {on}}}}}").jobs[0].on == expected


def test_the_only_schedule_is_named_by_its_default_name() -> None:
    text = "on: {schedule: {cron: '0 3 * * *'}}\njobs: {a: {run: x, on: {schedule: schedule}}}"
    assert good(text).jobs[0].on == Narrowing(None, None, ("schedule",))


def test_a_job_is_tried_again_as_it_says_or_as_the_defaults_do() -> None:
    text = "defaults: {retry: {limit: 2}}\njobs: {a: {run: x}, b: {run: x, retry: {limit: 1, on: always}}}"
    assert [one.retry for one in good(text).jobs] == [Retry(2, RetryOn.INFRASTRUCTURE), Retry(1, RetryOn.ALWAYS)]
    assert job("{run: x}").retry is None


def test_a_need_may_be_left_out_where_it_says_so() -> None:
    jobs = good("jobs: {a: {run: x}, b: {run: x}, c: {run: x, needs: [{job: a, optional: true}, {job: b}]}}").jobs
    assert jobs[2].needs == (Need("a", optional=True), Need("b", optional=False))


def test_a_job_is_needed_once() -> None:
    text = "jobs: {one: {run: x}, it: {needs: [one, {job: one, optional: true}], run: x}}"
    ci, (found,) = reader.read(text, "ci.yaml")
    assert (ci, found.code, found.message) == (None, "duplicate-value", "'one' stands here twice")
    assert found.span.column == text.index("one, optional") + 1


def test_all_is_every_job_that_does_not_say_all_itself() -> None:
    text = "jobs: {n: &all {run: x, needs: all, when: always}, a: {run: x}, b: {run: x, needs: a}, m: *all}"
    everyone = (Need("a", optional=True), Need("b", optional=True))
    assert [one.needs for one in good(text).jobs] == [everyone, (), (Need("a", optional=False),), everyone]


def test_jobs_run_on_success_and_may_not_fail_unless_they_say_so() -> None:
    jobs = good("jobs: {a: {run: x}, b: {run: x, needs: a, when: failure, allow-failure: true}}").jobs
    assert [one.when for one in jobs] == [When.SUCCESS, When.FAILURE]
    assert [one.allow_failure.source if one.allow_failure else None for one in jobs] == [None, "true"]


def test_a_job_that_may_fail_takes_the_place_of_another_one() -> None:
    jobs = "jobs:\n  j0: {run: x, allow-failure: true}\n" + "".join(f"  j{n}: {{run: x}}\n" for n in range(1, 199))
    (found,) = reader.read(jobs, "ci.yaml")[1]
    assert (found.code, found.span.line) == ("too-many-jobs", 200)
    assert "1 more than the 198" in found.message


def test_a_job_that_says_it_may_not_fail_takes_no_place() -> None:
    good("jobs:\n  j0: {run: x, allow-failure: false}\n" + "".join(f"  j{n}: {{run: x}}\n" for n in range(1, 199)))


def test_limits_say_by_how_much() -> None:
    jobs = "jobs:\n" + "".join(f"  j{number}: {{run: x}}\n" for number in range(203))
    (found,) = reader.read(jobs, "ci.yaml")[1]
    assert (found.code, found.span.line) == ("too-many-jobs", 201)
    assert "4 more than the 199" in found.message


def test_a_variable_that_no_program_can_be_started_with_is_an_error() -> None:
    value = "x" * (env_size.MAX_VARIABLE_BYTES - 1)
    text = "{place}jobs: {{a: {{env: {{B: {job}}}, steps: [{{run: x, env: {{C: {step}}}}}]}}}}"
    assert codes(text.format(place="", job=value[1:], step=value[1:])) == []
    assert codes(text.format(place="", job=value, step=value)) == ["env-size", "env-size"]
    assert codes(text.format(place=f"env: {{A: {value}}}\n", job="", step="")) == ["env-size"]


def test_variables_that_do_not_fit_beside_each_other_are_an_error_at_the_step() -> None:
    """A file is smaller than that, but may say one text many times."""
    many = "".join(f"    V{number}: *long\n" for number in range(12))
    text = f"env: {{A: &long {'x' * 100_000}}}\njobs:\n a:\n  env:\n{many}  steps: [{{run: x}}, {{run: y}}]\n"
    ci, found = reader.read(text, "ci.yaml")
    assert ci is None
    assert [(one.code, one.span.line, one.span.column) for one in found] == [("env-size", 17, 11)]
    assert "251,4" in found[0].message


def test_schedules_are_limited() -> None:
    entries = "".join(f"  - {{name: s{number}, cron: '0 3 * * *'}}\n" for number in range(52))
    (found,) = reader.read(f"on:\n schedule:\n{entries}jobs: {{a: {{run: x}}}}\n", "ci.yaml")[1]
    assert (found.code, found.span.line) == ("too-many-schedules", 53)
    assert "2 more than the 50" in found.message


def test_every_key_that_comes_later_is_refused_as_such() -> None:
    for part in objects():
        for name in part.later:
            node, _ = parse(f"{name}: x", "f")
            assert node is not None
            reading = Reading()
            part.read(node, reading)
            assert "not-yet" in {one.code for one in reading.found()}, (part.label, name)


def test_no_key_of_the_language_is_taken_for_another_systems() -> None:
    for part in objects():
        assert set(part.foreign).isdisjoint({*(key.name for key in part.keys), *part.later}), part.label


def test_every_keys_example_is_right() -> None:
    for part in objects():
        for key in part.keys:
            assert key.example, (part.label, key.name)
            node, _ = parse(key.example, "f")
            assert isinstance(node, Mapping)
            (entry,) = node.entries
            assert entry.key.text == key.name
            reading = Reading()
            assert key.type.read(entry.value, reading, entry.key) is not None
            assert reading.found() == []


def test_the_reference_is_what_the_keys_say() -> None:
    assert (ROOT / "docs/reference/ci-yaml.md").read_text(encoding="utf-8") == reference.page(), (
        "run `python -m generator.language.reference > docs/reference/ci-yaml.md`"
    )


def test_the_references_first_example_is_right() -> None:
    good(reference.page().split("```yaml\n", 1)[1].split("```", 1)[0])


def objects() -> list[Object[Any]]:
    """Every mapping that the language knows."""
    found: list[Object[Any]] = []
    waiting: list[Any] = [CI_FILE]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Object):
            found.append(part)
        waiting += part.parts()
    return found


_WORDS = ["on", "push", "jobs", "needs", "run", "steps", "env", "secrets", "a", "b", "all", "image", "matrix", "cron"]
_LEAVES = st.sampled_from([None, True, 1, 1.5, "", "a", "b", "${{ x }}", "!x", "30m", "0 3 * * *", "x y", "main", "\0"])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(_WORDS), _TREES, max_size=4), _TREES)
def test_any_tree_is_read_or_refused_in_order(top: dict[str, Any], jobs: object) -> None:
    text = yaml.safe_dump(top | {"jobs": jobs})
    ci, found = reader.read(text, "ci.yaml")
    assert found == in_order(found)
    assert (ci is None) is has_errors(found)
    assert reader.read(text, "ci.yaml") == (ci, found)
    outline, told = reader.read_outline(text, "ci.yaml")
    assert told == found
    assert ci is None or outline == Outline(ci.jobs, ci.triggers, complete=True)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(FULL) - 1),
    st.integers(0, 12),
    st.text(st.sampled_from("ab:- \n[]{}&*!|'\"#\t\0"), max_size=4),
)
def test_no_edit_of_a_file_makes_the_reader_fail(at: int, cut: int, put: str) -> None:
    text = FULL[:at] + put + FULL[at + cut :]
    ci, found = reader.read(text, "ci.yaml")
    assert (ci is None) is has_errors(found)
    outline, _ = reader.read_outline(text, "ci.yaml")
    assert ci is None or outline is not None
    found += check_outline(outline, PLATFORM) if outline is not None else []
    lines = text.split("\n")
    for one in found:
        assert 1 <= one.span.line <= len(lines)
        assert 1 <= one.span.column <= len(lines[one.span.line - 1]) + 1
