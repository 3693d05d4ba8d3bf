"""What a job's pod says of the job before Argo does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from generator.report.followers import JobSucceeded, Message, PodFollower, PodTrouble
from generator.report.pod_trouble import pod_trouble, told_from

ENDED_WELL = {"terminated": {"exitCode": 0}}
ENDED_BADLY = {"terminated": {"exitCode": 3}}
RUNNING: dict[str, Any] = {"running": {}}


def said(
    phase: str, owner: str = "Workflow", services: tuple[dict[str, Any], ...] = (), **states: dict[str, Any]
) -> list[Message]:
    """What is told of a pod whose containers are in these states; `services` are whole statuses.

    Without that all is well.
    """
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
    return [one for one in told if not isinstance(one, PodTrouble) or one.what]


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
    return {
        "name": "service-db",
        "image": "localhost/no/such:1",
        "restartCount": restarts,
        "state": state,
        "lastState": last or {},
    }


NO_IMAGE = (
    'Back-off pulling image "localhost/no/such:1": ErrImagePull: failed to pull and unpack image '
    '"localhost/no/such:1": failed to resolve reference "localhost/no/such:1": localhost/no/such:1: not found'
)
UNKNOWN_IMAGE = {"waiting": {"reason": "ErrImagePull", "message": NO_IMAGE.partition("ErrImagePull: ")[2]}}


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
            "service 'db' does not start: image 'localhost/no/such:1' cannot be pulled: not found",
        ),
        (
            service({"waiting": {"reason": "CreateContainerError", "message": "no " * 40}}),
            f"service 'db' does not start: CreateContainerError: {('no ' * 40)[:77]}...",
        ),
        (service({"waiting": {"reason": "StartError"}}), "service 'db' does not start: StartError"),
    ],
)
def test_a_pod_tells_which_of_its_services_ended_or_does_not_start(status: dict[str, Any], what: str) -> None:
    beside = {**service(RUNNING), "name": "service-a"}
    assert said("Pending", services=(beside, status)) == ([PodTrouble("run-uid", "run.job-test", what)] if what else [])


def test_an_end_of_what_is_no_service_is_no_trouble() -> None:
    other = {"name": "init", "restartCount": 1, "state": ENDED_BADLY, "lastState": ENDED_BADLY}
    assert said("Pending", services=(other,)) == []


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (UNKNOWN_IMAGE, "does not start: image 'localhost/no/such:1' cannot be pulled: not found"),
        (
            {"waiting": {"reason": "ImagePullBackOff", "message": NO_IMAGE}},
            "does not start: image 'localhost/no/such:1' cannot be pulled: not found",
        ),
        # As older kubelets say it.
        (
            {"waiting": {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "localhost/no/such:1"'}},
            "does not start: image 'localhost/no/such:1' cannot be pulled",
        ),
        (
            {"waiting": {"reason": "CreateContainerConfigError", "message": "no\nuser"}},
            "does not start: CreateContainerConfigError: no user",
        ),
        ({"waiting": {"reason": "PodInitializing"}}, ""),
        (RUNNING, ""),
        (ENDED_BADLY, ""),
    ],
)
def test_a_pod_tells_why_its_job_does_not_start(state: dict[str, Any], what: str) -> None:
    status = {"phase": "Pending", "containerStatuses": [main(state), {"name": "wait", "state": UNKNOWN_IMAGE}]}
    assert pod_trouble(status) == what


def test_a_pod_that_no_node_takes_says_why_and_not_before_a_minute_is_over() -> None:
    preemption = "no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found."
    waits = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": f"0/3 nodes are available: 3 Insufficient cpu. {preemption}",
        "lastTransitionTime": "2026-11-24T18:00:00Z",
    }
    status = {"phase": "Pending", "conditions": [{"type": "Ready", "status": "False"}, waits]}
    assert pod_trouble(status) == "waiting for a node: 0/3 nodes are available: 3 Insufficient cpu"
    assert told_from(status) == dt.datetime(2026, 11, 24, 18, 1, tzinfo=dt.UTC).timestamp()
    placed = {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "True"}]}
    assert (pod_trouble(placed), told_from(placed)) == ("", 0.0)


def test_a_pod_that_has_ended_does_not_take_back_why_its_job_did_not_start() -> None:
    lost = {"terminated": {"exitCode": 137, "reason": "ContainerStatusUnknown"}}
    assert pod_trouble({"phase": "Failed", "containerStatuses": [main(lost)]}) is None


def main(state: dict[str, Any]) -> dict[str, Any]:
    return {"name": "main", "image": "localhost/no/such:1", "state": state}
