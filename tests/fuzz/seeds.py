"""What the fuzzer starts from: every ci.yaml of the tests and examples, and what it ever broke something with."""

from __future__ import annotations

import pathlib

ROOT = pathlib.Path(__file__).parents[2]
FINDS = pathlib.Path(__file__).parent / "finds"
_LONGEST = 20_000  # bytes
_PATTERNS = ("examples/**/ci.yaml", "tests/golden/**/ci.yaml", "tests/golden/errors/*.yaml", "tests/fuzz/finds/*")


def seed_files() -> list[pathlib.Path]:
    """Their paths, in order."""
    files = sorted({file for pattern in _PATTERNS for file in ROOT.glob(pattern) if file.is_file()})
    return [file for file in files if file.stat().st_size < _LONGEST]
