"""What the cluster lets people, accounts and pods do to a run that waits for an approval: the answer, and no more."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from generator.manifests.approvals import APPROVED, BY_PARAMETER, REFUSED, approval_templates, run_template
from generator.placement import APPROVER_ROLE, EXECUTOR_ACCOUNT, JOB_ACCOUNT
from generator.report.questions import Answer, question_of
from tests.e2e.cluster import CommandFailed
from tests.e2e.test_policies import EXPANDER, POD
from tests.e2e.test_policy_limits import RUNS, patched, run
from tests.e2e.waiting import until
from tests.unit.samples import planned_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.language.model import Approval
    from tests.e2e.cluster import Cluster

Object = dict[str, Any]
ANN, BOB = "ann@example.org", "bob@example.org"
CONTROLLER = "system:serviceaccount:argo:argo"
PODS = 1_200
BYTES = 900_000


def asking_run(approval: Approval, **changes: Any) -> Object:
    """A run whose one job waits for an approval, as the expander makes it."""
    job = {**POD, "name": run_template("job-deploy")}
    whole, question = approval_templates("job-deploy", approval, [planned_job("deploy")], ())
    made = run(entrypoint="job-deploy", templates=[whole, question, job], **changes)
    made["metadata"]["name"] = f"run-b-{secrets.token_hex(13)}"
    made["metadata"]["labels"] = {"argosy.dev/sha": "c0ffee"}
    return made


def production() -> Approval:
    from generator.language.model import Approval  # noqa: PLC0415

    return Approval("Release?", "production", 3600)


def raw(here: Cluster, made: Object) -> Object:
    found: Object = json.loads(here.kubectl("-n", RUNS, "get", "workflow", made["metadata"]["name"], "-o", "json"))
    return found


def question_in(found: Object) -> Object | None:
    nodes = (found.get("status") or {}).get("nodes") or {}
    return next((one for one in nodes.values() if one["type"] == "Suspend" and one["phase"] == "Running"), None)


@pytest.fixture(scope="module")
def people(here: Cluster) -> Iterator[None]:
    """Ann may approve for everything, Bob may patch runs and approve for staging."""
    rule = {"apiGroups": ["argoproj.io"], "resources": ["workflows"], "verbs": ["get", "list", "patch"]}
    staging = {"apiGroups": ["argosy.dev"], "resources": ["environments"], "resourceNames": ["staging"]}
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "staging", "namespace": RUNS},
        "rules": [rule, {**staging, "verbs": ["approve"]}],
    }
    here.kubectl("create", "-f", "-", stdin=json.dumps(role))
    here.kubectl("-n", RUNS, "create", "rolebinding", "ann-answers", f"--role={APPROVER_ROLE}", f"--user={ANN}")
    here.kubectl("-n", RUNS, "create", "rolebinding", "bob-answers", "--role=staging", f"--user={BOB}")
    yield
    for kind, name in (("rolebinding", "ann-answers"), ("rolebinding", "bob-answers"), ("role", "staging")):
        here.kubectl("-n", RUNS, "delete", kind, name)


@pytest.fixture(scope="module")
def asking(here: Cluster) -> Iterator[Object]:
    """A run that waits for an answer, as the cluster has it."""
    made = asking_run(production())
    here.kubectl("create", "--as", EXPANDER, "-f", "-", stdin=json.dumps(made))
    until("the run to ask", lambda: question_in(raw(here, made)), good=lambda node: node is not None)
    yield raw(here, made)
    here.kubectl("-n", RUNS, "delete", "workflow", made["metadata"]["name"])


def answer(found: Object, by: str, said: str = APPROVED, **changes: Any) -> Object:
    node = question_in(found)
    assert node is not None
    outputs = {"parameters": [{"name": "approved", "value": said}, {"name": BY_PARAMETER, "value": by}]}
    phase = "Succeeded" if said == APPROVED else "Failed"
    ended = {"phase": phase, "finishedAt": node["startedAt"], "outputs": outputs}
    return {"status": {"nodes": {node["id"]: {**ended, **changes}}}}


pytestmark = pytest.mark.usefixtures("people")


@pytest.mark.parametrize("said", [APPROVED, REFUSED])
def test_who_may_approve_may_refuse_and_nobody_else(said: str, asking: Object, here: Cluster) -> None:
    assert patched(here, ANN, asking, answer(asking, ANN, said, message="ticket 42")) == ""
    assert "allowed to approve for the job's environment" in patched(here, BOB, asking, answer(asking, BOB, said))
    assert "allowed to approve for the job's environment" in patched(
        here, EXPANDER, asking, answer(asking, EXPANDER, said)
    )


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        # Argo would leave the job out, and the run would be green.
        ("false", {"phase": "Succeeded"}),
        (REFUSED, {"phase": "Succeeded"}),
        (APPROVED, {"phase": "Failed"}),
        (APPROVED, {"phase": "Skipped"}),
        ("expired", {"phase": "Succeeded"}),
        # Argo reads what it finds there, and works it out.
        ("1 == 1", {}),
        ("{{=sprig.getHostByName('example.org')}}", {"phase": "Succeeded"}),
        (APPROVED, {"outputs": {"parameters": [], "artifacts": []}}),
        (APPROVED, {"templateName": "main"}),
        (APPROVED, {"templateName": None}),
        (APPROVED, {"boundaryID": None}),
        (APPROVED, {"children": ["somebody"]}),
        (APPROVED, {"message": "x" * 201}),
    ],
    ids=str,
)
def test_an_answer_is_yes_or_no_and_nothing_beside_it(
    said: str, changes: Object, asking: Object, here: Cluster
) -> None:
    assert "denied" in patched(here, ANN, asking, answer(asking, ANN, said, **changes))


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"labels": {"workflows.argoproj.io/completed": "true"}}},
        {"metadata": {"labels": {"workflows.argoproj.io/phase": None}}},
        {"metadata": {"annotations": {"workflows.argoproj.io/title": "another"}}},
        {"metadata": {"finalizers": ["somebody.example/hold"]}},
        {
            "metadata": {
                "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": "gone"}],
            }
        },
        {"spec": {"suspend": True}},
        {"spec": {"templates": []}},
        {"status": {"phase": "Succeeded"}},
        {"status": {"compressedNodes": "H4sI"}},
    ],
    ids=str,
)
def test_who_may_approve_changes_nothing_else_of_a_run(change: Object, asking: Object, here: Cluster) -> None:
    assert "denied" in patched(here, ANN, asking, change)


def test_who_may_approve_can_stop_a_run(asking: Object, here: Cluster) -> None:
    assert patched(here, ANN, asking, {"spec": {"shutdown": "Stop"}}) == ""


def test_the_clusters_owner_answers_in_no_other_name(asking: Object, here: Cluster) -> None:
    for said in (APPROVED, REFUSED):
        assert "an answer has the name of who gives it" in patched(here, "", asking, answer(asking, ANN, said))
    assert patched(here, "", asking, answer(asking, "kubernetes-admin")) == ""


@pytest.mark.parametrize("account", [JOB_ACCOUNT, EXECUTOR_ACCOUNT])
def test_what_runs_in_a_pod_cannot_touch_a_run(account: str, asking: Object, here: Cluster) -> None:
    user = f"system:serviceaccount:{RUNS}:{account}"
    assert "forbidden" in patched(here, user, asking, answer(asking, user)).lower()


def test_what_a_pod_leaves_is_no_answer(asking: Object, here: Cluster) -> None:
    """Argo's controller copies a task result into the node of its name, and an executor may write of any."""
    node = question_in(asking)
    assert node is not None
    executor = f"system:serviceaccount:{RUNS}:{EXECUTOR_ACCOUNT}"

    def left(*parameters: tuple[str, str]) -> str:
        result = {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "WorkflowTaskResult",
            "metadata": {
                "name": node["id"],
                "namespace": RUNS,
                "labels": {"workflows.argoproj.io/workflow": asking["metadata"]["name"]},
            },
            "outputs": {"parameters": [{"name": name, "value": value} for name, value in parameters]},
        }
        try:
            here.kubectl("create", "--dry-run=server", "--as", executor, "-f", "-", stdin=json.dumps(result))
        except CommandFailed as failure:
            return str(failure)
        return ""

    assert left(("result", "{}"), ("outputs", "")) == ""
    assert "no answer to a question" in left(("approved", APPROVED), ("by", CONTROLLER))
    assert "no answer to a question" in left(("by", ANN))


