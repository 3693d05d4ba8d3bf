"""When jobs run, and how their run ends, by what Argo makes of the DAG."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.language.model import When
from generator.manifests.dag import run_dag, task_names
from generator.planning.planner import plan
from tests.unit.manifests.argo_dag import FAILED, OMITTED, SUCCEEDED, played
from tests.unit.samples import PLATFORM, TREE, ci_file, planned_job, push

if TYPE_CHECKING:
    from generator.planning.plan import PlannedJob


def planned(jobs: str) -> list[PlannedJob]:
    """A file's jobs that run."""
    made, found = plan(ci_file(f"jobs:\n{jobs}"), push(), PLATFORM, TREE)
    assert made is not None, found
    return [job for job in made.jobs if job.runs]


def dag(jobs: str) -> dict[str, Any]:
    """The DAG of a file's jobs."""
    running = planned(jobs)
    inner: dict[str, Any] = run_dag(running, task_names(job.id for job in running), {})["dag"]
    return inner


def ran(jobs: str, *failing: str) -> tuple[list[str], str]:
    """Which jobs run where those named fail, and how the run ends."""
    phases, end = played(dag(jobs), {f"job-{name}": FAILED for name in failing})
    names = [name.removeprefix("job-") for name in phases if name.startswith("job-")]
    return [name for name in names if phases[f"job-{name}"] != OMITTED], end


def test_the_jobs_are_a_dag_that_fails_when_any_of_them_fails() -> None:
    assert dag("  lint: {run: x}\n  test: {run: x, needs: lint}\n  ship: {run: x, needs: [lint, test]}") == {
        "failFast": False,
        "target": "job-lint job-test job-ship",
        "tasks": [
            {"name": "job-lint", "template": "job-lint"},
            {"name": "job-test", "template": "job-test", "depends": "job-lint.Succeeded"},
            {"name": "job-ship", "template": "job-ship", "depends": "job-lint.Succeeded && job-test.Succeeded"},
        ],
    }


def test_tasks_have_names_that_argo_takes_and_tells_apart() -> None:
    names = task_names(["not", "a_b", "a-b", "a-b-2", "main", "X"])
    assert names == {
        "not": "job-not",
        "a_b": "job-a-b",
        "a-b": "job-a-b-2",
        "a-b-2": "job-a-b-2-2",
        "main": "job-main",
        "X": "job-X",
    }


ALLOWED = "  lint: {run: x, allow-failure: true}\n  test: {run: x, needs: lint}\n"


def test_a_job_that_may_fail_keeps_nothing_from_running_and_no_run_from_succeeding() -> None:
    assert ran(ALLOWED, "lint") == (["lint", "test"], SUCCEEDED)
    assert ran(ALLOWED, "test") == (["lint", "test"], FAILED)
    assert ran("  lint: {run: x, allow-failure: true}", "lint") == (["lint"], SUCCEEDED)


def test_an_infrastructure_error_of_a_job_that_may_fail_is_none_of_the_runs() -> None:
    phases, end = played(dag(ALLOWED), {"job-lint": "Error"})
    assert (phases["job-test"], end) == (SUCCEEDED, SUCCEEDED)


CLEAN_UP = "  a: {run: x}\n  b: {run: x, needs: a}\n  report: {run: x, needs: b, when: failure}\n"


@pytest.mark.parametrize(
    ("failing", "expected"),
    [((), (["a", "b"], SUCCEEDED)), (("b",), (["a", "b", "report"], FAILED)), (("a",), (["a", "report"], FAILED))],
)
def test_a_job_for_failure_runs_if_a_need_failed_or_was_kept_from_running_by_one(
    failing: tuple[str, ...], expected: tuple[list[str], str]
) -> None:
    assert ran(CLEAN_UP, *failing) == expected


