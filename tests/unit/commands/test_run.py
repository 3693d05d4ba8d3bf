"""`argosy run`: a request in the cluster, the expander's answer to it, the run's end; and what is said when not."""

from __future__ import annotations

import copy
import functools
import json
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from generator import result
from generator.cluster import CONFLICT, NOT_FOUND, Cluster, ClusterError
from generator.commands import following
from generator.commands.following import Follower
from generator.commands.run import run
from generator.diagnostics import Span, error, to_json
from generator.events.packing import unpack
from generator.events.requests import read
from tests.unit.checkout.git_server import git
from tests.unit.platform import written
from tests.unit.report import workflows
from tests.unit.samples import push

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from typer.testing import Result

REQUEST = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
EVENTS = "/apis/argoproj.io/v1alpha1/namespaces/argosy/workflows"
RUNS = "/apis/argoproj.io/v1alpha1/namespaces/argosy-runs-default/workflows"
EVENT = push(kind="manual", request=REQUEST)
REPOSITORY = ("--repository", "acme/app")

app = typer.Typer()
app.command()(run)


class Api:
    """A cluster with argosy in it. `answers` are what becomes of an event Workflow and of a run, look by look."""

    def __init__(self) -> None:
        self.platform = written.SMALLEST
        self.user = "ann@example.org"
        self.created: dict[str, dict[str, Any]] = {}
        self.answers: list[Any] = []
        self.trouble: dict[str, ClusterError] = {}
        self.looks = 0
        self.waited: list[float] = []

    def create(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        self._trouble(path)
        if path.endswith("selfsubjectreviews"):
            return {"status": {"userInfo": {"username": self.user}}}
        name = f"{path}/{value['metadata']['name']}"
        if name in self.created:
            raise ClusterError(CONFLICT, "already exists")
        self.created[name] = copy.deepcopy(dict(value))
        return dict(value)

    def get(self, path: str) -> dict[str, Any]:
        return self.created[path]

    def find(self, path: str) -> dict[str, Any] | None:
        self._trouble(path)
        if path.endswith("/configmaps/argosy-platform"):
            return {"data": {"platform.yaml": self.platform}} if self.platform else None
        self.looks += 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        found: dict[str, Any] | None = answer
        return found

    def _trouble(self, path: str) -> None:
        for part, failure in self.trouble.items():
            if part in path:
                raise failure

    @property
    def event(self) -> dict[str, Any]:
        """The only event Workflow."""
        ((path, value),) = self.created.items()
        assert path.startswith(EVENTS)
        return value

    @property
    def parameters(self) -> dict[str, str]:
        return {one["name"]: one["value"] for one in self.event["spec"]["arguments"]["parameters"]}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api()
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setattr(Cluster, "from_kubeconfig", lambda context=None: made)  # noqa: ARG005  (its name)
    clock = iter(range(1000))
    quick = functools.partial(Follower, now=lambda: float(next(clock)), sleep=made.waited.append)
    monkeypatch.setattr(following, "Follower", quick)
    return made


def argosy(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})


def came(outcome: str, why: str = "", **fields: Any) -> dict[str, Any]:
    """An event Workflow with the expander's word."""
    if outcome in (result.STARTED, result.FOUND):
        fields = {"run": workflows.RUN, "namespace": workflows.RUNS, **fields}
    return workflows.event_workflow("Succeeded", result.Result(outcome, why, **fields))


PLANNING = workflows.event_workflow("Running")
STARTED = came(result.STARTED, "manual run of 'main'")


def manual_run(phase: str, *nodes: dict[str, Any], **status: Any) -> dict[str, Any]:
    jobs = (workflows.job("lint", "lint"), workflows.job("docs", skipped="`if` is false: x"))
    return workflows.run(phase, jobs, nodes, event=EVENT, **status)


