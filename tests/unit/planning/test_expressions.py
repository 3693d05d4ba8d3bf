"""What `if` and `${{ }}` make of a plan: skipped jobs with the reason, texts of the event, errors in their place."""

from __future__ import annotations

import base64
import bz2
import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import headline
from generator.manifests.metadata import to_bytes
from generator.manifests.payload import Source, job_payload
from generator.manifests.run import run_workflow
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, pull_request, push

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan, PlannedJob

EVERYTHING = "on: {push: {branches: '**', tags: '**'}, pull_request: {}}"


def planned(text: str, event: Event) -> Plan:
    made, found = plan(ci_file(f"{EVERYTHING}\n{text}"), event, PLATFORM, TREE)
    assert made is not None, found
    return made


def job(text: str, event: Event) -> PlannedJob:
    """The plan of a file's only job; `text` is the rest of the job's mapping."""
    (only,) = planned(f"jobs: {{it: {{run: make, {text}}}}}", event).jobs
    return only


def complaints(text: str, event: Event) -> list[str]:
    made, found = plan(ci_file(text), event, PLATFORM, TREE)
    assert made is None
    return [headline(finding) for finding in found]


def reasons(made: Plan) -> dict[str, tuple[bool, str]]:
    return {one.id: (one.runs, one.why) for one in made.jobs}


def test_an_if_decides_whether_a_job_runs_and_says_so() -> None:
    text = "jobs: {a: {if: branch == 'main', run: x}, b: {if: event == 'tag', run: x}, c: {run: x}}"
    assert reasons(planned(text, push())) == {
        "a": (True, "push to 'main', and `if` is true"),
        "b": (False, "`if` is false: event == 'tag'"),
        "c": (True, "push to 'main'"),
    }


def test_a_skipped_need_skips_its_dependants_with_the_reason() -> None:
    text = "jobs: {a: {if: false, run: x}, b: {needs: a, if: true, run: x}, c: {needs: b, run: x}, d: {run: x}}"
    made = planned(text, push())
    assert made.runs
    assert reasons(made) == {
        "a": (False, "`if` is false: false"),
        "b": (False, "needs 'a', which does not run"),
        "c": (False, "needs 'b', which does not run"),
        "d": (True, "push to 'main'"),
    }


def test_a_run_without_a_job_does_not_run_and_says_why() -> None:
    made = planned("jobs: {a: {if: event == 'tag', run: x}, b: {needs: a, run: x}}", push())
    assert (made.runs, made.why) == (False, "no job runs: 'a': `if` is false: event == 'tag' (and 1 more)")


def test_an_event_decides_whether_a_job_may_fail() -> None:
    text = "allow-failure: branch == 'main'"
    assert job(text, push()).allow_failure
    assert not job(text, push(branch="topic")).allow_failure
    assert [job(f"allow-failure: {word}", push()).allow_failure for word in ("true", "false")] == [True, False]


def test_what_may_fail_in_this_event_alone_is_no_failure_to_wait_for_in_it() -> None:
    text = "jobs: {a: {allow-failure: branch == 'main', run: x}, b: {needs: a, when: failure, run: x}}"
    assert reasons(planned(text, push()))["b"] == (False, "waits for a failure, and all that it needs may fail")
    assert planned(text, push(branch="topic")).jobs[1].causes == ("a",)


def test_whether_a_job_may_fail_is_not_asked_of_one_that_does_not_run() -> None:
    text = "if: event == 'pull_request', allow-failure: \"pull_request.labels[0] == 'risky'\""
    assert not job(text, push()).allow_failure
    (only,) = complaints(f"{EVERYTHING}\njobs: {{it: {{run: make, {text}}}}}", pull_request())
    assert only.startswith("ci.yaml:2:68: error: the expression fails: the list has no such element")


def test_an_if_of_several_lines_is_told_on_one() -> None:
    made = planned(
        "jobs:\n  a:\n    if: |\n      event == 'tag'\n        && tag == '{{workflow.name}}'\n    run: x\n", push()
    )
    assert made.jobs[0].why == "`if` is false: event == 'tag' && tag == '{{workflow.name}}'"


def test_an_event_that_starts_nothing_asks_no_if() -> None:
    text = "on: pull_request\njobs: {a: {if: '1 / pull_request.number == 1', run: x}}"
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert found == []
    assert made is not None
    assert made.jobs[0].why == "`on` has no push"


def test_expressions_in_every_place() -> None:
    text = """
env: {FILE: "${{ event }}", SAME: "${{ pull_request.labels[0] }}"}
defaults: {image: "debian:${{ branch == 'main' ? '12' : '13' }}", runner: "${{ 'med' + 'ium' }}"}
jobs:
  a:
    env: {JOB: "${{ branch }}!", SAME: job}
    steps: [{name: "on ${{ branch }}", env: {STEP: "${{ size(branch) }}"}, run: "echo ${{ branch }}"}]
"""
    (one,) = planned(text, push()).jobs
    assert (one.image, one.runner.name) == ("debian:12", "medium")
    assert [(variable.name, variable.value) for variable in one.env] == [
        ("FILE", "push"),
        ("SAME", "job"),
        ("JOB", "main!"),
    ]
    (step,) = one.steps
    assert (step.title, step.env[0].value, step.script) == ("on main", "4", "echo ${{ branch }}")


