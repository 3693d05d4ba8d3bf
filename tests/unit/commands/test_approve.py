"""`argosy approve`: what waits, an answer to it, and what is said where there is nothing to answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from generator.cluster import CONFLICT, Cluster, ClusterError
from generator.commands.approve import approve
from generator.language.model import Approval
from tests.unit.platform import written
from tests.unit.report import workflows
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typer.testing import Result

RUNS = "/apis/argoproj.io/v1alpha1/namespaces/argosy-runs-default/workflows"
STRANGERS = "/apis/argoproj.io/v1alpha1/namespaces/argosy-runs-default-untrusted/workflows"
DEPLOY = workflows.job("deploy", approval=Approval("Release?\x1b[2J", "production", 60))
ASKED = {
    "parameters": [
        {"name": "approved", "valueFrom": {"supplied": {}, "default": "expired"}},
        {"name": "by", "valueFrom": {"supplied": {}, "default": ""}},
    ]
}

app = typer.Typer()
app.command()(approve)


def run(phase: str = "Running", ended: str = "Running", **node: Any) -> dict[str, Any]:
    """A run whose job asks, or has asked."""
    question = workflows.node("job-deploy.approval", phase, **{"type": "Suspend", "outputs": ASKED, **node})
    return workflows.run(ended, (DEPLOY, workflows.job("test")), (question,))


def timed(asked: str, duration: str = "60s") -> dict[str, Any]:
    """A run that has asked at that time."""
    made = run(startedAt=asked, templateName="approval-job-deploy")
    made["spec"] = {"templates": [{"name": "main"}, {"name": "approval-job-deploy", "suspend": {"duration": duration}}]}
    return made


class Api:
    """A cluster with runs in it, in pages of one; `patches` are what was written. `trouble` is by a path's part."""

    def __init__(self) -> None:
        self.user = "ann@example.org"
        self.runs: list[dict[str, Any]] = [run()]
        self.patches: list[tuple[str, Mapping[str, Any]]] = []
        self.trouble: dict[str, ClusterError] = {}
        self.conflicts: list[dict[str, Any]] = []
        self.refusal: ClusterError | None = None
        self.twins = False

    def create(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        assert path.endswith("selfsubjectreviews"), value
        return {"status": {"userInfo": {"username": self.user}}}

    def find(self, path: str) -> dict[str, Any] | None:
        self._trouble(path)
        if path.endswith("/configmaps/argosy-platform"):
            return {"data": {"platform.yaml": written.SMALLEST}}
        if self.twins and path.startswith(STRANGERS):
            found = self.runs[0]
            return {**found, "metadata": {**found["metadata"], "namespace": STRANGERS.split("/")[5]}}
        return next((one for one in self.runs if path == f"{RUNS}/{one['metadata']['name']}"), None)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        self._trouble(path)
        if query is None:
            found = self.find(path)
            assert found is not None
            return found
        if path == STRANGERS:
            return {"items": []}
        at = int(query.get("continue", "0"))
        more = str(at + 1) if at + 1 < len(self.runs) else ""
        return {"items": self.runs[at : at + 1], "metadata": {"continue": more}}

    def patch(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        if self.refusal is not None:
            raise self.refusal
        if self.conflicts:
            self.runs = [self.conflicts.pop(0)]
            raise ClusterError(CONFLICT, "changed")
        self.patches.append((path, value))
        return {}

    def _trouble(self, path: str) -> None:
        for part, failure in self.trouble.items():
            if part in path:
                raise failure


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api()
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setattr(Cluster, "from_kubeconfig", lambda context=None: made)  # noqa: ARG005  (its name)
    return made


def argosy(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})


def test_what_waits_is_listed_and_moves_no_cursor(api: Api) -> None:
    api.runs.insert(0, run("Succeeded"))
    done = argosy()
    assert done.exit_code == 0
    assert done.stdout == (
        f"argosy-runs-default/{workflows.RUN} deploy for production: Release?\\x1b[2J (acme/app push c0ffee00)\n"
    )
    assert argosy(workflows.RUN).stderr == "no job waits for an approval\n"


@pytest.mark.usefixtures("api")
def test_what_waits_as_json() -> None:
    done = argosy(f"argosy-runs-default/{workflows.RUN}", "-o", "json")
    (row,) = json.loads(done.stdout)
    assert row == {
        "run": f"argosy-runs-default/{workflows.RUN}",
        "job": "deploy",
        "environment": "production",
        "message": "Release?\x1b[2J",
        "repository": "acme/app",
        "event": "push",
        "sha": SHA,
        "until": "",
    }


def test_an_approval_is_written_into_the_question_with_the_name_that_the_cluster_knows(api: Api) -> None:
    done = argosy(workflows.RUN, "deploy")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"approved by ann@example.org: job deploy of argosy-runs-default/{workflows.RUN}\n"
    ((path, patch),) = api.patches
    assert path == f"{RUNS}/{workflows.RUN}"
    assert patch["metadata"] == {"resourceVersion": "7"}
    ((_, change),) = patch["status"]["nodes"].items()
    assert change.pop("finishedAt").endswith("Z")
    assert change == {
        "phase": "Succeeded",
        "outputs": {"parameters": [{"name": "approved", "value": "true"}, {"name": "by", "value": "ann@example.org"}]},
    }


def test_a_refusal_fails_the_question_and_says_why_on_one_line(api: Api) -> None:
    done = argosy(workflows.RUN, "deploy", "--reject", "--reason", "not on\nFriday")
    assert done.stdout.startswith("refused by ann@example.org: job deploy of ")
    ((_, patch),) = api.patches
    ((_, change),) = patch["status"]["nodes"].items()
    assert (change["phase"], change["message"]) == ("Failed", "not on Friday")
    assert change["outputs"]["parameters"][0]["value"] == "refused"


def test_a_run_that_goes_on_meanwhile_is_looked_at_again(api: Api) -> None:
    api.conflicts = [run()]
    assert argosy(workflows.RUN, "deploy").exit_code == 0
    api.patches.clear()
    by_bob = {"parameters": [{"name": "approved", "value": "true"}, {"name": "by", "value": "bob"}]}
    api.conflicts = [run("Succeeded", outputs=by_bob)]
    done = argosy(workflows.RUN, "deploy")
    assert (done.exit_code, api.patches) == (1, [])
    assert done.stderr.endswith("waits for no answer: approved by bob\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run-b-none", "deploy"), "there is no run run-b-none"),
        (("run-b-none",), "there is no run run-b-none"),
        ((workflows.RUN[:-1], "deploy"), f"there is no run {workflows.RUN[:-1]}; "),
        ((workflows.RUN.upper(), "deploy"), "there is no run "),
        (("argosy-runs-default/", "deploy"), "there is no run argosy-runs-default/"),
        (("../secrets/x", "deploy"), "there is no run ../secrets/x"),
        (("x?limit=1", "deploy"), "there is no run x?limit=1"),
        ((workflows.RUN, "depl"), "runs no job depl; these wait for one: deploy"),
        ((workflows.RUN, "Deploy"), "runs no job Deploy; "),
        ((workflows.RUN, "test"), "job test of "),
        ((workflows.RUN, "test"), " waits for no approval; these wait for one: deploy"),
    ],
)
def test_where_there_is_nothing_to_answer_it_is_said_what_there_is(
    api: Api, arguments: tuple[str, ...], said: str
) -> None:
    done = argosy(*arguments)
    assert (done.exit_code, api.patches) == (1, [])
    assert said in done.stderr


