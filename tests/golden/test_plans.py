"""`argosy plan` in every format: each folder of plans/, and a plan with names that no file may have today."""

from __future__ import annotations

import contextlib
import json
import pathlib
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from generator.commands.plan import PlanFormat, plan
from generator.views.mermaid import to_mermaid
from generator.views.svg import to_svg
from generator.views.text import to_text
from generator.views.values import to_json
from tests.unit.views import plans

if TYPE_CHECKING:
    from tests.golden.conftest import Golden

FOLDER = pathlib.Path(__file__).parent / "plans"
CASES = sorted(path.parent for path in FOLDER.glob("*/ci.yaml"))
ENDINGS = {PlanFormat.TEXT: "txt", PlanFormat.JSON: "json", PlanFormat.MERMAID: "mmd", PlanFormat.SVG: "svg"}

app = typer.Typer()
app.command()(plan)


@pytest.mark.parametrize("form", list(PlanFormat))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plan(case: pathlib.Path, form: PlanFormat, golden: Golden) -> None:
    with contextlib.chdir(case):
        done = CliRunner().invoke(app, ["--event", "event.json", "--output", form.value])
    assert done.exit_code == 0
    golden(case / f"plan.{ENDINGS[form]}", done.stdout_bytes)


def test_names_that_are_meant_to_break_out(golden: Golden) -> None:
    names = plans.HOSTILE
    jobs = [
        plans.job(
            name, needs=names[max(0, number - 2) : number], runs=number % 4 > 0, denied=names[-2] * (number % 3 == 0)
        )
        for number, name in enumerate(names)
    ]
    made = plans.plan(*jobs, why=names[1])
    case = FOLDER / "hostile-names"
    golden(case / "plan.txt", f"{to_text(made)}\n".encode())
    golden(case / "plan.json", f"{json.dumps(to_json(made, []), indent=2)}\n".encode())
    golden(case / "plan.mmd", to_mermaid(made).encode())
    golden(case / "plan.svg", to_svg(made))


def test_there_are_cases() -> None:
    assert len(CASES) > 2
