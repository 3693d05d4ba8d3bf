"""`argosy init` as an operator meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from typer.testing import CliRunner

from generator.commands.init import first_platform, init

if TYPE_CHECKING:
    import pathlib

app = typer.Typer()
app.command()(init)


def test_the_file_is_written_and_its_path_is_the_result(tmp_path: pathlib.Path) -> None:
    came = CliRunner().invoke(app, [str(tmp_path / "new" / "folder")])
    target = tmp_path / "new" / "folder" / "platform.yaml"
    assert (came.exit_code, came.stdout) == (0, f"{target}\n")
    assert target.read_text(encoding="utf-8") == first_platform()


def test_a_file_that_is_there_is_kept(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "platform.yaml"
    target.write_text("mine")
    came = CliRunner().invoke(app, [str(tmp_path)])
    assert came.exit_code == 2
    assert "--force" in came.stderr
    assert target.read_text(encoding="utf-8") == "mine"


def test_force_replaces_a_file_that_is_there(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "platform.yaml"
    target.write_text("mine")
    assert CliRunner().invoke(app, [str(tmp_path), "--force"]).exit_code == 0
    assert target.read_text(encoding="utf-8") == first_platform()