def test_a_run_that_waits_is_ended_by_a_newer_one_of_its_group(here: Cluster) -> None:
    made = asking_run(production())
    name = made["metadata"]["name"]
    here.kubectl("create", "--as", EXPANDER, "-f", "-", stdin=json.dumps(made))
    try:
        until("the run to ask", lambda: question_in(raw(here, made)), good=lambda node: node is not None)
        marks = {"annotations": {"argosy.dev/superseded-by": "run-b-newer"}}
        change = json.dumps({"metadata": marks, "spec": {"shutdown": "Terminate"}})
        here.kubectl("-n", RUNS, "patch", "workflow", name, "--as", EXPANDER, "--type=merge", "-p", change)
        ended = until("the run to end", lambda: raw(here, made), good=lambda one: one["status"]["phase"] != "Running")
        (node,) = (one for one in ended["status"]["nodes"].values() if one["type"] == "Suspend")
        assert (ended["status"]["phase"], node["phase"]) == ("Failed", "Failed")
        question = question_of(node)
        assert question is not None
        assert question.answer is Answer.STOPPED
        # Nobody wakes it up again.
        assert "a run stays as it was made" in patched(here, ANN, ended, {"spec": {"shutdown": None}})
    finally:
        here.kubectl("-n", RUNS, "delete", "workflow", name)


