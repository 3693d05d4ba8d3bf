"""From an entry of `on.schedule` to the CronWorkflow that starts the expander at its times.

It holds a reference to the reusable WorkflowTemplate, arguments and times, and nothing else: the admission policy of
namespace argosy takes no more. Which commit runs is decided when it fires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.packing import encode, pack_schedule
from generator.identity import cron_name
from generator.manifests.metadata import TITLE_ANNOTATION, schedule_labels, schedule_title
from generator.manifests.objects import ARGO_API, EXPANDER_TEMPLATE, Object
from generator.placement import CONTROL_NAMESPACE

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.language.model import Schedule
    from generator.platform.model import Platform

# Argo puts in the time that a run was due, RFC 3339 with the schedule's own offset (argo-workflows,
# workflow/common/convert.go).
SCHEDULED_AT = "{{workflow.scheduledTime}}"
# How late a run may still start after the controller was away.
_STARTING_DEADLINE_SECONDS = 3600


def cron_workflow(schedule: Schedule, event: Event, platform: Platform) -> Object:
    """The CronWorkflow of one entry of the repository that `event` is about, as plain JSON values."""
    ref = f"refs/heads/{event.default_branch}"
    packed = pack_schedule(event.forge, event.repository_id, event.repository, ref, schedule.name)
    arguments = {"event": encode(packed), "scheduled-at": SCHEDULED_AT}
    return {
        "apiVersion": ARGO_API,
        "kind": "CronWorkflow",
        "metadata": {
            "name": cron_name(event.forge, event.repository_id, schedule.name),
            "namespace": CONTROL_NAMESPACE,
            "labels": schedule_labels(event, platform),
            "annotations": {TITLE_ANNOTATION: schedule_title(event, schedule)},
        },
        "spec": {
            "schedules": [schedule.cron],
            **({"timezone": schedule.timezone} if schedule.timezone else {}),
            "concurrencyPolicy": "Allow",
            "startingDeadlineSeconds": _STARTING_DEADLINE_SECONDS,
            "workflowSpec": {
                "workflowTemplateRef": {"name": EXPANDER_TEMPLATE},
                "arguments": {"parameters": [{"name": name, "value": value} for name, value in arguments.items()]},
            },
        },
    }
