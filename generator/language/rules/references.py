"""References to what other jobs gave: where they may stand, and whether there is what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.jobs import OUTPUTS
from generator.language.model import When
from generator.language.needs import NEEDS, needs_all
from generator.language.sources import env_templates, other_templates
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.diagnostics import Span
    from generator.expressions import Reference
    from generator.fields import Reading
    from generator.language.draft import FileDraft, JobDraft, TemplateDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each reference that is in the wrong place, or that no job which is surely there before gives."""
    for template in _elsewhere(file):
        for reference in template.value.references:
            message = "what other jobs gave is known only when they have ended"
            hint = "write it in a job's or a step's env, and use that variable in a script"
            reading.error(reference.span, "expression-place", message, hint)
    jobs = {job.key.text: job for job in file.jobs}
    for job in file.jobs:
        for template in env_templates(job):
            for reference in template.value.references:
                _check(reference, job, jobs, file, reading)
    for job in file.jobs:
        if job.outputs and job.matrix is not None:
            message = f"job {quoted(job.key.text)} has a matrix, and so no outputs: which combination's would they be?"
            reading.error(job.key.span, "matrix-outputs", message, "let a job without a matrix put them together")


def _check(
    reference: Reference, job: JobDraft, jobs: Mapping[str, JobDraft], file: FileDraft, reading: Reading
) -> None:
    if not is_reached(reference.job, reference.span, job, file, reading):
        return
    giver = jobs.get(reference.job)
    if giver is None or not reference.output or reference.output in giver.outputs or not giver.knows(OUTPUTS.name):
        return
    message = f"job {quoted(reference.job)} has no output {quoted(reference.output)}"
    hint = suggestion(reference.output, giver.outputs) or f"write outputs: [{reference.output}] there"
    reading.error(reference.span, "unknown-output", message, hint)


def is_reached(name: str, span: Span, job: JobDraft, file: FileDraft, reading: Reading) -> bool:
    """Whether the job of that name has ended for sure when `job` starts; reported at the place where it is not."""
    jobs = {one.key.text: one for one in file.jobs}
    reached = _reached(job, jobs)
    if name in reached:
        return True
    # What is wrong with needs is told there, and may be all that keeps it from being reached.
    on_the_way = [job, *(jobs[other] for other in reached if other in jobs)]
    if name in file.names and name not in jobs and any(map(needs_all, on_the_way)):
        return True
    if name in file.names and not (reached.issubset(file.names) and all(map(_has_right_needs, on_the_way))):
        return True
    if name in file.names:
        message = f"job {quoted(job.key.text)} does not need {quoted(name)}, which may not have ended then"
        reading.error(span, "unknown-need", message, _how_to_need(name, job, jobs))
    else:
        known = sorted(reached) or [other for other in file.names if other != job.key.text]
        reading.error(span, "unknown-need", f"no job {quoted(name)} in this file", suggestion(name, known))
    return False


def _has_right_needs(job: JobDraft) -> bool:
    return job.knows(NEEDS.name) and (job.has_needs or job.when is not When.FAILURE)


def _how_to_need(other: str, job: JobDraft, jobs: Mapping[str, JobDraft]) -> str:
    name = job.key.text
    if other == name:
        return "what a job gives is for others; variables for its own later steps are lines in $CI_ENV"
    if other in jobs and name in _reached(jobs[other], jobs):
        return f"{other} waits for {name}: one of them must start without the other"
    return f"add {other} to its needs"


def _reached(job: JobDraft, jobs: Mapping[str, JobDraft]) -> set[str]:
    """The names of the jobs that it needs, directly or through others."""
    found: set[str] = set()
    waiting = _needs(job, jobs)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _needs(jobs[name], jobs) if name in jobs else []
    return found


def _needs(job: JobDraft, jobs: Mapping[str, JobDraft]) -> list[str]:
    if needs_all(job):
        return [name for name, other in jobs.items() if not needs_all(other)]
    return [need.name.value for need in job.needs]


def _elsewhere(file: FileDraft) -> Iterator[TemplateDraft]:
    yield from (entry.value for entry in file.env)
    yield from filter(None, (file.defaults.image, file.defaults.runner))
    if file.concurrency is not None and file.concurrency.group is not None:
        yield file.concurrency.group
    for job in file.jobs:
        yield from other_templates(job)
