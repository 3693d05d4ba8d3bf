"""The Sensor's templates and the EventSource's filter, on argo-events' own libraries, say what `pack` says.

`main.go` beside this file stands for the Sensor, so no cluster is needed, only Go.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from generator.events.claims import claim
from generator.events.packing import encode, pack, unpack
from generator.events.sensor_template import filter_expression, sensor_event_template, sensor_name_template
from generator.events.tables import TABLES
from generator.identity import event_name
from tests.unit.events.webhooks import Payload, odd_payloads, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = pathlib.Path(__file__).parent
_BODIES: tuple[Any, ...] = (None, {}, [], "x", 0, True, [{}])
_NOTHING = [Payload("nothing", kind, "ping", body) for kind in TABLES for body in _BODIES]


class Sensor:
    """The running Go program."""

    def __init__(self, program: pathlib.Path) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, kind: str, data: Any) -> dict[str, Any]:
        """What becomes of an event's data."""
        templates = [sensor_event_template(kind, "work"), sensor_name_template(kind, "work")]
        question = {"templates": templates, "filter": filter_expression(kind), "data": json.dumps(data)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """Ends the program."""
        self._process.communicate()


@pytest.fixture(scope="module")
def sensor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sensor]:
    """The program, built once."""
    program = tmp_path_factory.mktemp("sensor") / "sensor"
    subprocess.run(["go", "build", "-o", program, "."], cwd=_FOLDER, check=True)
    running = Sensor(program)
    yield running
    running.close()


def as_it_arrives(payload: Payload) -> dict[str, Any]:
    """The event's data on the bus: Go's server gives each header as a list."""
    return {"headers": {TABLES[payload.kind].event_header: [payload.type]}, "body": payload.body, "metadata": None}


def assert_same(sensor: Sensor, payload: Payload) -> None:
    answer = sensor.ask(payload.kind, as_it_arrives(payload))
    packed = pack(payload.kind, payload.type, payload.body, "work")
    assert answer["values"] == [encode(packed), event_name(packed)]
    assert not [error for error in answer["errors"] if not error.startswith("filter:")]


@pytest.mark.parametrize("payload", [*recorded(), *_NOTHING], ids=lambda payload: f"{payload.kind}-{payload.name}")
def test_a_webhook_is_packed_alike_on_both_sides(sensor: Sensor, payload: Payload) -> None:
    assert_same(sensor, payload)


@pytest.mark.parametrize("payload", recorded(), ids=lambda payload: payload.name)
def test_whatever_may_start_something_passes_the_filter(sensor: Sensor, payload: Payload) -> None:
    answer = sensor.ask(payload.kind, as_it_arrives(payload))
    said = claim(unpack(encode(pack(payload.kind, payload.type, payload.body, "work"))))
    assert answer["errors"] == []
    assert answer["passes"] or not said.kind


@pytest.mark.parametrize(
    "name", ["github-ping", "gitea-create", "gitea-branch-deleted", "gitea-comment", "github-pull-request-assigned"]
)
def test_what_starts_nothing_is_dropped_by_the_filter(sensor: Sensor, name: str) -> None:
    payload = next(payload for payload in recorded() if payload.name == name)
    assert sensor.ask(payload.kind, as_it_arrives(payload))["passes"] is False


@settings(
    max_examples=400, deadline=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=[HealthCheck.too_slow]
)
@given(payload=odd_payloads())
def test_no_body_makes_the_two_sides_differ(sensor: Sensor, payload: Payload) -> None:
    assert_same(sensor, payload)


@pytest.mark.parametrize(
    "headers", [None, [], {}, "push", {"X-Github-Event": []}, {"X-Github-Event": [5]}, {"X-Github-Event": "push"}]
)
def test_no_header_makes_the_template_fail(sensor: Sensor, headers: Any) -> None:
    answer = sensor.ask("gitea", {"headers": headers, "body": {}})
    assert answer["values"][0] == encode(pack("gitea", "", {}, "work"))
