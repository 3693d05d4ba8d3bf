"""From `git push` to a green commit, next to hand-written Argo on the same cluster, the two taking turns.

The clock starts just before `git push`. The first column counts from the webhook's arrival, since what git and the
forge need before it is the same on both sides. Plain Argo posts no statuses: its end is the end of its Workflow.
"""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import tempfile
import time
from typing import TYPE_CHECKING

from bench.bursts import measure_bursts, print_bursts
from bench.scenarios import ONE, SCENARIOS, Scenario
from bench.sides import Side, both
from bench.tables import Spread, heading, progress, table, verdict
from bench.watching import Statuses, Workflow, Workflows, hooks, last_words, script_clock
from generator.cluster import Cluster as Api
from tests.e2e import cluster
from tests.e2e.gitea import Gitea
from tests.e2e.installation import install
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

_RUN_CONTEXT = "argosy/push"
_JOB_CONTEXT = "argosy/push/one"
_FIRST_STATUS_SECONDS = 0.5
_JOB_STATUS_SECONDS = 1.5
_FIRST_LINE_RATIO = 2.2
_LONGEST = 300.0
_TOO_SHORT_TO_COMPARE = 0.2


@dataclasses.dataclass(frozen=True, slots=True)
class Times:
    """The moments of one push, in seconds since the epoch; those of statuses are 0 where none are posted."""

    push: float
    hook: float
    created: float
    first_line: float
    last_line: float
    ended: float
    first_status: float = 0.0
    job_status: float = 0.0
    final_status: float = 0.0

    @property
    def done(self) -> float:
        """When the developer sees the result."""
        return self.final_status or self.ended


def main() -> None:
    """Prints every table."""
    parser = argparse.ArgumentParser(prog="python -m bench.pushes", description=__doc__)
    parser.add_argument("--pushes", type=int, default=10, help="pushes of each scenario and side that count")
    parser.add_argument("--warmups", type=int, default=2, help="pushes before them that do not")
    parser.add_argument("--bursts", type=int, default=3, help="bursts of twenty pushes on each side")
    parser.add_argument("--only", choices=[*(scenario.name for scenario in SCENARIOS), "burst"], help="one scenario")
    wanted = parser.parse_args()
    here = cluster.up()
    install(here)
    workflows = Workflows(Api.from_kubeconfig(str(here.kubeconfig)))
    heading(
        "From a push to a green commit",
        f"Median (least-most) of {wanted.pushes} pushes after {wanted.warmups} that do not count, in seconds.",
    )
    with tempfile.TemporaryDirectory(prefix="argosy-bench-") as folder, both(here, pathlib.Path(folder)) as sides:
        bench = Bench(here, workflows, sides)
        for scenario in SCENARIOS:
            if wanted.only in {None, scenario.name}:
                _print(scenario, bench.scenario(scenario, wanted.pushes, wanted.warmups))
        if wanted.bursts and wanted.only in {None, "burst"}:
            print_bursts(measure_bursts(here, workflows, sides, wanted.bursts))
        workflows.wait_until_quiet()
    workflows.stop()


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """A cluster with both sides on it, to push to."""

    here: cluster.Cluster
    workflows: Workflows
    sides: tuple[Side, Side]

    def scenario(self, scenario: Scenario, pushes: int, warmups: int) -> dict[str, list[Times]]:
        """The counted pushes of each side."""
        times: dict[str, list[Times]] = {side.name: [] for side in self.sides}
        for number in range(warmups + pushes):
            # Neither side always goes first.
            for side in self.sides if number % 2 else reversed(self.sides):
                came = self.push(side, scenario, number)
                took = f"{came.done - came.hook:.2f} s from its hook" if came else "its run failed"
                progress(f"{scenario.name} {number + 1}: {side.name}: {took}")
                if came and number >= warmups:
                    times[side.name].append(came)
        return times

    def push(self, side: Side, scenario: Scenario, number: int) -> Times | None:
        """One push, waited for to its end; None where the run failed, and the failing pods' last words on stderr."""
        copy, full_name = side.copies[scenario.name], side.repositories[scenario.name]
        sha = copy.commit({"ci.yaml": scenario.ci, "README": f"{number}\n"}, f"push {number}")
        self.workflows.wait_until_quiet()
        statuses = Statuses(Gitea(self.here.gitea.url, self.here.gitea.user, self.here.gitea.token), full_name, sha)
        try:
            began = time.time()
            copy.push()
            (run, *_) = until(
                f"{side.name}'s end of {sha}",
                lambda: [run for run in self.workflows.of(side, sha) if run.ended],
                _LONGEST,
            )
            if side.reports:
                until(f"the status of {sha}", lambda: statuses.ended(_RUN_CONTEXT), _LONGEST)
        finally:
            statuses.stop()
        times = self._times(side, run, began)
        self.workflows.remove(self.here, side, [sha])
        return _with_statuses(times, statuses.first) if times and side.reports else times

    def _times(self, side: Side, run: Workflow, began: float) -> Times | None:
        if run.phase != "Succeeded":
            progress(last_words(self.here, run))
            return None
        lines = script_clock(self.here, run)
        return Times(began, hooks(self.here, side, began)[0], run.seen, lines[0], lines[-1], run.ended)


