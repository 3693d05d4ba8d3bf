"""A plan as a Mermaid flowchart, which forges show in comments and pages.

A node's id is a number of ours and its label holds letters, digits and a few marks; everything else is an entity, so
that no text of a plan is syntax. A job's state is told by its node's shape and in words, and the border of one that
does not start is dashed.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from generator.planning.blocked import blocked_jobs
from generator.planning.order import order_of
from generator.views.drawn import drawn
from generator.views.states import VERBS, State, reason, state_of
from generator.wording import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.planning.plan import Plan, PlannedJob

_SHAPES = {State.RUN: ('["', '"]'), State.SKIP: ('("', '")'), State.DENIED: ('{{"', '"}}'), State.BLOCKED: ('("', '")')}
_CLASSES = """\
  classDef run fill:#ffffff,stroke:#1a7f37,color:#1f2328,stroke-width:2px
  classDef skip fill:#f6f8fa,stroke:#6e7781,color:#57606a,stroke-dasharray:5 4
  classDef blocked fill:#fff5f5,stroke:#cf222e,color:#57606a,stroke-dasharray:5 4
  classDef denied fill:#fff5f5,stroke:#cf222e,color:#1f2328,stroke-width:3px
"""
_LONGEST = 60
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 _.,:/=-]")


def to_mermaid(plan: Plan) -> str:
    """The chart, in ASCII. Ends with a newline."""
    path, blocked = order_of(plan.jobs).critical_path, blocked_jobs(plan.jobs)
    plan, labels = drawn(plan)
    numbers = {job.id: f"j{number}" for number, job in enumerate(plan.jobs)}
    critical = set(itertools.pairwise(path))
    lines = ["flowchart LR", *(_node(job, numbers[job.id], labels[job.id], blocked) for job in plan.jobs)]
    states = {job.id: state_of(job, blocked) for job in plan.jobs}
    for need, job_id in _edges(plan):
        arrow = "==>" if (need, job_id) in critical else "-->"
        if not {State.SKIP, State.BLOCKED}.isdisjoint((states[need], states[job_id])):
            arrow = "-.->"
        lines.append(f"  {numbers[need]} {arrow} {numbers[job_id]}")
    return "\n".join(lines) + "\n" + _CLASSES


def _node(job: PlannedJob, name: str, title: str, blocked: Mapping[str, str]) -> str:
    state = state_of(job, blocked)
    opening, closing = _SHAPES[state]
    approval = ", after approval" if job.approval is not None else ""
    second = f"{job.runner.name}{approval}" if state is State.RUN else reason(job, blocked)
    label = f"{_escaped(title)}<br/>{VERBS[state]}: {_escaped(second)}"
    return f"  {name}{opening}{label}{closing}:::{state.value}"


def _edges(plan: Plan) -> Iterator[tuple[str, str]]:
    known = {job.id for job in plan.jobs}
    return ((need, job.id) for job in plan.jobs for need in job.needs if need in known)


def _escaped(text: str) -> str:
    shown = harmless(text)
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "..."
    return _NOT_PLAIN.sub(lambda match: f"#{ord(match.group())};", shown)
