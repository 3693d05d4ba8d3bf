"""The event Workflow: a reference to the expander's template with its parameters, and nothing else.

The admission policy of namespace argosy takes no field more. A Sensor makes one of each webhook, and somebody with
`argosy run` one of a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.packing import encode, pack_manual
from generator.events.requests import encode_inputs
from generator.identity import request_name
from generator.manifests.metadata import EVENT_ROLE, FORGE_LABEL, ROLE_LABEL, instance_labels
from generator.manifests.objects import ARGO_API, EXPANDER_TEMPLATE, Object
from generator.placement import CONTROL_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.events.requests import Request
    from generator.platform.model import Platform


def event_workflow(name: str, forge: str, parameters: Mapping[str, str], instance: Mapping[str, str]) -> Object:
    """The Workflow. `forge` is its id, `instance` are the labels for a controller with an instance id."""
    return {
        "apiVersion": ARGO_API,
        "kind": "Workflow",
        "metadata": {
            "name": name,
            "namespace": CONTROL_NAMESPACE,
            "labels": {ROLE_LABEL: EVENT_ROLE, FORGE_LABEL: forge, **instance},
        },
        "spec": {
            "workflowTemplateRef": {"name": EXPANDER_TEMPLATE},
            "arguments": {"parameters": [{"name": key, "value": value} for key, value in parameters.items()]},
        },
    }


def manual_workflow(platform: Platform, forge: str, repository: str, ref: str, actor: str, request: Request) -> Object:
    """The Workflow of a manual run.

    `repository` is `owner/name`, `ref` as generator.events.packing.pack_manual takes it. One request has one name,
    whatever it gives. Raises RequestError where the inputs are too much.
    """
    parameters = {
        "event": encode(pack_manual(forge, repository, ref, actor)),
        "request": request.id,
        "inputs": encode_inputs(request.inputs),
    }
    name = request_name(forge, repository, ref, request.id)
    return event_workflow(name, forge, parameters, instance_labels(platform))
