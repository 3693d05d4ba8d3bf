"""What argosy made in the cluster, as somebody with kubectl sees it: event Workflows, runs, their pods and logs."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from generator import result
from generator.placement import CONTROL_NAMESPACE, run_namespaces
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from generator.platform.model import Platform
    from generator.result import Result
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea, Status

FINISHED = ("Succeeded", "Failed", "Error")
# A pod that goes missing within 10 s of its node's start is made anew, without counting an attempt: recentlyStarted in
# workflow/controller/operator.go of argo-workflows 4.0.5. Clocks give whole seconds.
_YOUNG = dt.timedelta(seconds=11)
_NODE_NAME = "workflows.argoproj.io/node-name"
_ENDED = ("success", "failure", "error")
_LAST_WORDS = 60.0  # seconds; what the forge refuses for a moment is posted again


@dataclasses.dataclass(frozen=True)
class Observed:
    """Reads the cluster; changes nothing."""

    here: Cluster
    platform: Platform

    def runs(self, sha: str) -> list[dict[str, Any]]:
        """The run Workflows of a commit, in every run namespace."""
        found: list[dict[str, Any]] = []
        for namespace in run_namespaces(self.platform):
            found += self._list("workflows", namespace, f"argosy.dev/role=run,argosy.dev/sha={sha}")
        return found

    def events(self, sha: str) -> list[dict[str, Any]]:
        """The event Workflows whose payload names the commit."""
        return [item for item in self._list("workflows", CONTROL_NAMESPACE, "") if sha in packed_event(item)]

    def result(self, event: dict[str, Any]) -> Result | None:
        """What an event Workflow came to, None while it has not ended."""
        for node in (event.get("status", {}).get("nodes") or {}).values():
            for parameter in node.get("outputs", {}).get("parameters", []):
                if parameter["name"] == "result" and parameter.get("value"):
                    return result.decode(parameter["value"])
        return None

    def event_result(self, sha: str) -> Result:
        """Waits for the one event Workflow of a commit to end; what it came to."""
        return until(f"a result for {sha}", lambda: next(filter(None, map(self.result, self.events(sha))), None))  # type: ignore[return-value]

    def finished_run(self, sha: str, timeout: float = 180) -> dict[str, Any]:
        """Waits until the one run of a commit has ended."""

        def look() -> list[dict[str, Any]]:
            return [run for run in self.runs(sha) if run.get("status", {}).get("phase") in FINISHED]

        runs = until(f"a finished run of {sha}", look, timeout)
        assert len(runs) == 1, [run["metadata"]["name"] for run in runs]
        return runs[0]

    def pods(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        """The pods of a Workflow."""
        metadata = run["metadata"]
        return self._list("pods", metadata["namespace"], f"workflows.argoproj.io/workflow={metadata['name']}")

    def log(self, pod: dict[str, Any], container: str = "main") -> str:
        """One container's log."""
        metadata = pod["metadata"]
        return self.here.kubectl("-n", metadata["namespace"], "logs", metadata["name"], "-c", container)

    def job_pod(self, run: dict[str, Any], job: str) -> dict[str, Any]:
        """The pod of one job (of its last attempt)."""
        found = [pod for pod in self.pods(run) if job_of(pod) == job]
        assert found, f"no pod of job {job!r} in {run['metadata']['name']}"
        return max(found, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))

    def attempts(self, run: dict[str, Any], job: str) -> dict[int, dict[str, Any]]:
        """The pods that are there of a job with `retry`, by the number of their attempt, from 0."""
        found = ((re.search(r"\(([0-9]+)\)$", _node_of(pod)), pod) for pod in self.pods(run) if job_of(pod) == job)
        return {int(number[1]): pod for number, pod in found if number is not None}

    def lasting(self, sha: str, task: str) -> list[dict[str, Any]]:
        """The running pods of a task (`job-test`, `job-test(1)`) whose loss Argo takes for a failure."""
        return [
            pod
            for run in self.runs(sha)
            for pod in self.pods(run)
            if _node_of(pod) == task and _is_lasting(run, pod["metadata"]["annotations"][_NODE_NAME])
        ]

    def cron_workflows(self, name: str = "") -> list[dict[str, Any]]:
        """argosy's CronWorkflows."""
        return [
            item
            for item in self._list("cronworkflows", CONTROL_NAMESPACE, "argosy.dev/role=schedule")
            if name in str(item)
        ]

    def _list(self, kind: str, namespace: str, selector: str) -> list[dict[str, Any]]:
        arguments = ["-n", namespace, "get", kind, "-o", "json"] + (["-l", selector] if selector else [])
        items: list[dict[str, Any]] = json.loads(self.here.kubectl(*arguments))["items"]
        return items


def job_of(pod: dict[str, Any]) -> str:
    """The task of a pod of a run, without its prefix, whichever attempt it is."""
    return re.sub(r"\([0-9]+\)$", "", _node_of(pod)).removeprefix("job-")


def _node_of(pod: dict[str, Any]) -> str:
    """The node that Argo made the pod for, without the run's name: `job-test`, `job-test(1)`."""
    return str(pod["metadata"]["annotations"][_NODE_NAME]).partition(".")[2]


def _is_lasting(run: dict[str, Any], name: str) -> bool:
    nodes = (run.get("status", {}).get("nodes") or {}).values()
    started = [node["startedAt"] for node in nodes if node["name"] == name and node["phase"] == "Running"]
    now = dt.datetime.now(dt.UTC)
    return any(now - dt.datetime.fromisoformat(one) > _YOUNG for one in started)


def packed_event(workflow: dict[str, Any]) -> str:
    """The JSON that an event Workflow carries, empty for another Workflow."""
    parameters = workflow["spec"].get("arguments", {}).get("parameters", [])
    value = next((item["value"] for item in parameters if item["name"] == "event"), "")
    return base64.b64decode(value).decode()


def ended_statuses(
    gitea: Gitea, full_name: str, sha: str, contexts: set[str], timeout: float = 180
) -> dict[str, Status]:
    """Waits until exactly these contexts stand on the commit, each with its last word.

    Raises AssertionError once that cannot be any more: a context that is none of them, which stays; or all runs have
    ended and their jobs' last words do not come.
    """
    what = f"the statuses of {full_name}@{sha[:8]}"
    runs = {context for context in contexts if context.count("/") == 1}

    def is_over(statuses: dict[str, Status]) -> bool:
        return not contexts.issuperset(statuses) or runs.issubset(_with_last_words(statuses))

    def good(statuses: dict[str, Status]) -> bool:
        return _with_last_words(statuses) == contexts

    seen = until(what, lambda: gitea.statuses(full_name, sha), timeout, is_over)
    if not contexts.issuperset(seen):
        raise AssertionError(f"{what}: {', '.join(sorted(set(seen) - contexts))} should not be there; seen: {seen!r}")
    # A run's last word may come before those of its jobs.
    return until(what, lambda: gitea.statuses(full_name, sha), _LAST_WORDS, good)


def _with_last_words(statuses: dict[str, Status]) -> set[str]:
    return {context for context, status in statuses.items() if status.state in _ENDED}
