"""What the expander creates says to hera's models of Argo's API exactly what it says in plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hera.workflows import models

from generator.diagnostics import Span
from generator.language.model import Schedule
from generator.manifests.cron import cron_workflow
from tests.unit.samples import FORGE, platform, push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

RUNS = sorted((Path(__file__).parents[2] / "golden/runs").glob("*/workflow.yaml"))


def unknown(value: Any, model: Any, path: str = "") -> Iterator[str]:
    """The keys of `value` that hera's model did not take in: what it gives back lacks them."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(model, dict) or key not in model:
                yield f"{path}.{key}"
            else:
                yield from unknown(item, model[key], f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown(item, model[index], f"{path}[{index}]")
    elif value != model:
        yield f"{path}: {value!r} became {model!r}"


def through(model: type[BaseModel], value: dict[str, Any]) -> list[str]:
    given = model.model_validate(value).model_dump(mode="json", by_alias=True, exclude_none=True)
    return list(unknown(value, json.loads(json.dumps(given))))


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.parent.name)
def test_a_run_is_a_workflow_in_heras_words(path: Path) -> None:
    assert through(models.Workflow, yaml.safe_load(path.read_text())) == []


@pytest.mark.parametrize("timezone", ["", "Europe/Berlin"])
def test_a_schedule_is_a_cron_workflow_in_heras_words(timezone: str) -> None:
    entry = Schedule("nightly", "0 3 * * 1-5", timezone, Span("ci.yaml", 1, 1, 1, 2))
    assert through(models.CronWorkflow, cron_workflow(entry, push(), platform(forges=(FORGE,)))) == []


def test_a_field_that_argo_does_not_have_would_be_seen() -> None:
    value = yaml.safe_load(RUNS[0].read_text())
    value["spec"]["surprise"] = True
    assert through(models.Workflow, value) == [".spec.surprise"]
