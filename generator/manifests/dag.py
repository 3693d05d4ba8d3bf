"""A run's jobs as Argo's DAG: a task for each, what it depends on, and which tasks decide how the run ends.

Argo decides a DAG by its targets. As long as no job may fail, those are all of the tasks. A job that may cannot be one,
and what is none, and no target needs, is never started; a task that was left out passes on how its parents ended, those
that may fail among them. So a run with such a job has one target more, the verdict, which needs all jobs and runs if
none failed that may not (workflow/controller/dag.go of argo-workflows 4.0.5: executeDAG, assessDAGPhase).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.language.model import When

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob

ENTRYPOINT = "main"
TASK_PREFIX = "job-"
VERDICT = "verdict"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")


def task_names(ids: Iterable[str]) -> dict[str, str]:
    """A task's name for each job's id.

    Argo takes letters, digits and dashes, and reads words like `not` in `depends` as its own.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for job_id in ids:
        wanted = name = TASK_PREFIX + _NOT_IN_NAMES.sub("-", job_id)
        number = 1
        # Argo maps dashes to underscores and compares the rest as it is.
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        names[job_id] = name
    return names


def dag_templates(jobs: Sequence[PlannedJob], tasks: Mapping[str, str]) -> list[Object]:
    """The DAG of the jobs that run, and what it calls besides their own templates, which are named as their tasks."""
    by_id = {job.id: job for job in jobs}
    made = [_task(job, by_id, tasks) for job in jobs]
    if not any(job.allow_failure for job in jobs):
        return [_dag(" ".join(tasks.values()), made)]
    verdict = {"name": VERDICT, "template": VERDICT, "depends": _verdict(jobs, tasks)}
    # A template that succeeds at once and starts no pod.
    return [_dag(VERDICT, [*made, verdict]), {"name": VERDICT, "suspend": {"duration": "0s"}}]


def _dag(target: str, tasks: list[Object]) -> Object:
    return {"name": ENTRYPOINT, "dag": {"failFast": False, "target": target, "tasks": tasks}}


def _task(job: PlannedJob, jobs: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> Object:
    task = {"name": tasks[job.id], "template": tasks[job.id]}
    return {**task, "depends": _CONDITIONS[job.when](job, jobs, tasks)} if job.needs else task


def _after_success(job: PlannedJob, jobs: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    return " && ".join(_passed(tasks[need], allowed=jobs[need].allow_failure) for need in job.needs)


def _after_failure(job: PlannedJob, jobs: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    """One of the causes has failed, and every need has ended: those that may fail too, which are no causes."""
    failed = f"({' || '.join(_failed(tasks[cause]) for cause in job.causes)})"
    return " && ".join([failed, *(_ended(tasks[need]) for need in job.needs if jobs[need].allow_failure)])


def _after_end(job: PlannedJob, _: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    return " && ".join(_ended(tasks[need]) for need in job.needs)


def _verdict(jobs: Iterable[PlannedJob], tasks: Mapping[str, str]) -> str:
    return " && ".join(_ended(tasks[job.id]) if job.allow_failure else f"!({_failed(tasks[job.id])})" for job in jobs)


def _passed(task: str, *, allowed: bool) -> str:
    return f"({task}.Succeeded || {_failed(task)})" if allowed else f"{task}.Succeeded"


def _failed(task: str) -> str:
    return f"{task}.Failed || {task}.Errored"


def _ended(task: str) -> str:
    """True of every task: Argo looks at a condition only when all tasks in it have ended."""
    return f"({task}.Succeeded || !{task}.Succeeded)"


_CONDITIONS = {When.SUCCESS: _after_success, When.FAILURE: _after_failure, When.ALWAYS: _after_end}
