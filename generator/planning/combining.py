"""The combinations of a job in this run: those of its matrix, whose axes may come from the tree, or itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.expressions import FunctionError
from generator.language.combinations import combination_id, combinations, count, doubled
from generator.language.matrix import MOST_COMBINATIONS
from generator.language.rules.matrix import called_the_same, too_many
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.diagnostics import Span
    from generator.language.model import Axis, Job, Matrix
    from generator.planning.facts import Facts


@dataclasses.dataclass(frozen=True, slots=True)
class Combination:
    """One of a job: its `id`, and the values by key; none of them for a job without a matrix."""

    id: str
    values: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Combined:
    """A job's combinations in their order.

    `why` says why there is none, `findings` what keeps them from being known.
    """

    combinations: tuple[Combination, ...]
    why: str = ""
    findings: tuple[Diagnostic, ...] = ()


def combined(job: Job, facts: Facts) -> Combined:
    """The combinations of a job. Raises what the tree raises, but for FunctionErrors."""
    matrix = job.matrix
    if matrix is None:
        return Combined((Combination(job.name),))
    try:
        values = {axis.name: _values(axis, facts) for axis in matrix.axes}
    except _AxisError as failure:
        return Combined((), findings=(failure.finding,))
    found = count(values.values(), len(matrix.include))
    if found > MOST_COMBINATIONS:
        return Combined((), findings=(error(matrix.span, "too-many-combinations", *too_many(job.name, found)),))
    made = combinations(matrix, values)
    if not made:
        return Combined((), why=f"its matrix has no combination: {_lacking(matrix, values)}")
    named = _named(job, matrix, made)
    same = doubled(one.id for one in named)
    if same:
        return Combined((), findings=(error(matrix.span, "duplicate-combination", *called_the_same(same)),))
    return Combined(named)


def written(job: Job) -> tuple[Combination, ...]:
    """The combinations of a job that does not run, for which the tree is not asked: itself if it has to be."""
    matrix = job.matrix
    values = {axis.name: axis.values for axis in matrix.axes if axis.values is not None} if matrix is not None else {}
    if matrix is None or len(values) < len(matrix.axes):
        return (Combination(job.name),)
    return _named(job, matrix, combinations(matrix, values))


def _named(job: Job, matrix: Matrix, made: Iterable[dict[str, str]]) -> tuple[Combination, ...]:
    return tuple(Combination(combination_id(job.name, matrix.names, one), tuple(one.items())) for one in made)


def told_once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is found for the combinations of a job, one for each place and code, with how many more there are."""
    found: dict[tuple[Span, str], list[Diagnostic]] = {}
    for one in dict.fromkeys(findings):
        found.setdefault((one.span, one.code), []).append(one)
    return [_with_number(first, len(others)) for first, *others in found.values()]


def _with_number(first: Diagnostic, others: int) -> Diagnostic:
    return dataclasses.replace(first, message=f"{first.message} (and {others} more like it)") if others else first


class _AxisError(Exception):
    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _values(axis: Axis, facts: Facts) -> tuple[str, ...]:
    if axis.values is not None:
        return axis.values
    try:
        return facts.listed(axis.file) if axis.file else facts.folders(axis.dirs, changed=axis.changed)
    except FunctionError as failure:
        raise _AxisError(error(axis.span, failure.code, failure.message, failure.hint)) from failure


def _lacking(matrix: Matrix, values: dict[str, tuple[str, ...]]) -> str:
    empty = next((axis for axis in matrix.axes if not values[axis.name]), None)
    if empty is None:
        return "all of them are excluded"
    if empty.file:
        return f"{empty.file} lists nothing"
    changed = "changed " if empty.changed else ""
    return f"no {changed}folder matches {listed(map(quoted, empty.dirs))}"
