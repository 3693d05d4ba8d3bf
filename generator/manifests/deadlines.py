"""How a job's timeout is kept: by its step runner, and by Kubernetes a while later, should that one fail.

Kubernetes ends a pod with everything in it; nothing could run after that, and nobody could say which step it was. Why
it is done in two places stands in docs/decisions/0021-the-step-runner-keeps-the-time.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.model import When

if TYPE_CHECKING:
    from generator.planning.plan import PlannedJob

# What `when: failure` and `when: always` steps have together once the job's time is over, in seconds.
LATE = 60
# What a script has for ending once it is told to, in seconds. A cancelled pod has 30 in all, and late steps want some.
GRACE = 15
# For Argo's containers before the job's first and after its last, in seconds.
_AROUND = 45


def pod_deadline(job: PlannedJob) -> int:
    """Seconds from the pod's start after which Kubernetes ends it."""
    has_late = any(step.when is not When.SUCCESS for step in job.steps)
    return job.timeout + GRACE + (LATE + GRACE if has_late else 0) + _AROUND
