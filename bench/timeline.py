"""Where the time of one push goes: every step of both sides with its distance from the webhook's arrival.

Steps come from watches of Workflows and pods, from containerd's own events on the node (when containers start and
end), from the components' logs, and from the forge's statuses.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import pathlib
import re
import subprocess
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any

from bench.scenarios import ONE
from bench.sides import Side, both
from bench.tables import heading, table
from bench.watching import Statuses, Workflows, hooks
from generator.cluster import Cluster as Api
from generator.placement import REPORT_NAMESPACE
from generator.report.watch import Collection, Watch
from tests.e2e import cluster
from tests.e2e.cluster.engines import choose
from tests.e2e.cluster.settings import node_name
from tests.e2e.gitea import Gitea
from tests.e2e.installation import install
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

Step = tuple[float, str, str]  # when, who, what
_NODE_EVENT = re.compile(r'^(\S+ \S+) \+0000 UTC k8s.io /tasks/(start|exit) .*?"container_id":"(\w+)"')
_LOG_LINE = re.compile(r"^(?:\[\S+ )?(\d{4}-\d\d-\d\dT\S+Z) (.*)$")
_NOISE = (
    "no need to save",
    "No Script output",
    "No output",
    "Copying from",
    "no artifact sidecars",
    "Saving path",
    "Alloc=",
    "Using executor",
    "Executor initialized",
    "file signal handler",
)


class Pods:
    """Follows the cluster's pods: what happens to them, and which container is whose."""

    def __init__(self, api: Api) -> None:
        self.steps: list[Step] = []
        self.containers: dict[str, tuple[str, str]] = {}
        self._told: set[tuple[str, str]] = set()
        self._stop = threading.Event()
        watch = Watch(api, Collection("/api/v1/pods", ()), self, self._stop)
        threading.Thread(target=watch.run, daemon=True).start()

    def stop(self) -> None:
        """Ends the watch with its next event."""
        self._stop.set()

    def seen(self, raw: dict[str, Any]) -> None:
        name, status = raw["metadata"]["name"], raw.get("status") or {}
        self._tell(name, "pod made")
        if raw["spec"].get("nodeName"):
            self._tell(name, "pod has its node")
        if status.get("phase") in {"Succeeded", "Failed"}:
            self._tell(name, f"pod {status['phase']}")
        for kind in ("initContainerStatuses", "containerStatuses"):
            for container in status.get(kind) or ():
                self.containers[container.get("containerID", "").rpartition("/")[2]] = (name, container["name"])
                for state in ("running", "terminated"):
                    if state in (container.get("state") or {}):
                        self._tell(name, f"pod shows {container['name']} {state}")

    def gone(self, raw: dict[str, Any]) -> None:
        self._tell(raw["metadata"]["name"], "pod gone")

    def listed(self, _uids: set[str]) -> None:
        """All are known."""

    def unreadable(self) -> None:
        """The next list tells what was missed."""

    def _tell(self, name: str, what: str) -> None:
        if (name, what) not in self._told:
            self._told.add((name, what))
            self.steps.append((time.time(), name, what))


def main() -> None:
    """Prints one table for each side."""
    parser = argparse.ArgumentParser(prog="python -m bench.timeline", description=__doc__)
    parser.add_argument("--warmups", type=int, default=2, help="pushes of each side before the one that is shown")
    warmups = parser.parse_args().warmups
    here = cluster.up()
    install(here)
    api = Api.from_kubeconfig(str(here.kubeconfig))
    workflows, pods = Workflows(api), Pods(api)
    with tempfile.TemporaryDirectory(prefix="argosy-bench-") as folder, both(here, pathlib.Path(folder)) as sides:
        for number in range(warmups + 1):
            for side in sides:
                steps = _push(here, workflows, pods, side, number)
                if number == warmups:
                    _print(side, steps)
    workflows.stop()
    pods.stop()


