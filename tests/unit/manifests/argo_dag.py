"""What Argo makes of a DAG, given how each task would end: workflow/controller/dag.go of argo-workflows 4.0.5."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SUCCEEDED, FAILED, OMITTED = "Succeeded", "Failed", "Omitted"
_RESULTS = {"Succeeded": SUCCEEDED, "Failed": FAILED, "Errored": "Error", "Omitted": OMITTED}
_RESULT = re.compile(r"([a-zA-Z0-9][-a-zA-Z0-9]*)\.([A-Z][a-zA-Z]+)")


def played(dag: Mapping[str, Any], ends: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The phases of the tasks and of the DAG; a task that `ends` does not name succeeds.

    Tasks that no target is or needs have no phase: Argo never comes to them.
    """
    tasks = {task["name"]: task for task in dag["tasks"]}
    phases: dict[str, str] = {}
    targets = dag["target"].split(" ")
    for target in targets:
        _execute(target, tasks, ends, phases)
    return phases, _assess(targets, tasks, phases)


def needed(task: Mapping[str, Any]) -> list[str]:
    """The tasks in a task's condition."""
    return list(dict.fromkeys(name for name, _ in _RESULT.findall(task.get("depends", ""))))


def _execute(name: str, tasks: Mapping[str, Any], ends: Mapping[str, str], phases: dict[str, str]) -> None:
    if name in phases:
        return
    for need in needed(tasks[name]):
        _execute(need, tasks, ends, phases)
    condition = tasks[name].get("depends", "")
    runs = not condition or _is_true(condition, phases)
    phases[name] = ends.get(name, SUCCEEDED) if runs else OMITTED


def _is_true(condition: str, phases: Mapping[str, str]) -> bool:
    """Argo asks expr-lang, whose operators are Go's."""
    known = _RESULT.sub(lambda found: str(phases[found[1]] == _RESULTS[found[2]]), condition)
    words = known.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    assert re.fullmatch(r"(?:True|False|and|or|not|[() ])*", words), condition
    return bool(eval(words))  # noqa: S307  (the line above: nothing but operators and truth)


def _assess(targets: list[str], tasks: Mapping[str, Any], phases: Mapping[str, str]) -> str:
    """From the first tasks on, each branch has the phase of its last task that was not left out."""
    children: dict[str, list[str]] = {name: [] for name in ["", *tasks]}
    for name, task in tasks.items():
        for need in needed(task) or [""]:
            children[need].append(name)
    of_targets: dict[str, str] = dict.fromkeys(targets, "")
    waiting = deque((name, SUCCEEDED) for name in children[""] if name in phases)
    seen = set(waiting)
    while waiting:
        name, branch = waiting.popleft()
        branch = phases[name] if phases[name] != OMITTED else branch
        if name in of_targets and of_targets[name] not in (FAILED, "Error"):
            of_targets[name] = branch
        more = [(child, branch) for child in children[name] if child in phases and (child, branch) not in seen]
        seen.update(more)
        waiting.extend(more)
    assert all(of_targets.values())
    return next((phase for phase in of_targets.values() if phase != SUCCEEDED), SUCCEEDED)
