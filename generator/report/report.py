"""What the commits are to show of a Workflow: one report per slot.

Pure; what is told already, and who wins a slot, is the board's.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator import result
from generator.forges.api import is_sha
from generator.forges.forge import ERROR, FAILURE, PENDING, SUCCESS, CommitStatus
from generator.platform.grants import granted
from generator.platform.run_link import run_link
from generator.report.comment import comment
from generator.report.failure import failure
from generator.report.pod_trouble import UNPLACED, UNSTARTED
from generator.report.questions import UNAPPROVED, Answer, answered
from generator.report.slots import DESCRIPTION, Report, Slot, When, status
from generator.report.view import FINAL_PHASES, EventView, RunView, TaskView, is_final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.platform.model import Platform

_ALL, _FAILED, _NONE = "all", "failed-and-required", "none"
_RUN_APPEARS_WITHIN = 60.0  # seconds in which a run that an event has started must have been seen
_SHOWN_JOBS = 3
_FAILED_PHASES = frozenset({"Failed", "Error"})
_LEFT_OUT_PHASES = frozenset({"Skipped", "Omitted"})
_STARTED_PHASES = frozenset({"Running", "Succeeded", "Failed", "Error"})
_SHUTDOWN_MESSAGE = "workflow shutdown"  # what Argo writes on a node that it stopped
_FOR_GROUP = re.compile(r"Waiting for [^/ ]+/Mutex/group-")  # what it writes on a run that waits for its mutex
_FOR_LOCK = re.compile(r"Waiting for [^/ ]+/Mutex/lock-")  # and on a job that waits for one
_SUPERSEDED = "cancelled: a newer run of its group"


def report(view: RunView | EventView, platform: Platform) -> tuple[Report, ...]:
    """Everything that a Workflow has to say, the run's own status first, and its comment last."""
    if isinstance(view, RunView):
        return tuple(_run_reports(view, platform))
    return tuple(_event_reports(view, platform))


def statuses(view: RunView, platform: Platform) -> tuple[CommitStatus, ...]:
    """What a run wants its commit to show, the run's own status first."""
    return tuple(one.status for one in report(view, platform) if isinstance(one.status, CommitStatus))


def run_slot(slot: Slot) -> Slot:
    """The slot of the run that a job's slot belongs to; a run's slot is its own."""
    event = slot.context.split("/")[1]
    return dataclasses.replace(slot, context=f"argosy/{event}")


def _run_reports(view: RunView, platform: Platform) -> Iterator[Report]:
    url = run_link(platform, view.origin.namespace, view.origin.name)
    slot = Slot(view.forge, view.repository, view.sha, f"argosy/{view.kind}")
    yield Report(slot, status(slot.context, *_run_state(view), url))
    for job, tasks in _by_job(view.tasks).items():
        told = _approved(_job_state(view, tasks), tasks[0])
        if told is None or not _is_wanted(told[0], platform, view.forge):
            continue
        state, description, when = told
        context = f"argosy/{view.kind}/{job}"
        slot = Slot(view.forge, view.repository, view.sha, context)
        after = next((task.trouble_from for task in tasks if task.trouble == description), 0.0)
        yield Report(slot, status(context, state, description, url), when, after)
    # What is left out is told as well, so that a check that somebody requires does not wait for ever.
    if _is_wanted(SUCCESS, platform, view.forge):
        for note in view.skipped:
            context = f"argosy/{view.kind}/{note.job}"
            said = status(context, SUCCESS, f"skipped: {note.why}" if note.why else "skipped", url)
            yield Report(Slot(view.forge, view.repository, view.sha, context), said)
    if view.pull_request and view.phase in FINAL_PHASES and view.nodes and not view.superseded and is_sha(view.sha):
        yield _comment_report(view, url)


def _comment_report(view: RunView, url: str) -> Report:
    """What its jobs wrote, once it has ended; a run whose jobs write nothing only takes the place of an older one."""
    slot = Slot(view.forge, view.repository, "", f"argosy/{view.kind}", view.pull_request)
    summaries = [(task.note.id, task.summary) for task in view.tasks if task.summary is not None]
    said = comment(view.origin.name, view.origin.created, view.sha, url, summaries)
    return Report(slot, said, When.ALWAYS if summaries else When.IF_THERE)


