"""Nobody with a stolen token of ours makes a Workflow of another shape, in any namespace."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.placement import CONTROL_NAMESPACE, EXECUTOR_ACCOUNT, JOB_ACCOUNT, REPORT_NAMESPACE, run_namespaces

if TYPE_CHECKING:
    from generator.platform.model import Platform
    from tests.e2e.cluster import Cluster

SENSOR = "system:serviceaccount:argosy:argosy-sensor"
EXPANDER = "system:serviceaccount:argosy:argosy-expander"
ALLOWED: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"name": "event-0000000000000000000000000000000000000000", "namespace": CONTROL_NAMESPACE},
    "spec": {
        "workflowTemplateRef": {"name": "argosy-expander"},
        "arguments": {"parameters": [{"name": "event", "value": "e30="}]},
    },
}
POD = {"name": "main", "container": {"image": "docker.io/library/busybox:1.35", "command": ["id"]}}


def attempt(here: Cluster, account: str, workflow: dict[str, Any]) -> str:
    """What the API server says to this account: empty for yes. Nothing is kept."""
    from tests.e2e.cluster import CommandFailed  # noqa: PLC0415

    try:
        here.kubectl("create", "--as", account, "--dry-run=server", "-f", "-", stdin=json.dumps(workflow))
    except CommandFailed as failure:
        return str(failure)
    return ""


def with_spec(namespace: str, spec: dict[str, Any]) -> dict[str, Any]:
    workflow = copy.deepcopy(ALLOWED)
    workflow["metadata"]["namespace"] = namespace
    workflow["spec"] = spec
    return workflow


@pytest.mark.parametrize("account", [SENSOR])
def test_the_allowed_shape_is_let_in(account: str, here: Cluster) -> None:
    assert attempt(here, account, ALLOWED) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"templates": [POD], "entrypoint": "main"},
        {"serviceAccountName": "argosy-expander"},
        {"volumes": [{"name": "x", "secret": {"secretName": "forge-work-read"}}]},
        {"podSpecPatch": "{}"},
        {"hooks": {"exit": {"template": "main"}}},
        {"workflowTemplateRef": {"name": "another"}},
        {"arguments": {"parameters": [{"name": "surprise", "value": "x"}]}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_the_sensors_token_makes_nothing_but_event_workflows(more: dict[str, Any], here: Cluster) -> None:
    assert "denied" in attempt(here, SENSOR, with_spec(CONTROL_NAMESPACE, {**ALLOWED["spec"], **more}))


@pytest.mark.parametrize(
    "status",
    [
        # Argo runs these templates and not those of the reference.
        {"storedWorkflowTemplateSpec": {"entrypoint": "main", "templates": [POD]}},
        # The reporter would tell this on any commit.
        {"phase": "Succeeded", "nodes": {"a": {"id": "a", "name": "a", "type": "Pod"}}},
    ],
    ids=lambda status: next(iter(status)),
)
def test_the_sensors_token_brings_no_templates_and_no_outcome_along(status: dict[str, Any], here: Cluster) -> None:
    assert "in status" in attempt(here, SENSOR, {**ALLOWED, "status": status})


def test_what_argos_own_programs_write_into_a_new_status_is_let_in(here: Cluster) -> None:
    """Argo's cron controller and `argo submit`; no controller looks at these templates."""
    status = {"startedAt": None, "finishedAt": None, "storedTemplates": {"namespaced/argosy-expander/expand": POD}}
    assert attempt(here, SENSOR, {**ALLOWED, "status": status}) == ""


def test_the_sensors_token_makes_nothing_elsewhere(here: Cluster, platform: Platform) -> None:
    for namespace in (REPORT_NAMESPACE, *run_namespaces(platform)):
        assert "forbidden" in attempt(here, SENSOR, with_spec(namespace, ALLOWED["spec"]))


def test_the_expanders_token_makes_no_run_without_digest_and_the_jobs_account(
    here: Cluster, platform: Platform
) -> None:
    spec = {"entrypoint": "main", "templates": [POD]}
    for namespace in run_namespaces(platform):
        assert "denied" in attempt(here, EXPANDER, with_spec(namespace, spec))
        privileged = {**spec, "serviceAccountName": "argosy-expander"}
        assert "denied" in attempt(here, EXPANDER, with_spec(namespace, privileged))


@pytest.mark.parametrize(
    ("repository", "good"),
    [
        ({"configMap": "artifact-repositories", "key": "ci"}, True),
        ({"configMap": "artifact-repositories", "key": "another"}, False),
        ({"configMap": "another", "key": "ci"}, False),
        ({"key": "ci"}, False),
    ],
)
def test_a_run_keeps_its_artifacts_where_the_platform_says(
    repository: dict[str, str], good: bool, here: Cluster, platform: Platform
) -> None:
    spec = {
        "entrypoint": "main",
        "serviceAccountName": JOB_ACCOUNT,
        "automountServiceAccountToken": False,
        "executor": {"serviceAccountName": EXECUTOR_ACCOUNT},
        "templates": [POD],
        "artifactRepositoryRef": repository,
    }
    for namespace in run_namespaces(platform):
        workflow = with_spec(namespace, spec)
        workflow["metadata"]["annotations"] = {"argosy.dev/digest": f"sha256:{'0' * 64}"}
        answer = attempt(here, EXPANDER, workflow)
        assert answer == "" if good else "a run keeps its artifacts where platform.yaml says" in answer


def test_no_token_makes_a_workflow_beside_the_write_token(here: Cluster) -> None:
    workflow = with_spec(REPORT_NAMESPACE, {"entrypoint": "main", "templates": [POD]})
    assert "forbidden" in attempt(here, EXPANDER, workflow)
    assert "denied" in attempt(here, "system:admin", workflow) or "forbidden" in attempt(here, "system:admin", workflow)
