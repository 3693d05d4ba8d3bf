"""References to what other jobs gave: where they may stand, and what is wrong with one that names nothing."""

from __future__ import annotations

import pytest

from generator.diagnostics import headline
from generator.language import reader

JOBS = "a: {outputs: [v], run: x}, b: {needs: a, run: x}, m: {run: echo $MATRIX_X, matrix: {x: [1]}}"


def said(job: str) -> list[str]:
    return [headline(one) for one in reader.read(f"jobs: {{{JOBS}, it: {{run: x, {job}}}}}", "ci.yaml")[1]]


@pytest.mark.parametrize(
    "job",
    [
        "needs: a, env: {X: 'v${{ needs.a.outputs.v }}!'}",
        "needs: b, env: {X: '${{ needs.a.outputs.v }}${{needs.b.result}}'}",
        "needs: all, when: always, env: {X: '${{ needs.a.outputs.v }}'}",
        "needs: m, env: {X: '${{ needs.m.result }}'}",
        "needs: {job: a, optional: true}, env: {X: '${{ needs.a.result }} ${{ event }}'}",
    ],
)
def test_a_variable_takes_from_what_the_job_needs(job: str) -> None:
    assert said(job) == []


def test_a_step_takes_too() -> None:
    steps = "steps: [{run: x, env: {X: '${{ needs.a.outputs.v }}'}}]"
    assert reader.read(f"jobs: {{{JOBS}, it: {{needs: a, {steps}}}}}", "ci.yaml")[1] == []


@pytest.mark.parametrize(
    ("job", "says"),
    [
        ("env: {X: '${{ needs.a.result }}'}", "job 'it' does not need 'a', which may not have ended then"),
        ("needs: a, env: {X: '${{ needs.c.result }}'}", "no job 'c' in this file [unknown-need]"),
        ("needs: a, env: {X: '${{ needs.a.outputs.w }}'}", "job 'a' has no output 'w' [unknown-output]"),
        ("needs: b, env: {X: '${{ needs.b.outputs.w }}'}", "job 'b' has no output 'w' [unknown-output]"),
        ("needs: a, image: '${{ needs.a.outputs.v }}'", "known only when they have ended [expression-place]"),
        ("needs: a, lock: '${{ needs.a.outputs.v }}'", "known only when they have ended [expression-place]"),
        (
            "needs: a, services: {db: {image: x, port: 1, env: {X: '${{ needs.a.outputs.v }}'}}}",
            "known only when they have ended [expression-place]",
        ),
        (
            "needs: a, services: {db: {image: '${{ needs.a.outputs.v }}', port: 1}}",
            "known only when they have ended [expression-place]",
        ),
        ("needs: a, if: needs.a.result == 'success'", "unknown name 'needs' [unknown-name]"),
        ("needs: a, env: {X: '${{ needs.a.result + event }}'}", "unknown name 'needs' [unknown-name]"),
        ("needs: a, env: {X: '${{ needs.a }}'}", "unknown name 'needs' [unknown-name]"),
        ("outputs: [A]", "'A' is not an output's name [bad-name]"),
        ("outputs: [v, v]", "'v' stands here twice [duplicate-value]"),
        ("outputs: [v], matrix: {x: [1]}, env: {X: '${{ matrix.x }}'}", "has a matrix, and so no outputs"),
    ],
)
def test_what_cannot_be_taken_is_told(job: str, says: str) -> None:
    (found,) = said(job)
    assert says in found


@pytest.mark.parametrize(
    ("taken", "hint"),
    [
        ("one", "what a job gives is for others"),
        ("two", "two waits for one"),
        ("three", "three waits for one"),
        ("four", "add four to its needs"),
    ],
)
def test_how_a_job_gets_what_it_does_not_need(taken: str, hint: str) -> None:
    one = f"one: {{run: x, env: {{X: '${{{{ needs.{taken}.result }}}}'}}}}"
    others = "two: {needs: one, run: x}, three: {needs: two, run: x}, four: {run: x}"
    _, (found,) = reader.read(f"jobs: {{{one}, {others}}}", "ci.yaml")
    assert (found.code, found.hint.startswith(hint)) == ("unknown-need", True)


def test_what_belongs_to_the_whole_file_takes_nothing() -> None:
    text = f"env: {{X: '${{{{ needs.a.result }}}}'}}\njobs: {{{JOBS}}}"
    (found,) = reader.read(text, "ci.yaml")[1]
    assert headline(found).startswith("ci.yaml:1:11: error: what other jobs gave is known only when they have ended")
