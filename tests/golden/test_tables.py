"""`argosy test` in every format on each folder of tables/: a ci.yaml and its table in, what is said out."""

from __future__ import annotations

import contextlib
import pathlib
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from generator.commands import test as command

if TYPE_CHECKING:
    from tests.golden.conftest import Golden

CASES = sorted(path.parent for path in pathlib.Path(__file__).parent.glob("tables/*/ci.test.yaml"))

app = typer.Typer()
app.command()(command.test)


@pytest.mark.parametrize("form", list(command.TestFormat))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_table(case: pathlib.Path, form: command.TestFormat, golden: Golden) -> None:
    with contextlib.chdir(case):
        done = CliRunner().invoke(app, ["--output", form.value])
    assert done.exit_code == (0 if case.name == "met" else 1)
    golden(case / f"said.{form.value}", done.stdout_bytes)


def test_there_are_cases() -> None:
    assert len(CASES) > 2
