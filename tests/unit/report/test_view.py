from __future__ import annotations

from typing import Any

import pytest

from generator import result
from generator.report.view import EventView, RunView, read
from tests.unit.report.workflows import EARLY, LATER, LATEST, RUN, RUNS, event_workflow, job, node, packed_nodes, run
from tests.unit.samples import SHA


def run_view(raw: dict[str, object]) -> RunView:
    view = read(raw)
    assert isinstance(view, RunView)
    return view


def event_view(raw: dict[str, object]) -> EventView:
    view = read(raw)
    assert isinstance(view, EventView)
    return view


def test_a_run_is_known_by_its_event_not_by_its_labels() -> None:
    view = run_view(run("Running"))
    assert (view.forge, view.kind, view.repository, view.sha) == ("work", "push", "acme/app", SHA)
    assert (view.origin.namespace, view.origin.name, view.origin.uid) == (RUNS, RUN, "run-uid")


def test_a_run_that_argo_has_not_looked_at_has_an_empty_phase_and_tasks_without_one() -> None:
    view = run_view(run())
    assert view.phase == ""
    assert [task.phase for task in view.tasks] == [""]


def test_a_run_is_superseded_by_the_mark_on_it_alone() -> None:
    assert run_view(run("Pending", superseded=True)).superseded
    assert not run_view(run("Running", shutdown="Terminate")).superseded


def test_a_run_says_how_long_it_took() -> None:
    assert run_view(run("Succeeded", startedAt=EARLY, finishedAt=LATEST)).seconds == 42
    assert run_view(run("Running", startedAt=EARLY)).seconds is None


def test_each_task_has_its_nodes_phase_message_and_result() -> None:
    nodes = (node("job-test", "Failed", message="main: Error (exit code 3)", said='{"step":1,"code":3}'),)
    task = run_view(run("Failed", nodes=nodes)).tasks[0]
    assert (task.phase, task.message, task.result) == ("Failed", "main: Error (exit code 3)", '{"step":1,"code":3}')
    assert (task.note.job, task.note.line) == ("test", 7)


def test_a_node_of_the_same_name_elsewhere_is_not_taken_for_the_task() -> None:
    nodes = (node("other.job-test", "Failed"), node("", "Running"))
    assert run_view(run("Running", nodes=nodes)).tasks[0].phase == ""


def test_a_retried_task_fails_for_what_its_last_attempt_failed_for() -> None:
    attempts = [node(f"job-test({number})", "Failed", said='{"step":1,"code":1}') for number in range(10)]
    attempts.append(node("job-test(10)", "Error", message="pod deleted"))
    children = [one["id"] for one in attempts]
    task = node("job-test", "Error", type="Retry", message="No more retries left", children=children)
    (found,) = run_view(run("Failed", nodes=(*attempts, task))).tasks
    assert (found.message, found.result) == ("pod deleted", "")


def test_a_retried_task_has_the_result_of_its_last_attempt() -> None:
    first = node("job-test(0)", "Failed", said='{"step":1,"code":1}', startedAt=EARLY)
    second = node("job-test(1)", "Failed", said='{"step":2,"code":9}', startedAt=LATER)
    retry = node("job-test", "Failed", type="Retry", children=[first["id"], second["id"]])
    task = run_view(run("Failed", nodes=(retry, first, second))).tasks[0]
    assert (task.phase, task.result) == ("Failed", '{"step":2,"code":9}')


def test_a_task_does_not_have_the_result_of_the_next_one() -> None:
    following = node("job-deploy", "Failed", said='{"step":1,"code":5}', startedAt=LATER)
    tested = node("job-test", "Succeeded", children=[following["id"]])
    view = run_view(run("Failed", (job("test"), job("deploy")), (tested, following)))
    assert [task.result for task in view.tasks] == ["", '{"step":1,"code":5}']


def test_packed_nodes_are_read_like_plain_ones() -> None:
    raw = run("Failed", nodes=(node("job-test", "Failed", said='{"step":1,"code":3}'),))
    assert run_view(packed_nodes(raw)) == run_view(raw)


@pytest.mark.parametrize(
    "status", [{"compressedNodes": "no base64!"}, {"compressedNodes": "eA=="}, {"offloadNodeStatusVersion": "a:1"}]
)
def test_nodes_that_are_not_in_the_object_leave_the_run_itself(status: Any) -> None:
    view = run_view(run("Failed", **status))
    assert (view.phase, view.nodes) == ("Failed", False)


def test_without_the_plan_a_run_still_has_its_own_status() -> None:
    raw = run("Running")
    del raw["metadata"]["annotations"]["argosy.dev/plan"]
    assert run_view(raw).tasks == ()


def test_a_run_without_its_event_belongs_to_no_commit() -> None:
    raw = run("Running")
    raw["metadata"]["annotations"] = {}
    assert read(raw) is None


def test_a_workflow_that_is_not_ours_is_nobodys() -> None:
    raw = run("Running")
    raw["metadata"]["labels"] = None
    assert read(raw) is None


def test_an_event_is_known_by_what_it_carries() -> None:
    view = event_view(event_workflow("Running"))
    assert (view.forge, view.claim.repository, view.claim.sha, view.result) == ("work", "acme/app", SHA, None)


def test_an_event_that_cannot_be_read_belongs_to_no_commit() -> None:
    raw = event_workflow()
    raw["spec"]["arguments"]["parameters"][0]["value"] = "e30="
    assert read(raw) is None


def test_what_came_of_an_event_is_its_last_attempts_word() -> None:
    raw = event_workflow("Succeeded", result.Result(result.STARTED, "because", RUN, RUNS))
    raw["status"]["nodes"]["b"] = {"id": "b", "finishedAt": LATEST, "outputs": {"parameters": [{"name": "result"}]}}
    came = event_view(raw).result
    assert came is not None
    assert (came.outcome, came.run) == (result.STARTED, RUN)


def test_a_result_of_another_argosy_is_no_result() -> None:
    raw = event_workflow("Succeeded", result.Result(result.NOTHING, "x"))
    raw["status"]["nodes"]["a"]["outputs"]["parameters"][0]["value"] = "bm90IEpTT04="
    assert event_view(raw).result is None


@pytest.mark.parametrize(
    "status",
    [
        {"nodes": [1]},
        {"nodes": {"a": None}},
        {"startedAt": "yesterday", "finishedAt": "today"},
        {"nodes": {"a": {"name": f"{RUN}.job-test", "outputs": 1}}},
    ],
)
def test_a_workflow_of_an_impossible_shape_does_not_end_the_reporter(status: dict[str, Any]) -> None:
    raw = run("Running")
    raw["status"] = status
    assert read(raw) is None