def test_it_makes_an_event_of_the_request_and_says_what_came_of_it(api: Api) -> None:
    api.answers = [PLANNING, PLANNING, STARTED]
    done = argosy(
        *REPOSITORY, "--ref", "topic", "--input", "level=debug", "--input", "note={{x}}", "--request", REQUEST
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"request {REQUEST}",
        f"event argosy/{api.event['metadata']['name']}",
        f"run argosy-runs-default/{workflows.RUN} started: manual run of 'main'",
    ]
    packed = unpack(api.parameters["event"])
    assert (packed.type, packed.forge, packed.repository, packed.ref) == ("manual", "work", "acme/app", "topic")
    assert packed.actor == "ann@example.org"
    asked = read(api.parameters["request"], api.parameters["inputs"])
    assert (asked.id, asked.inputs) == (REQUEST, (("level", "debug"), ("note", "{{x}}")))


def test_the_runs_page_is_named_where_there_is_one(api: Api) -> None:
    api.platform += 'report: {link: "https://argo.example/{namespace}/{name}"}\n'
    api.answers = [STARTED]
    assert f"https://argo.example/argosy-runs-default/{workflows.RUN}\n" in argosy(*REPOSITORY).stdout


def test_without_an_id_each_request_is_a_new_one(api: Api) -> None:
    api.answers = [STARTED, STARTED]
    argosy(*REPOSITORY)
    argosy(*REPOSITORY)
    assert len(api.created) == 2


def test_a_request_that_was_made_before_starts_nothing_new_and_shows_what_came_of_it(api: Api) -> None:
    api.answers = [STARTED, STARTED]
    argosy(*REPOSITORY, "--request", REQUEST, "--input", "a=b")
    done = argosy(*REPOSITORY, "--request", REQUEST.upper(), "--input", "a=b")
    assert done.exit_code == 0
    assert f"request {REQUEST} was made before: nothing new is started" in done.stderr
    assert f"run argosy-runs-default/{workflows.RUN} started" in done.stdout
    assert len(api.created) == 1


def test_a_request_cannot_be_made_again_with_other_inputs(api: Api) -> None:
    api.answers = [STARTED]
    argosy(*REPOSITORY, "--request", REQUEST, "--input", "a=b")
    done = argosy(*REPOSITORY, "--request", REQUEST, "--input", "a=c")
    assert done.exit_code == 2
    assert "was made before, with other inputs" in done.stderr


def test_inputs_that_do_not_fit_are_told_with_what_is_known(api: Api) -> None:
    finding = error(Span("ci.yaml", 3, 5, 3, 11), "bad-input", "the input 'level' cannot be 'x'", "known: debug, info")
    api.answers = [came(result.IGNORED, "ci.yaml:3:5: error: ...", diagnostics=(to_json(finding),))]
    done = argosy(*REPOSITORY, "--input", "level=x")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "ci.yaml:3:5: error: the input 'level' cannot be 'x' [bad-input]",
        "  known: debug, info",
        "nothing was started: ci.yaml:3:5: error: ...",
    ]


@pytest.mark.parametrize("outcome", [result.IGNORED, result.NOTHING, result.REFUSED, result.INVALID])
def test_a_request_that_starts_nothing_is_a_failure_with_its_reason(api: Api, outcome: str) -> None:
    api.answers = [came(outcome, "`on` has no manual")]
    done = argosy(*REPOSITORY, "--wait")
    assert done.exit_code == 1
    assert "nothing was started: `on` has no manual" in done.stderr


def test_what_somebody_else_wrote_into_a_workflow_moves_no_cursor(api: Api) -> None:
    finding = error(Span("\x1b[2J", 3, 5, 3, 11), "\x1b[2J", "\x1b[2J", "\x1b[1A")
    api.answers = [
        came(result.IGNORED, "\x1b[2J", diagnostics=(to_json(finding), {"file": 7})),
        came(result.STARTED, "\x1b[2J", run="\x1b[2J"),
        workflows.event_workflow("Failed", message="\x1b[2J"),
    ]
    for code in (1, 0, 3):
        done = argosy(*REPOSITORY)
        assert done.exit_code == code
        assert "\x1b" not in done.stdout + done.stderr


