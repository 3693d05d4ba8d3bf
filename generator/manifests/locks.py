"""A run's group and its jobs' locks as Argo's mutexes, which live in the run's namespace.

Argo keeps for each mutex a queue in the order in which its Workflows were created. A run holds its group's from its
first node to its last (workflow/sync/sync_manager.go of argo-workflows 4.0.5), a job its lock over all its attempts. A
run has its group before any of its jobs asks for a lock, and a job asks for one lock only, so that nobody waits in a
circle. The names are hashes, as those who write ci.yaml choose them; the two kinds never meet, since a job that waited
for its own run's group would wait for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.identity import group_hash
from generator.planning.plan import asks_somebody

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.manifests.objects import Object
    from generator.planning.plan import Plan, PlannedJob


def run_group(plan: Plan) -> str:
    """The hash of the run's group; without one, of what a run is called that waits for nobody."""
    event = plan.event
    group = plan.concurrency.group if plan.concurrency is not None else f"{event.kind}-{event.ref}"
    return group_hash(event.forge, event.repository_id, group)


def run_mutex(plan: Plan) -> Object:
    """The keys that the run's spec has for its group.

    None for a run in which a person is asked: it would hold its group as long as that takes.
    """
    if asks_somebody(plan.jobs):
        return {}
    return _mutex(f"group-{run_group(plan)}") if plan.concurrency is not None else {}


def job_mutex(job: PlannedJob, event: Event) -> Object:
    """The keys that the job's template has for its lock."""
    return _mutex(f"lock-{group_hash(event.forge, event.repository_id, job.lock)}") if job.lock else {}


def _mutex(name: str) -> Object:
    return {"synchronization": {"mutexes": [{"name": name}]}}
