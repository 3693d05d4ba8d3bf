"""Every file in errors/ against what `argosy lint` says about it: NAME.yaml in, NAME.out out."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import render_text
from generator.language import reader

if TYPE_CHECKING:
    from tests.golden.conftest import Golden

CASES = sorted(pathlib.Path(__file__).parent.glob("errors/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_errors(case: pathlib.Path, golden: Golden) -> None:
    text = case.read_bytes()
    ci, found = reader.read(text, "ci.yaml")
    assert ci is None
    golden(case.with_suffix(".out"), render_text(found, {"ci.yaml": text.decode()}).encode())


def test_there_are_cases() -> None:
    assert len(CASES) > 15
