"""From a Workflow as the API server gives it to what a report needs of it; the object itself is not kept.

In: the raw JSON of an event Workflow or a run Workflow. Out: an `EventView` or a `RunView`, or None for what cannot be
told to anybody.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import json
import re
import zlib
from typing import Any

from generator import result
from generator.events.claims import Claim, claim
from generator.events.packing import unpack
from generator.identity import run_name
from generator.manifests.metadata import (
    EVENT_ANNOTATION,
    EVENT_ROLE,
    PLAN_ANNOTATION,
    ROLE_LABEL,
    RUN_ROLE,
    SUPERSEDED_ANNOTATION,
    AnnotationError,
    JobNote,
    decode_event,
    decode_plan,
)
from generator.manifests.run import CHECKOUT_CONTAINER, MAIN_CONTAINER, RESULT_PARAMETER
from generator.manifests.services import CONTAINER_PREFIX
from generator.manifests.summary import SUMMARY_PARAMETER, Summary
from generator.manifests.summary import decode as decode_summary
from generator.report.log import log
from generator.report.questions import Answer, Question, question_of

FINAL_PHASES = ("Succeeded", "Failed", "Error")
_FAILED_NODE_PHASES = ("Failed", "Error")
_FINAL_NODE_PHASES = (*FINAL_PHASES, "Skipped", "Omitted")
_EVENT_PARAMETER = "event"
_NODES_BYTES = 64 * 1024 * 1024  # of a Workflow's nodes, unpacked; Argo packs them when they are more than 1 MB
_KEPT = 1024  # characters of a message or a result, which a job writes itself


@dataclasses.dataclass(frozen=True, slots=True)
class Origin:
    """Which Workflow it is. `created` is in seconds since 1970."""

    uid: str
    namespace: str
    name: str
    created: float


@dataclasses.dataclass(frozen=True, slots=True)
class TaskView:
    """One task of a run.

    `phase` is its node's, empty where it has none yet; `result` is what the step runner said, as it said it; `trouble`
    is what its pod shows to be wrong beside its scripts, not worth telling before `trouble_from` (seconds since the
    epoch); `question` is the one for its approval, None where none is asked, or not yet. Of one that was not approved
    the phase is Failed. `summary` is that of a pull request's job, None of one that cannot have any.
    """

    note: JobNote
    phase: str
    message: str
    result: str
    trouble: str = ""
    trouble_from: float = 0.0
    question: Question | None = None
    summary: Summary | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RunView:
    """A run.

    `seconds` is from its start to its end, None while it lasts; `nodes` False means that its nodes are not in the
    object. `skipped` are jobs of the file that this run leaves out. `superseded`: a newer run of its group ends it.
    `pull_request` is the number of the one that it is for, 0 for none.
    """

    origin: Origin
    forge: str
    kind: str
    repository: str
    sha: str
    phase: str
    message: str
    shutdown: str
    seconds: float | None
    nodes: bool
    tasks: tuple[TaskView, ...]
    skipped: tuple[JobNote, ...]
    superseded: bool = False
    pull_request: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class EventView:
    """An event and what came of it.

    `result` is None until the expander has said it; `finished` is in seconds since 1970, 0 before.
    """

    origin: Origin
    forge: str
    claim: Claim
    phase: str
    message: str
    shutdown: str
    finished: float
    result: result.Result | None


def read(raw: dict[str, Any]) -> RunView | EventView | None:
    """The view of a Workflow; None for one without a role of ours, or with an event that names no commit."""
    role = (raw["metadata"].get("labels") or {}).get(ROLE_LABEL)
    try:
        if role == RUN_ROLE:
            return _run(raw)
        return _event(raw) if role == EVENT_ROLE else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as failure:
        # Whoever may write Workflows could otherwise end the reporter for everybody, again and again.
        metadata = raw["metadata"]
        log("workflow-not-read", namespace=metadata.get("namespace"), name=metadata.get("name"), why=repr(failure))
        return None


def _run(raw: dict[str, Any]) -> RunView:
    annotations = raw["metadata"].get("annotations") or {}
    event = decode_event(annotations.get(EVENT_ANNOTATION, ""))
    status = raw.get("status") or {}
    nodes = _nodes(status)
    origin, notes = _origin(raw), _notes(annotations)
    # Nobody can change a Workflow's name, so whoever may change annotations cannot make it speak of another commit.
    if run_name(event) != origin.name:
        raise ValueError("its event is not the one that it is named after")
    return RunView(
        origin=origin,
        forge=event.forge,
        kind=event.kind,
        repository=event.repository,
        sha=event.sha,
        phase=_cut(status.get("phase")),
        message=_cut(status.get("message")),
        shutdown=_cut((raw.get("spec") or {}).get("shutdown")),
        seconds=_seconds(status),
        nodes=nodes is not None,
        tasks=_tasks(notes, origin.name, nodes or {}),
        skipped=_skipped(notes),
        superseded=SUPERSEDED_ANNOTATION in annotations,
        pull_request=event.pull_request.number if event.kind == "pull_request" else 0,
    )


def _event(raw: dict[str, Any]) -> EventView:
    spec, status = raw.get("spec") or {}, raw.get("status") or {}
    packed = unpack(_parameter((spec.get("arguments") or {}).get("parameters"), _EVENT_PARAMETER))
    return EventView(
        origin=_origin(raw),
        forge=packed.forge,
        claim=claim(packed),
        phase=_cut(status.get("phase")),
        message=_cut(status.get("message")),
        shutdown=_cut(spec.get("shutdown")),
        finished=_time(status.get("finishedAt")),
        result=_result(_nodes(status) or {}),
    )


def _origin(raw: dict[str, Any]) -> Origin:
    metadata = raw["metadata"]
    return Origin(metadata["uid"], metadata["namespace"], metadata["name"], _time(metadata.get("creationTimestamp")))


def _notes(annotations: dict[str, str]) -> tuple[JobNote, ...]:
    """The plan's jobs; none where the annotation cannot be read, so that the run as a whole is still reported."""
    try:
        return decode_plan(annotations.get(PLAN_ANNOTATION, ""))
    except AnnotationError:
        return ()