def test_a_run_whose_nodes_are_packed_is_answered_elsewhere(api: Api) -> None:
    api.runs = [workflows.packed_nodes(api.runs[0])]
    done = argosy(workflows.RUN, "deploy")
    assert done.exit_code == 1
    assert "so large that Argo packs it" in done.stderr


def test_a_run_that_is_being_cancelled_is_not_asked_for(api: Api) -> None:
    api.runs[0]["spec"]["shutdown"] = "Terminate"
    assert argosy().stderr == "no job waits for an approval\n"


BY_BOB = {"parameters": [{"name": "approved", "value": "true"}, {"name": "by", "value": "bob"}]}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (run("Succeeded", outputs=BY_BOB), "waits for no answer: approved by bob"),
        (run("Succeeded", "Succeeded", outputs=BY_BOB), "waits for no answer: approved by bob"),
        (run("Succeeded", outputs={"parameters": [{"name": "approved", "value": "expired"}]}), "no answer: expired"),
        (run("Failed", "Failed", outputs={}), "waits for no answer: the run is cancelled"),
        (timed("2026-11-24T12:00:00Z"), "waits for no answer: expired at 2026-11-24T12:01:00Z"),
        (workflows.run("Running", (DEPLOY,)), "waits for the jobs that it needs, and not yet for an approval"),
        (workflows.run("Failed", (DEPLOY,)), "waits for no approval: the run has ended"),
    ],
    ids=["approved", "ended", "expired", "cancelled", "late", "early", "never asked"],
)
@pytest.mark.parametrize("how", [(), ("--reject",)])
def test_what_does_not_wait_is_not_answered(api: Api, one: dict[str, Any], said: str, how: tuple[str, ...]) -> None:
    api.runs = [one]
    done = argosy(workflows.RUN, "deploy", *how)
    assert (done.exit_code, api.patches) == (1, [])
    assert said in done.stderr


