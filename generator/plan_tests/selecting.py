"""Which planned jobs a name of a table means: `test` all combinations of a job, `test[go=1.26]` those with this value.

Values stand as they are in a plan's ids, whatever commas and brackets are in them; the axes may come in any order, and
some of them will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.planning.plan import PlannedJob

Values = tuple[tuple[str, str], ...]


def job_of(name: str) -> str:
    """The job's own name."""
    return name.partition("[")[0]


def axis_of(name: str) -> str:
    """The first axis that a combination names, empty for a job."""
    return name.partition("[")[2].partition("=")[0]


def selects(name: str, job: PlannedJob) -> bool:
    """Whether the name means this job, or this combination."""
    own, _, values = name.partition("[")
    return own == job.job and (not values or _among(values.removesuffix("]"), job.matrix))


def _among(written: str, values: Values) -> bool:
    """Whether the text is `axis=value`, or several with commas between them, each of another one of the values."""
    for axis, value in values:
        one = f"{axis}={value}"
        others = tuple(other for other in values if other[0] != axis)
        if written == one or (written.startswith(f"{one},") and _among(written[len(one) + 1 :], others)):
            return True
    return False
