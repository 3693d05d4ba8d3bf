"""Matrices that cannot be what they were meant to be, as far as that shows before anything is planned."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from generator.language.combinations import agrees, combination_id, combinations, count, doubled, place
from generator.language.matrix import MATRIX, MOST_COMBINATIONS, OPTIONS, matrix_of
from generator.language.sources import sources
from generator.wording import closest, listed, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Map

    from generator.diagnostics import Span
    from generator.fields import Reading
    from generator.language.combinations import Pairs
    from generator.language.draft import FileDraft, JobDraft, MatrixDraft
    from generator.language.model import Matrix

# Under whatever name: one that is misspelt is told, and mentions the key all the same.
_MENTIONED = re.compile(r"\b(\w+)\s*\.\s*([A-Za-z0-9_]+)")


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
    # With what could not be read, there may be other combinations.
    if not job.knows(MATRIX.name):
        return
    _check_excluded(draft, matrix, reading)
    _check_extended(draft, matrix, reading)
    _check_names(job, draft, matrix, reading)
    _warn_of_unused(job, draft, matrix, reading)


def _names_are_right(draft: MatrixDraft, matrix: Matrix, reading: Reading) -> bool:
    """Whether `exclude` names axes alone, and `include` every one of them."""
    right = True
    for entry in (entry for one in draft.exclude for entry in one.entries):
        if entry.name not in matrix.names and entry.name not in draft.written:
            hint = suggestion(entry.name, matrix.names)
            reading.error(entry.key.span, "unknown-axis", f"the matrix has no axis {quoted(entry.name)}", hint)
            right = False
    if draft.include and not matrix.names:
        _report_no_leading_key(draft, reading)
        return False
    for one in draft.include:
        missing = [quoted(name) for name in matrix.names if name not in one.written]
        if missing:
            hint = "an entry of include is one combination, and names every axis"
            reading.error(one.span, "incomplete-combination", f"this combination has no {listed(missing)}", hint)
            right = False
    return right


def _report_no_leading_key(draft: MatrixDraft, reading: Reading) -> None:
    """Nothing tells the combinations apart: the key that the first entry begins with is not in every other one."""
    first = next(iter(draft.include[0].written), None)
    one = next((one for one in draft.include if first not in one.written), None)
    if first is None or one is None:
        return
    message = f"this combination has no {quoted(first)}, which the first one begins with"
    hint = "without axes, the entries of include begin with the same keys, which tell them apart"
    reading.error(one.span, "incomplete-combination", message, hint)


def _is_small(job: JobDraft, draft: MatrixDraft, matrix: Matrix, reading: Reading) -> bool:
    found = count((axis.values for axis in matrix.axes if axis.values is not None), len(matrix.include))
    if found > MOST_COMBINATIONS:
        reading.error(draft.span, "too-many-combinations", *too_many(job.key.text, found))
    lengths = {"exclude": len(matrix.exclude), "extend": len(matrix.extend)}
    long = {key: length for key, length in lengths.items() if length > MOST_COMBINATIONS}
    for key, length in long.items():
        message = (
            f"{key} has {length:,} entries, {length - MOST_COMBINATIONS:,} more than a matrix may have combinations"
        )
        reading.error(draft.span, "too-many-combinations", message, "an entry that names fewer axes takes in more")
    return found <= MOST_COMBINATIONS and not long


def too_many(job: str, found: int) -> tuple[str, str]:
    """Message and hint for so many combinations of a job."""
    over = found - MOST_COMBINATIONS
    message = f"job {quoted(job)} has {found:,} combinations, {over:,} more than the {MOST_COMBINATIONS:,} it may have"
    return message, "split it into several jobs, or let one pod do several"


def _check_excluded(draft: MatrixDraft, matrix: Matrix, reading: Reading) -> None:
    values = _values(matrix)
    for one, entry in zip(draft.exclude, matrix.exclude, strict=True):
        if not matrix.axes:
            message = "this excludes nothing: it takes from what axes make, and there are only entries of include"
            reading.warning(one.span, "idle-exclude", message, "remove it, and that entry of include")
        elif not all(value in values.get(key, (value,)) for key, value in entry):
            message = "this excludes nothing: no combination agrees with it"
            hint = _strange_value(entry, values) or "correct its values, or remove it"
            reading.warning(one.span, "idle-exclude", message, hint)


def _check_extended(draft: MatrixDraft, matrix: Matrix, reading: Reading) -> None:
    values = _values(matrix)
    made = combinations(matrix, values) if len(values) == len(matrix.axes) else None
    for one, entry in zip(draft.extend, matrix.extend, strict=True):
        wanted = tuple(pair for pair in entry if pair[0] in matrix.names)
        # With an axis from the tree, each value by itself is all that is known.
        included = [dict(included) for included in matrix.include]
        known = {key: dict.fromkeys((*some, *(one[key] for one in included))) for key, some in values.items()}
        if made is None and all(value in known.get(key, (value,)) for key, value in wanted):
            continue
        if made is None or not any(agrees(combination, wanted) for combination in made):
            message = "this extends nothing: no combination agrees with it"
            hint = _strange_value(wanted, known) or "correct its values, or remove it"
            reading.error(one.span, "idle-extend", message, hint)


def _strange_value(entry: Pairs, known: Map[str, Iterable[str]]) -> str:
    """Which of the entry's values its axis does not have, with those that it has; empty where each is there."""
    for name, value in entry:
        values = list(known.get(name, (value,)))
        if value not in values:
            return f"{name} is never {quoted(value)}: {suggestion(value, values)}"
    return ""