def test_a_question_in_a_run_that_was_stopped_is_none(api: Api) -> None:
    api.runs[0]["spec"]["shutdown"] = "Terminate"
    done = argosy(workflows.RUN, "deploy")
    assert (done.exit_code, api.patches) == (1, [])
    assert "the run is cancelled" in done.stderr


def test_how_long_an_answer_is_waited_for_is_listed(api: Api) -> None:
    api.runs = [timed("2126-11-24T12:00:00Z", "86400s")]
    assert argosy().stdout.endswith("(acme/app push c0ffee00, until 2126-11-25T12:00:00Z)\n")
    assert json.loads(argosy("-o", "json").stdout)[0]["until"] == "2126-11-25T12:00:00Z"
    assert argosy(workflows.RUN, "deploy").exit_code == 0


def test_a_run_of_one_name_in_two_namespaces_is_named_with_its_own(api: Api) -> None:
    api.twins = True
    done = argosy(workflows.RUN, "deploy")
    assert (done.exit_code, api.patches) == (1, [])
    assert f"argosy-runs-default/{workflows.RUN}, argosy-runs-default-untrusted/{workflows.RUN}" in done.stderr
    assert argosy(f"argosy-runs-default/{workflows.RUN}", "deploy").exit_code == 0


def test_who_names_the_namespace_needs_no_right_elsewhere(api: Api) -> None:
    api.trouble = {"/configmaps/": ClusterError(403, "may not")}
    assert argosy(workflows.RUN, "deploy").exit_code == 3
    assert argosy(f"argosy-runs-default/{workflows.RUN}", "deploy").exit_code == 0


def test_what_the_cluster_refuses_is_said_with_where_rights_are_given(api: Api) -> None:
    api.refusal = ClusterError(403, "whoever answers must be allowed to approve for the job's environment")
    done = argosy(workflows.RUN, "deploy")
    assert (done.exit_code, api.patches) == (3, [])
    assert "must be allowed to approve for the job's environment" in done.stderr
    assert "'Approvals', says which roles" in done.stderr


def test_a_reason_without_a_job_is_usage(api: Api) -> None:
    assert argosy(workflows.RUN, "--reject").exit_code == 2
    assert api.patches == []


def test_namespaces_that_one_may_not_read_are_left_out_unless_they_are_all(api: Api) -> None:
    api.trouble = {"-untrusted/": ClusterError(403, "may not")}
    assert argosy().exit_code == 0
    api.trouble = {"/workflows": ClusterError(403, "may not")}
    done = argosy()
    assert done.exit_code == 3
    assert "'Approvals', says which roles" in done.stderr


def test_an_answer_needs_a_name(api: Api) -> None:
    api.user = ""
    done = argosy(workflows.RUN, "deploy")
    assert (done.exit_code, api.patches) == (1, [])
    assert "does not say who asks" in done.stderr


def test_a_run_that_is_not_there_may_be_where_one_may_not_look(api: Api) -> None:
    api.trouble = {"-untrusted/": ClusterError(403, "may not")}
    done = argosy("run-nope", "deploy")
    assert done.exit_code == 1
    where = "but perhaps in argosy-runs-default-untrusted, which you may not read"
    assert f"there is no run run-nope {where}" in done.stderr
