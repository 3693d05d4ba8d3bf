from __future__ import annotations

import pathlib

import pytest

from generator.forges.forge import ForgeError
from generator.report.settings import Settings, SettingsError

EXAMPLE = pathlib.Path(__file__).parents[3] / "examples" / "platform.yaml"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "platform.yaml").write_text(EXAMPLE.read_text())
    return tmp_path


def settings(folder: pathlib.Path) -> Settings:
    return Settings(folder / "platform.yaml", folder / "tokens")


def write_token(folder: pathlib.Path, number: int, text: str) -> None:
    path = folder / "tokens" / "work" / str(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_changed_platform_is_taken_in(folder: pathlib.Path) -> None:
    known = settings(folder)
    assert not known.refresh()
    (folder / "platform.yaml").write_text(EXAMPLE.read_text() + "\npaused: true\n")
    assert known.refresh()
    assert known.platform.paused


def test_a_broken_platform_changes_nothing_until_it_is_repaired(folder: pathlib.Path) -> None:
    known = settings(folder)
    before = known.platform
    (folder / "platform.yaml").write_text("version: 1\nforges: [")
    assert not known.refresh()
    (folder / "platform.yaml").unlink()
    assert not known.refresh()
    assert known.platform == before


def test_without_a_platform_there_is_no_reporter(tmp_path: pathlib.Path) -> None:
    with pytest.raises(SettingsError, match=r"platform\.yaml"):
        settings(tmp_path)
    (tmp_path / "platform.yaml").write_text("version: 1\nforge: {}\n")
    with pytest.raises(SettingsError, match=r"platform\.yaml:\d"):
        settings(tmp_path)


def test_a_client_is_kept_as_long_as_its_tokens_stay(folder: pathlib.Path) -> None:
    known = settings(folder)
    write_token(folder, 0, "new\n")
    first = known.client("work")
    assert known.client("work") is first
    write_token(folder, 1, "old\n")
    assert known.client("work") is not first


def test_a_missing_token_is_no_lasting_trouble(folder: pathlib.Path) -> None:
    known = settings(folder)
    with pytest.raises(ForgeError, match="no token") as caught:
        known.client("work")
    assert not caught.value.lasting
    write_token(folder, 0, "\n")
    with pytest.raises(ForgeError, match="no token"):
        known.client("work")
    write_token(folder, 0, "there")
    assert known.client("work")


def test_a_forge_that_left_platform_yaml_is_lasting_trouble(folder: pathlib.Path) -> None:
    with pytest.raises(ForgeError) as caught:
        settings(folder).client("gone")
    assert caught.value.lasting