def _with_statuses(times: Times, first: dict[tuple[str, str], float]) -> Times:
    return dataclasses.replace(
        times,
        first_status=min(first.values()),
        job_status=first.get((_JOB_CONTEXT, "success"), 0.0),
        final_status=first[_RUN_CONTEXT, "success"],
    )


def _print(scenario: Scenario, times: dict[str, list[Times]]) -> None:
    ours, plain = times.values()
    print(f"{scenario.title} ({len(ours)} pushes to argosy and {len(plain)} to plain Argo whose runs succeeded)\n")
    if not ours or not plain:
        return
    rows = [
        _row("webhook arrives, from push", ours, plain, lambda one: one.hook - one.push),
        _row("first status", ours, None, lambda one: one.first_status - one.hook, most=_FIRST_STATUS_SECONDS),
        _row("run's Workflow made", ours, plain, lambda one: one.created - one.hook),
        _row(
            "first line of a script",
            ours,
            plain,
            lambda one: one.first_line - one.hook,
            ratio=_FIRST_LINE_RATIO if scenario is ONE else None,
        ),
        _row("last line of a script", ours, plain, lambda one: one.last_line - one.hook),
        _row("Workflow ended", ours, plain, lambda one: one.ended - one.hook),
        _row("result seen", ours, plain, lambda one: one.done - one.hook, ratio=scenario.most),
        _row("result seen, from push", ours, plain, lambda one: one.done - one.push),
    ]
    if scenario is ONE:
        rows.append(
            _row(
                "job's end to its status",
                ours,
                None,
                lambda one: one.job_status - one.last_line,
                most=_JOB_STATUS_SECONDS,
            )
        )
    table(("from the webhook's arrival", "argosy", "plain Argo", "ratio", "aim"), rows)
    print()


def _row(
    title: str,
    ours: list[Times],
    plain: list[Times] | None,
    figure: Callable[[Times], float],
    *,
    most: float | None = None,
    ratio: float | None = None,
) -> tuple[str, ...]:
    """One figure of both sides; `most` is an aim for our seconds, `ratio` one for the ratio of the medians."""
    first = Spread.of(map(figure, ours))
    if plain is None:
        return title, first.text(), "-", "-", "" if most is None else verdict(first.median, most, " s")
    second = Spread.of(map(figure, plain))
    if second.median < _TOO_SHORT_TO_COMPARE:
        return title, first.text(), second.text(), "-", ""
    came = first.median / second.median
    return title, first.text(), second.text(), f"{came:.2f}", "" if ratio is None else verdict(came, ratio, " times")


if __name__ == "__main__":
    main()
