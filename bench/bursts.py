"""Twenty pushes to twenty branches at once: how many runs come of them, and how long until all have ended.

One `git push` takes all branches, so that the forge sends its twenty webhooks in one go: twenty of git's own would get
in the way of the first runs and of each other, on a machine that does all of it.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from bench.scenarios import ONE
from bench.tables import Spread, progress, table, verdict
from bench.watching import hooks
from tests.e2e.gitea import Gitea

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.sides import Side
    from bench.watching import Workflows
    from tests.e2e.cluster import Cluster

_BRANCHES = 20
_LONGEST = 300.0
_RATIO = 1.2
_RUN_CONTEXT = "argosy/push"
_POLL_SECONDS = 0.25


@dataclasses.dataclass(frozen=True, slots=True)
class Burst:
    """What came of one burst.

    Commits without a run and with more than one; seconds from the first webhook until the last one, until all runs had
    ended, and until all results were seen.
    """

    runs: int
    lost: int
    doubled: int
    hooks: float
    ended: float
    seen: float


def measure_bursts(here: Cluster, workflows: Workflows, sides: tuple[Side, Side], count: int) -> dict[str, list[Burst]]:
    """So many bursts on each side, which take turns."""
    bursts: dict[str, list[Burst]] = {side.name: [] for side in sides}
    for number in range(count):
        for side in sides if number % 2 else reversed(sides):
            came = _burst(here, workflows, side, number)
            progress(f"burst {number + 1}: {side.name} {came.seen:.1f} s")
            bursts[side.name].append(came)
    return bursts


def print_bursts(bursts: dict[str, list[Burst]]) -> None:
    """The table of both sides."""
    ours, plain = bursts.values()
    print(f"A burst of {_BRANCHES} pushes of one job to {_BRANCHES} branches, {len(ours)} times\n")
    rows: list[tuple[str, ...]] = [
        (title, str(sum(map(count, ours))), str(sum(map(count, plain))), "", "")
        for title, count in (
            ("runs", lambda burst: burst.runs),
            ("commits without a run", lambda burst: burst.lost),
            ("commits with more than one", lambda burst: burst.doubled),
        )
    ]
    rows += [
        _seconds("last webhook arrives", ours, plain, lambda burst: burst.hooks),
        _seconds("all Workflows ended", ours, plain, lambda burst: burst.ended),
        _seconds("all results seen", ours, plain, lambda burst: burst.seen, _RATIO),
    ]
    table(("from the first webhook's arrival", "argosy", "plain Argo", "ratio", "aim"), rows)


def _seconds(
    title: str, ours: list[Burst], plain: list[Burst], figure: Callable[[Burst], float], most: float | None = None
) -> tuple[str, ...]:
    first, second = Spread.of(map(figure, ours)), Spread.of(map(figure, plain))
    ratio = first.median / second.median
    aim = "" if most is None else verdict(ratio, most, " times")
    return title, first.text(1), second.text(1), f"{ratio:.2f}", aim


def _burst(here: Cluster, workflows: Workflows, side: Side, number: int) -> Burst:
    copy = side.copies[ONE.name]
    commits = {}
    for branch in (f"burst-{number}-{index}" for index in range(_BRANCHES)):
        copy.git("checkout", "--quiet", "-B", branch)
        commits[branch] = copy.commit({"ci.yaml": ONE.ci, "BRANCH": branch}, branch)
    workflows.wait_until_quiet()
    began = time.time()
    copy.push(*commits)
    shas = set(commits.values())
    seen = _wait_for_results(here, workflows, side, shas, began)
    workflows.wait_until_quiet()
    runs = {sha: workflows.of(side, sha) for sha in shas}
    arrived = hooks(here, side, began)
    workflows.remove(here, side, shas)
    return Burst(
        runs=sum(map(len, runs.values())),
        lost=sum(not found for found in runs.values()),
        doubled=sum(len(found) > 1 for found in runs.values()),
        hooks=arrived[-1] - arrived[0],
        ended=max(run.ended for found in runs.values() for run in found) - arrived[0],
        seen=seen - arrived[0],
    )


def _wait_for_results(here: Cluster, workflows: Workflows, side: Side, shas: set[str], began: float) -> float:
    """When the last commit's result was there: its final status, or its Workflow's end where no statuses are posted.

    Gives up on commits that are lost after a while; the count of runs tells.
    """
    gitea = Gitea(here.gitea.url, here.gitea.user, here.gitea.token)
    full_name, last, waiting = side.repositories[ONE.name], began, set(shas)
    while waiting and time.time() - began < _LONGEST:
        for sha in sorted(waiting):
            runs = workflows.of(side, sha)
            if not runs or not runs[0].ended:
                continue
            if side.reports and not _is_green(gitea, full_name, sha):
                continue
            waiting.discard(sha)
            last = max(last, time.time() if side.reports else runs[0].ended)
        time.sleep(_POLL_SECONDS)
    return last


def _is_green(gitea: Gitea, full_name: str, sha: str) -> bool:
    status = gitea.statuses(full_name, sha).get(_RUN_CONTEXT)
    return status is not None and status.state == "success"
