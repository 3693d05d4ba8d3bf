"""Where the expressions of a job stand: every text with `${{ }}`, and every condition, for rules that look at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.artifacts import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.language.draft import ConditionDraft, JobDraft, TemplateDraft


def env_templates(job: JobDraft) -> Iterator[TemplateDraft]:
    """The values of the job's and its steps' variables."""
    yield from (entry.value for entry in job.env)
    yield from (entry.value for step in job.steps for entry in step.env)


def other_templates(job: JobDraft) -> Iterator[TemplateDraft]:
    """The texts that no script sees as a variable: images, names, keys of caches, what a service is given."""
    yield from (name_of(entry.key) for entry in job.artifacts)
    yield from filter(None, (job.own.image, job.own.runner, job.lock, *(step.name for step in job.steps)))
    yield from (entry.value.key for entry in job.caches if entry.value.key is not None)
    for service in job.services:
        yield from filter(None, (service.value.image,))
        yield from (entry.value for entry in service.value.env)


def conditions(job: JobDraft) -> Iterator[ConditionDraft]:
    """Each `if`, of the job, its steps and its services."""
    found = (job.condition, *(step.condition for step in job.steps), *(one.value.condition for one in job.services))
    yield from filter(None, found)


def sources(job: JobDraft) -> Iterator[str]:
    """All of a job's texts that are expressions or may hold some."""
    yield from (one.value.source for one in conditions(job))
    if job.allow_failure is not None:
        yield job.allow_failure.value.source
    yield from (one.value.source for one in (*env_templates(job), *other_templates(job)))
