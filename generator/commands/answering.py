"""What `argosy approve` does: which jobs of which runs wait for an approval, and the answer to one of them.

An answer is what a person's program writes into the question's node, as Argo's own `argo node set` would; Argo goes on
from there. Whether the cluster takes it is for RBAC and the policy of run namespaces to say.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from generator.cluster import CONFLICT, Cluster, ClusterError, workflows
from generator.manifests.approvals import APPROVED, APPROVED_PARAMETER, BY_PARAMETER, REASON_CHARACTERS, REFUSED
from generator.manifests.metadata import ROLE_LABEL, RUN_ROLE
from generator.report.questions import Answer, Question
from generator.report.view import FINAL_PHASES, RunView, TaskView, read
from generator.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FORBIDDEN = 403
_ATTEMPTS = 5
_PAGE = "200"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What Kubernetes takes for a name; another one would lead to another place of its API.
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_SECONDS = re.compile(r"([0-9]+)s")
# Argo labels what has ended.
_RUNNING = f"{ROLE_LABEL}={RUN_ROLE},workflows.argoproj.io/completed!=true"


class AnswerError(Exception):
    """There is nothing to answer, or not in this way."""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A run as the cluster has it."""

    view: RunView
    raw: dict[str, Any]

    @property
    def name(self) -> str:
        """`namespace/name`, as `argosy run` prints it."""
        return f"{self.view.origin.namespace}/{self.view.origin.name}"

    @property
    def asked(self) -> dict[str, TaskView]:
        """A task of each job that has been asked for, by the job's name."""
        return {task.note.job: task for task in self.view.tasks if task.question is not None}

    @property
    def waiting(self) -> dict[str, TaskView]:
        """Those of them that nobody has answered, in a run that still goes on."""
        if self.view.phase in FINAL_PHASES or self.view.shutdown:
            return {}
        return {job: task for job, task in self.asked.items() if _answer_of(task) is Answer.WAITING}

    def node(self, job: str) -> dict[str, Any] | None:
        """The node of the job's question; None where it is not asked, or Argo has packed it."""
        task = self.asked.get(job)
        nodes = (self.raw.get("status") or {}).get("nodes") or {}
        name = f"{self.view.origin.name}.{task.note.question}" if task is not None else ""
        return next((dict(node) for node in nodes.values() if node.get("name") == name), None)

    def until(self, job: str) -> str:
        """When the time for an answer is over, as Kubernetes writes times; empty where the run does not say."""
        node = self.node(job) or {}
        templates = (self.raw.get("spec") or {}).get("templates") or ()
        asking: dict[str, Any] = next((one for one in templates if one.get("name") == node.get("templateName")), {})
        seconds = _SECONDS.fullmatch(str((asking.get("suspend") or {}).get("duration") or ""))
        if seconds is None or not node.get("startedAt"):
            return ""
        asked = dt.datetime.fromisoformat(str(node["startedAt"]))
        return (asked + dt.timedelta(seconds=int(seconds[1]))).strftime(_TIME)


def running(cluster: Cluster, namespaces: Iterable[str]) -> Iterator[Found]:
    """The runs that have not ended, in those of the namespaces that the caller may list. Raises ClusterError."""
    readable = False
    refused: ClusterError | None = None
    for namespace in namespaces:
        try:
            yield from _listed(cluster, namespace)
            readable = True
        except ClusterError as failure:
            if failure.status != _FORBIDDEN:
                raise
            refused = failure
    if refused is not None and not readable:
        raise refused


def run_named(cluster: Cluster, namespaces: Iterable[str], name: str) -> Found:
    """The run `name` or `namespace/name`, each in full.

    Raises AnswerError where there is none, or one in several namespaces, and ClusterError.
    """
    namespace, separator, run = name.rpartition("/")
    found: list[Found] = []
    closed: list[str] = []
    if not all(_NAME.fullmatch(part) for part in ((namespace, run) if separator else (run,))):
        raise AnswerError(f"there is no run {name}")
    places = [namespace] if separator else list(namespaces)
    for one in places:
        try:
            raw = cluster.find(workflows(one, run))
        except ClusterError as failure:
            closed.append(one)
            if failure.status != _FORBIDDEN or len(closed) == len(places):
                raise
            continue
        if raw is not None:
            found.append(_run(raw))
    if found[1:]:
        raise AnswerError(f"there are several runs {name}: name one of {', '.join(one.name for one in found)}")
    if found:
        return found[0]
    where = f" but perhaps in {', '.join(closed)}, which you may not read" if closed else ""
    raise AnswerError(f"there is no run {name}{where}; `argosy approve` lists those that wait")