def _tasks(notes: tuple[JobNote, ...], workflow: str, nodes: dict[str, Any]) -> tuple[TaskView, ...]:
    """The tasks in the order of the plan.

    A DAG's task is the node `<workflow>.<task>`; its retries are children of that.
    """
    by_name = {str(node.get("name")): node for node in nodes.values()}
    begun = {name.rpartition(".")[0] for name in by_name}
    return tuple(
        _asked(
            _task(note, f"{workflow}.{note.task}", by_name, nodes, begun), by_name.get(f"{workflow}.{note.question}")
        )
        for note in notes
        if note.task
    )


def _asked(task: TaskView, node: dict[str, Any] | None) -> TaskView:
    """The task with its question: one that was not approved has failed, though Argo never came to it."""
    question = question_of(node) if node is not None and task.note.question else None
    if question is None or question.answer in (Answer.WAITING, Answer.APPROVED):
        return dataclasses.replace(task, question=question)
    # What a person writes is the question's alone: the node's message is read for what Argo says.
    said = _cut(question.reason) if question.answer is Answer.STOPPED else ""
    return dataclasses.replace(task, phase="Failed", message=said, result="", question=question)


def _skipped(notes: tuple[JobNote, ...]) -> tuple[JobNote, ...]:
    """A note for each job of which nothing runs."""
    running = {note.job for note in notes if note.task}
    return tuple({note.job: note for note in notes if note.job not in running}.values())


def _task(
    note: JobNote, name: str, by_name: dict[str, dict[str, Any]], nodes: dict[str, Any], begun: set[str]
) -> TaskView:
    node = by_name.get(name)
    if node is None:
        return _without_node(note, name, by_name, begun)
    # Argo writes on the task itself only that there is no further attempt, and on its last attempt why that failed.
    last = _last_attempt(node, nodes)
    return TaskView(
        note, _cut(node.get("phase")), _cut(_message(last, by_name)), _cut(_output(last)), summary=_summary(last)
    )


