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
from generator.report.questions import UNAPPROVED, Answer, answered
from generator.wording import harmless, quoted

if TYPE_CHECKING:
    from generator.manifests.metadata import JobNote
    from generator.report.questions import Question
    from generator.report.view import TaskView

# What the step runner calls a failure that is no script's end: what to say, with the step where there is one, and
# whether it is the job's own. checkout/run.sh and checkout/step.sh give these reasons.
_REASONS = {
    "secret-missing": ("not started: a secret that it needs is not in the run namespace", False),
    "timed-out": ("{step} timed out", True),
    "job-timed-out": ("timed out in {step}", True),
    "no-shell": ("{step} asks for a program that the image does not have", True),
    "no-folder": ("{step} has a working-directory that is not there", True),
    "bad-variables": ("{step} wrote to CI_ENV what is no variable", True),
    "bad-outputs": ("{step} wrote to CI_OUTPUT what is none of the job's outputs, or too long for one", True),
    "download-failed": ("not started: an artifact of another job could not be put into the workspace", True),
    "no-artifact": ("stored an artifact without a file: its paths match none", True),
    "not-stored": ("ran, and an artifact could not be packed", True),
    "stopped": ("stopped from outside in {step}", False),
}
_STOPPED = "stopped"
_NOT_READY = "service-not-ready"
_SERVICE = re.compile("[a-z0-9-]{1,55}")
_UNNAMED = re.compile(r"step \d+")
_CONTAINER = re.compile(
    r"(?:(?P<name>[\w-]+): )?(?P<reason>\w+) \(exit code (?P<code>\d+)\)(?:: (?P<rest>.*))?", re.DOTALL
)
_DEADLINES = ("active on the node longer than", "exceeded its deadline", "deadline exceeded", "DeadlineExceeded")
# Of Argo's containers before and after a job's (argo-workflows 4.0.5, workflow/executor/executor.go, LoadArtifacts, and
# workflow/artifacts/s3/s3.go, saveS3Artifact), with what the bucket's client has to say at the end.
_OF_THE_BUCKET = (
    (
        re.compile(r"artifact (?:download|cache)-[\d-]+ failed to load: (?P<why>.*)", re.DOTALL),
        "not started: the platform's bucket gave no files",
    ),
    (
        re.compile(r"failed to put (?:file|directory): (?P<why>.*)", re.DOTALL),
        "ran, and the platform's bucket took no files",
    ),
)
_NOT_OWN = (CHECKOUT_CONTAINER, "init", "wait")  # Argo's containers and ours


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """What to say, and whether it is the job's own (a script, its memory, its time) or the platform's.

    `step` is the number of the step that it happened in, 0 for none.
    """

    text: str
    own: bool
    step: int = 0


def failure(task: TaskView) -> Failure:
    """`step 2 'unit tests' failed with exit code 3 (ci.yaml:12)`; of a template's step that one's file and line."""
    if task.question is not None and task.question.answer in UNAPPROVED:
        return Failure(_without_approval(task.question), own=True)
    found = _found(task)
    place = harmless(task.note.place(found.step)) if found.own else ""
    besides = f"; {task.trouble}" if task.trouble and task.trouble != found.text else ""
    return Failure(found.text + (f" ({place})" if place else "") + besides, found.own, found.step)


def _without_approval(question: Question) -> str:
    if question.answer is Answer.EXPIRED:
        return "expired: nobody approved it in time"
    return answered(question)


def _found(task: TaskView) -> Failure:
    if task.note.denied:
        return Failure(task.note.denied, own=True)
    left = _result(task.result)
    # Why a service ended or was never there says more than that it is not ready.
    if task.trouble and (left is None or left.reason == _NOT_READY):
        return Failure(task.trouble, own=True)
    if left is None or (left.reason == _STOPPED and not _is_of_main(task.message)):
        return _from_message(task.message)
    return _from_result(task.note, left)


@dataclasses.dataclass(frozen=True, slots=True)
class _Result:
    """What the step runner left.

    `step` 0 is none of them. `service` is one that was not ready, with the `port` that nothing answers on or the
    `answer` that it gives, 0 for neither.
    """

    step: int
    code: int
    reason: str
    service: str = ""
    port: int = 0
    answer: int = 0


def _result(text: str) -> _Result | None:
    """None where it left nothing that we know."""
    try:
        value = json.loads(text)
        number, code, reason = value["step"], value["code"], value.get("reason", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    # The job can write there too, so it may be anything.
    if type(number) is not int or type(code) is not int or not isinstance(reason, str):
        return None
    service, port, answer = str(value.get("service", "")), value.get("port", 0), value.get("answer", 0)
    if not _SERVICE.fullmatch(service) or type(port) is not int or type(answer) is not int:
        return _Result(number, code, reason)
    return _Result(number, code, reason, service, port, answer)


def _from_result(note: JobNote, left: _Result) -> Failure:
    if left.reason == _NOT_READY and left.service:
        return Failure(_not_ready(left), own=True)
    step = _step(note, left.step)
    if left.reason in _REASONS:
        text, own = _REASONS[left.reason]
        return Failure(text.format(step=step), own, left.step)
    if left.reason:
        return Failure(f"failed: {left.reason}", own=False)
    if not left.step:
        return Failure(f"failed before its first step with exit code {left.code}", own=False)
    return Failure(f"{step} failed with exit code {left.code}", own=True, step=left.step)


def _not_ready(left: _Result) -> str:
    whose = f"service {quoted(left.service)} is not ready"
    if left.answer:
        return f"{whose}: it answers {left.answer}"
    return f"{whose}: nothing answers on port {left.port}" if left.port else f"{whose}: its command does not succeed"


def _is_of_main(message: str) -> bool:
    """Whether Argo says no more than how the job's container ended; why a pod was stopped, it often knows."""
    matched = _CONTAINER.fullmatch(message)
    return not message or (matched is not None and (matched["name"] or MAIN_CONTAINER) == MAIN_CONTAINER)


def _step(note: JobNote, number: int) -> str:
    title = note.steps[number - 1] if 0 < number <= len(note.steps) else ""
    if not title:
        return f"step {number}"
    # One without a name is called by its place in the file; an `if` may have left out steps before it.
    return title if _UNNAMED.fullmatch(title) else f"step {number} {quoted(title)}"


def _from_message(message: str) -> Failure:
    if any(sign in message for sign in _DEADLINES):
        return Failure("timed out", own=True)
    for sign, text in _OF_THE_BUCKET:
        if bucket := sign.search(message):
            return Failure(f"{text}: {bucket['why']}", own=False)
    matched = _CONTAINER.fullmatch(message)
    if matched is None:
        return Failure(message or "failed, and nobody said why", own=False)
    return _from_container(message, matched)


def _from_container(message: str, matched: re.Match[str]) -> Failure:
    name = matched["name"] or MAIN_CONTAINER
    if name == CHECKOUT_CONTAINER and matched["rest"]:
        return Failure(matched["rest"], own=False)
    if name in _NOT_OWN:
        return Failure(message, own=False)
    if matched["reason"] == "OOMKilled":
        return Failure("out of memory", own=True)
    who = "" if name == MAIN_CONTAINER else f"{name} "
    return Failure(f"{who}failed with exit code {matched['code']}", own=True)
