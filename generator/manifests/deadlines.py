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
# What a service may take until it is ready, in seconds; no more than the job's timeout.
SERVICE = 180
# For the images of services, and for starting those, before the job's time begins, in seconds.
_SERVICES = 300
# For what Argo fetches of the bucket before the job's time, and as much for packing and uploading after it, in seconds:
# of a job that took all of its time the artifacts are wanted too.
_BUCKET = 300
# For Argo's containers before the job's first and after its last, in seconds.
_AROUND = 45


def pod_deadline(job: PlannedJob) -> int:
    """Seconds from the pod's start after which Kubernetes ends it."""
    has_late = any(step.when is not When.SUCCESS for step in job.steps)
    after = _BUCKET if job.artifacts or job.caches else 0
    return job.timeout + GRACE + (LATE + GRACE if has_late else 0) + _before(job) + after + _AROUND


def _before(job: PlannedJob) -> int:
    """Seconds for what comes before the job's time: of services asked by a command, one is started after the other."""
    fetched = _BUCKET if job.downloads or job.caches else 0
    asked = sum(bool(service.ready.command) for service in job.services)
    return fetched + (_SERVICES + asked * min(SERVICE, job.timeout) if job.services else 0)
