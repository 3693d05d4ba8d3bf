"""What commits are shown of jobs that wait for an approval."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from generator.forges.forge import CommitStatus
from generator.language.model import Approval
from generator.report.report import report
from generator.report.view import read
from tests.unit.report.workflows import EARLY, LATEST, RUN, job, node, run
from tests.unit.samples import PLATFORM

DEPLOY = job("deploy", "release", approval=Approval("Release?", "production", 60))
BEHIND = job("after", needs=("deploy",))
ASKING = f"waits for approval (argosy approve {RUN} deploy) for production: Release?"


def told(raw: dict[str, Any]) -> dict[str, str]:
    view = read(raw)
    assert view is not None
    platform = dataclasses.replace(PLATFORM, report=dataclasses.replace(PLATFORM.report, jobs="all"))
    statuses = [one.status for one in report(view, platform) if isinstance(one.status, CommitStatus)]
    return {status.context: f"{status.state}: {status.description}" for status in statuses}


def question(phase: str, approved: str = "", by: str = "", message: str = "") -> dict[str, Any]:
    parameters = [{"name": "approved", "value": approved}, {"name": "by", "value": by}] if approved else []
    return node("job-deploy.approval", phase, message=message, type="Suspend", outputs={"parameters": parameters})


def asked(phase: str, *nodes: dict[str, Any], jobs: tuple[Any, ...] = (DEPLOY,), **status: Any) -> dict[str, str]:
    return told(run(phase, jobs, nodes, **status))


def test_a_job_that_waits_for_approval_says_how_it_is_answered_and_what_is_asked() -> None:
    whole = node("job-deploy", "Running", type="DAG")
    assert asked("Running", whole, question("Running"), jobs=(DEPLOY, BEHIND)) == {
        "argosy/push": f"pending: deploy {ASKING}",
        "argosy/push/deploy": f"pending: {ASKING}",
    }


def test_the_command_is_whole_however_much_is_asked() -> None:
    name = "deploy-" + "x" * 56
    long = job(name, approval=Approval("?" * 200, "production-" + "x" * 52, 60))
    said = asked("Running", node(f"job-{name}.approval", "Running"), jobs=(long,))
    assert f"(argosy approve {RUN} {name})" in said[f"argosy/push/{name}"]


def test_several_that_wait_are_counted() -> None:
    other = job("announce", approval=Approval("Announce?", "", 60))
    nodes = (question("Running"), node("job-announce.approval", "Running"))
    said = asked("Running", *nodes, jobs=(DEPLOY, other))
    assert said["argosy/push"] == f"pending: deploy (and 1 more) {ASKING}"
    assert said["argosy/push/announce"] == f"pending: waits for approval (argosy approve {RUN} announce): Announce?"


def test_nothing_is_said_of_a_question_that_is_not_asked_yet() -> None:
    assert asked("Running") == {"argosy/push": "pending: running: 1 job"}


def test_an_approved_job_says_who_has_approved_it_as_long_as_the_commit_is_there() -> None:
    yes = question("Succeeded", "true", "ann")
    running = asked("Running", yes, node("job-deploy.run", "Running"))
    assert running["argosy/push/deploy"] == "pending: running; approved by ann"
    ended = asked("Succeeded", yes, node("job-deploy.run", "Succeeded"), startedAt=EARLY, finishedAt=LATEST)
    assert ended == {
        "argosy/push": "success: 1 job succeeded in 42 s",
        "argosy/push/deploy": "success: succeeded; approved by ann",
    }
    failed = asked("Failed", yes, node("job-deploy.run", "Failed", said='{"step":1,"code":3}'))
    assert failed["argosy/push/deploy"] == (
        "failure: step 1 'release' failed with exit code 3 (ci.yaml:7); approved by ann"
    )


def test_a_reason_is_told_of_an_approval_too() -> None:
    yes = question("Succeeded", "true", "ann", "ticket 42")
    said = asked("Running", yes, node("job-deploy.run", "Running"))
    assert said["argosy/push/deploy"] == "pending: running; approved by ann: ticket 42"


@pytest.mark.parametrize("phase", ["Running", "Failed"])
def test_a_refusal_is_a_failure_that_says_who_and_why(phase: str) -> None:
    no = question("Failed", "refused", "ann", "not on Friday")
    assert asked(phase, no)["argosy/push/deploy"] == "failure: refused by ann: not on Friday"
    assert asked(phase, question("Failed", "refused", "ann"))["argosy/push/deploy"] == "failure: refused by ann"


@pytest.mark.parametrize("approved", ["expired", "perhaps"])
def test_no_answer_and_no_real_one_are_a_no(approved: str) -> None:
    left_out = node("job-deploy.run", "Error", message=f"Expected boolean evaluation for '{approved}'")
    said = asked(
        "Error", question("Succeeded", approved), left_out, node("job-after", "Omitted"), jobs=(DEPLOY, BEHIND)
    )
    assert said == {
        "argosy/push": "failure: deploy: expired: nobody approved it in time",
        "argosy/push/deploy": "failure: expired: nobody approved it in time",
        "argosy/push/after": "error: not run: a job that it needs did not succeed",
    }


def test_a_reason_is_no_word_of_argos() -> None:
    no = question("Failed", "refused", "ann", "workflow shutdown with strategy: Terminate")
    said = asked("Failed", no)["argosy/push/deploy"]
    assert said == "failure: refused by ann: workflow shutdown with strategy: Terminate"


def test_a_run_that_is_cancelled_while_it_waits_was_not_refused() -> None:
    stopped = question("Failed", message="Stopped with strategy 'Terminate'")
    assert told(run("Failed", (DEPLOY,), (stopped,), shutdown="Terminate")) == {
        "argosy/push": "error: cancelled",
        "argosy/push/deploy": "error: cancelled",
    }


def test_a_refused_job_that_may_fail_is_an_allowed_failure() -> None:
    may = dataclasses.replace(DEPLOY, allow_failure=True)
    said = asked("Succeeded", question("Failed", "refused", "ann"), jobs=(may, job("test")))
    assert said["argosy/push/deploy"] == "success: failure (allowed): refused by ann"


def test_a_refused_matrix_is_told_once() -> None:
    several = tuple(
        dataclasses.replace(DEPLOY, id=f"deploy[region={one}]", matrix=(("region", one),)) for one in ("north", "south")
    )
    said = asked("Failed", question("Failed", "refused", "ann"), jobs=several)
    assert said["argosy/push/deploy"] == "failure: refused by ann"
