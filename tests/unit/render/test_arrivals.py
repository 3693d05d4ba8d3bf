"""EventSources check signatures, Sensors lose nothing, and neither changes when somebody adds a repository."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.events.sensor_template import sensor_event_template, sensor_name_template
from generator.manifests.eventbus import event_bus
from generator.manifests.eventsource import event_source, service
from generator.manifests.hooks import hooks
from generator.manifests.sensor import sensor
from tests.unit.samples import FORGE

if TYPE_CHECKING:
    from generator.platform.model import Forge

# Linux takes 128 KiB in one environment variable, and Argo Events puts a whole object into one, as base64.
MOST_BYTES = 96 * 1024
KINDS = ("gitea", "forgejo", "github", "gitlab")


def of(forge: Forge) -> tuple[dict[str, Any], dict[str, Any]]:
    (hook,) = hooks(forge)
    return event_source(forge, hook), sensor(forge, hook, {})


@pytest.mark.parametrize("kind", ["gitea", "forgejo", "github"])
def test_a_signature_is_checked_with_the_forges_secret(kind: str) -> None:
    source, _ = of(dataclasses.replace(FORGE, kind=kind))
    assert source["spec"]["github"]["hook"]["webhookSecret"] == {"name": "forge-work", "key": "hook"}


@pytest.mark.parametrize("kind", ["gitea", "forgejo", "github"])
def test_the_eventsource_makes_no_hooks(kind: str) -> None:
    source, _ = of(dataclasses.replace(FORGE, kind=kind))
    assert not {"apiToken", "githubApp"} & set(source["spec"]["github"]["hook"])


def test_gitlabs_token_is_checked_though_no_hook_is_made() -> None:
    source, _ = of(dataclasses.replace(FORGE, kind="gitlab"))
    hook = source["spec"]["gitlab"]["hook"]
    assert hook["secretToken"] == {"name": "forge-work", "key": "hook"}
    assert hook["accessToken"]
    assert hook["webhook"]["url"] == "https://ci.example"
    assert not {"projects", "groups", "projectID"} & set(hook)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_too_large_for_the_bus_is_refused_at_the_door(kind: str) -> None:
    source, _ = of(dataclasses.replace(FORGE, kind=kind))
    (events,) = (source["spec"][key] for key in ("github", "gitlab") if key in source["spec"])
    bus = int(event_bus()["spec"]["jetstream"]["maxPayload"].removesuffix("MB")) * 1024**2
    assert events["hook"]["webhook"]["maxPayloadSize"] * 4 / 3 < bus


@pytest.mark.parametrize("kind", KINDS)
def test_neither_object_knows_the_repositories_or_the_tokens_of_others(kind: str) -> None:
    forge = dataclasses.replace(FORGE, kind=kind)
    other = dataclasses.replace(forge, repositories=("other/*",), report_tokens=(), checkout_tokens=())
    assert of(forge) == of(other)


@pytest.mark.parametrize("kind", KINDS)
def test_both_objects_fit_into_an_environment_variable(kind: str) -> None:
    assert all(len(json.dumps(value)) < MOST_BYTES for value in of(dataclasses.replace(FORGE, kind=kind)))


def test_the_consumers_definition_never_changes() -> None:
    _, made = of(FORGE)
    assert made["spec"]["dependencies"] == [{"name": "hook", "eventSourceName": "work", "eventName": "hook"}]
    (trigger,) = made["spec"]["triggers"]
    assert (trigger["template"]["name"], trigger["template"]["conditions"]) == ("expand", "hook")


def test_an_event_that_fails_is_tried_again_and_then_kept() -> None:
    _, made = of(FORGE)
    (trigger,) = made["spec"]["triggers"]
    for attempt in (trigger, trigger["dlqTrigger"]):
        assert attempt["atLeastOnce"] is True
        assert attempt["retryStrategy"]["steps"] > 1
        assert isinstance(attempt["retryStrategy"]["factor"], int)
        assert isinstance(attempt["retryStrategy"]["jitter"], float)


def test_a_redelivery_patches_the_workflow_that_is_there() -> None:
    _, made = of(FORGE)
    (trigger,) = made["spec"]["triggers"]
    assert trigger["template"]["k8s"]["operation"] == "patch"
    values = {item["dest"]: item["src"]["dataTemplate"] for item in trigger["template"]["k8s"]["parameters"]}
    assert values == {
        "metadata.name": sensor_name_template("gitea", "work"),
        "spec.arguments.parameters.0.value": sensor_event_template("gitea", "work"),
    }


def test_a_dead_letter_holds_the_workflow_that_could_not_be_made() -> None:
    _, made = of(FORGE)
    trigger = made["spec"]["triggers"][0]
    (parameter,) = trigger["dlqTrigger"]["template"]["k8s"]["parameters"]
    text = parameter["src"]["dataTemplate"]
    event = base64.b64encode(b"{}").decode()
    text = text.replace(sensor_name_template("gitea", "work"), "event-1")
    letter = json.loads(text.replace(sensor_event_template("gitea", "work"), event))
    wanted = trigger["template"]["k8s"]["source"]["resource"]
    wanted["metadata"]["name"] = "event-1"
    wanted["spec"]["arguments"]["parameters"][0]["value"] = event
    assert letter == wanted


def test_a_dead_letter_never_touches_a_config_map_that_is_there() -> None:
    _, made = of(FORGE)
    letter = made["spec"]["triggers"][0]["dlqTrigger"]["template"]["k8s"]
    assert letter["operation"] == "create"
    assert "name" not in letter["source"]["resource"]["metadata"]


def test_the_instance_id_is_on_the_event_workflow() -> None:
    (hook,) = hooks(FORGE)
    made = sensor(FORGE, hook, {"workflows.argoproj.io/controller-instanceid": "ci"})
    workflow = made["spec"]["triggers"][0]["template"]["k8s"]["source"]["resource"]
    assert workflow["metadata"]["labels"]["workflows.argoproj.io/controller-instanceid"] == "ci"


def test_the_service_finds_the_eventsources_pods() -> None:
    (hook,) = hooks(FORGE)
    # The labels that Argo Events 1.9.10 puts on them (pkg/reconciler/eventsource/controller.go:89).
    pod = {"controller": "eventsource-controller", "eventsource-name": "work", "owner-name": "work"}
    selector = service(FORGE, hook)["spec"]["selector"]
    assert selector.items() <= pod.items()
