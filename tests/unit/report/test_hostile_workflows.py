"""Whatever a Workflow holds, the reporter lives: it reads what it can, and says nothing of what it cannot.

A job writes its own `/argosy-result`, and whoever may patch Workflows writes everything else but its name.
"""

from __future__ import annotations

import base64
import copy
import gzip
import json
from typing import Any

import pytest

from generator import result
from generator.events.event import to_json
from generator.manifests.metadata import EVENT_ANNOTATION, PLAN_ANNOTATION, encode_event
from generator.report.board import Board
from generator.report.comment import Comment
from generator.report.record import Record
from generator.report.view import RunView, read
from tests.unit.report.workflows import RUNS, event_workflow, job, node, packed_nodes, run
from tests.unit.samples import PLATFORM, push

DEEP = "[" * 100_000
ODD: list[Any] = [None, True, 0, -1, 2**70, 1e308, "", "x", DEEP, [], ["x"], [None], {}, {"x": {}}, "9999-99-99"]


def told(raw: dict[str, Any]) -> list[str]:
    """Descriptions, and comments, that the reporter would show."""
    view = read(raw)
    if view is None:
        return []
    board = Board(PLATFORM, Record(), ())
    slots = board.seen(view)
    posts = [board.next(slot, 0.0) for slot in sorted(slots)]
    shown = [post.status for post in posts if post is not None]
    return [one.body if isinstance(one, Comment) else one.description for one in shown]


@pytest.mark.parametrize(
    "said",
    [
        DEEP,
        '{"step":1e999,"code":1}',
        '{"step":1,"code":-1e999}',
        '{"step":NaN,"code":1}',
        f'{{"step":{"9" * 5000},"code":1}}',
        '{"step":{},"code":[]}',
        '{"step":1,"code":1,"reason":{"a":"b"}}',
        "\ud800",
    ],
)
def test_whatever_a_job_writes_for_its_result_it_is_told_as_failed(said: str) -> None:
    raw = run("Failed", nodes=(node("job-test", "Failed", said=said, message="main: Error (exit code 3)"),))
    assert any(description.startswith("test: ") for description in told(raw))


def test_a_huge_result_of_a_job_is_not_kept() -> None:
    raw = run("Failed", nodes=(node("job-test", "Failed", said="x" * 1_000_000, message="y" * 1_000_000),))
    view = read(raw)
    assert isinstance(view, RunView)
    assert len(view.tasks[0].result) <= 4096
    assert len(view.tasks[0].message) <= 4096


def test_a_run_that_says_it_is_for_another_commit_than_its_name_is_not_believed() -> None:
    raw = run("Succeeded")
    assert told(raw) != []
    raw["metadata"]["annotations"][EVENT_ANNOTATION] = encode_event(push(sha="d" * 40))
    assert told(raw) == []


@pytest.mark.parametrize("annotation", [EVENT_ANNOTATION, PLAN_ANNOTATION])
@pytest.mark.parametrize("value", [DEEP, '{"v":1,"jobs":' + DEEP, '{"v":1,"jobs":[{"id":1,"job":[],"task":{}}]}', "[]"])
def test_a_forged_annotation_ends_nothing(annotation: str, value: str) -> None:
    raw = run("Running", nodes=(node("job-test", "Running"),))
    data = gzip.compress(value.encode()) if annotation == PLAN_ANNOTATION else value.encode()
    raw["metadata"]["annotations"][annotation] = base64.b64encode(data).decode()
    told(raw)


def test_a_plan_that_unpacks_to_more_than_it_may_is_left_out() -> None:
    raw = run("Running")
    bomb = gzip.compress(b'{"v":1,"jobs":[' + b" " * 40_000_000 + b"]}")
    raw["metadata"]["annotations"][PLAN_ANNOTATION] = base64.b64encode(bomb).decode()
    view = read(raw)
    assert isinstance(view, RunView)
    assert view.tasks == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"event": [1]},
        {"event": {}},
        {"event": {"sha": "c" * 40}},
        {"event": {**to_json(push()), "repository": {"a": 1}}},
        {"event": {**to_json(push()), "kind": "a/b/c"}},
        {"why": ["x"]},
        {"why": {}, "outcome": "ignored"},
        {"run": 7},
        {"diagnostics": 3},
        {"diagnostics": ["x"]},
        {"outcome": "started", "namespace": None},
    ],
)
def test_a_forged_outcome_of_an_event_ends_nothing(changes: dict[str, Any]) -> None:
    came = {"v": 1, "outcome": "nothing", "why": "", "run": "", "namespace": "", "event": None, "diagnostics": []}
    raw = event_workflow("Succeeded", result.Result(result.NOTHING, "nothing", event=to_json(push())))
    text = base64.b64encode(json.dumps({**came, **changes}).encode()).decode()
    raw["status"]["nodes"]["a"]["outputs"]["parameters"][0]["value"] = text
    told(raw)


FAILED = node("job-test", "Failed", said='{"step":1,"code":3}', children=["x"])
SAMPLES = [
    run("Failed", (job("test"), job("ship")), (FAILED,)),
    packed_nodes(run("Running", nodes=(node("job-test", "Running", startedAt="2026-11-24T12:00:00Z"),))),
    event_workflow("Succeeded", result.Result(result.STARTED, "push", "run-b-x", RUNS, to_json(push()))),
    event_workflow("Failed", message="no"),
]
# What the API server itself vouches for.
KEPT = {("metadata",), *(("metadata", key) for key in ("uid", "name", "namespace", "labels"))}


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything that somebody may have written."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [place for key, item in inner for place in places(item, (*here, key))]
    return [place for place in [here, *below] if place and place not in KEPT]


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
def test_no_value_anywhere_in_a_workflow_ends_the_reporter(sample: int) -> None:
    for *parents, last in places(SAMPLES[sample]):
        for odd in ODD:
            raw = copy.deepcopy(SAMPLES[sample])
            target: Any = raw
            for key in parents:
                target = target[key]
            target[last] = copy.deepcopy(odd)
            told(raw)
