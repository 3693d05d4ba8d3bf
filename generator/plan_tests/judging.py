"""A table, a ci.yaml and the commit's files -> what each event of the table starts, and what of that is not as it says.

Which jobs start is asked of the planner, with a platform that has whatever the file names: what one operator's platform
grants is not the table's business, so that it has the same answer everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error, has_errors, headline, in_order
from generator.plan_tests.outcome import Difference, Outcome
from generator.plan_tests.selecting import axis_of, job_of, selects
from generator.plan_tests.telling import finding
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan as make_plan
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.events.event import Event
    from generator.fields import Placed
    from generator.language.model import CiFile
    from generator.plan_tests.model import Expected, PlanTest, Table
    from generator.planning.plan import PlannedJob
    from generator.planning.tree import Tree

# What a table may cost a run that waits for it: some seconds.
MAX_PLANNED = 10_000


def judge(table: Table, ci: CiFile, tree: Tree) -> tuple[list[Outcome], list[Diagnostic]]:
    """The outcomes, and a finding for each that is not as its test says, and for what cannot be judged.

    A test that names jobs which are not there has no outcome. Raises what the tree raises, but for FunctionErrors.
    """
    outcomes: list[Outcome] = []
    findings: list[Diagnostic] = []
    commit = _CommitTree(tree)
    planned = 0
    for test in table.tests:
        unknown = list(_unknown_jobs(test.expected, ci))
        findings += unknown
        for event in test.events if not unknown else ():
            if planned > MAX_PLANNED:
                message = f"the table has more than {MAX_PLANNED:,} jobs planned"
                findings.append(error(test.place, "table-size", message, "keep what would tell of a mistake"))
                return outcomes, in_order(findings)
            outcome = _outcome(test, event, ci, commit)
            outcomes.append(outcome)
            planned += max(len(ci.jobs), len(outcome.jobs))
            if not outcome.passed:
                findings.append(finding(outcome))
    return outcomes, in_order(findings)


def _outcome(test: PlanTest, event: Event, ci: CiFile, tree: Tree) -> Outcome:
    made, found = make_plan(ci, event, assumed_platform(ci, event, tree), tree)
    if made is None:
        return Outcome(test, event, (), (), next(headline(one) for one in found if has_errors([one])))
    return Outcome(test, event, made.jobs, tuple(_differences(test.expected, made.jobs)))


def _differences(expected: Expected, jobs: tuple[PlannedJob, ...]) -> Iterator[Difference]:
    """In the order of the plan; at the end the combinations that the plan does not have."""
    for job in jobs:
        must = expected.every or _named(expected.started, job)
        must_not = not must if expected.exact else _named(expected.not_started, job)
        if (must_not and job.runs) or (must and not job.runs):
            yield Difference(job.id, job.runs, job.why)
    for name in expected.started:
        if not any(selects(name.value, job) for job in jobs):
            yield Difference(name.value, starts=False, why=_why_not_there(name.value, jobs))


def _named(names: tuple[Placed[str], ...], job: PlannedJob) -> bool:
    return any(selects(name.value, job) for name in names)


def _why_not_there(name: str, jobs: tuple[PlannedJob, ...]) -> str:
    """Why the plan has no such combination. A job that does not run at all may have been left without any."""
    whole = next((job for job in jobs if job.job == job_of(name) and not job.matrix and not job.runs), None)
    return whole.why if whole is not None else "there is no such combination"


def _unknown_jobs(expected: Expected, ci: CiFile) -> Iterator[Diagnostic]:
    known = {job.name: job.matrix.keys if job.matrix is not None else () for job in ci.jobs}
    for name in (*expected.started, *expected.not_started):
        job, axis = job_of(name.value), axis_of(name.value)
        if job not in known:
            yield error(name.span, "unknown-job", f"no job {quoted(job)} in {ci.file}", suggestion(job, known))
        elif axis and axis not in known[job]:
            what = f"has no axis {quoted(axis)}" if known[job] else "has no matrix"
            yield error(name.span, "unknown-job", f"job {quoted(job)} {what}", suggestion(axis, known[job]))


class _CommitTree:
    """The commit's files, asked for once. Of an event that does not say what was changed, everything was."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._blobs: Mapping[str, str] | None = None
        self._texts: dict[str, bytes | None] = {}

    def blobs(self) -> Mapping[str, str]:
        if self._blobs is None:
            self._blobs = self._tree.blobs()
        return self._blobs

    def text(self, path: str) -> bytes | None:
        if path not in self._texts:
            self._texts[path] = self._tree.text(path)
        return self._texts[path]

    def changed(self) -> frozenset[str] | None:
        return None
