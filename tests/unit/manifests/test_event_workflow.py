"""The event Workflow of a manual run: what the admission policy takes, named after the request alone."""

from __future__ import annotations

from typing import Any

import pytest

from generator.events.packing import unpack
from generator.events.requests import Request, encode_inputs
from generator.manifests.event_workflow import manual_workflow
from tests.unit.samples import PLATFORM, platform

REQUEST = Request("1b4e28ba-2fa1-41d2-883f-0016d3cca427", (("note", "{{workflow.name}} $(id)"),))


def made(**changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "forge": "work",
        "repository": "acme/app",
        "ref": "main",
        "actor": "ann",
        "request": REQUEST,
    }
    return manual_workflow(PLATFORM, **{**asked, **changes})


def test_it_is_a_reference_with_arguments_and_nothing_else() -> None:
    workflow = made()
    assert set(workflow) == {"apiVersion", "kind", "metadata", "spec"}
    assert workflow["metadata"]["namespace"] == "argosy"
    assert workflow["metadata"]["labels"] == {"argosy.dev/role": "event", "argosy.dev/forge": "work"}
    assert set(workflow["spec"]) == {"workflowTemplateRef", "arguments"}
    assert workflow["spec"]["workflowTemplateRef"] == {"name": "argosy-expander"}


def test_it_carries_the_request_beside_the_packed_event() -> None:
    event, request, inputs = made()["spec"]["arguments"]["parameters"]
    packed = unpack(event["value"])
    assert (packed.forge, packed.type, packed.repository, packed.ref) == ("work", "manual", "acme/app", "main")
    assert packed.actor == "ann"
    assert request == {"name": "request", "value": REQUEST.id}
    assert inputs == {"name": "inputs", "value": encode_inputs(REQUEST.inputs)}


def test_a_controller_with_an_instance_id_looks_at_it() -> None:
    workflow = manual_workflow(platform(instance_id="ci"), "work", "acme/app", "", "", REQUEST)
    assert workflow["metadata"]["labels"]["workflows.argoproj.io/controller-instanceid"] == "ci"


@pytest.mark.parametrize("changes", [{"actor": "bob"}, {"request": Request(REQUEST.id)}])
def test_who_makes_a_request_again_finds_the_first_one(changes: dict[str, Any]) -> None:
    assert made(**changes)["metadata"]["name"] == made()["metadata"]["name"]


@pytest.mark.parametrize(
    "changes",
    [{"forge": "other"}, {"repository": "acme/lib"}, {"ref": "topic"}, {"request": Request("2" + REQUEST.id[1:])}],
)
def test_another_request_is_another_event(changes: dict[str, Any]) -> None:
    assert made(**changes)["metadata"]["name"] != made()["metadata"]["name"]
