"""The text that the Sensor and the EventSource are given; what it does there is tried in tests/e2e/sensor_template."""

from __future__ import annotations

import re

import pytest

from generator.events.packing import FIELDS
from generator.events.sensor_template import filter_expression, sensor_event_template, sensor_name_template
from generator.events.tables import TABLES


@pytest.mark.parametrize("kind", TABLES)
def test_the_name_is_made_of_the_same_text_as_the_event(kind: str) -> None:
    event, name = sensor_event_template(kind, "work"), sensor_name_template(kind, "work")
    assert event.endswith("| toRawJson | b64enc -}}")
    assert name == event.removesuffix("b64enc -}}") + 'sha256sum | trunc 40 | printf "event-%s" -}}'


@pytest.mark.parametrize("kind", TABLES)
def test_the_template_names_every_field_once(kind: str) -> None:
    last = sensor_event_template(kind, "work").rpartition("{{- dict ")[2]
    for field in FIELDS:
        key = field.rpartition(".")[2]
        assert len(re.findall(rf'"{key}" (?:"|\(ternary|\(or|\(print)', last)) >= 1, field


def test_the_template_names_the_forge() -> None:
    assert '"forge" "work"' in sensor_event_template("gitea", "work")


def test_forgejo_is_read_as_gitea() -> None:
    assert sensor_event_template("forgejo", "work") == sensor_event_template("gitea", "work")


@pytest.mark.parametrize("kind", TABLES)
def test_the_filter_names_every_event_and_action_that_starts_something(kind: str) -> None:
    expression = filter_expression(kind)
    for word in (*TABLES[kind].kinds, *(action.partition(":")[0] for action in TABLES[kind].actions)):
        assert f'"{word}"' in expression
