"""What a change would lose is told before it is written."""

from __future__ import annotations

import dataclasses

import pytest

from generator.losses import losses
from generator.platform.model import SecretKey, Tenant
from generator.render import files
from tests.unit.samples import FORGE, platform

TEXT = "version: 1\n"
BEFORE = files(platform(), TEXT)
ROTATING = dataclasses.replace(FORGE, hook_secrets=(SecretKey("forge-work", "next"), *FORGE.hook_secrets))


def test_a_first_rendering_loses_nothing() -> None:
    assert losses({}, BEFORE) == []


def test_a_new_forge_and_a_rotation_lose_nothing() -> None:
    other = dataclasses.replace(FORGE, id="other", hook_url="https://ci.example/other")
    assert losses(BEFORE, files(platform(forges=(ROTATING, other)), TEXT)) == []


def test_a_forge_that_goes_takes_what_waits_for_it() -> None:
    other = dataclasses.replace(FORGE, id="other")
    told = losses(BEFORE, files(platform(forges=(other,)), TEXT))
    assert told[-1].startswith("Sensor work goes: events that wait for it are lost")


def test_another_path_restarts_the_eventsource() -> None:
    moved = dataclasses.replace(FORGE, hook_url="https://ci.example/moved")
    (told,) = losses(BEFORE, files(platform(forges=(moved,)), TEXT))
    assert told.startswith("EventSource work restarts")


def test_a_tenant_that_goes_takes_its_runs() -> None:
    tenants = (Tenant("web", ("**",), (), None),)
    told = losses(files(platform(tenants=tenants), TEXT), BEFORE)
    assert "namespace argosy-runs-web goes, with every run and Secret in it" in told


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("argo-events/eventbus.yaml", b"maxAge: 168h", b"maxAge: 1h", "EventBus default must be made anew"),
        ("argo-events/work/sensor.yaml", b"conditions: hook", b"conditions: other", "Sensor work gets a new consumer"),
    ],
)
def test_what_is_only_made_once_is_told(path: str, old: bytes, new: bytes, told: str) -> None:
    assert old in BEFORE[path]
    (found,) = losses(BEFORE | {path: BEFORE[path].replace(old, new)}, BEFORE)
    assert found.startswith(told)


@pytest.mark.parametrize(
    "damage",
    [
        b"<<<<<<< HEAD\nkind: Sensor\n=======\n",
        b"a: [",
        b"\xff",
        b"- 1\n",
        b"kind: Sensor\nmetadata: 3\n",
    ],
)
def test_a_file_that_was_damaged_is_said_and_does_not_keep_the_rest_from_being_told(damage: bytes) -> None:
    path = "argo-events/work/sensor.yaml"
    other = dataclasses.replace(FORGE, id="other")
    told = losses({**BEFORE, path: damage}, files(platform(forges=(other,)), TEXT))
    assert f"{path} is not what render wrote: what replacing it loses is not known" in told
    assert any(sentence.startswith("EventSource work goes") for sentence in told)


def test_a_damaged_object_that_stays_is_said_too() -> None:
    path = "argo-events/work/sensor.yaml"
    damaged = {path: b"kind: Sensor\nmetadata: {name: work}\nspec: 3\n"}
    assert losses(damaged, BEFORE) == [f"{path} is not what render wrote: what replacing it loses is not known"]
