"""What a run takes as one object: its Workflow, and what Argo will write into that while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error
from generator.manifests.metadata import to_bytes
from generator.manifests.run import run_workflow
from generator.manifests.storage import fetched, stored
from generator.manifests.summary import STATUS_BYTES

if TYPE_CHECKING:
    from generator.language.model import CiFile
    from generator.manifests.objects import Object
    from generator.planning.plan import Plan, PlannedJob
    from generator.platform.model import Platform

# Kubernetes takes objects of 1.5 MB, and Argo gives a Workflow up that has more than 1 MiB (workflow/packer/packer.go
# of argo-workflows 4.0.5).
MOST_BYTES = 1_000_000
# Of each attempt of a task in the status: three nodes have about 1,900 bytes, which Argo packs as soon as a Workflow
# has too many; gzip and base64 left 139 of them in a run of 300.
_ATTEMPT_BYTES = 220
# And of each artifact that it stores or fetches: 8 in a run of 1,000.
_ARTIFACT_BYTES = 15
# The same before Argo packs them: in what is packed the cluster cannot see who answers what (docs/decisions/
# 0034-approvals.md).
_PLAIN_BYTES = 1_900


def compiled(plan: Plan, ci: CiFile, platform: Platform) -> tuple[Object, list[Diagnostic]]:
    """The Workflow of a plan that runs, and what is to be said if it is too large."""
    workflow = run_workflow(plan, platform)
    said = _too_large(plan, len(to_bytes(workflow)))
    return workflow, [error(ci.jobs[-1].span, "run-size", *said)] if said is not None else []


def _too_large(plan: Plan, own: int) -> tuple[str, str] | None:
    """Message and hint for a plan whose Workflow has so many bytes before Argo writes anything of it."""
    running = [job for job in plan.jobs if job.runs]
    # A question has a node and one that holds it together with the job.
    questions = len({job.job for job in running if job.approval is not None})
    summaries = sum(map(_summary_bytes, running))
    whole = own + sum(_written(plan, job) for job in running) + 2 * questions * _ATTEMPT_BYTES + summaries
    excess = whole - MOST_BYTES
    if excess > 0:
        message = f"the run would have about {whole:,} bytes, {excess:,} more than fit into one Workflow"
        if summaries >= excess:
            writers = sum(job.summary for job in running)
            return message, f"room is kept for {writers:,} summaries: write CI_SUMMARY in fewer jobs"
        return message, "put long texts into files of the repository"
    if not questions:
        return None
    plain = own + sum(_plain(plan, job) for job in running) + questions * _PLAIN_BYTES + summaries
    excess = plain - MOST_BYTES
    if excess <= 0:
        return None
    over = f"{excess:,} more than one that waits for an approval may have"
    return (
        f"the run would have about {plain:,} bytes as it goes on, {over}",
        "plan fewer jobs or combinations in the run that asks",
    )


def _written(plan: Plan, job: PlannedJob) -> int:
    """What Argo writes of a job, packed, in bytes."""
    artifacts = len(stored(plan, job)) + len(fetched(plan, job))
    # A denied job has a node and one inside of it.
    nodes = max(job.attempts, 2) if job.denied else job.attempts
    return nodes * (_ATTEMPT_BYTES + _ARTIFACT_BYTES * artifacts)


def _plain(plan: Plan, job: PlannedJob) -> int:
    """The same of its first attempt, as long as Argo does not pack it: artifacts stand there as in the template."""
    return _PLAIN_BYTES + sum(len(to_bytes(artifact)) for artifact in (*stored(plan, job), *fetched(plan, job)))


def _summary_bytes(job: PlannedJob) -> int:
    """Argo keeps that of each attempt, and the last one's once more as the job's."""
    copies = job.attempts + (job.attempts > 1)
    return STATUS_BYTES * copies if job.summary else 0