def test_an_image_and_a_runner_must_be_ones_with_what_the_expression_gives() -> None:
    text = """jobs:
  a: {image: "x:${{ 'a b' }}", run: x}
  b: {image: "${{ tag }}", run: x}
  c: {runner: "${{ 'lar' + 'g' }}", run: x}
  d: {runner: "${{ ' ' }}", run: x}
"""
    assert complaints(text, push()) == [
        "ci.yaml:2:17: error: with this expression, 'x:a b' is not an image [bad-value]",
        "ci.yaml:3:15: error: with this expression, '' is not an image [bad-value]",
        "ci.yaml:4:16: error: unknown runner 'larg' [unknown-runner]",
        "ci.yaml:5:16: error: with this expression, ' ' is not a runner's name [bad-name]",
    ]


def test_a_literal_image_and_runner_are_checked_as_they_always_were() -> None:
    text = "jobs:\n  a: {runner: larg, run: x}\n"
    assert complaints(text, push()) == ["ci.yaml:2:15: error: unknown runner 'larg' [unknown-runner]"]


def test_failures_are_told_once_each_at_their_places_and_nothing_is_planned() -> None:
    text = """env: {FIRST: "${{ pull_request.labels[0] }}"}
jobs:
  a: {if: 1 / pull_request.number == 1, run: x}
  b: {run: x}
  c: {env: {A: "${{ int(branch) }}"}, run: x}
"""
    assert [line.partition(" error: ")[0] for line in complaints(text, push())] == [
        "ci.yaml:1:15:",
        "ci.yaml:3:11:",
        "ci.yaml:5:17:",
    ]


def test_a_job_that_does_not_run_is_not_evaluated() -> None:
    text = "if: false, image: '${{ pull_request.labels[0] }}', runner: '${{ tag }}', env: {A: '${{ int(tag) }}'}"
    made = job(text, push())
    assert (made.image, made.runner.name) == ("${{ pull_request.labels[0] }}", "${{ tag }}")
    assert made.env[0].value == "${{ int(tag) }}"


def test_a_name_of_any_length_is_cut_and_an_empty_one_is_the_steps_number() -> None:
    text = "jobs: {it: {steps: [{name: '${{ pull_request.title }}', run: x}]}}"
    (long,) = planned(text, pull_request(title="a\x1b[2J" + "b" * 300)).jobs
    assert (long.steps[0].title[:8], len(long.steps[0].title)) == ("a [2Jbbb", 80)
    assert planned(text, push()).jobs[0].steps[0].title == "step 1"


def test_what_expressions_give_must_fit_into_a_variable() -> None:
    parts = "${{ actor + actor + actor + actor }}" * 40
    (found,) = complaints(f"jobs: {{it: {{env: {{A: '{parts}'}}, run: x}}}}", push(actor="x" * 1000))
    assert "[env-size]" in found


def test_without_a_platform_the_runner_of_an_expression_is_assumed() -> None:
    ci = ci_file("jobs: {it: {runner: \"${{ branch + '-pool' }}\", run: x}}")
    made, _ = plan(ci, push(), assumed_platform(ci, push(), TREE), TREE)
    assert made is not None
    assert made.jobs[0].runner.name == "main-pool"


def test_a_runner_of_an_expression_is_granted_like_any_other() -> None:
    text = "runner: \"${{ 'rel' + 'ease' }}\""
    assert job(text, push(tier="protected")).denied == ""
    assert "'release'" in job(text, push(tier="trusted")).denied


@pytest.mark.parametrize("place", ["env: {A: '${{ pull_request.title }}'}", "env: {A: '${{ pull_request.head }}'}"])
@given(hostile=st.text(min_size=1) | st.sampled_from(["{{workflow.name}}", "$(id)", "'; id; '", '\U0001f4a9\n"`id`\\']))
def test_what_an_outsider_writes_reaches_a_variable_verbatim_and_the_workflow_nowhere(place: str, hostile: str) -> None:
    event = pull_request(title=hostile, head=hostile)
    made = planned(f"jobs: {{it: {{run: make, {place}}}}}", event)
    fit = hostile.replace("\0", "\ufffd")
    assert made.jobs[0].env[0].value == fit
    archive = bz2.decompress(base64.b64decode(job_payload([made.jobs[0]], Source("", "", "", ""), {}, {})))
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        env = files.extractfile("job-env")
        assert env is not None
        assert "'" + f"A={fit}".replace("'", "'\\''") + "'" in env.read().decode()
    harmless = planned(f"jobs: {{it: {{run: make, {place}}}}}", pull_request(title="x", head="x"))
    workflows = [to_bytes(run_workflow(one, PLATFORM)) for one in (made, harmless)]
    assert workflows[0].count(b"{{") == workflows[1].count(b"{{")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_planning_is_deterministic(title: str, labels: list[str]) -> None:
    text = (
        "jobs: {a: {if: size(pull_request.labels) > 1, env: {A: '${{ pull_request.labels[1] }}'}, run: x},"
        " b: {needs: a, env: {B: '${{ pull_request.title }}'}, run: x}}"
    )
    event = pull_request(title=title, labels=tuple(labels))
    assert planned(text, event) == planned(text, event)
    assert planned(text, event).runs == (len(labels) > 1)
