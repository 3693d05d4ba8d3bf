"""`hidden-variable`: a variable that reaches no step, since another of its name stands in front of it everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.fields import Named, Reading
    from generator.language.draft import FileDraft, JobDraft, StepDraft, TemplateDraft

_HINT = "remove it here, or where it is set again"


def check(file: FileDraft, reading: Reading) -> None:
    """Warns of a job's variable that every step sets anew, and of the file's that every job or its steps do."""
    for job in file.jobs:
        for entry in job.env if job.whole else ():
            if _hidden_in(job.steps, entry):
                message = f"{quoted(entry.name)} reaches no step: each has one of its own"
                reading.warning(entry.key.span, "hidden-variable", message, _HINT)
    # A job that could not be read may be the one that uses it.
    if len(file.jobs) != len(file.names) or not all(job.whole for job in file.jobs):
        return
    for entry in file.env:
        if file.jobs and all(_hidden_by(job, entry) for job in file.jobs):
            message = f"{quoted(entry.name)} reaches no job: each has one of its own"
            reading.warning(entry.key.span, "hidden-variable", message, _HINT)


def _hidden_by(job: JobDraft, entry: Named[TemplateDraft]) -> bool:
    return _sets(job.env, entry) or _hidden_in(job.steps, entry)


def _hidden_in(steps: Sequence[StepDraft], entry: Named[TemplateDraft]) -> bool:
    return bool(steps) and all(_sets(step.env, entry) for step in steps)


def _sets(env: Sequence[Named[TemplateDraft]], hidden: Named[TemplateDraft]) -> bool:
    """Whether another variable of the name is there; the same one may come twice by an alias."""
    return any(entry.name == hidden.name and entry.key.span != hidden.key.span for entry in env)