def answer(cluster: Cluster, found: Found, job: str, *, approved: bool, by: str, reason: str) -> None:
    """Approves or refuses. Raises AnswerError where the job does not wait (any more), and ClusterError."""
    path = workflows(found.view.origin.namespace, found.view.origin.name)
    for _ in range(_ATTEMPTS):
        patch = _patch(found, _question(found, job), approved=approved, by=by, reason=reason)
        try:
            cluster.patch(path, patch)
        except ClusterError as failure:
            if failure.status != CONFLICT:
                raise
            # The run has gone on in the meantime; perhaps somebody else has answered.
            found = _run(cluster.get(path))
            continue
        return
    raise AnswerError(f"{found.name} changes all the time: try again")


def _listed(cluster: Cluster, namespace: str) -> Iterator[Found]:
    query = {"labelSelector": _RUNNING, "limit": _PAGE}
    while True:
        page = cluster.get(workflows(namespace), query)
        for raw in page.get("items") or ():
            view = read(raw)
            if isinstance(view, RunView):
                yield Found(view, raw)
        more = (page.get("metadata") or {}).get("continue")
        if not more:
            return
        query = {**query, "continue": str(more)}


def _run(raw: dict[str, Any]) -> Found:
    view = read(raw)
    if not isinstance(view, RunView):
        raise AnswerError(f"{raw['metadata'].get('name')} is no run of argosy's")
    return Found(view, raw)


def _question(found: Found, job: str) -> dict[str, Any]:
    """The node of the question."""
    if job not in found.waiting:
        raise AnswerError(_nothing_to_answer(found, job))
    node = found.node(job)
    if node is None:
        raise AnswerError(f"{found.name} is so large that Argo packs it: nobody can answer it, start another")
    until = found.until(job)
    # Argo ends the question when it comes to it, which may be late.
    if until and dt.datetime.now(dt.UTC) >= dt.datetime.fromisoformat(until):
        raise AnswerError(f"job {job} of {found.name} waits for no answer: expired at {until}")
    return node


def _nothing_to_answer(found: Found, job: str) -> str:
    asked = found.asked.get(job)
    if asked is not None and asked.question is not None:
        return f"job {job} of {found.name} waits for no answer: {_answered(asked.question)}"
    if job not in {task.note.job for task in found.view.tasks}:
        return f"{found.name} runs no job {job}{_these(found)}"
    if found.view.phase in FINAL_PHASES:
        return f"job {job} of {found.name} waits for no approval: the run has ended"
    if any(task.note.question for task in found.view.tasks if task.note.job == job):
        return f"job {job} of {found.name} waits for the jobs that it needs, and not yet for an approval{_these(found)}"
    return f"job {job} of {found.name} waits for no approval{_these(found)}"


def _these(found: Found) -> str:
    return f"; these wait for one: {', '.join(found.waiting)}" if found.waiting else ""


def _answered(question: Question) -> str:
    """`approved by ann`: what came of a question."""
    # One that still waits, in a run that has been stopped.
    if question.answer in (Answer.WAITING, Answer.STOPPED):
        return "the run is cancelled"
    return f"{question.answer}{f' by {question.by}' if question.by else ''}"


def _answer_of(task: TaskView) -> Answer | None:
    return task.question.answer if task.question is not None else None


def _patch(found: Found, node: dict[str, Any], *, approved: bool, by: str, reason: str) -> dict[str, Any]:
    said = one_line(reason, REASON_CHARACTERS)
    given = {APPROVED_PARAMETER: APPROVED if approved else REFUSED, BY_PARAMETER: by}
    change: dict[str, Any] = {
        "phase": "Succeeded" if approved else "Failed",
        "finishedAt": dt.datetime.now(dt.UTC).strftime(_TIME),
        "outputs": {"parameters": [{"name": name, "value": value} for name, value in given.items()]},
        **({"message": said} if said else {}),
    }
    version = found.raw["metadata"]["resourceVersion"]
    return {"metadata": {"resourceVersion": version}, "status": {"nodes": {node["id"]: change}}}
