"""What the conditions of jobs come to in this event: which do not run, and why, and which may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import condition_holds
from generator.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.diagnostics import Diagnostic
    from generator.expressions import Bindings
    from generator.language.model import Job

_SHOWN = 120


def unmet(jobs: Iterable[Job], bindings: Bindings) -> tuple[dict[str, str], list[Diagnostic]]:
    """The reason for each job whose `if` is false, by its name, and what keeps an `if` from being decided."""
    reasons: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for job in jobs:
        if job.condition is None:
            continue
        holds, found = condition_holds(job.condition, bindings)
        findings += found
        if not holds:
            reasons[job.name] = f"`if` is false: {one_line(job.condition.source, _SHOWN)}"
    return reasons, findings


def allowed(jobs: Iterable[Job], bindings: Bindings) -> tuple[frozenset[str], list[Diagnostic]]:
    """The names of the jobs that may fail, and what keeps an `allow-failure` from being decided."""
    names: list[str] = []
    findings: list[Diagnostic] = []
    for job in jobs:
        if job.allow_failure is None:
            continue
        holds, found = condition_holds(job.allow_failure, bindings)
        findings += found
        names += [job.name] if holds else []
    return frozenset(names), findings
