"""What `argosy run` does: an event Workflow as a webhook would make it, and waiting for what becomes of that.

Whether the repository, the ref and the inputs fit is for the expander to say; nothing is decided here.
"""

from __future__ import annotations

import dataclasses
import pathlib
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from generator import result
from generator.cluster import CONFLICT, Cluster, ClusterError, workflows
from generator.commands.asked import named_repository, remote_repository
from generator.commands.cluster_access import OUTSIDE_TROUBLE
from generator.commands.following import Follower, FollowingError
from generator.commands.inputs import FINDINGS, refuse, say
from generator.diagnostics import Diagnostic, from_json, render_text
from generator.events.requests import Request, RequestError
from generator.forges.forge import SUCCESS, CommitStatus
from generator.manifests.event_workflow import manual_workflow
from generator.placement import CONTROL_NAMESPACE
from generator.platform.run_link import run_link
from generator.wording import harmless, quoted
from generator.working_copy import WorkingCopy, WorkingCopyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.manifests.objects import Object
    from generator.platform.model import Platform

Seen = TypeVar("Seen")
_STARTED = (result.STARTED, result.FOUND)


def workflow(platform: Platform, repository: str, ref: str, actor: str, asked: Request) -> Object:
    """The event Workflow of a request. `repository` is what `--repository` says, empty for the working copy's.

    Ends the command with 2 for what cannot be asked for.
    """
    forge, name = named_repository(repository, platform) if repository else _of_working_copy(platform)
    if platform.forge(forge) is None:
        refuse(f"platform.yaml has no forge {quoted(forge)}")
    try:
        return manual_workflow(platform, forge, name, ref, actor, asked)
    except RequestError as failure:
        refuse(str(failure))


def _of_working_copy(platform: Platform) -> tuple[str, str]:
    try:
        return remote_repository(WorkingCopy(pathlib.Path()), platform)
    except WorkingCopyError as failure:
        refuse(f"this is no clone of a repository ({failure}): name one with --repository owner/name")


@dataclasses.dataclass(slots=True)
class Start:
    """One request on its way: `make`, then `plan`, then `finish`, each of which tells what it sees.

    `tell` takes a line of the result. Raises ClusterError; what else is in the way ends the command.
    """

    cluster: Cluster
    platform: Platform
    workflow: Object
    follower: Follower
    tell: Callable[[str], None]
    came: result.Result | None = None
    end: CommitStatus | None = None

    @property
    def code(self) -> int:
        """The command's exit code by what is known."""
        refused = self.came is not None and self.came.outcome not in _STARTED
        failed = self.end is not None and self.end.state != SUCCESS
        return FINDINGS if refused or failed else 0

    @property
    def url(self) -> str:
        """Where the run is shown, empty where that is nowhere or not known."""
        return run_link(self.platform, self.came.namespace, self.came.run) if self.came and self.came.run else ""

    def make(self, asked: Request) -> None:
        """Creates the event Workflow, or finds that it was created before."""
        try:
            self.cluster.create(workflows(CONTROL_NAMESPACE), self.workflow)
        except ClusterError as failure:
            if failure.status != CONFLICT:
                raise
            self._found(asked)
        self.tell(f"request {asked.id}")
        self.tell(f"event {CONTROL_NAMESPACE}/{self._event}")

    def plan(self) -> None:
        """Waits for the expander's answer."""
        self.came = came = self._awaited(lambda: self.follower.result(self._event))
        if came.outcome in _STARTED:
            self.tell(harmless(f"run {came.namespace}/{came.run} {came.outcome}: {came.why}"))
            if self.url:
                self.tell(harmless(self.url))
            return
        sys.stderr.write(render_text(_readable(came.diagnostics), {}))
        say(f"nothing was started: {harmless(came.why)}")

    def finish(self) -> None:
        """Waits for the end of the run, if there is one."""
        came = self.came
        if came is None or came.outcome not in _STARTED:
            return
        self.end = self._awaited(lambda: self.follower.end(came.namespace, came.run, self.platform))
        self.tell(f"{self.end.state}: {self.end.description}")

    def to_json(self, asked: Request) -> dict[str, Any]:
        """What is known, as docs/reference/commands.md says. Keys are only added."""
        came, end = self.came or result.Result("", ""), self.end
        return {
            "request": asked.id,
            "event": {"namespace": CONTROL_NAMESPACE, "name": self._event},
            "outcome": came.outcome,
            "why": came.why,
            "run": {"namespace": came.namespace, "name": came.run, "url": self.url} if came.run else None,
            "state": end.state if end is not None else "",
            "description": end.description if end is not None else "",
            "diagnostics": list(came.diagnostics),
        }

    @property
    def _event(self) -> str:
        return str(self.workflow["metadata"]["name"])

    def _found(self, asked: Request) -> None:
        there = self.cluster.get(workflows(CONTROL_NAMESPACE, self._event))
        if _inputs(there) != _inputs(self.workflow):
            refuse(f"request {asked.id} was made before, with other inputs: leave out --request for a new one")
        say(f"request {asked.id} was made before: nothing new is started")

    def _awaited(self, wait: Callable[[], Seen]) -> Seen:
        try:
            return wait()
        except FollowingError as failure:
            say(f"argosy: {failure}")
            raise typer.Exit(OUTSIDE_TROUBLE) from failure


def _inputs(value: Object) -> str:
    parameters = (value["spec"].get("arguments") or {}).get("parameters") or []
    return next((str(one.get("value", "")) for one in parameters if one["name"] == "inputs"), "")


def _readable(diagnostics: Iterable[dict[str, Any]]) -> list[Diagnostic]:
    """The expander's findings; whoever may change Workflows may have written something else there."""
    found: list[Diagnostic] = []
    for value in diagnostics:
        try:
            one = from_json(value)
        except ValueError:
            continue
        span = dataclasses.replace(one.span, file=harmless(one.span.file))
        found.append(Diagnostic(one.severity, span, *map(harmless, (one.code, one.message, one.hint))))
    return found