def _push(here: cluster.Cluster, workflows: Workflows, pods: Pods, side: Side, number: int) -> list[Step]:
    copy, full_name = side.copies[ONE.name], side.repositories[ONE.name]
    sha = copy.commit({"ci.yaml": ONE.ci, "README": f"{number}\n"}, f"push {number}")
    workflows.wait_until_quiet()
    statuses = Statuses(Gitea(here.gitea.url, here.gitea.user, here.gitea.token), full_name, sha)
    with _containers() as lines:
        began = time.time()
        copy.push()
        pushed = time.time()
        until("the end", lambda: any(run.ended for run in workflows.of(side, sha)), 300)
        if side.reports:
            until("the status", lambda: statuses.ended("argosy/push"), 300)
        workflows.wait_until_quiet()
        time.sleep(1)  # what the node and the watches still have to tell
    statuses.stop()
    steps: list[Step] = [(began, "developer", "git push begins"), (pushed, "developer", "git push ends")]
    steps += [(moment, "EventSource", "webhook arrives") for moment in hooks(here, side, began)]
    for one in workflows.found.values():
        steps += [(one.seen, one.name, "Workflow made"), (one.ended, one.name, f"Workflow {one.phase}")]
    steps += [step for line in lines for step in _container(line, pods)] + pods.steps
    steps += [(moment, "forge", f"{context} {state}") for (context, state), moment in statuses.first.items()]
    steps += _logs(here, side, steps, began)
    workflows.remove(here, side, [sha])
    return sorted(step for step in steps if step[0] >= began)


@contextlib.contextmanager
def _containers() -> Iterator[list[str]]:
    """The lines that containerd writes about its containers meanwhile."""
    engine = choose()
    engine.prepare()
    command = [engine.program, "exec", node_name(), "ctr", "--namespace=k8s.io", "events"]
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        reader = threading.Thread(target=lambda: lines.extend(child.stdout or ()), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            child.terminate()
            reader.join()


def _container(line: str, pods: Pods) -> Iterator[Step]:
    found = _NODE_EVENT.match(line)
    if found is None or found[3] not in pods.containers:
        return
    pod, name = pods.containers[found[3]]
    moment = dt.datetime.fromisoformat(f"{found[1][:26].replace(' ', 'T')}+00:00").timestamp()
    yield moment, pod, f"{name} {'starts' if found[2] == 'start' else 'ends'}"


def _logs(here: cluster.Cluster, side: Side, steps: list[Step], began: float) -> Iterator[Step]:
    """What the Sensor, the reporter and the push's own pods said."""
    since = f"--since-time={dt.datetime.fromtimestamp(began, dt.UTC).isoformat()}"
    ask = ("logs", "--timestamps", "--tail=-1", since)
    sensor = here.kubectl("-n", side.namespace, *ask, "-l", f"sensor-name={side.event_source}")
    yield from _said(sensor, "Sensor")
    if side.reports:
        yield from _said(here.kubectl("-n", REPORT_NAMESPACE, *ask, "deployment/argosy-reporter"), "reporter")
    wanted = {who for moment, who, what in steps if what == "pod made" and moment >= began}
    for pod in json.loads(here.kubectl("get", "pods", "--all-namespaces", "-o", "json"))["items"]:
        name = pod["metadata"]["name"]
        if name not in wanted:
            continue
        containers = pod["spec"].get("initContainers", []) + pod["spec"]["containers"]
        for container in (container["name"] for container in containers):
            text = here.kubectl("-n", pod["metadata"]["namespace"], *ask, name, "-c", container)
            yield from _said(text, f"{name} {container}")


def _said(text: str, who: str) -> Iterator[Step]:
    for line in text.splitlines():
        found = _LOG_LINE.match(line)
        if found is None or any(noise in line for noise in _NOISE):
            continue
        moment = dt.datetime.fromisoformat(f"{found[1][:26].rstrip('Z')}+00:00").timestamp()
        yield moment, who, f"says {_short(found[2])}"


def _short(text: str) -> str:
    message = re.search(r'"?msg"?[=:] ?"([^"]*)"', text)
    return (message[1] if message else text)[:100]


def _print(side: Side, steps: list[Step]) -> None:
    arrival = next(moment for moment, _, what in steps if what == "webhook arrives")
    heading(f"One push on {side.name}", "Seconds from the webhook's arrival.")
    table(("who", "s", "what"), [(_who(who), f"{moment - arrival:.3f}", what) for moment, who, what in steps])


def _who(name: str) -> str:
    """The names of Workflows and pods without most of their hash."""
    return re.sub(r"[0-9a-z]{16,}", lambda found: found[0][:6], name)


if __name__ == "__main__":
    main()
