"""The order of a plan's jobs: levels, and the chain that a run waits for longest."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from hypothesis import given

from generator.language.model import Retry, RetryOn
from generator.planning.blocked import blocked_jobs
from generator.planning.order import order_of
from tests.unit.views.plans import job, plans

if TYPE_CHECKING:
    from generator.planning.plan import Plan


def test_jobs_of_a_level_may_start_together() -> None:
    jobs = [job("deploy", needs=("test", "lint")), job("lint"), job("build"), job("test", needs=("build",))]
    order = order_of(jobs)
    assert order.levels == (("lint", "build"), ("test",), ("deploy",))
    assert [order.level(one.id) for one in jobs] == [3, 1, 1, 2]


def test_the_critical_path_is_the_chain_with_the_most_time() -> None:
    jobs = [
        job("a", timeout=60),
        job("long", timeout=900),
        job("b", needs=("a",), timeout=60),
        job("end", needs=("b", "long"), timeout=60),
    ]
    order = order_of(jobs)
    assert (order.critical_path, order.seconds) == (("long", "end"), 960)


def test_a_job_takes_its_time_as_often_as_it_may_be_tried() -> None:
    again = dataclasses.replace(job("again", timeout=60), retry=Retry(2, RetryOn.INFRASTRUCTURE))
    order = order_of([job("long", timeout=100), again, job("once", needs=("again",), timeout=10)])
    assert (order.critical_path, order.seconds) == (("again", "once"), 3 * 60 + 10)


def test_of_equal_chains_the_first_of_the_file_counts() -> None:
    order = order_of([job("b"), job("a"), job("end", needs=("b", "a"))])
    assert order.critical_path == ("b", "end")


def test_what_does_not_run_has_no_place() -> None:
    order = order_of([job("a", runs=False, timeout=9000), job("b"), job("c", needs=("b",), denied="no")])
    assert order.levels == (("b",), ("c",))
    assert (order.critical_path, order.level("a")) == (("b",), None)


def test_a_run_without_jobs_has_no_order() -> None:
    order = order_of([job("a", runs=False)])
    assert (order.levels, order.critical_path, order.seconds) == ((), (), 0)


def test_a_long_chain_is_no_trouble() -> None:
    jobs = [job("0"), *(job(str(number), needs=(str(number - 1),)) for number in range(1, 2000))]
    assert len(order_of(jobs[::-1]).critical_path) == 2000


@given(plans())
def test_every_running_job_is_behind_what_it_needs(plan: Plan) -> None:
    jobs = {one.id: one for one in plan.jobs}
    order = order_of(tuple(jobs.values()))
    assert sorted(itertools.chain.from_iterable(order.levels)) == sorted(name for name, one in jobs.items() if one.runs)
    for name, one in jobs.items():
        level = order.level(name)
        if level is not None:
            assert all((order.level(need) or 0) < level for need in one.needs)


@given(plans())
def test_no_chain_takes_longer_than_the_critical_path(plan: Plan) -> None:
    blocked = blocked_jobs(plan.jobs)
    jobs = {one.id: one for one in plan.jobs if one.runs and not one.denied and one.job not in blocked}
    order = order_of(plan.jobs)
    assert order.seconds == sum(jobs[name].timeout for name in order.critical_path)
    assert all(one in jobs[other].needs for one, other in itertools.pairwise(order.critical_path))

    def longest(name: str) -> int:
        return int(jobs[name].timeout) + max((longest(need) for need in jobs[name].needs if need in jobs), default=0)

    assert order.seconds == max(map(longest, jobs), default=0)
