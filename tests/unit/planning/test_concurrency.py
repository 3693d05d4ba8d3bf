"""A run's group and its jobs' locks: what an event makes of them, and what cannot be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.planning.plan import PlannedConcurrency
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, pull_request, push, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan

ANYWHERE = "on: {push: {branches: '**', tags: '**'}, pull_request: {}}\n"
JOB = "jobs: {it: {run: make}}\n"


def planned(text: str, event: Event) -> Plan:
    made, found = plan(ci_file(ANYWHERE + text), event, PLATFORM, TREE)
    assert made is not None, found
    return made


def complaints(text: str, event: Event) -> list[str]:
    made, found = plan(ci_file(ANYWHERE + text), event, PLATFORM, TREE)
    assert made is None
    return [headline(finding) for finding in found]


def group(text: str, event: Event) -> PlannedConcurrency | None:
    return planned(f"concurrency: {text}\n{JOB}", event).concurrency


def lock(text: str, event: Event) -> str:
    return planned(f"jobs: {{it: {{run: make, lock: {text}}}}}", event).jobs[0].lock


def test_a_run_is_in_no_group_and_holds_no_lock_unless_the_file_says_so() -> None:
    made = planned(JOB, push())
    assert made.concurrency is None
    assert made.jobs[0].lock == ""


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (push(), "push-refs/heads/main"),
        (tag("v1"), "tag-refs/tags/v1"),
        (pull_request(), "pull_request-refs/pull/7"),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_the_group_is_what_its_expressions_give(event: Event, name: str) -> None:
    assert group('{group: "${{ event }}-${{ ref }}"}', event) == PlannedConcurrency(name, cancel=False)


@pytest.mark.parametrize(
    ("decided", "of_push", "of_request"),
    [("true", True, True), ("false", False, False), ("event == 'pull_request'", False, True)],
)
def test_whether_older_runs_are_cancelled_may_depend_on_the_event(
    decided: str, of_push: bool, of_request: bool
) -> None:
    text = f"{{group: deploy, cancel-in-progress: {decided}}}"
    assert group(text, push()) == PlannedConcurrency("deploy", cancel=of_push)
    assert group(text, pull_request()) == PlannedConcurrency("deploy", cancel=of_request)


def test_a_lock_is_what_its_expressions_give() -> None:
    assert lock("publish", push()) == "publish"
    assert lock('"deploy-${{ branch }}"', push()) == "deploy-main"


def test_what_does_not_run_asks_for_nothing() -> None:
    text = 'concurrency: {group: "${{ hash(\'*.none\') }}"}\njobs: {a: {if: false, run: x, lock: "${{ tag }}"}}'
    made = planned(text, push())
    assert made.concurrency is None
    assert made.jobs[0].lock == "${{ tag }}"


def test_a_group_or_a_lock_that_the_event_leaves_empty_is_an_error() -> None:
    text = 'concurrency: {group: "${{ tag }}"}\njobs: {a: {run: x, lock: "${{ tag }}"}}'
    assert complaints(text, push()) == [
        "ci.yaml:2:23: error: with this expression, '' is not a group [bad-value]",
        "ci.yaml:3:27: error: with this expression, '' is not a lock's name [bad-name]",
    ]


def test_a_lock_that_cannot_be_called_so_is_an_error_at_its_expression() -> None:
    text = 'jobs: {a: {run: x, lock: "deploy-${{ branch }}"}}'
    (complaint,) = complaints(text, push(branch="feature/x"))
    assert complaint == "ci.yaml:2:34: error: with this expression, 'deploy-feature/x' is not a lock's name [bad-name]"


def test_whether_to_cancel_that_cannot_be_told_is_an_error() -> None:
    text = f"concurrency:\n  group: a\n  cancel-in-progress: pull_request.labels[0] == 'x'\n{JOB}"
    (complaint,) = complaints(text, push())
    assert complaint.startswith("ci.yaml:4:23: error: the expression fails")