def test_the_largest_run_that_can_be_answered_is_within_the_policies_budget(here: Cluster) -> None:
    made = asking_run(production(), suspend=True)
    name = made["metadata"]["name"]
    here.kubectl("create", "--as", EXPANDER, "-f", "-", stdin=json.dumps(made))
    try:
        pod = {"type": "Pod", "phase": "Succeeded", "startedAt": "2026-11-24T12:00:00Z", "message": "x" * 500}
        nodes = {
            f"{name}-{number}": {
                **pod,
                "id": f"{name}-{number}",
                "name": f"{name}.job-{number}",
                "outputs": {"parameters": [{"name": "result", "value": ""}, {"name": "outputs", "value": "x"}]},
            }
            for number in range(PODS)
        }
        supplied = [{"name": each, "valueFrom": {"supplied": {}, "default": ""}} for each in ("approved", BY_PARAMETER)]
        asks = {
            **pod,
            "id": f"{name}-asks",
            "name": f"{name}.approval",
            "type": "Suspend",
            "phase": "Running",
            "message": "",
            "templateName": "approval-job-deploy",
            "outputs": {"parameters": supplied},
        }
        status = {"status": {"phase": "Running", "nodes": {**nodes, f"{name}-asks": asks}}}
        assert len(json.dumps(status)) > BYTES
        # Argo leaves a run alone that is marked as done.
        done = {"metadata": {"labels": {"workflows.argoproj.io/completed": "true"}}}
        here.kubectl(
            "-n",
            RUNS,
            "patch",
            "workflow",
            name,
            "--type=merge",
            "--patch-file=/dev/stdin",
            stdin=json.dumps({**done, **status}),
        )
        found = raw(here, made)
        assert patched(here, ANN, found, answer(found, ANN)) == ""
        assert patched(here, "", found, answer(found, "kubernetes-admin")) == ""
        assert "denied" in patched(here, BOB, found, answer(found, BOB))
    finally:
        here.kubectl("-n", RUNS, "delete", "workflow", name)
