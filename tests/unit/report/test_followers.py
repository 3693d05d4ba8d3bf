"""What a job's pod says of the job before Argo does."""

from __future__ import annotations

from typing import Any

import pytest

from generator.report.followers import JobSucceeded, Message, PodFollower, ServiceTrouble

ENDED_WELL = {"terminated": {"exitCode": 0}}
ENDED_BADLY = {"terminated": {"exitCode": 3}}
RUNNING: dict[str, Any] = {"running": {}}


def said(
    phase: str, owner: str = "Workflow", services: tuple[dict[str, Any], ...] = (), **states: dict[str, Any]
) -> list[Message]:
    """What is told of a pod whose containers are in these states; `services` are whole statuses."""
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
                "initContainerStatuses": [{"name": "init", "restartCount": 0, "state": ENDED_WELL}, *services],
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


def service(state: dict[str, Any], restarts: int = 0, last: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": "service-db", "restartCount": restarts, "state": state, "lastState": last or {}}


NO_IMAGE = 'Back-off pulling image "localhost/no/such:1": ErrImagePull: failed to pull and unpack image and so on'


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (service(RUNNING), ""),
        # It ends with its job, whatever its exit code.
        (service(ENDED_BADLY), ""),
        (service({"waiting": {"reason": "PodInitializing"}}), ""),
        (service(RUNNING, 1, ENDED_BADLY), "service 'db' ended with exit code 3"),
        (service({"waiting": {"reason": "CrashLoopBackOff"}}, 2, ENDED_BADLY), "service 'db' ended with exit code 3"),
        (
            service(RUNNING, 1, {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}),
            "service 'db' ended: out of memory",
        ),
        (
            service({"waiting": {"reason": "ImagePullBackOff", "message": NO_IMAGE}}),
            f"service 'db' does not start: ImagePullBackOff: {NO_IMAGE[:77]}...",
        ),
        (service({"waiting": {"reason": "InvalidImageName"}}), "service 'db' does not start: InvalidImageName"),
    ],
)
def test_a_pod_tells_which_of_its_services_ended_or_does_not_start(status: dict[str, Any], what: str) -> None:
    beside = {**service(RUNNING), "name": "service-a"}
    assert said("Pending", services=(beside, status)) == [ServiceTrouble("run-uid", "run.job-test", what)]


def test_a_pod_without_services_tells_nothing_of_them() -> None:
    other = {"name": "init", "restartCount": 1, "state": ENDED_BADLY, "lastState": ENDED_BADLY}
    assert said("Pending", services=(other,)) == []
