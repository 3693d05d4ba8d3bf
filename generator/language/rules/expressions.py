"""Every expression of a file, with the names that its place has; the codes are those of the problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import check_condition, check_template
from generator.language.scopes import file_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.fields import Reading
    from generator.language.draft import DefaultsDraft, FileDraft, JobDraft, TemplateDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each problem on its words."""
    scope = file_scope(file.set_names, file.manual)
    for job in (*file.jobs, *file.templates):
        if job.condition is not None:
            reading.add(*check_condition(job.condition.scalar, scope))
        if job.allow_failure is not None:
            reading.add(*check_condition(job.allow_failure.scalar, scope, changes=False))
    if file.concurrency is not None and not isinstance(file.concurrency.cancel, bool):
        reading.add(*check_condition(file.concurrency.cancel.scalar, scope, changes=False))
    for template in _templates(file):
        if not template.value.is_literal:
            reading.add(*check_template(template.scalar, scope))


def _templates(file: FileDraft) -> Iterator[TemplateDraft]:
    yield from (entry.value for entry in file.env)
    yield from _defaults(file.defaults)
    if file.concurrency is not None and file.concurrency.group is not None:
        yield file.concurrency.group
    for job in (*file.jobs, *file.templates):
        yield from _of_job(job)


def _of_job(job: JobDraft) -> Iterator[TemplateDraft]:
    yield from _defaults(job.own)
    if job.lock is not None:
        yield job.lock
    yield from (entry.value for entry in job.env)
    for step in job.steps:
        if step.name is not None:
            yield step.name
        yield from (entry.value for entry in step.env)


def _defaults(draft: DefaultsDraft) -> Iterator[TemplateDraft]:
    yield from filter(None, (draft.image, draft.runner))