def _run_state(view: RunView) -> tuple[str, str]:
    jobs = _by_job(view.tasks)
    if view.phase not in FINAL_PHASES:
        return _unfinished(view, jobs)
    # Argo 4.0.2 to 4.0.9 let a run that is stopped while it waits for a lock end as Succeeded.
    if view.shutdown:
        return ERROR, _SUPERSEDED if view.superseded else "cancelled"
    if view.phase == "Succeeded":
        return _success(view, jobs)
    return _run_failure(view, jobs)


def _unfinished(view: RunView, jobs: dict[str, list[TaskView]]) -> tuple[str, str]:
    if view.shutdown:
        return PENDING, "being cancelled"
    if view.superseded:
        # It has not begun, and is about to be deleted.
        return ERROR, _SUPERSEDED
    if view.phase == "Running":
        waiting = [job for job, tasks in jobs.items() if any(map(_waits, tasks))]
        if waiting:
            more = f" (and {len(waiting) - 1} more)" if waiting[1:] else ""
            return PENDING, f"{waiting[0]}{more} {_asking(view, jobs[waiting[0]][0])}"
        return PENDING, _running(jobs)
    if _FOR_GROUP.match(view.message):
        return PENDING, "waiting for another run of its group"
    return PENDING, f"waiting: {view.message}" if view.message else "waiting to start"


def _running(jobs: dict[str, list[TaskView]]) -> str:
    """How many jobs, and the first that does not start: forges may show no status of it before it fails."""
    if not jobs:
        return "running"
    stuck = ((job, task.trouble) for job, tasks in jobs.items() for task in tasks if UNSTARTED in task.trouble)
    besides = next((f"; {job}: {trouble}" for job, trouble in stuck), "")
    return f"running: {_count(len(jobs), 'job')}{besides}"


def _success(view: RunView, jobs: dict[str, list[TaskView]]) -> tuple[str, str]:
    if view.nodes and jobs and not any(task.phase for task in view.tasks):
        return ERROR, "ended without having run a job"
    duration = "" if view.seconds is None else f" in {_duration(view.seconds)}"
    if not jobs:
        return SUCCESS, f"succeeded{duration}"
    allowed = [job for job, tasks in jobs.items() if any(map(_has_failed, tasks))]
    others = [job for job in jobs if job not in allowed and not all(map(_was_left_out, jobs[job]))]
    skipped = f", {len(view.skipped)} skipped" if view.skipped else ""
    failed = f"; failure (allowed): {_named(allowed)}" if allowed else ""
    return SUCCESS, f"{_count(len(others), 'job')} succeeded{skipped}{duration}{failed}"


def _run_failure(view: RunView, jobs: dict[str, list[TaskView]]) -> tuple[str, str]:
    guilty = [job for job, tasks in jobs.items() if any(map(_is_guilty, tasks))]
    if not guilty:
        return ERROR, view.message or "the run failed before any job did"
    told = [_job_failure(jobs[job]) for job in guilty]
    state = FAILURE if any(one == FAILURE for one, _ in told) else ERROR
    if len(guilty) == 1:
        return state, f"{guilty[0]}: {told[0][1]}"
    return state, f"{len(guilty)} of {_count(len(jobs), 'job')} failed: {_named(guilty)}"


def _job_state(view: RunView, tasks: list[TaskView]) -> tuple[str, str, When] | None:
    """State, description and condition of a job's status; None while there is nothing to say.

    A job is told twice at most, and once more where it waits for an approval, for its lock or for what does not start.
    """
    phases = {task.phase for task in tasks}
    failed = [task for task in tasks if _has_failed(task)]
    unfinished = not all(map(is_final, tasks))
    if unfinished and view.phase not in FINAL_PHASES:
        return _unfinished_job(view, tasks)
    if any(_SHUTDOWN_MESSAGE in task.message for task in tasks) or (view.shutdown and failed):
        return ERROR, "cancelled", When.ALWAYS
    if failed:
        return (*_job_failure(tasks), When.ALWAYS)
    if unfinished:
        return ERROR, "cancelled" if view.shutdown else "did not finish", When.IF_OPEN
    if "Omitted" in phases:
        return (*_omitted(view, tasks), When.ALWAYS)
    return SUCCESS, "skipped" if phases == {"Skipped"} else "succeeded", When.ALWAYS


