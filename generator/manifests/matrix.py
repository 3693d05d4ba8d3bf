"""A job's combinations as Argo's DAG: a task for each, in one DAG or, where these are too many for it, in several.

What a task gives its pod are two texts of our own making: the number of its combination, whose texts are all in the
job's payload, and an image, which its grammar keeps free of anything that Argo would read.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.manifests.artifact_names import artifact_arguments
from generator.manifests.caches import cache_arguments
from generator.manifests.dag import VERDICT, dag, passed
from generator.manifests.given import passed_on
from generator.planning.pods import MOST_DAG_COMBINATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob

COMBINATION = "combination"
IMAGE = "image"
# People read the names of tasks; where these are many, bytes count.
_MOST_NAMED = 100
_NAME_CHARACTERS = 50
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")


def combination_names(group: Sequence[PlannedJob]) -> dict[str, str]:
    """A task's name for each combination's id, as it stands in the combination's own DAG: `go-1-25-db-none`."""
    if len(group) > _MOST_NAMED:
        return {job.id: f"c{job.index}" for job in group}
    names: dict[str, str] = {}
    taken = {VERDICT}
    for job in group:
        words = _NOT_IN_NAMES.sub("-", job.id.removeprefix(job.job)).strip("-")
        name = (words if words[:1].isalpha() else f"c-{words}")[:_NAME_CHARACTERS].strip("-")
        while name in taken:
            name = f"{name}-{job.index}"
        taken.add(name)
        names[job.id] = name
    return names


def parts(group: Sequence[PlannedJob]) -> list[Sequence[PlannedJob]]:
    """The combinations in as many parts as it takes DAGs."""
    return [group[start : start + MOST_DAG_COMBINATIONS] for start in range(0, len(group), MOST_DAG_COMBINATIONS)]


def task_paths(task: str, group: Sequence[PlannedJob]) -> dict[str, str]:
    """For each combination's id its task as Argo's nodes are named: `job-test.go-1-25`, `job-test.part-1.c7`."""
    names, several = combination_names(group), len(group) > MOST_DAG_COMBINATIONS
    return {
        job.id: f"{task}.{_part(number)}.{names[job.id]}" if several else f"{task}.{names[job.id]}"
        for number, part in enumerate(parts(group), 1)
        for job in part
    }


@dataclasses.dataclass(frozen=True, slots=True)
class Pods:
    """The pods of a job's combinations.

    `kinds` has the template of each by the combination's id; with `own_image` each task says its image. `given` are the
    parameters by which the job is given texts of others.
    """

    kinds: Mapping[str, str]
    own_image: bool
    given: tuple[str, ...]


def matrix_templates(task: str, group: Sequence[PlannedJob], pods: Pods) -> list[Object]:
    """The DAG templates of a job's combinations, the job's own first."""
    names, first = combination_names(group), group[0]
    found = parts(group)
    if len(found) == 1:
        return [_of_part(task, group, names, pods)]
    inner = [_of_part(_part_template(number, task), part, names, pods) for number, part in enumerate(found, 1)]
    # A limit of one DAG is none of several, so they take turns.
    turns = bool(first.max_parallel or first.fail_fast)
    outer = [
        {
            "name": _part(number),
            "template": _part_template(number, task),
            **({"arguments": {"parameters": passed_on(pods.given)}} if pods.given else {}),
            **_turn(number, turns, first),
        }
        for number in range(1, len(found) + 1)
    ]
    own = dag(task, outer, {_part(number): False for number in range(1, len(found) + 1)})
    return [{**own, **_inputs(pods)}, *inner]


def _of_part(name: str, group: Sequence[PlannedJob], names: Mapping[str, str], pods: Pods) -> Object:
    most, in_line = group[0].max_parallel, bool(group[0].max_parallel and group[0].fail_fast)
    tasks = [
        {
            "name": names[job.id],
            "template": pods.kinds[job.id],
            "arguments": {"parameters": list(_arguments(job, pods))},
            **(_after_earlier(group, index, names) if in_line else {}),
        }
        for index, job in enumerate(group)
    ]
    own = dag(name, tasks, {names[job.id]: job.allow_failure for job in group})
    return {**own, **_inputs(pods), **({"parallelism": most} if most and not in_line else {})}


def _inputs(pods: Pods) -> Object:
    return {"inputs": {"parameters": [{"name": name} for name in pods.given]}} if pods.given else {}


def _after_earlier(group: Sequence[PlannedJob], index: int, names: Mapping[str, str]) -> Object:
    """The condition of one whose place is so many behind another that no more than may run at once do.

    Each waits for as many as may run at once, those that end where its own row begins; what these waited for is good
    already. Argo's `failFast` would do for a DAG without a limit of its own only: with one, it leaves a task that it
    never starts among the DAG's children, and the run waits for that for ever (argo-workflows 4.0.5,
    workflow/controller/operator.go, checkParallelism, and dag.go, assessDAGPhase).
    """
    most = group[0].max_parallel
    earlier = group[max(0, index - 2 * most + 1) : max(0, index - most + 1)]
    if not earlier:
        return {}
    return {"depends": " && ".join(passed(names[job.id], allowed=job.allow_failure) for job in earlier)}


def _arguments(job: PlannedJob, pods: Pods) -> Iterator[Object]:
    yield {"name": COMBINATION, "value": str(job.index)}
    if pods.own_image:
        yield {"name": IMAGE, "value": job.image}
    yield from artifact_arguments(job)
    yield from cache_arguments(job)
    yield from passed_on(pods.given)


def _turn(number: int, turns: bool, first: PlannedJob) -> Object:
    if number == 1 or not turns:
        return {}
    before = _part(number - 1)
    return {"depends": f"{before}.Succeeded" if first.fail_fast else f"({before}.Succeeded || !{before}.Succeeded)"}


def _part(number: int) -> str:
    return f"part-{number}"


def _part_template(number: int, task: str) -> str:
    """No job's template is called so, since theirs start with what a task's name does; nor is another job's part."""
    return f"{_part(number)}-{task}"
