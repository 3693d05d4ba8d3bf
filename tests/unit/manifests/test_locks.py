"""Groups and locks as mutexes: names that nobody can choose, and that two of them share only if they are meant to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from generator.manifests.run import run_workflow
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, push

if TYPE_CHECKING:
    from generator.events.event import Event

Object = dict[str, Any]
GROUPED = "on: {push: {branches: '**'}}\nconcurrency: {group: deploy}\njobs: {it: {run: make}}"
BY_BRANCH = GROUPED.replace("deploy", '"${{ branch }}"')
LOCKED = """\
on: {push: {branches: '**'}}
jobs: {one: {run: make, lock: deploy}, other: {run: make, lock: deploy}, free: {run: x}}
"""


def workflow(text: str, event: Event) -> Object:
    made, found = plan(ci_file(text), event, PLATFORM, TREE)
    assert made is not None, found
    return run_workflow(made, PLATFORM)


def mutexes(where: Object) -> list[str]:
    """The names, of mutexes that have nothing but a name."""
    items = where.get("synchronization", {"mutexes": []})
    assert list(items) == ["mutexes"]
    assert all(list(item) == ["name"] for item in items["mutexes"])
    return [item["name"] for item in items["mutexes"]]


def of_jobs(run: Object) -> list[str]:
    return [name for template in run["spec"]["templates"] for name in mutexes(template)]


def test_a_run_holds_its_group_as_a_whole() -> None:
    run = workflow(GROUPED, push())
    assert len(mutexes(run["spec"])) == 1
    assert of_jobs(run) == []


def test_a_job_holds_its_lock_alone() -> None:
    run = workflow(LOCKED, push())
    assert mutexes(run["spec"]) == []
    one, other = of_jobs(run)
    assert one == other


def test_a_group_and_a_lock_of_one_name_are_not_the_same() -> None:
    (group,), (lock, _) = mutexes(workflow(GROUPED, push())["spec"]), of_jobs(workflow(LOCKED, push()))
    assert group != lock


def test_another_repository_has_other_groups_and_locks() -> None:
    here, there = push(), push(repository_id="43")
    assert mutexes(workflow(GROUPED, here)["spec"]) != mutexes(workflow(GROUPED, there)["spec"])
    assert of_jobs(workflow(LOCKED, here)) != of_jobs(workflow(LOCKED, there))


def test_another_name_of_the_repository_changes_nothing() -> None:
    renamed = push(repository="acme/other")
    assert mutexes(workflow(GROUPED, push())["spec"]) == mutexes(workflow(GROUPED, renamed)["spec"])


def test_runs_are_found_by_their_group() -> None:
    def label(event: Event) -> str:
        name: str = workflow(GROUPED, event)["metadata"]["labels"]["argosy.dev/group"]
        return name

    assert label(push()) == label(push(branch="topic"))
    assert mutexes(workflow(GROUPED, push())["spec"]) == [f"group-{label(push())}"]


@given(branch=st.text(min_size=1, max_size=100))
def test_whatever_a_group_is_called_a_mutex_is_called_harmlessly(branch: str) -> None:
    (name,) = mutexes(workflow(BY_BRANCH, push(branch=branch))["spec"])
    assert re.fullmatch("group-[0-9a-v]{26}", name)