def _omitted(view: RunView, tasks: list[TaskView]) -> tuple[str, str]:
    """State and description of a job that its run came to and did not start, because of how its needs had ended."""
    if tasks[0].note.after_failure:
        return SUCCESS, "not run: nothing that it waits for has failed"
    guilty = list(filter(_is_guilty, view.tasks))
    if view.shutdown and all(_SHUTDOWN_MESSAGE in task.message for task in guilty):
        return ERROR, "cancelled"
    # What it needs may itself have had nothing to do: then nothing has failed.
    if guilty:
        return ERROR, "not run: a job that it needs did not succeed"
    return SUCCESS, "not run: a job that it needs was not run"


def _unfinished_job(view: RunView, tasks: list[TaskView]) -> tuple[str, str, When] | None:
    """State, description and condition; one that waits for its lock or for what does not start has to say so, too."""
    if any(map(_waits, tasks)):
        return PENDING, _asking(view, tasks[0]), When.ALWAYS
    # One with `retry` runs for Argo from its first attempt on, whether or not that has started.
    started = [task.phase for task in tasks if task.phase in _STARTED_PHASES and not _is_stuck(task)]
    # While one combination runs the job does; once those that could have ended, what keeps the others is what counts.
    if "Running" in started or (started and not any(map(_is_stuck, tasks))):
        return PENDING, "running", When.ALWAYS
    trouble = next((task.trouble for task in tasks if task.trouble), "")
    if trouble:
        return PENDING, trouble, When.ALWAYS
    return (PENDING, "waiting for its lock", When.ALWAYS) if any(map(_waits_for_lock, tasks)) else None


def _job_failure(tasks: list[TaskView]) -> tuple[str, str]:
    """State and description of a job that failed; with several combinations, which of them did.

    Those that may not fail come first. As many are named as leave room for why the first one did.
    """
    failed = sorted(filter(_has_failed, tasks), key=lambda task: task.note.allowed)
    guilty = [failure(task) for task in failed if _is_guilty(task)]
    state = SUCCESS if not guilty else FAILURE if any(one.own for one in guilty) else ERROR
    prefix = "" if guilty else "failure (allowed): "
    why = failure(failed[0]).text
    if len(tasks) == 1 or _was_not_approved(failed[0]):
        return state, f"{prefix}{why}"
    ids = [task.note.id for task in failed]
    count = f"{prefix}{len(failed)} of {len(tasks)} failed"
    lines = [f"{count}: {_named(ids, shown)}: {why}" for shown in range(_SHOWN_JOBS, 0, -1)]
    return state, next((line for line in lines if len(line) <= DESCRIPTION), lines[-1])


def _waits(task: TaskView) -> bool:
    """Whether it waits for a person's approval."""
    return task.question is not None and task.question.answer is Answer.WAITING and not task.phase


def _is_stuck(task: TaskView) -> bool:
    """Whether its pod has no node, or a container of it does not start."""
    return UNSTARTED in task.trouble or task.trouble.startswith(UNPLACED)


def _waits_for_lock(task: TaskView) -> bool:
    return task.phase == "Pending" and _FOR_LOCK.match(task.message) is not None


def _was_not_approved(task: TaskView) -> bool:
    """Whether it lacks an approval, and with it every combination of its job."""
    return task.question is not None and task.question.answer in UNAPPROVED


def _asking(view: RunView, task: TaskView) -> str:
    """How it is answered, and then what is asked: a status may cut the message off."""
    environment = f" for {task.note.environment}" if task.note.environment else ""
    command = f"argosy approve {view.origin.name} {task.note.job}"
    return f"waits for approval ({command}){environment}: {task.note.asks}"


def _approved(told: tuple[str, str, When] | None, task: TaskView) -> tuple[str, str, When] | None:
    """With who has approved the job, where somebody has: statuses stay when the run is gone."""
    if told is None or task.question is None or task.question.answer is not Answer.APPROVED:
        return told
    state, description, when = told
    return state, f"{description}; {answered(task.question)}", when