def test_what_may_fail_is_no_failure_to_wait_for() -> None:
    jobs = "  a: {run: x, allow-failure: true}\n  b: {run: x}\n  report: {run: x, needs: all, when: failure}\n"
    assert ran(jobs, "a") == (["a", "b"], SUCCEEDED)
    assert ran(jobs, "b") == (["a", "b", "report"], FAILED)


def test_a_job_that_needs_one_for_failure_is_left_out_with_it_and_nothing_has_failed() -> None:
    jobs = CLEAN_UP + "  after: {run: x, needs: report}\n  last: {run: x, needs: after, when: failure}\n"
    assert ran(jobs) == (["a", "b"], SUCCEEDED)
    assert ran(jobs, "b") == (["a", "b", "report", "after"], FAILED)
    assert ran(jobs, "b", "report") == (["a", "b", "report", "last"], FAILED)


def test_a_job_for_all_ends_runs_however_its_needs_end_and_hides_no_failure() -> None:
    jobs = "  a: {run: x}\n  b: {run: x, needs: a}\n  notify: {run: x, needs: all, when: always}\n"
    assert ran(jobs) == (["a", "b", "notify"], SUCCEEDED)
    assert ran(jobs, "a") == (["a", "notify"], FAILED)
    assert ran(jobs, "notify") == (["a", "b", "notify"], FAILED)


@dataclasses.dataclass(frozen=True)
class Case:
    """A job: the numbers of those that it needs, when it runs, whether it may fail, and whether it would."""

    needs: tuple[int, ...]
    when: When
    allowed: bool
    fails: bool


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    made = []
    for number in range(draw(st.integers(1, 7))):
        needs = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=3)) if number else []
        when = draw(st.sampled_from(When)) if needs else When.SUCCESS
        made.append(Case(tuple(needs), when, draw(st.sampled_from([False, False, True])), draw(st.booleans())))
    return made


def expected(jobs: list[Case]) -> dict[int, str]:
    """How each job ends, by the language's words: the reference's `needs`, `when` and `allow-failure`."""
    ends: dict[int, str] = {}

    def failed(number: int) -> bool:
        job = jobs[number]
        left_out = ends[number] == OMITTED and job.when is When.SUCCESS
        return (ends[number] == FAILED and not job.allowed) or (left_out and any(map(failed, job.needs)))

    for number, job in enumerate(jobs):
        passed = all(ends[need] == SUCCEEDED or (ends[need] == FAILED and jobs[need].allowed) for need in job.needs)
        runs = {When.SUCCESS: passed, When.FAILURE: any(map(failed, job.needs)), When.ALWAYS: True}[job.when]
        ends[number] = (FAILED if job.fails else SUCCEEDED) if runs else OMITTED
    return ends


@settings(max_examples=400, deadline=None)
@given(cases())
def test_jobs_run_and_runs_end_as_the_reference_says(jobs: list[Case]) -> None:
    text = "".join(
        f"  j{number}: {{run: x, needs: [{', '.join(f'j{need}' for need in job.needs)}], when: {job.when}, "
        f"allow-failure: {str(job.allowed).lower()}}}\n"
        for number, job in enumerate(jobs)
    )
    # What can never run is no part of the run, and then its needs are others.
    assume(len(planned(text)) == len(jobs))
    ends = expected(jobs)
    phases, end = played(dag(text), {f"job-j{number}": FAILED for number, job in enumerate(jobs) if job.fails})
    assert {number: phases[f"job-j{number}"] for number in ends} == ends
    guilty = any(ends[number] == FAILED and not job.allowed for number, job in enumerate(jobs))
    assert end == (FAILED if guilty else SUCCEEDED)


@pytest.mark.parametrize("allowed", [False, True])
def test_every_job_is_come_to(allowed: bool) -> None:
    jobs = [planned_job(name, allow_failure=allowed) for name in "abc"]
    found = run_dag(jobs, task_names("abc"), {})["dag"]
    assert {"job-a", "job-b", "job-c"} <= set(played(found, {})[0])
