"""Jobs that wait for an approval, as Argo is given them: what is asked, what lets the job start, what the run holds."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from generator.manifests.approvals import EXPIRED, REFUSED
from generator.manifests.metadata import PLAN_ANNOTATION, decode_plan
from generator.manifests.run import run_workflow
from generator.manifests.size import compiled
from generator.planning.planner import plan
from tests.unit.manifests.argo_dag import FAILED, OMITTED, SUCCEEDED, played
from tests.unit.samples import PLATFORM, TREE, ci_file, push

Object = dict[str, Any]
ONE = "jobs: {deploy: {approval: {message: 'To {{workflow.name}}?', environment: live, timeout: 90m}, run: x}}"
MATRIX = """\
jobs:
  deploy: {approval: {message: Go?}, matrix: {region: [north, south]}, run: 'echo $MATRIX_REGION'}
"""
GROUPED = """\
concurrency: {group: it}
jobs:
  test: {run: x}
  deploy: {approval: {message: Go?}, lock: it, if: "branch == 'main'", run: x}
"""


def workflow(text: str, branch: str = "main") -> Object:
    made, found = plan(ci_file("on: {push: {branches: '**'}}\n" + text), push(branch=branch), PLATFORM, TREE)
    assert made is not None, found
    return run_workflow(made, PLATFORM)


def templates(run: Object) -> dict[str, Object]:
    return {template["name"]: template for template in run["spec"]["templates"]}


def test_a_question_stands_before_the_job_and_ends_by_itself_with_a_no() -> None:
    made = templates(workflow(ONE))
    assert made["job-deploy"]["dag"] == {
        "failFast": False,
        "target": "approval run",
        "tasks": [
            {"name": "approval", "template": "approval-job-deploy"},
            {
                "name": "run",
                "template": "run-job-deploy",
                "depends": "approval.Succeeded",
                "when": "{{tasks.approval.outputs.parameters.approved}}",
            },
        ],
    }
    question = made["approval-job-deploy"]
    assert question["suspend"] == {"duration": "5400s"}
    assert question["metadata"]["annotations"] == {"argosy.dev/environment": "live"}
    defaults = {one["name"]: one["valueFrom"]["default"] for one in question["outputs"]["parameters"]}
    assert defaults == {"approved": "expired", "by": ""}
    assert "containerSet" in made["run-job-deploy"]


def test_what_is_asked_is_nothing_that_argo_reads() -> None:
    run = workflow(ONE)
    assert "workflow.name" not in json.dumps(run["spec"])
    (note,) = decode_plan(run["metadata"]["annotations"][PLAN_ANNOTATION])
    assert (note.task, note.question, note.asks, note.environment) == (
        "job-deploy.run",
        "job-deploy.approval",
        "To {{workflow.name}}?",
        "live",
    )


def test_a_refused_job_has_failed_for_the_run_and_was_never_started() -> None:
    phases, end = played(templates(workflow(ONE))["job-deploy"]["dag"], {"approval": FAILED})
    assert (phases["run"], end) == (OMITTED, FAILED)
    phases, end = played(templates(workflow(ONE))["job-deploy"]["dag"], {})
    assert (phases["run"], end) == (SUCCEEDED, SUCCEEDED)


def test_what_no_answer_and_a_refusal_write_is_no_boolean_for_argo() -> None:
    # Argo skips a job whose `when` is false, and the run would be green.
    assert not {REFUSED, EXPIRED} & {"true", "false", "1", "0", ""}


def test_a_job_is_not_asked_for_that_its_needs_keep_from_running() -> None:
    text = """\
jobs:
  build: {run: x}
  deploy: {needs: build, approval: {message: Go?}, run: x}
  undo: {needs: build, when: failure, approval: {message: Back?}, run: x}
"""
    main = templates(workflow(text))["main"]["dag"]
    phases, end = played(main, {"job-build": FAILED})
    assert (phases["job-deploy"], phases["job-undo"], end) == (OMITTED, SUCCEEDED, FAILED)
    phases, end = played(main, {})
    assert (phases["job-deploy"], phases["job-undo"], end) == (SUCCEEDED, OMITTED, SUCCEEDED)


def test_a_refusal_is_a_failure_that_a_job_may_have() -> None:
    text = """\