def _without_node(note: JobNote, name: str, by_name: dict[str, dict[str, Any]], begun: set[str]) -> TaskView:
    """A task that Argo has not come to, or never will: a combination whose job was left out, or did not start it."""
    above = name.rpartition(".")[0]
    node = by_name.get(above)
    while node is None and "." in above:
        above = above.rpartition(".")[0]
        node = by_name.get(above)
    phase = _cut(node.get("phase")) if node is not None and "." in above else ""
    if phase not in _FINAL_NODE_PHASES:
        return TaskView(note, "", "", "")
    # Others of its DAG were started, and it was not.
    if phase in FINAL_PHASES and name.rpartition(".")[0] in begun:
        return TaskView(note, "Omitted", "", "")
    return TaskView(note, phase, _cut(node.get("message")) if node is not None else "", "")


def _last_attempt(node: dict[str, Any], nodes: dict[str, Any]) -> dict[str, Any]:
    """The last of the task's attempts, `<node>(2)`; the task's own node where it is tried once."""
    name = re.compile(re.escape(node["name"]) + r"\(([0-9]{1,3})\)")
    children = [nodes[child] for child in node.get("children") or () if child in nodes]
    attempts = {int(found[1]): child for child in children if (found := name.fullmatch(child.get("name", "")))}
    return attempts[max(attempts)] if attempts else node


def _message(node: dict[str, Any], by_name: dict[str, dict[str, Any]]) -> str:
    """Why a pod has failed.

    Argo names a service that did not take well to being ended before any container of the job; those have nodes of
    their own.
    """
    message = str(node.get("message") or "")
    if not message.startswith(CONTAINER_PREFIX):
        return message
    containers = [by_name.get(f"{node['name']}.{name}", {}) for name in (CHECKOUT_CONTAINER, MAIN_CONTAINER)]
    failed = [str(one.get("message") or "") for one in containers if one.get("phase") in _FAILED_NODE_PHASES]
    return next(filter(None, failed), message)


def _result(nodes: dict[str, Any]) -> result.Result | None:
    """The expander's last word: the latest of its attempts that left one."""
    latest = sorted(nodes.values(), key=lambda node: _time(node.get("finishedAt")), reverse=True)
    for said in filter(None, map(_output, latest)):
        try:
            return result.decode(said)
        except result.ResultError:
            continue
    return None


def _summary(node: dict[str, Any]) -> Summary | None:
    """Only jobs of pull requests have that parameter."""
    parameters = (node.get("outputs") or {}).get("parameters") or ()
    left = [item for item in parameters if item.get("name") == SUMMARY_PARAMETER]
    return decode_summary(str(left[0].get("value") or "")) if left else None


def _output(node: dict[str, Any]) -> str:
    return _parameter((node.get("outputs") or {}).get("parameters"), RESULT_PARAMETER)


def _parameter(parameters: list[dict[str, Any]] | None, name: str) -> str:
    return next((str(item.get("value") or "") for item in parameters or () if item.get("name") == name), "")


def _nodes(status: dict[str, Any]) -> dict[str, Any] | None:
    """The nodes by id; None where Argo keeps them in a database of its own, or they cannot be read."""
    if status.get("offloadNodeStatusVersion"):
        return None
    packed = status.get("compressedNodes")
    if not packed:
        return status.get("nodes") or {}
    try:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        text = unpacker.decompress(base64.b64decode(packed), _NODES_BYTES)
        nodes = json.loads(text)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return nodes if isinstance(nodes, dict) else None


def _cut(value: Any) -> str:
    """A text, empty for none, without what nobody would read of a very long one."""
    return str(value or "")[:_KEPT]


def is_final(task: TaskView) -> bool:
    """Whether Argo is done with the task."""
    return task.phase in _FINAL_NODE_PHASES


def _seconds(status: dict[str, Any]) -> float | None:
    started, finished = _time(status.get("startedAt")), _time(status.get("finishedAt"))
    return finished - started if started and finished else None


def _time(text: str | None) -> float:
    """Seconds since 1970 of a Kubernetes time, 0 for none."""
    return dt.datetime.fromisoformat(text).timestamp() if text else 0.0