def test_waiting_tells_each_job_and_how_it_ended(api: Api) -> None:
    running, over = workflows.node("job-lint", "Running"), workflows.node("job-lint", "Succeeded")
    api.answers = [
        STARTED,
        manual_run("Running"),
        manual_run("Running", running),
        manual_run("Running", running),
        manual_run("Succeeded", over, startedAt=workflows.EARLY, finishedAt=workflows.LATEST),
    ]
    done = argosy(*REPOSITORY, "--wait")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "docs: skipped: `if` is false: x",
        "running: 1 job",
        "lint: running",
        "lint: succeeded",
    ]
    assert done.stdout.splitlines()[-1] == "success: 1 job succeeded, 1 skipped in 42 s"


def test_a_run_that_failed_is_a_failure(api: Api) -> None:
    said = '{"step":1,"code":3}'
    api.answers = [STARTED, manual_run("Failed", workflows.node("job-lint", "Failed", said=said))]
    done = argosy(*REPOSITORY, "--wait")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1].startswith("failure: lint: step 1 'lint'")


def test_what_commits_are_not_shown_is_told_here(api: Api) -> None:
    api.platform += "report: {jobs: none}\n"
    api.answers = [STARTED, manual_run("Succeeded", workflows.node("job-lint", "Succeeded"))]
    assert "lint: succeeded" in argosy(*REPOSITORY, "--wait").stderr


def test_a_request_may_be_left_to_itself(api: Api) -> None:
    done = argosy(*REPOSITORY, "--detach", "--request", REQUEST)
    assert (done.exit_code, api.looks) == (0, 0)
    assert done.stdout.splitlines()[0] == f"request {REQUEST}"


def test_a_dry_run_prints_the_workflow_and_creates_nothing(api: Api) -> None:
    done = argosy(*REPOSITORY, "--dry-run", "--request", REQUEST)
    assert (done.exit_code, api.created) == (0, {})
    workflow = yaml.safe_load(done.stdout)
    assert workflow["spec"]["workflowTemplateRef"] == {"name": "argosy-expander"}
    api.answers = [STARTED]
    argosy(*REPOSITORY, "--request", REQUEST)
    assert api.event == workflow


def test_json_is_one_object(api: Api) -> None:
    api.answers = [STARTED, manual_run("Succeeded", workflows.node("job-lint", "Succeeded"))]
    done = argosy(*REPOSITORY, "--wait", "--request", REQUEST, "-o", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "request": REQUEST,
        "event": {"namespace": "argosy", "name": api.event["metadata"]["name"]},
        "outcome": "started",
        "why": "manual run of 'main'",
        "run": {"namespace": "argosy-runs-default", "name": workflows.RUN, "url": ""},
        "state": "success",
        "description": "1 job succeeded, 1 skipped",
        "diagnostics": [],
    }


def test_json_of_a_request_that_started_nothing_has_no_run(api: Api) -> None:
    api.answers = [came(result.IGNORED, "no")]
    done = argosy(*REPOSITORY, "-o", "json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["outcome"], told["run"], told["state"]) == (1, "ignored", None, "")


def test_whoever_ends_the_waiting_is_told_how_to_go_on(api: Api) -> None:
    api.answers = [PLANNING, KeyboardInterrupt()]
    done = argosy(*REPOSITORY, "--request", REQUEST)
    assert done.exit_code == 130
    assert f"the same with --request {REQUEST}" in done.stderr


def test_a_cluster_that_stumbles_is_asked_again(api: Api) -> None:
    api.answers = [ClusterError(0, "reset"), ClusterError(503, "busy"), PLANNING, ClusterError(500, "x"), STARTED]
    assert argosy(*REPOSITORY).exit_code == 0


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([ClusterError(0, "no route")] * 5, "argosy: no route"),
        ([ClusterError(403, "may not")], "argosy: may not\ndocs/operations.md, 'Runs by hand'"),
        ([None], "argosy: event-"),
        ([workflows.event_workflow("Failed", message="no node")], "argosy: the run could not be planned: no node"),
        ([STARTED, None], f"argosy: {workflows.RUN} is not in the cluster (any more)"),
        ([PLANNING] * 9, "argosy: it takes longer than --timeout allows"),
        # The waiting for the plan and for the end are one.
        ([*[PLANNING] * 4, STARTED, *[manual_run("Running")] * 4], "argosy: it takes longer than --timeout allows"),
    ],
)
def test_trouble_outside_is_told_and_is_no_outcome(api: Api, answers: list[Any], said: str) -> None:
    api.answers = list(answers)
    done = argosy(*REPOSITORY, "--wait", "--timeout", "7s")
    assert done.exit_code == 3
    assert said in done.stderr


