"""What a matrix comes to, and what is wrong with one that comes to something else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import headline
from generator.language import reader
from generator.language.combinations import combination_id, combinations, leading_keys
from generator.language.model import Axis, Matrix
from tests.unit.samples import NOWHERE, ci_file

VALUES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)


def made(matrix: str) -> list[str]:
    """The combinations of a job `it` with this matrix, as they are called, with what `extend` gives them."""
    found = ci_file(f"jobs: {{it: {{run: x, matrix: {matrix}}}}}").jobs[0].matrix
    assert found is not None
    each = combinations(found, {axis.name: axis.values or () for axis in found.axes})
    extras = [",".join(f"{key}={value}" for key, value in one.items() if key not in found.names) for one in each]
    names = [combination_id("it", found.names, one) for one in each]
    return [f"{name} {extra}".strip() for name, extra in zip(names, extras, strict=True)]


def said(matrix: str) -> list[str]:
    """What is said of a matrix whose keys a script mentions."""
    script = "echo $MATRIX_A $MATRIX_B $MATRIX_C"
    return [headline(one) for one in reader.read(f"jobs: {{it: {{run: {script}, matrix: {matrix}}}}}", "ci.yaml")[1]]


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ("{a: [1, 2], b: x}", ["it[a=1,b=x]", "it[a=2,b=x]"]),
        ("{b: [y, x], a: [1, 2]}", ["it[b=y,a=1]", "it[b=y,a=2]", "it[b=x,a=1]", "it[b=x,a=2]"]),
        ("{a: [1.10, yes, 0x1F, '']}", ["it[a=1.10]", "it[a=yes]", "it[a=0x1F]", "it[a=]"]),
        ("{a: [1, 2], b: [x, y], exclude: {a: 1, b: y}}", ["it[a=1,b=x]", "it[a=2,b=x]", "it[a=2,b=y]"]),
        ("{a: [1, 2], exclude: [{a: 1}], include: [{a: 3}]}", ["it[a=2]", "it[a=3]"]),
        ("{a: [1, 2], extend: [{a: 2, c: more}]}", ["it[a=1]", "it[a=2] c=more"]),
        ("{a: [1, 2], extend: [{c: x}, {a: 2, c: y}]}", ["it[a=1] c=x", "it[a=2] c=y"]),
        ("{a: 1, include: [{a: 2, c: own}], extend: [{a: 2, c: later}]}", ["it[a=1]", "it[a=2] c=later"]),
        ("{include: [{a: 1, b: x, c: p}, {a: 1, b: y, c: q}]}", ["it[a=1,b=x] c=p", "it[a=1,b=y] c=q"]),
        ("{include: [{a: 1, c: p}, {a: 2}]}", ["it[a=1] c=p", "it[a=2]"]),
    ],
)
def test_a_matrix_is_a_product_with_some_left_out_and_some_put_in(matrix: str, expected: list[str]) -> None:
    assert made(matrix) == expected


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ("{}", "ci.yaml:1:54: error: the matrix has no axis [empty-matrix]"),
        ("{max-parallel: 2}", "error: the matrix has no axis [empty-matrix]"),
        ("{a: []}", "error: 'a' is empty [empty-value]"),
        ("{a: [1, 1]}", "error: '1' stands here twice [duplicate-value]"),
        ("{a: [~, '']}", "error: '' stands here twice [duplicate-value]"),
        ("{A: [1]}", "error: 'A' is not an axis [bad-name]"),
        ("{in: [1]}", "error: 'in' is not an axis [bad-name]"),
        ("{a: [[1]]}", "must be a value of an axis"),
        ("{a: ['${{ sha }}']}", "${{ }} is not evaluated here [expression-place]"),
        ("{a: [1], exclude: [{a: 1}]}", "the matrix has no combination: all of them are excluded [empty-matrix]"),
        ("{a: [1], exclude: [{a: 2}]}", "warning: this excludes nothing: no combination agrees with it [idle-exclude]"),
        ("{a: [1], exclude: [{b: 2}]}", "error: the matrix has no axis 'b' [unknown-axis]"),
        (
            "{a: [1], extend: [{a: 2, c: 3}]}",
            "this extends nothing: no combination agrees with it [idle-extend]",
        ),
        ("{a: [1], b: [2], include: [{a: 3}]}", "error: this combination has no 'b' [incomplete-combination]"),
        ("{a: [1], include: [{a: 1, b: 2}]}", "error: there is 'it[a=1]' already [duplicate-combination]"),
        ("{include: [{a: 1, b: 2}, {a: 1, b: 2}]}", "error: there is 'it[a=1,b=2]' already [duplicate-combination]"),
        (
            "{a: [1, '1,b=2'], b: ['2,b=3', 3]}",
            "error: two combinations are called 'it[a=1,b=2,b=3]' [duplicate-combination]",
        ),
        (
            "{a: {dirs: x}, include: [{a: y}, {a: y}]}",
            "error: there is 'it[a=y]' already [duplicate-combination]",
        ),
        ("{a: {dirs: x}, b: [1], exclude: [{b: 2}]}", "warning: this excludes nothing"),
        ("{include: [{a: 1}], exclude: [{a: 1}]}", "warning: this excludes nothing: it takes from what axes make"),
        (
            "{include: [{a: 1, b: 2}, {b: 3}]}",
            "error: this combination has no 'a', which the first one begins with [incomplete-combination]",
        ),
        ("{a: {dirs: x}, b: [1], extend: [{b: 2, c: 3}]}", "error: this extends nothing"),
        ("{a: [1], max-parallel: 0}", "0 is not from 1 to 1000"),
        ("{a: {dirs: x, file: y}}", "an axis from the tree has 'dirs' or 'file' [axis-source]"),
        ("{a: {file: y, changed: true}}", "'changed' goes with 'dirs'"),
        ("{a: {dirs: '[x'}}", "is not a glob"),
        ("{d: [1]}", "warning: nothing in job 'it' mentions matrix.d or MATRIX_D [unused-axis]"),
    ],
)
def test_a_matrix_that_cannot_be_meant_is_told(matrix: str, expected: str) -> None:
    (found,) = said(matrix)
    assert expected in found


@pytest.mark.parametrize(
    "matrix",
    [
        "{a: {dirs: x}, b: [1], exclude: [{a: y, b: 1}], extend: [{a: z, b: 1, c: 2}]}",
        "{a: {dirs: x}, b: [1], include: [{a: y, b: 2}], extend: [{b: 2, c: 2}]}",
    ],
)
def test_what_the_tree_may_give_is_not_told(matrix: str) -> None:
    assert said(matrix) == []


@pytest.mark.parametrize(
    "uses",
    [
        "run: 'echo $MATRIX_A'",
        "run: './shard.sh $CI_MATRIX_INDEX $CI_MATRIX_TOTAL'",
        "run: x, if: matrix.a != '2'",
        "run: x, image: 'golang:${{ matrix.a }}'",
        "steps: [{run: x, env: {A: '${{ matrix.a }}'}}]",
        "run: x, env: {X: '${{ matrix.a }}'}",
        "run: x, lock: 'x-${{ matrix.a }}'",
        "run: x, services: {db: {image: 'db:${{ matrix.a }}', port: 1}}",
        "run: x, services: {db: {image: x, port: 1, env: {X: '${{ matrix.a }}'}}}",
        "run: x, services: {db: {image: x, port: 1, if: matrix.a == '1'}}",
    ],
)
def test_a_key_that_the_job_has_use_for_is_not_told(uses: str) -> None:
    assert reader.read(f"jobs: {{it: {{matrix: {{a: [1, 2]}}, {uses}}}}}", "ci.yaml")[1] == []


def test_what_looks_like_an_option_of_the_matrix_is_asked_about() -> None:
    _, found = reader.read("jobs: {it: {matrix: {a: [1], max_parallel: 2}, run: echo $MATRIX_A}}", "ci.yaml")
    assert [one.hint for one in found] == ["did you mean 'max-parallel'? else use it, or remove it"]


def test_an_axis_that_looks_like_a_list_of_combinations_is_taken_for_a_misspelt_option() -> None:
    _, (found,) = reader.read("jobs: {it: {matrix: {a: [1], includes: [{a: 2}]}, run: x}}", "ci.yaml")
    assert (found.code, found.message) == ("unknown-key", "unknown key 'includes' in a matrix")
    assert found.hint == "did you mean 'include'? known: exclude, extend, include, max-parallel, fail-fast"


def test_what_tells_entries_of_include_apart_is_named() -> None:
    _, found = reader.read("jobs: {it: {matrix: {include: [{a: 1}, {a: 1, b: 2}]}, run: x}}", "ci.yaml")
    (error,) = [one for one in found if one.code == "duplicate-combination"]
    assert error.hint == "the keys that every entry begins with, a, have to tell them apart"


def test_what_extend_gives_is_of_use_and_so_is_the_axis_that_decides_it() -> None:
    job = "matrix: {a: [1, 2], extend: [{a: 2, c: more}]}, run: echo $MATRIX_C"
    assert reader.read(f"jobs: {{it: {{{job}}}}}", "ci.yaml")[1] == []


def test_another_name_that_starts_alike_is_no_use() -> None:
    (found,) = reader.read("jobs: {it: {matrix: {a: [1, 2]}, run: 'echo $MATRIX_AB'}}", "ci.yaml")[1]
    assert found.code == "unused-axis"


def test_a_thousand_combinations_are_the_most() -> None:
    ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    assert said(f"{{a: {ten}, b: {ten}, c: {ten}}}") == []
    (found,) = said(f"{{a: {ten}, b: {ten}, c: {ten}, include: [{{a: x, b: x, c: x}}]}}")
    assert "job 'it' has 1,001 combinations, 1 more than the 1,000 it may have" in found


def test_only_a_job_with_the_key_may_ask_for_it() -> None:
    found = reader.read("jobs: {it: {run: x, matrix: {a: [1]}, if: matrix.b == matrix.a}}", "ci.yaml")[1]
    assert [headline(one) for one in found] == ["ci.yaml:1:50: error: 'matrix' has no 'b' [unknown-name]"]


def test_a_template_may_ask_for_what_its_jobs_have() -> None:
    text = "templates: {go: {image: 'golang:${{ matrix.go }}'}}\njobs: {it: {extends: go, run: x, matrix: {go: [1]}}}"
    assert reader.read(text, "ci.yaml")[1] == []


@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
def test_what_is_excluded_is_what_is_missing_of_the_product(values: list[list[str]], data: st.DataObject) -> None:
    names = tuple(f"a{number}" for number in range(len(values)))
    entry = tuple((name, data.draw(st.sampled_from(some))) for name, some in zip(names, values, strict=True))
    kept = entry[: data.draw(st.integers(0, len(entry)))]
    axes = tuple(
        Axis(name, tuple(some), (), changed=False, file="", span=NOWHERE)
        for name, some in zip(names, values, strict=True)
    )
    matrix = Matrix(axes, names, (), (kept,) if kept else (), (), (), None, fail_fast=False, span=NOWHERE)
    found = combinations(matrix, {axis.name: axis.values or () for axis in axes})
    product = [dict(zip(names, one, strict=True)) for one in itertools.product(*values)]
    excluded = [one for one in product if kept and all(one[key] == value for key, value in kept)]
    assert found == [one for one in product if one not in excluded]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from("12"), min_size=1), min_size=1, max_size=5))
def test_leading_keys_stand_in_every_entry(entries: list[dict[str, str]]) -> None:
    keys = leading_keys(entries)
    assert all(key in entry for key in keys for entry in entries)
    assert keys == tuple(entries[0])[: len(keys)]