def _check_names(job: JobDraft, draft: MatrixDraft, matrix: Matrix, reading: Reading) -> None:
    """That there are combinations, each with a name of its own; of an axis from the tree nothing is known yet."""
    values = _values(matrix)
    whole = len(values) == len(matrix.axes)
    product = combinations(dataclasses.replace(matrix, include=()), values) if whole else []
    if whole and not product and not draft.include:
        message = "the matrix has no combination: all of them are excluded"
        reading.error(draft.span, "empty-matrix", message, "exclude fewer, or include one")
    known = {place(one, matrix.names): one for one in product}
    repeated = False
    for one in draft.include:
        mine = place(one.values, matrix.names)
        if mine in known:
            repeated = True
            name = combination_id(job.key.text, matrix.names, one.values)
            hint = "give further keys to one that is there with extend"
            if not matrix.axes:
                hint = f"the keys that every entry begins with, {listed(matrix.names)}, have to tell them apart"
            reading.error(one.span, "duplicate-combination", f"there is {quoted(name)} already", hint)
        known[mine] = one.values
    same = doubled(combination_id(job.key.text, matrix.names, one) for one in known.values())
    if same and not repeated:
        reading.error(draft.span, "duplicate-combination", *called_the_same(same))


def called_the_same(name: str) -> tuple[str, str]:
    """Message and hint for different combinations of one name."""
    return f"two combinations are called {quoted(name)}", "write values without ',' and '=', which stand between them"


def _values(matrix: Matrix) -> dict[str, tuple[str, ...]]:
    """The values of the axes that the file has."""
    return {axis.name: axis.values for axis in matrix.axes if axis.values is not None}


def _warn_of_unused(job: JobDraft, draft: MatrixDraft, matrix: Matrix, reading: Reading) -> None:
    """A key that no expression, script or download of the job mentions. A program may still read its variable."""
    # What could not be read may be what mentions it.
    if not job.whole or not job.steps:
        return
    scripts = "\n".join(step.run.value for step in job.steps if step.run is not None)
    # A job that is cut into parts by their number has use for every axis.
    if re.search(r"\bCI_MATRIX_INDEX\b", scripts):
        return
    found = _MENTIONED.findall("\n".join(sources(job)))
    # A key that is mentioned and not there, which is told, may be the one that is there and not mentioned.
    if any(group == "matrix" and key not in matrix.keys for group, key in found):
        return
    mentioned = {key for _, key in found}
    # An axis that decides what `extend` gives, or which artifacts the job gets, is of use by that.
    axes = {axis.name for axis in matrix.axes}
    deciding = {key for entry in matrix.extend for key, _ in entry if key in matrix.names}
    deciding |= {axis for one in job.downloads if one.same is not None for axis in one.same.value}
    spans = _spans(draft)
    for key in (key for key in matrix.keys if key not in deciding):
        if re.search(rf"\bMATRIX_{key.upper()}\b", scripts) or key in mentioned:
            continue
        message = f"nothing in job {quoted(job.key.text)} mentions matrix.{key} or MATRIX_{key.upper()}"
        near = closest(key, (one.name for one in OPTIONS)) if key in axes and not reading.crowded else None
        hint = f"did you mean {quoted(near)}? else use it, or remove it" if near else "use it, or remove it"
        reading.warning(spans[key], "unused-axis", message, hint)


def _spans(draft: MatrixDraft) -> dict[str, Span]:
    """Where each key stands first."""
    named = [*draft.axes, *(entry for one in (*draft.include, *draft.extend) for entry in one.entries)]
    return {entry.name: entry.key.span for entry in reversed(named)}
