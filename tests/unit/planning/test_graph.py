"""A job that does not run takes those with it that need it."""

from __future__ import annotations

import pytest

from generator.planning.graph import causes, with_dependants
from tests.unit.samples import ci_file

CHAIN = ci_file("""
jobs:
  last: {needs: middle, run: make}
  middle: {needs: [first, other], run: make}
  first: {run: make}
  other: {run: make}
""").jobs


def test_nothing_skipped_skips_nothing() -> None:
    assert with_dependants(CHAIN, {}, ()) == {}


def test_dependants_are_skipped_with_the_need_that_is_missing() -> None:
    assert with_dependants(CHAIN, {"first": "not for tags"}, ()) == {
        "first": "not for tags",
        "middle": "needs 'first', which does not run",
        "last": "needs 'middle', which does not run",
    }


def skipped(rest: str, *names: str) -> dict[str, str]:
    """Why the job `it` does not run where those named do not; `rest` is its mapping."""
    jobs = ci_file(
        f"jobs: {{a: {{run: x}}, b: {{run: x}}, may: {{run: x, allow-failure: true}}, it: {{run: x, {rest}}}}}"
    )
    reasons = dict.fromkeys(names, "not for tags")
    return {name: why for name, why in with_dependants(jobs.jobs, reasons, {"may"}).items() if name not in names}


@pytest.mark.parametrize(
    "rest",
    [
        "needs: [{job: a, optional: true}, b]",
        "needs: {job: a, optional: true}",
        "needs: [a, b], when: always",
        "needs: all, when: always",
        "needs: all, when: failure",
        "needs: [{job: a, optional: true}, b], when: failure",
    ],
)
def test_a_job_goes_on_without_what_it_can_do_without(rest: str) -> None:
    assert skipped(rest, "a") == {}


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("needs: [{job: b, optional: true}, a]", "needs 'a', which does not run"),
        ("needs: [a, b], when: failure", "needs 'a', which does not run"),
        ("needs: a, when: always", "none of the jobs that it needs runs"),
        ("needs: {job: a, optional: true}, when: failure", "none of the jobs that it needs runs"),
    ],
)
def test_a_job_is_skipped_for_what_it_cannot_do_without(rest: str, why: str) -> None:
    assert skipped(rest, "a") == {"it": why}


@pytest.mark.parametrize("when", ["failure", "always"])
def test_a_job_for_all_is_skipped_with_all(when: str) -> None:
    assert skipped(f"needs: all, when: {when}", "a", "b", "may") == {"it": "none of the jobs that it needs runs"}


def test_a_job_for_the_failure_of_what_may_fail_does_not_run() -> None:
    assert skipped("needs: may, when: failure") == {"it": "waits for a failure, and all that it needs may fail"}
    assert skipped("needs: [may, a], when: failure") == {}


def test_a_failure_is_that_of_a_need_or_of_what_kept_one_from_running() -> None:
    jobs = {
        job.name: job
        for job in ci_file("""
jobs:
  first: {run: x}
  may: {run: x, needs: first, allow-failure: true}
  middle: {run: x, needs: may}
  alarm: {run: x, needs: first, when: failure}
  end: {run: x, needs: [first, alarm], when: always}
  of_middle: {run: x, needs: middle, when: failure}
  of_end: {run: x, needs: end, when: failure}
  of_alarm: {run: x, needs: alarm, when: failure}
""").jobs
    }
    found = {name: causes(jobs[name], jobs, (), {"may"}) for name in ("of_middle", "of_end", "of_alarm")}
    assert found == {"of_middle": ("middle", "first"), "of_end": ("end",), "of_alarm": ("alarm",)}
    assert causes(jobs["of_middle"], jobs, {"first"}, {"may"}) == ("middle",)
