"""Every expression of a file, with the names that its place has; the codes are those of the problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import check_condition, check_template
from generator.language.matrix import MATRIX, matrix_of
from generator.language.scopes import file_scope, matrix_scope
from generator.language.sources import conditions, env_templates, other_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.expressions import Scope
    from generator.fields import Reading
    from generator.language.draft import (
        ConcurrencyDraft,
        DefaultsDraft,
        FileDraft,
        JobDraft,
        TemplateDraft,
    )


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each problem on its words."""
    scope = file_scope(file.set_names if file.whole else None, file.manual)
    # A template's own expressions are those of the jobs that it is for, whose matrices may be their own.
    of_any = matrix_scope(_all_keys(file))
    for template in (*(entry.value for entry in file.env), *_defaults(file.defaults)):
        _check_template(template, scope, reading)
    _check_concurrency(file.concurrency, scope, reading)
    for job in file.jobs:
        _check_job(job, scope + matrix_scope(_keys(job)), reading)
    for common in file.templates:
        _check_job(common, scope + of_any, reading)


def _check_concurrency(draft: ConcurrencyDraft | None, scope: Scope, reading: Reading) -> None:
    if draft is None:
        return
    if draft.group is not None:
        _check_template(draft.group, scope, reading)
    if not isinstance(draft.cancel, bool):
        reading.add(*check_condition(draft.cancel.scalar, scope, "cancel-in-progress"))


def _check_job(job: JobDraft, scope: Scope, reading: Reading) -> None:
    for condition in conditions(job):
        reading.add(*check_condition(condition.scalar, scope, "if"))
    if job.allow_failure is not None:
        reading.add(*check_condition(job.allow_failure.scalar, scope, "allow-failure"))
    for template in (*env_templates(job), *other_templates(job)):
        _check_template(template, scope, reading)


def _check_template(template: TemplateDraft, scope: Scope, reading: Reading) -> None:
    if not template.value.is_literal:
        reading.add(*check_template(template.scalar, scope))


def _all_keys(file: FileDraft) -> tuple[str, ...] | None:
    """The keys that some job or template has; None where there may be further ones."""
    found = [_keys(job) for job in (*file.jobs, *file.templates)]
    if not file.jobs or len(file.jobs) != len(file.names) or None in found:
        return None
    return tuple(dict.fromkeys(key for keys in found if keys is not None for key in keys))


def _keys(job: JobDraft) -> tuple[str, ...] | None:
    if not job.knows(MATRIX.name):
        return None
    return matrix_of(job.matrix).keys if job.matrix is not None else ()


def _defaults(draft: DefaultsDraft) -> Iterator[TemplateDraft]:
    yield from filter(None, (draft.image, draft.runner))
