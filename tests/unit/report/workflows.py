"""Workflows as the API server gives them, made with the encoders that the expander uses."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from typing import TYPE_CHECKING, Any

from generator import result
from generator.events.packing import encode, pack
from generator.identity import run_name
from generator.manifests.metadata import (
    EVENT_ANNOTATION,
    PLAN_ANNOTATION,
    ROLE_LABEL,
    SUPERSEDED_ANNOTATION,
    encode_event,
    encode_plan,
)
from generator.placement import Placement
from generator.planning.plan import Plan
from tests.unit.samples import SHA, planned_job, planned_step, push

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import PlannedJob

RUNS = "argosy-runs-default"
RUN = "run-b-mgfdaa9l78pbde0b8a938euc0k"
EVENT = "event-" + "1" * 40
EARLY, LATER, LATEST = "2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z", "2026-11-24T12:00:42Z"


def job(name: str, *titles: str, line: int = 7, skipped: str = "", **changes: Any) -> PlannedJob:
    """A job with steps of these titles; `skipped` is why it does not run."""
    made = planned_job(name, *(planned_step(title, line=line) for title in titles), line=line, **changes)
    return dataclasses.replace(made, runs=False, why=skipped) if skipped else made


def node(name: str, phase: str, *, said: str = "", summary: str | None = None, **fields: Any) -> dict[str, Any]:
    """A node of a run; `said` is the output parameter `result`, `summary` what its job wrote."""
    full = f"{RUN}.{name}" if name else RUN
    value = {"id": f"id-{full}", "name": full, "phase": phase, "type": "Pod", **fields}
    parameters = [{"name": "result", "value": said}] if said else []
    if summary is not None:
        left = f"{base64.b64encode(summary.encode()).decode()} 0" if summary else ""
        parameters.append({"name": "summary", "value": left})
    if parameters:
        value["outputs"] = {"parameters": parameters}
    return value


def run(
    phase: str = "",
    jobs: tuple[PlannedJob, ...] = (job("test"),),
    nodes: tuple[dict[str, Any], ...] = (),
    *,
    event: Event | None = None,
    uid: str = "run-uid",
    created: str = LATER,
    shutdown: str = "",
    superseded: bool = False,
    **status: Any,
) -> dict[str, Any]:
    """A run Workflow; node and task names go by `job-<job>`. `nodes` are made by `node`."""
    event = event or push()
    name = run_name(event)
    placement = Placement(RUNS, "argosy-job", "default", event.tier, "baseline")
    plan = Plan(event, name, placement, runs=True, why="", jobs=jobs, schedules=())
    asking = {planned.job: f"job-{planned.job}.approval" for planned in jobs if planned.approval is not None}
    tasks = {planned.id: _task(planned) for planned in jobs if planned.runs}
    marks = {SUPERSEDED_ANNOTATION: "run-b-newer"} if superseded else {}
    return {
        "metadata": {
            "uid": uid,
            "namespace": RUNS,
            "name": name,
            "creationTimestamp": created,
            "resourceVersion": "7",
            "labels": {ROLE_LABEL: "run"},
            "annotations": {
                EVENT_ANNOTATION: encode_event(event),
                PLAN_ANNOTATION: encode_plan(plan, tasks, asking),
                **marks,
            },
        },
        "spec": {"shutdown": shutdown} if shutdown else {},
        "status": {
            **({"phase": phase} if phase else {}),
            **(
                {"nodes": {one["id"]: {**one, "name": one["name"].replace(RUN, name)} for one in nodes}}
                if nodes
                else {}
            ),
            **status,
        },
    }


def _task(planned: PlannedJob) -> str:
    if planned.approval is None:
        return f"job-{planned.id}"
    run = f"job-{planned.job}.run"
    return f"{run}.c{planned.index}" if planned.matrix else run


def of_run(one: dict[str, Any], name: str) -> dict[str, Any]:
    """The node in the run of that name."""
    return {**one, "name": one["name"].replace(RUN, name)}


def packed_nodes(raw: dict[str, Any]) -> dict[str, Any]:
    """The same Workflow with its nodes as Argo packs them when there are many."""
    status = dict(raw["status"])
    nodes = status.pop("nodes")
    status["compressedNodes"] = base64.b64encode(gzip.compress(json.dumps(nodes).encode())).decode()
    return {**raw, "status": status}


def push_payload(sha: str = SHA, repository: str = "acme/app") -> dict[str, Any]:
    """What Gitea sends for a push to main."""
    return {
        "ref": "refs/heads/main",
        "before": "b" * 40,
        "after": sha,
        "repository": {"id": 42, "full_name": repository},
        "pusher": {"login": "ann"},
    }


def event_workflow(
    phase: str = "",
    came: result.Result | None = None,
    *,
    payload: dict[str, Any] | None = None,
    event_type: str = "push",
    uid: str = "event-uid",
    created: str = EARLY,
    shutdown: str = "",
    **status: Any,
) -> dict[str, Any]:
    """An event Workflow; `came` is what the expander's pod left."""
    packed = encode(pack("gitea", event_type, payload or push_payload(), "work"))
    nodes = {}
    if came is not None:
        outputs = {"parameters": [{"name": "result", "value": result.encode(came)}]}
        nodes = {"a": {"id": "a", "name": EVENT, "phase": "Succeeded", "finishedAt": LATER, "outputs": outputs}}
    return {
        "metadata": {
            "uid": uid,
            "namespace": "argosy",
            "name": EVENT,
            "creationTimestamp": created,
            "resourceVersion": "5",
            "labels": {ROLE_LABEL: "event"},
        },
        "spec": {
            "arguments": {"parameters": [{"name": "event", "value": packed}]},
            **({"shutdown": shutdown} if shutdown else {}),
        },
        "status": {**({"phase": phase} if phase else {}), "nodes": nodes, **status},
    }
