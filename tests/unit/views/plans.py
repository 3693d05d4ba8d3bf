"""Plans of any shape, with any texts in them."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from generator.planning import planner
from tests.unit.samples import PLATFORM, PUSH, TREE, ci_file

if TYPE_CHECKING:
    from generator.planning.plan import Plan, PlannedJob

HOSTILE = (
    "a",
    "<script>alert(1)</script>",
    "\"]; click j0 'x'",
    "]]>&amp;&#0;",
    "{{=1+1}} $(id) `id`",
    "\x1b[2J\x07\r\n::error::x",
    "\u202eright to left",
    "\N{PILE OF POO}" * 40,
    "\ud800 half",
    "end\nsubgraph x",
    "#quot; %%{init: {}}%%",
    "x" * 500,
)
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(codec=None), min_size=1, max_size=12)


_CI = "on: push\njobs: {job: {secrets: {TOKEN: NPM_TOKEN}, run: make}}"


@functools.cache
def _planned() -> Plan:
    """A plan as the planner makes it, of which the others here are variations."""
    made, found = planner.plan(ci_file(_CI), PUSH, PLATFORM, TREE)
    assert made is not None, found
    return made


def job(
    job_id: str, *, needs: tuple[str, ...] = (), runs: bool = True, denied: str = "", timeout: int = 600
) -> PlannedJob:
    why = "push to 'main'" if runs else f"needs {job_id}, which does not run"
    return dataclasses.replace(
        _planned().jobs[0], id=job_id, job=job_id, runs=runs, why=why, denied=denied, needs=needs, timeout=timeout
    )


def plan(*jobs: PlannedJob, why: str = "push to 'main'") -> Plan:
    runs = any(one.runs for one in jobs)
    return dataclasses.replace(_planned(), run_name="run-b-0", runs=runs, why=why, jobs=jobs)


@st.composite
def graphs(draw: st.DrawFn, names: st.SearchStrategy[str] = TEXTS) -> dict[str, tuple[str, ...]]:
    """Names with their needs, without a circle, in any order."""
    found = draw(st.lists(names, min_size=1, max_size=9, unique=True))
    needs = {
        name: tuple(draw(st.lists(st.sampled_from(found[:index]), max_size=3, unique=True))) if index else ()
        for index, name in enumerate(found)
    }
    return {name: needs[name] for name in draw(st.permutations(found))}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    jobs = [
        job(
            name,
            needs=needs,
            runs=draw(st.booleans()),
            denied=draw(st.just("") | TEXTS),
            timeout=draw(st.integers(1, 9000)),
        )
        for name, needs in draw(graphs()).items()
    ]
    return plan(*jobs, why=draw(TEXTS))
