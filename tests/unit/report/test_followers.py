"""What a job's pod says of the job before Argo does."""

from __future__ import annotations

from typing import Any

import pytest

from generator.report.followers import JobSucceeded, Message, PodFollower

ENDED_WELL = {"terminated": {"exitCode": 0}}
ENDED_BADLY = {"terminated": {"exitCode": 3}}
RUNNING: dict[str, Any] = {"running": {}}


def said(phase: str, owner: str = "Workflow", **states: dict[str, Any]) -> list[Message]:
    """What is told of a pod whose containers are in these states."""
    told: list[Message] = []
    PodFollower(told.append).seen(
        {
            "metadata": {
                "uid": "pod-uid",
                "ownerReferences": [{"kind": owner, "name": "run", "uid": "run-uid"}],
                "annotations": {"workflows.argoproj.io/node-name": "run.job-test"},
            },
            "status": {
                "phase": phase,
                "containerStatuses": [{"name": name, "state": state} for name, state in states.items()],
            },
        }
    )
    return told


@pytest.mark.parametrize(
    ("phase", "beside"), [("Running", RUNNING), ("Running", ENDED_WELL), ("Succeeded", ENDED_WELL)]
)
def test_a_job_has_succeeded_when_its_container_has_whatever_argo_still_does(
    phase: str, beside: dict[str, Any]
) -> None:
    assert said(phase, main=ENDED_WELL, wait=beside) == [JobSucceeded("run-uid", "run.job-test")]


@pytest.mark.parametrize(
    ("phase", "states"),
    [
        ("Running", {"main": RUNNING, "wait": RUNNING}),
        ("Running", {"main": {"waiting": {"reason": "PodInitializing"}}}),
        ("Running", {"main": ENDED_BADLY, "wait": RUNNING}),
        ("Running", {"main": ENDED_WELL, "wait": ENDED_BADLY}),
        ("Failed", {"main": ENDED_WELL, "wait": RUNNING}),  # evicted
        ("Running", {"wait": ENDED_WELL}),
        ("Pending", {}),
    ],
)
def test_nothing_is_said_of_a_job_that_has_not_or_may_not_have(phase: str, states: dict[str, Any]) -> None:
    assert said(phase, **states) == []


def test_a_pod_of_something_else_than_a_workflow_says_nothing() -> None:
    assert said("Running", owner="Job", main=ENDED_WELL) == []
