"""A run's jobs as Argo's DAG: a task for each, what it depends on, and which tasks decide how the run ends.

Argo decides a DAG by its targets. As long as no job may fail, those are all of the tasks. A job that may cannot be one,
and what is none, and no target needs, is never started; a task that was left out passes on how its parents ended, those
that may fail among them. So a run with such a job has one target more, the verdict, which needs all jobs and runs if
none failed that may not (workflow/controller/dag.go of argo-workflows 4.0.5: executeDAG, assessDAGPhase).
"""

from __future__ import annotations

import dataclasses
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
# A template that succeeds at once and starts no pod.
VERDICT_TEMPLATE: Object = {"name": VERDICT, "suspend": {"duration": "0s"}}
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


def run_dag(jobs: Sequence[PlannedJob], tasks: Mapping[str, str], given: Mapping[str, list[Object]]) -> Object:
    """The DAG of the jobs that run, whose templates are named as their tasks.

    Each job stands there once; of a matrix, any of its combinations. `given` are the arguments of jobs, by their names.
    """
    may_fail = {job.job: True for job in jobs} | {job.job: False for job in jobs if not job.allow_failure}
    by_name = {name: _alone(job, may_fail[name]) for name, job in {job.job: job for job in jobs}.items()}
    made = [_task(job, by_name, tasks) | _arguments(given.get(job.job)) for job in by_name.values()]
    return dag(ENTRYPOINT, made, {tasks[job.job]: job.allow_failure for job in by_name.values()})


def dag(name: str, made: list[Object], may_fail: Mapping[str, bool]) -> Object:
    """A DAG of these tasks, with a verdict where one of them may fail; `may_fail` has each task by its name.

    A verdict calls VERDICT_TEMPLATE, which one Workflow has once.
    """
    if not any(may_fail.values()):
        return _dag(name, " ".join(may_fail), made)
    verdict = {"name": VERDICT, "template": VERDICT, "depends": _verdict(may_fail)}
    return _dag(name, VERDICT, [*made, verdict])


def _arguments(parameters: list[Object] | None) -> Object:
    return {"arguments": {"parameters": parameters}} if parameters else {}


def _alone(job: PlannedJob, may_fail: bool) -> PlannedJob:
    """A job as the run's DAG sees it: that combinations of a matrix may fail is their own DAG's business.

    Unless it is an approval that it lacks; that may be so if all of them may fail.
    """
    return dataclasses.replace(job, allow_failure=may_fail and job.approval is not None) if job.matrix else job


def _dag(name: str, target: str, tasks: list[Object]) -> Object:
    return {"name": name, "dag": {"failFast": False, "target": target, "tasks": tasks}}


def _task(job: PlannedJob, jobs: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> Object:
    task = {"name": tasks[job.job], "template": tasks[job.job]}
    return {**task, "depends": _CONDITIONS[job.when](job, jobs, tasks)} if job.needs else task


def _after_success(job: PlannedJob, jobs: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    return " && ".join(passed(tasks[need], allowed=jobs[need].allow_failure) for need in job.needs)


def _after_failure(job: PlannedJob, _: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    """One of the causes has failed, and every need has ended: those that may fail too, which are no causes."""
    failed = f"({' || '.join(_failed(tasks[cause]) for cause in job.causes)})"
    return " && ".join([failed, *(_ended(tasks[need]) for need in job.needs if need not in job.causes)])


def _after_end(job: PlannedJob, _: Mapping[str, PlannedJob], tasks: Mapping[str, str]) -> str:
    return " && ".join(_ended(tasks[need]) for need in job.needs)


def _verdict(may_fail: Mapping[str, bool]) -> str:
    return " && ".join(_ended(task) if allowed else f"!({_failed(task)})" for task, allowed in may_fail.items())


def passed(task: str, *, allowed: bool) -> str:
    """The condition that a task has not failed, or may have."""
    return f"({task}.Succeeded || {_failed(task)})" if allowed else f"{task}.Succeeded"


def _failed(task: str) -> str:
    return f"{task}.Failed || {task}.Errored"


def _ended(task: str) -> str:
    """True of every task: Argo looks at a condition only when all tasks in it have ended."""
    return f"({task}.Succeeded || !{task}.Succeeded)"


_CONDITIONS = {When.SUCCESS: _after_success, When.FAILURE: _after_failure, When.ALWAYS: _after_end}
