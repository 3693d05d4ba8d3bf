"""When things happened, as somebody outside sees them: Workflows through a watch, hooks and scripts by their own words.

All containers of the cluster run under the kernel of this machine, so that their clocks are one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import threading
import time
from typing import TYPE_CHECKING, Any

from generator.report.watch import Collection, Watch
from tests.e2e.observed import FINISHED
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.sides import Side
    from generator.cluster import Cluster as Api
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

_WORKFLOWS = "/apis/argoproj.io/v1alpha1/workflows"
_ARRIVED = "received a request"
_CLOCK = re.compile(r"^\d{10}\.\d{9}$", re.MULTILINE)
_POLL_SECONDS = 0.1
_ENDED = ("success", "failure", "error")


@dataclasses.dataclass(slots=True)
class Workflow:
    """One Workflow, and when it was first seen and first seen ended (seconds since the epoch; 0 for not yet)."""

    namespace: str
    name: str
    labels: dict[str, str]
    seen: float
    phase: str = ""
    ended: float = 0.0


class Workflows:
    """Follows every Workflow of the cluster from the moment that it is made, until `stop`."""

    def __init__(self, api: Api) -> None:
        self.found: dict[str, Workflow] = {}
        self._old: set[str] = set()
        self._listed = threading.Event()
        self._stop = threading.Event()
        watch = Watch(api, Collection(_WORKFLOWS, ()), self, self._stop)
        threading.Thread(target=watch.run, daemon=True).start()
        self._listed.wait()

    def stop(self) -> None:
        """Ends the watch with its next event."""
        self._stop.set()

    def of(self, side: Side, sha: str) -> list[Workflow]:
        """What a commit started on a side."""
        return [workflow for workflow in list(self.found.values()) if workflow.labels.get(side.sha_label) == sha]

    def remove(self, here: Cluster, side: Side, shas: Iterable[str]) -> None:
        """Deletes what commits started, pods and all, so that each push finds the cluster as the first one did."""
        runs = [run for sha in shas for run in self.of(side, sha)]
        for namespace in {run.namespace for run in runs}:
            names = [run.name for run in runs if run.namespace == namespace]
            here.kubectl("-n", namespace, "delete", "workflow", *names, "--cascade=foreground", "--ignore-not-found")

    def wait_until_quiet(self) -> None:
        """Waits until all that was made since the beginning has ended."""
        until("the end of every Workflow", lambda: all(one.ended for one in list(self.found.values())), 300)

    def seen(self, raw: dict[str, Any]) -> None:
        now, uid = time.time(), raw["metadata"]["uid"]
        if not self._listed.is_set():
            self._old.add(uid)
        if uid in self._old:
            return
        metadata = raw["metadata"]
        workflow = self.found.setdefault(
            uid, Workflow(metadata["namespace"], metadata["name"], metadata.get("labels") or {}, now)
        )
        workflow.phase = (raw.get("status") or {}).get("phase") or ""
        if workflow.phase in FINISHED and not workflow.ended:
            workflow.ended = now

    def gone(self, raw: dict[str, Any]) -> None:
        workflow = self.found.get(raw["metadata"]["uid"])
        if workflow is not None and not workflow.ended:
            workflow.ended = time.time()

    def listed(self, _uids: set[str]) -> None:
        self._listed.set()

    def unreadable(self) -> None:
        """The next list tells what was missed."""


class Statuses:
    """Asks the forge for a commit's statuses ten times a second, and notes when each state was first there."""

    def __init__(self, gitea: Gitea, full_name: str, sha: str) -> None:
        self.first: dict[tuple[str, str], float] = {}
        self._gitea = gitea
        self._path = f"/repos/{full_name}/commits/{sha}/status?limit=50"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def ended(self, context: str) -> bool:
        """Whether the context has its last state."""
        return any((context, state) in self.first for state in _ENDED)

    def stop(self) -> None:
        """Ends the asking."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            # Before the push there is no such commit yet, nor a repository's first branch.
            found = self._gitea.ask("GET", self._path, missing_ok=True) or {}
            now = time.time()
            for status in found.get("statuses") or ():
                self.first.setdefault((status["context"], status["status"]), now)


def hooks(here: Cluster, side: Side, since: float) -> list[float]:
    """When webhooks arrived at the side's EventSource, by its own log."""
    text = here.kubectl(
        *("-n", side.namespace, "logs", "-l", f"eventsource-name={side.event_source}", "--tail=-1"),
        f"--since-time={dt.datetime.fromtimestamp(since, dt.UTC).isoformat()}",
    )
    lines = [json.loads(line) for line in text.splitlines() if _ARRIVED in line]
    times = [dt.datetime.fromisoformat(line["ts"]).timestamp() for line in lines]
    return sorted(moment for moment in times if moment >= since)


def script_clock(here: Cluster, workflow: Workflow) -> list[float]:
    """Every moment that the scripts of a Workflow printed."""
    text = here.kubectl(
        *("-n", workflow.namespace, "logs", "-l", f"workflows.argoproj.io/workflow={workflow.name}"),
        *("-c", "main", "--tail=-1", "--max-log-requests=50"),
    )
    return sorted(map(float, _CLOCK.findall(text)))


def last_words(here: Cluster, workflow: Workflow) -> str:
    """The end of the log of each failed pod of a Workflow."""
    selector = f"workflows.argoproj.io/workflow={workflow.name}"
    pods = json.loads(here.kubectl("-n", workflow.namespace, "get", "pods", "-l", selector, "-o", "json"))["items"]
    names = [pod["metadata"]["name"] for pod in pods if pod["status"].get("phase") == "Failed"]
    logs = [here.kubectl("-n", workflow.namespace, "logs", name, "-c", "main", "--tail=5") for name in names]
    return "\n".join(f"{name}: {log}" for name, log in zip(names, logs, strict=True))
