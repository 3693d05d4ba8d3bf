"""Matrices that cannot be what they were meant to be, as far as that shows before anything is planned."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.language.combinations import agrees, combination_id, combinations, count
from generator.language.matrix import MOST_COMBINATIONS, matrix_of
from generator.wording import listed, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Span
    from generator.fields import Reading
    from generator.language.draft import FileDraft, JobDraft, MatrixDraft
    from generator.language.model import Matrix


def check(file: FileDraft, reading: Reading) -> None:
    """Reports what is wrong with each job's matrix, at the entry that it is in."""
    for job in file.jobs:
        if job.matrix is not None:
            _check(job, job.matrix, reading)


def _check(job: JobDraft, draft: MatrixDraft, reading: Reading) -> None:
    matrix = matrix_of(draft)
    # Of an axis without values all of them were wrong, which is told.
    if any(axis.values == () for axis in matrix.axes):
        return
    if not (_names_are_right(draft, matrix, reading) and _is_small(job, draft, matrix, reading)):
        return
    values = {axis.name: axis.values for axis in matrix.axes if axis.values is not None}
    if len(values) == len(matrix.axes):
        _check_entries(job, draft, matrix, combinations(matrix, values), reading)
    _warn_of_unused(job, draft, matrix, reading)


def _names_are_right(draft: MatrixDraft, matrix: Matrix, reading: Reading) -> bool:
    """Whether `exclude` names axes alone, and `include` every one of them."""
    right = True
    for entry in (entry for one in draft.exclude for entry in one.entries):
        if entry.name not in matrix.names:
            hint = suggestion(entry.name, matrix.names)
            reading.error(entry.key.span, "unknown-axis", f"the matrix has no axis {quoted(entry.name)}", hint)
            right = False
    for one in draft.include:
        missing = [quoted(name) for name in matrix.names if name not in one.values]
        if missing:
            hint = "an entry of include is one combination, and names every axis"
            reading.error(one.span, "incomplete-combination", f"this combination has no {listed(missing)}", hint)
            right = False
    return right


def _is_small(job: JobDraft, draft: MatrixDraft, matrix: Matrix, reading: Reading) -> bool:
    found = count((axis.values for axis in matrix.axes if axis.values is not None), len(matrix.include))
    if found <= MOST_COMBINATIONS:
        return True
    reading.error(draft.span, "too-many-combinations", *too_many(job.key.text, found))
    return False


def too_many(job: str, found: int) -> tuple[str, str]:
    """Message and hint for so many combinations of a job."""
    over = found - MOST_COMBINATIONS
    message = f"job {quoted(job)} has {found:,} combinations, {over:,} more than the {MOST_COMBINATIONS:,} it may have"
    return message, "split it into several jobs, or let one pod do several"


def _check_entries(
    job: JobDraft, draft: MatrixDraft, matrix: Matrix, made: list[dict[str, str]], reading: Reading
) -> None:
    """What needs the combinations themselves, which the tree gives none of."""
    axes = [axis.values or () for axis in matrix.axes]
    product = combinations(_bare(matrix), {axis.name: found for axis, found in zip(matrix.axes, axes, strict=True)})
    for one, entry in zip(draft.exclude, matrix.exclude, strict=True):
        if not any(agrees(combination, entry) for combination in product):
            message = "this excludes nothing: no combination agrees with it"
            reading.warning(one.span, "idle-exclude", message, "correct its values, or remove it")
    for one, entry in zip(draft.extend, matrix.extend, strict=True):
        wanted = tuple(pair for pair in entry if pair[0] in matrix.names)
        if not any(agrees(combination, wanted) for combination in made):
            message = "this extends nothing: no combination agrees with it"
            reading.error(one.span, "idle-extend", message, "correct its values, or remove it")
    if not made:
        reading.error(draft.span, "empty-matrix", "the matrix has no combination: all of them are excluded")
    names = [combination_id(job.key.text, matrix.names, one) for one in made]
    first = len(names) - len(draft.include)
    for number, one in enumerate(draft.include, first):
        if names[number] in names[:number]:
            hint = "give further keys to one that is there with extend"
            reading.error(one.span, "duplicate-combination", f"there is {quoted(names[number])} already", hint)


def _bare(matrix: Matrix) -> Matrix:
    """The matrix with nothing but its axes."""
    return dataclasses.replace(matrix, exclude=(), extend=(), include=())


def _warn_of_unused(job: JobDraft, draft: MatrixDraft, matrix: Matrix, reading: Reading) -> None:
    """A key that no expression and no script of the job mentions. A program may still read its variable."""
    scripts = "\n".join(step.run.value for step in job.steps)
    expressions = "\n".join(_sources(job))
    deciding = {key for entry in matrix.extend for key, _ in entry if key in matrix.names}
    for key in matrix.keys:
        # An axis that decides what `extend` gives is of use by that.
        if key in deciding or f"MATRIX_{key.upper()}" in scripts or re.search(rf"\bmatrix\s*\.\s*{key}\b", expressions):
            continue
        message = f"nothing in job {quoted(job.key.text)} mentions matrix.{key} or MATRIX_{key.upper()}"
        reading.warning(_place(draft, key), "unused-axis", message, "use it, or remove it")


def _place(draft: MatrixDraft, key: str) -> Span:
    """Where the key stands first."""
    named = [*draft.axes, *(entry for one in (*draft.include, *draft.extend) for entry in one.entries)]
    return next(entry.key.span for entry in named if entry.name == key)


def _sources(job: JobDraft) -> Iterator[str]:
    services = [service.value for service in job.services]
    conditions = [job.condition, job.allow_failure, *(step.condition for step in job.steps)]
    conditions += [service.condition for service in services]
    yield from (one.value.source for one in conditions if one is not None)
    templates = [job.own.image, job.own.runner, job.lock, *(entry.value for entry in job.env)]
    for service in services:
        templates += [service.image, *(entry.value for entry in service.env)]
    for step in job.steps:
        templates += [step.name, *(entry.value for entry in step.env)]
    yield from (one.value.source for one in templates if one is not None)
