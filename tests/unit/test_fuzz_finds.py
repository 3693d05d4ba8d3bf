"""Every file that the fuzzer ever broke something with, and the files that it starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.seeds import seed_files
from tests.fuzz.target import try_bytes

if TYPE_CHECKING:
    import pathlib


@pytest.mark.parametrize("file", seed_files(), ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_must_hold_for_any_bytes_holds(file: pathlib.Path) -> None:
    try_bytes(file.read_bytes())
