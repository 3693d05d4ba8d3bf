"""The admission policies on changes, on schedules, and on the largest Workflow that there may be."""

from __future__ import annotations

import copy
import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from generator.placement import CONTROL_NAMESPACE
from tests.e2e.cluster import CommandFailed
from tests.e2e.test_policies import ALLOWED, EXPANDER, POD, SENSOR, attempt, with_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster

RUNS = "argosy-runs-default"
DIGEST = {"argosy.dev/digest": f"sha256:{'0' * 64}"}
MUTEX = {"name": "group-" + 26 * "0"}
RUN_SPEC: dict[str, Any] = {
    "entrypoint": "main",
    "serviceAccountName": "argosy-job",
    "automountServiceAccountToken": False,
    "executor": {"serviceAccountName": "argosy-executor"},
    "templates": [POD],
}
CRON: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "CronWorkflow",
    "metadata": {"name": "cron-0", "namespace": CONTROL_NAMESPACE},
    "spec": {
        "schedules": ["0 3 * * *"],
        "workflowSpec": {
            "workflowTemplateRef": {"name": "argosy-expander"},
            "arguments": {
                "parameters": [
                    {"name": "event", "value": "e30="},
                    {"name": "scheduled-at", "value": "{{workflow.scheduledTime}}"},
                ]
            },
        },
    },
}


def run(**changes: Any) -> dict[str, Any]:
    workflow = with_spec(RUNS, {**RUN_SPEC, **changes})
    workflow["metadata"]["annotations"] = DIGEST
    return workflow


@pytest.fixture
def event(here: Cluster) -> Iterator[dict[str, Any]]:
    """An event Workflow as a Sensor makes it."""
    workflow = copy.deepcopy(ALLOWED)
    workflow["metadata"]["name"] = f"event-{secrets.token_hex(20)}"
    here.kubectl("create", "--as", SENSOR, "-f", "-", stdin=json.dumps(workflow))
    yield workflow
    here.kubectl("-n", CONTROL_NAMESPACE, "delete", "workflow", workflow["metadata"]["name"])


@pytest.fixture
def waiting_run(here: Cluster) -> Iterator[dict[str, Any]]:
    """A run that argosy made and that does not begin."""
    workflow = run(suspend=True)
    workflow["metadata"] |= {"name": f"run-b-{secrets.token_hex(13)}", "labels": {"argosy.dev/sha": "c0ffee"}}
    workflow["metadata"]["annotations"] = {**DIGEST, "argosy.dev/event": "e30=", "argosy.dev/plan": "A" * 100_000}
    here.kubectl("create", "--as", EXPANDER, "-f", "-", stdin=json.dumps(workflow))
    yield workflow
    here.kubectl("-n", RUNS, "delete", "workflow", workflow["metadata"]["name"])


def patched(here: Cluster, account: str, event: dict[str, Any], change: dict[str, Any]) -> str:
    """What the API server says to a patch by this account, or the cluster's owner where it is empty: empty for yes.

    Nothing is kept.
    """
    namespace, name = event["metadata"]["namespace"], event["metadata"]["name"]
    where = ("-n", namespace, "patch", "workflow", name, "--type=merge", "--dry-run=server")
    try:
        here.kubectl(*where, *(("--as", account) if account else ()), "-p", json.dumps(change))
    except CommandFailed as failure:
        return str(failure)
    return ""


