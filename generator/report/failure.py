"""Why a job failed, in its author's words: the step and its exit code where the step runner told them, else Argo's.

Argo's message of a node is unreliable (a sidecar that ended badly hides the main container's), so it comes second. What
it looks like is in argo-workflows 4.0.5, workflow/controller/operator.go, inferFailedReason.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING

from generator.manifests.run import CHECKOUT_CONTAINER, MAIN_CONTAINER
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.manifests.metadata import JobNote
    from generator.report.view import TaskView

# What the step runner calls a failure that is no script's.
_REASONS = {"secret-missing": "not started: a secret that it needs is not in the run namespace"}
_UNNAMED = re.compile(r"step \d+")
_CONTAINER = re.compile(
    r"(?:(?P<name>[\w-]+): )?(?P<reason>\w+) \(exit code (?P<code>\d+)\)(?:: (?P<rest>.*))?", re.DOTALL
)
_DEADLINES = ("active on the node longer than", "exceeded its deadline", "deadline exceeded", "DeadlineExceeded")
_NOT_OWN = (CHECKOUT_CONTAINER, "init", "wait")  # Argo's containers and ours


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """What to say, and whether it is the job's own (a script, its memory, its time) or the platform's."""

    text: str
    own: bool


def failure(task: TaskView) -> Failure:
    """`step 2 'unit tests' failed with exit code 3 (ci.yaml:12)`."""
    found = _found(task)
    line = f" (ci.yaml:{task.note.line})" if task.note.line and found.own else ""
    return Failure(found.text + line, found.own)


def _found(task: TaskView) -> Failure:
    if task.note.denied:
        return Failure(task.note.denied, own=True)
    return _from_result(task.note, task.result) or _from_message(task.message)


def _from_result(note: JobNote, text: str) -> Failure | None:
    """What the step runner left; None where it left nothing that we know."""
    try:
        value = json.loads(text)
        number, code, reason = value["step"], value["code"], value.get("reason", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    # The job can write there too, so it may be anything.
    if type(number) is not int or type(code) is not int or not isinstance(reason, str):
        return None
    if reason:
        return Failure(_REASONS.get(reason, f"failed: {reason}"), own=False)
    if not number:
        return Failure(f"failed before its first step with exit code {code}", own=False)
    return Failure(f"{_step(note, number)} failed with exit code {code}", own=True)


def _step(note: JobNote, number: int) -> str:
    title = note.steps[number - 1] if 0 < number <= len(note.steps) else ""
    return f"step {number}" if not title or _UNNAMED.fullmatch(title) else f"step {number} {quoted(title)}"


def _from_message(message: str) -> Failure:
    if any(sign in message for sign in _DEADLINES):
        return Failure("timed out", own=True)
    matched = _CONTAINER.fullmatch(message)
    if matched is None:
        return Failure(message or "failed, and nobody said why", own=False)
    name = matched["name"] or MAIN_CONTAINER
    if name == CHECKOUT_CONTAINER and matched["rest"]:
        return Failure(matched["rest"], own=False)
    if name in _NOT_OWN:
        return Failure(message, own=False)
    if matched["reason"] == "OOMKilled":
        return Failure("out of memory", own=True)
    who = "" if name == MAIN_CONTAINER else f"{name} "
    return Failure(f"{who}failed with exit code {matched['code']}", own=True)