def test_a_message_of_an_event_that_waits_is_told_once(api: Api) -> None:
    waiting = workflows.event_workflow("Pending", message="too many at once")
    api.answers = [waiting, waiting, STARTED]
    assert argosy(*REPOSITORY).stderr == "planning: too many at once\n"


def test_a_cluster_without_argosy_is_told(api: Api) -> None:
    api.platform = ""
    done = argosy(*REPOSITORY)
    assert done.exit_code == 3
    assert "argosy is not in this cluster: no ConfigMap argosy/argosy-platform" in done.stderr


def test_a_platform_of_another_version_is_told(api: Api) -> None:
    api.platform = "version: 9\n"
    done = argosy(*REPOSITORY)
    assert done.exit_code == 3
    assert "the cluster's platform.yaml is not one of this version: platform.yaml:1:1: error: " in done.stderr


def test_who_may_not_start_runs_is_told_where_it_is_said_who_may(api: Api) -> None:
    api.trouble["workflows"] = ClusterError(403, "workflows is forbidden")
    done = argosy(*REPOSITORY)
    assert done.exit_code == 3
    assert "forbidden" in done.stderr
    assert "Runs by hand" in done.stderr


def test_a_cluster_that_does_not_say_who_asks_starts_the_run_all_the_same(api: Api) -> None:
    api.trouble["selfsubjectreviews"] = ClusterError(NOT_FOUND, "not there")
    api.answers = [STARTED]
    assert argosy(*REPOSITORY).exit_code == 0
    assert unpack(api.parameters["event"]).actor == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--wait", "--detach"], "--wait and --detach are opposites"),
        (["--request", "42"], "'42' is no UUID"),
        (["--timeout", "5"], "--timeout: '5' is not a duration: write it like 90s"),
        (["--input", "level"], "'level' is no input: write --input KEY=VALUE"),
        (["--input", "a=1", "--input", "a=2"], "the input 'a' is given twice"),
        (["--input", f"a={'x' * 40000}"], "more than the 32,768 they may"),
        (["--ref", "\udcff"], "--ref is not UTF-8"),
        (["--input", "a=\udcff"], "--input is not UTF-8"),
    ],
)
def test_what_cannot_be_asked_for_is_usage(api: Api, arguments: list[str], said: str) -> None:
    done = argosy(*REPOSITORY, *arguments)
    assert (done.exit_code, api.created) == (2, {})
    assert said in done.stderr


def test_the_repository_is_that_of_the_working_copy(
    api: Api, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "this is no clone of a repository" in argosy().stderr
    git(tmp_path, "init", "--quiet", ".")
    git(tmp_path, "remote", "add", "origin", "https://git.example/acme/app.git")
    api.answers = [STARTED]
    assert argosy().exit_code == 0
    assert unpack(api.parameters["event"]).repository == "acme/app"


def test_a_follower_pauses_longer_the_longer_it_takes() -> None:
    api = Api()
    api.answers = [PLANNING] * 4 + [STARTED]
    follower = Follower(api, [].append, sleep=api.waited.append)  # type: ignore[arg-type]
    assert follower.result("event-1").outcome == result.STARTED
    assert api.waited == [0.5, 1.0, 2.0, 2.0]