jobs:
  deploy: {allow-failure: true, approval: {message: Go?}, run: x}
  after: {needs: deploy, run: x}
"""
    phases, end = played(templates(workflow(text))["main"]["dag"], {"job-deploy": FAILED})
    assert (phases["job-after"], end) == (SUCCEEDED, SUCCEEDED)


def test_attempts_and_the_time_of_one_are_the_jobs_and_not_the_questions() -> None:
    made = templates(workflow("jobs: {deploy: {approval: {message: Go?}, retry: {limit: 2}, timeout: 5m, run: x}}"))
    assert [name for name, one in made.items() if "retryStrategy" in one] == ["run-job-deploy"]
    assert [name for name, one in made.items() if "activeDeadlineSeconds" in one] == ["run-job-deploy"]
    assert made["approval-job-deploy"]["suspend"] == {"duration": "86400s"}


def test_a_question_has_no_pod() -> None:
    question = templates(workflow(GROUPED))["approval-job-deploy"]
    assert set(question) == {"name", "suspend", "outputs"}


def test_a_run_that_could_not_be_answered_is_not_made() -> None:
    axis = "region: [" + ", ".join(f"r{number}" for number in range(500)) + "]"
    ci = ci_file(f"jobs: {{deploy: {{approval: {{message: Go?}}, matrix: {{{axis}}}, run: x}}}}")
    made, _ = plan(ci, push(), PLATFORM, TREE)
    assert made is not None
    (found,) = compiled(made, ci, PLATFORM)[1]
    assert found.code == "run-size"
    assert "more than one that waits for an approval may have" in found.message
    silent = dataclasses.replace(made, jobs=tuple(dataclasses.replace(job, approval=None) for job in made.jobs))
    assert compiled(silent, ci, PLATFORM)[1] == []


def test_one_question_is_asked_for_all_combinations() -> None:
    run = workflow(MATRIX)
    asking = [template["name"] for template in run["spec"]["templates"] if "suspend" in template]
    assert asking == ["approval-job-deploy"]
    notes = decode_plan(run["metadata"]["annotations"][PLAN_ANNOTATION])
    assert [note.task for note in notes] == ["job-deploy.run.region-north", "job-deploy.run.region-south"]
    assert {note.question for note in notes} == {"job-deploy.approval"}


def test_a_matrix_that_may_fail_as_a_whole_may_be_refused() -> None:
    may = MATRIX.replace("run:", "allow-failure: true, run:")
    assert templates(workflow(may))["main"]["dag"]["target"] == "verdict"
    in_part = MATRIX.replace("run:", "allow-failure: matrix.region == 'north', run:")
    assert templates(workflow(in_part))["main"]["dag"]["target"] == "job-deploy"


def test_a_run_that_asks_somebody_holds_no_group_and_its_lock_only_while_the_job_runs() -> None:
    asks, does_not = workflow(GROUPED), workflow(GROUPED, "topic")
    assert "synchronization" not in asks["spec"]
    assert "synchronization" in does_not["spec"]
    assert [name for name, made in templates(asks).items() if "synchronization" in made] == ["run-job-deploy"]


def test_outputs_come_through_and_what_the_job_is_given_goes_in() -> None:
    text = """\
jobs:
  build: {outputs: [v], run: x}
  deploy: {needs: build, approval: {message: Go?}, env: {V: "${{ needs.build.outputs.v }}"}, outputs: [w], run: x}
"""
    made = templates(workflow(text))
    whole, run = made["job-deploy"], made["job-deploy"]["dag"]["tasks"][1]
    assert whole["inputs"] == {"parameters": [{"name": "given-1"}]}
    assert run["arguments"]["parameters"] == [{"name": "given-1", "value": "{{inputs.parameters.given-1}}"}]
    assert whole["outputs"]["parameters"] == [
        {"name": "outputs", "valueFrom": {"parameter": "{{tasks.run.outputs.parameters.outputs}}"}}
    ]


def test_nobody_is_asked_for_a_job_that_only_fails() -> None:
    run = workflow("jobs: {deploy: {approval: {message: Go?}, secrets: [NPM_TOKEN], run: x}}", "topic")
    assert [name for name in templates(run) if name.startswith("approval-")] == []
