"""What the test cluster makes is made again when an input changed, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "inner" / "b.txt").write_text("b")
    return folder


def test_the_same_inputs_have_the_same_key(sources: Path) -> None:
    assert content_key("flags", sources) == content_key("flags", sources)


def test_a_changed_text_changes_the_key(sources: Path) -> None:
    assert content_key("flags", sources) != content_key("other flags", sources)


def test_a_changed_file_deep_in_a_folder_changes_the_key(sources: Path) -> None:
    before = content_key(sources)
    (sources / "inner" / "b.txt").write_text("c")
    assert content_key(sources) != before


def test_a_renamed_file_changes_the_key(sources: Path) -> None:
    before = content_key(sources)
    (sources / "a.txt").rename(sources / "c.txt")
    assert content_key(sources) != before


def test_what_python_compiles_changes_nothing(sources: Path) -> None:
    before = content_key(sources)
    (sources / "__pycache__").mkdir()
    (sources / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert content_key(sources) == before


def test_texts_are_not_run_together() -> None:
    assert content_key("ab", "c") != content_key("a", "bc")


def test_a_missing_input_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        content_key(tmp_path / "missing")


def test_a_stamp_stands_for_one_key(tmp_path: Path) -> None:
    stamp = tmp_path / "made" / "key"
    assert not is_fresh(stamp, "1")
    write_stamp(stamp, "1")
    assert is_fresh(stamp, "1")
    assert not is_fresh(stamp, "2")
