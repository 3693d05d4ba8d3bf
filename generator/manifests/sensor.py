"""The Sensor of a point of entry: one dependency, and one trigger that makes an event Workflow named by its content.

The trigger patches, which is get or create: a redelivery finds the Workflow and changes nothing. Dependency and
trigger may never change their names, filters or conditions: that deletes the durable consumer and, with it, every
event that waits (argo-events 1.9.10, pkg/eventbus/jetstream/sensor/sensor_jetstream.go, setStateToSpec). What starts
what is therefore decided by the expander, not here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.events.sensor_template import sensor_event_template, sensor_name_template
from generator.manifests.event_workflow import event_workflow
from generator.manifests.eventsource import EVENT_NAME
from generator.manifests.metadata import FORGE_LABEL, ROLE_LABEL
from generator.manifests.objects import (
    ARGO_API,
    DEAD_LETTER_ROLE,
    Object,
    container_security,
    part_of,
    pod_security,
    resources,
)
from generator.placement import CONTROL_NAMESPACE, SENSOR_ACCOUNT

if TYPE_CHECKING:
    from generator.manifests.hooks import Hook
    from generator.platform.model import Forge

DEPENDENCY = "hook"
TRIGGER = "expand"
DEAD_LETTER_KEY = "workflow"
_NAME = "@name@"
_EVENT = "@event@"


def sensor(forge: Forge, hook: Hook, instance: dict[str, str]) -> Object:
    """The Sensor of a point of entry. `instance` are the labels for a controller with an instance id."""
    return {
        "apiVersion": ARGO_API,
        "kind": "Sensor",
        "metadata": {"name": hook.name, "namespace": CONTROL_NAMESPACE, "labels": {**part_of(), FORGE_LABEL: forge.id}},
        "spec": {
            "template": _pod(),
            "dependencies": [{"name": DEPENDENCY, "eventSourceName": hook.name, "eventName": EVENT_NAME}],
            "triggers": [_trigger(forge, instance)],
        },
    }


def _trigger(forge: Forge, instance: dict[str, str]) -> Object:
    values = {"metadata.name": _name(forge), "spec.arguments.parameters.0.value": _event(forge)}
    return {
        "template": {
            "name": TRIGGER,
            "conditions": DEPENDENCY,
            "k8s": {
                "operation": "patch",
                "source": {"resource": _workflow(forge, instance)},
                "parameters": _parameters(values),
            },
        },
        # Without it the event is acknowledged before the first attempt, and neither the retries nor the dead letter
        # mean anything.
        "atLeastOnce": True,
        # A quarter of an hour of an API server that does not answer. Other events of this forge wait meanwhile, and
        # none is lost.
        "retryStrategy": _retries(90),
        "dlqTrigger": _dead_letter(forge, instance),
    }


def _dead_letter(forge: Forge, instance: dict[str, str]) -> Object:
    """Keeps what could not become a Workflow: a ConfigMap that holds it, ready for `kubectl create`."""
    text = json.dumps(_workflow(forge, instance), separators=(",", ":"))
    template = text.replace(_NAME, _name(forge)).replace(_EVENT, _event(forge))
    labels = {**part_of(), ROLE_LABEL: DEAD_LETTER_ROLE, FORGE_LABEL: forge.id}
    letter = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"generateName": "dead-letter-", "namespace": CONTROL_NAMESPACE, "labels": labels},
        "data": {DEAD_LETTER_KEY: ""},
    }
    return {
        "template": {
            "name": "dead-letter",
            "conditions": DEPENDENCY,
            # Only ever create: whoever may patch ConfigMaps here may rewrite the platform's.
            "k8s": {
                "operation": "create",
                "source": {"resource": letter},
                "parameters": _parameters({f"data.{DEAD_LETTER_KEY}": template}),
            },
        },
        "atLeastOnce": True,
        "retryStrategy": _retries(90),
    }


def _workflow(forge: Forge, instance: dict[str, str]) -> Object:
    """The event Workflow before name and event are filled in."""
    return event_workflow(_NAME, forge.id, {"event": _EVENT}, instance)


def _parameters(values: dict[str, str]) -> list[Object]:
    return [
        {"src": {"dependencyName": DEPENDENCY, "dataTemplate": text}, "dest": path} for path, text in values.items()
    ]


def _name(forge: Forge) -> str:
    return sensor_name_template(forge.kind, forge.id)


def _event(forge: Forge) -> str:
    return sensor_event_template(forge.kind, forge.id)


def _retries(steps: int) -> Object:
    """Ten seconds apart. Factor and jitter are numbers: a text fails the trigger before its first attempt (1.9.10)."""
    return {"steps": steps, "duration": "10s", "factor": 1, "jitter": 0.2}


def _pod() -> Object:
    container = {"resources": resources("20m", "48Mi", "256Mi"), "securityContext": container_security()}
    return {"serviceAccountName": SENSOR_ACCOUNT, "securityContext": pod_security(), "container": container}