def test_a_redelivery_passes(event: dict[str, Any], here: Cluster) -> None:
    assert patched(here, SENSOR, event, event) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"status": {"phase": "Succeeded", "message": "all is well"}},
        {"spec": {"shutdown": "Terminate"}},
        {"metadata": {"labels": {"somebody": "else"}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_sensor_changes_nothing_that_is_there(change: dict[str, Any], event: dict[str, Any], here: Cluster) -> None:
    assert "denied" in patched(here, SENSOR, event, change)


@pytest.mark.parametrize(
    "metadata",
    [
        {"annotations": {"argosy.dev/event": "e30"}},
        {"annotations": {"argosy.dev/plan": None}},
        {"annotations": {"argosy.dev/digest": f"sha256:{'1' * 64}"}},
        {"annotations": None},
        {"labels": {"argosy.dev/sha": "other"}},
        {"labels": None},
    ],
    ids=str,
)
def test_nobody_rewrites_what_argosy_says_of_a_run(
    metadata: dict[str, Any], waiting_run: dict[str, Any], here: Cluster
) -> None:
    assert "denied" in patched(here, "", waiting_run, {"metadata": metadata})


@pytest.mark.parametrize("key", ["argosy.dev/superseded-by", "argosy.dev/surprise"])
def test_only_the_expander_adds_to_what_argosy_says_of_a_run(
    key: str, waiting_run: dict[str, Any], here: Cluster
) -> None:
    mark = {"metadata": {"annotations": {key: "run-b-newer"}}}
    assert "denied" in patched(here, "", waiting_run, mark)
    assert patched(here, EXPANDER, waiting_run, {**mark, "spec": {"shutdown": "Terminate"}}) == ""


def test_a_run_can_be_stopped_and_labelled(waiting_run: dict[str, Any], here: Cluster) -> None:
    labels = {"workflows.argoproj.io/phase": "Running", "somebody": "else"}
    change = {"metadata": {"labels": labels}, "spec": {"shutdown": "Terminate"}, "status": {"phase": "Running"}}
    assert patched(here, "", waiting_run, change) == ""


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {"somebody": "else"}},
        {"annotations": {"workflows.argoproj.io/pod-gc-strategy": "x"}},
        {"finalizers": ["somebody.example/hold"]},
    ],
    ids=lambda metadata: next(iter(metadata)),
)
def test_an_event_workflow_carries_no_metadata_of_others(metadata: dict[str, Any], here: Cluster) -> None:
    workflow = copy.deepcopy(ALLOWED)
    workflow["metadata"].update(metadata)
    assert "denied" in attempt(here, SENSOR, workflow)


@pytest.mark.parametrize("value", ["{{workflow.name}}", "{{=1+1}}", "e30= {{"])
def test_an_argument_is_never_text_that_argo_reads(value: str, here: Cluster) -> None:
    spec = {**ALLOWED["spec"], "arguments": {"parameters": [{"name": "event", "value": value}]}}
    assert "denied" in attempt(here, SENSOR, with_spec(CONTROL_NAMESPACE, spec))


def test_a_schedule_is_let_in_and_nothing_beside_it(here: Cluster) -> None:
    assert attempt(here, EXPANDER, CRON) == ""
    more = copy.deepcopy(CRON)
    more["spec"]["workflowSpec"]["serviceAccountName"] = "argosy-expander"
    assert "denied" in attempt(here, EXPANDER, more)
    elsewhere = copy.deepcopy(CRON)
    elsewhere["metadata"]["namespace"] = RUNS
    assert attempt(here, EXPANDER, elsewhere) != ""


@pytest.mark.parametrize(
    "change",
    [
        {"serviceAccountName": "default"},
        {"automountServiceAccountToken": True},
        {"executor": {"serviceAccountName": "argosy-job"}},
        {"podSpecPatch": "{}"},
        {"templates": [{**POD, "serviceAccountName": "argosy-executor"}]},
        {"templates": [{"name": "main", "resource": {"action": "get", "manifest": "{}"}}]},
        {"synchronization": {"mutexes": [{**MUTEX, "namespace": "argosy-runs-other"}]}},
        {"synchronization": {"mutexes": [{"name": "somebodys"}]}},
        {"synchronization": {"semaphores": [{"configMapKeyRef": {"name": "limits", "key": "runs"}}]}},
        {"templates": [{**POD, "synchronization": {"mutexes": [{**MUTEX, "database": True}]}}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_run_stays_in_its_bounds(change: dict[str, Any], here: Cluster) -> None:
    assert attempt(here, EXPANDER, run()) == ""
    assert "denied" in attempt(here, EXPANDER, run(**change))


def test_a_run_waits_for_its_group_and_its_jobs_for_locks(here: Cluster) -> None:
    locks = {"mutexes": [{"name": "lock-" + 26 * "v"}]}
    waiting = run(synchronization={"mutexes": [MUTEX]}, templates=[{**POD, "synchronization": locks}])
    assert attempt(here, EXPANDER, waiting) == ""


def test_the_largest_run_is_within_the_policies_budget(here: Cluster) -> None:
    names = [f"job-{number}" for number in range(199)]
    env = [{"name": f"PIECE_{number}", "value": "A" * 100} for number in range(30)]
    container = {"image": "docker.io/library/busybox:1.35", "env": env}
    jobs = [{"name": name, "container": container, "synchronization": {"mutexes": [MUTEX]}} for name in names]
    dag = {"name": "main", "dag": {"tasks": [{"name": name, "template": name} for name in names]}}
    largest = run(templates=[dag, *jobs])
    assert len(json.dumps(largest)) > 750_000
    assert attempt(here, EXPANDER, largest) == ""