def _has_failed(task: TaskView) -> bool:
    return task.phase in _FAILED_PHASES


def _is_guilty(task: TaskView) -> bool:
    """Whether the run fails because of this task."""
    return _has_failed(task) and not task.note.allowed


def _was_left_out(task: TaskView) -> bool:
    return task.phase in _LEFT_OUT_PHASES


def _named(names: list[str], shown: int = _SHOWN_JOBS) -> str:
    """The first of the names."""
    return ", ".join(names[:shown]) + (", ..." if len(names) > shown else "")


def _by_job(tasks: tuple[TaskView, ...]) -> dict[str, list[TaskView]]:
    jobs: dict[str, list[TaskView]] = {}
    for task in tasks:
        jobs.setdefault(task.note.job, []).append(task)
    return jobs


def _is_wanted(state: str, platform: Platform, forge_id: str) -> bool:
    mode = platform.report.jobs or _default_mode(platform, forge_id)
    return mode == _ALL or (mode == _FAILED and state in (FAILURE, ERROR))


def _default_mode(platform: Platform, forge_id: str) -> str:
    """github.com allows about 80 calls a minute that make something, a forge of one's own as many as it can serve."""
    forge = platform.forge(forge_id)
    hosted = (
        forge is not None
        and forge.kind == "github"
        and urlsplit(forge.url).hostname in ("github.com", "www.github.com")
    )
    return _FAILED if hosted else _ALL


def _event_reports(view: EventView, platform: Platform) -> Iterator[Report]:
    claimed, confirmed = _claimed_slot(view, platform), _confirmed_slot(view)
    slot = confirmed or claimed
    if slot is None:
        return
    url = run_link(platform, view.origin.namespace, view.origin.name)
    state, description, when = _event_state(view)
    started = view.result is not None and view.result.outcome in (result.STARTED, result.FOUND)
    after = view.finished + _RUN_APPEARS_WITHIN if started else 0.0
    yield Report(slot, status(slot.context, state, description, url), when, after)
    if claimed is not None and claimed != slot:
        moved = f"not run: the event was about {slot.sha[:10]} by the time it was looked at"
        yield Report(claimed, status(claimed.context, ERROR, moved, url), When.IF_OPEN)


def _event_state(view: EventView) -> tuple[str, str, When]:
    came = view.result
    if came is None:
        return _without_result(view)
    if came.outcome == result.NOTHING:
        return SUCCESS, came.why, When.ALWAYS
    if came.outcome == result.INVALID:
        return ERROR, came.why, When.ALWAYS
    if came.outcome == result.REFUSED:
        return FAILURE, came.why, When.UNLESS_FINAL
    if came.outcome == result.IGNORED:
        return ERROR, f"not run: {came.why}", When.IF_OPEN
    return ERROR, f"the run {came.run} is gone", When.IF_OPEN


def _without_result(view: EventView) -> tuple[str, str, When]:
    if view.phase not in FINAL_PHASES and not view.shutdown:
        return PENDING, "planning", When.UNLESS_FINAL
    why = "it was cancelled" if view.shutdown else view.message or "the expander left no result"
    return ERROR, f"could not plan: {why}", When.UNLESS_FINAL


def _claimed_slot(view: EventView, platform: Platform) -> Slot | None:
    """Where the event says that something happened; only its word so far, so the platform must grant the repository.

    A tag's may be an object of its own, which Gitea takes for its commit and others for nothing at all. So it counts
    only where the expander has ended without a word.
    """
    said = view.claim
    if not said.kind or not is_sha(said.sha) or platform.paused or platform.forge(view.forge) is None:
        return None
    if said.kind == "tag" and (view.result is not None or view.phase not in FINAL_PHASES):
        return None
    if not granted(platform, view.forge, said.repository):
        return None
    return Slot(view.forge, said.repository, said.sha, f"argosy/{said.kind}")


def _confirmed_slot(view: EventView) -> Slot | None:
    """Where the forge said that it happened; None before the expander has asked."""
    event = view.result.event if view.result is not None else None
    if not event or not is_sha(event["sha"]):
        return None
    return Slot(event["forge"], event["repository"], event["sha"], f"argosy/{event['kind']}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
