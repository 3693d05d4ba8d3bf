"""The guides are terminals that were really typed: what they show is what the commands print today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.golden.sessions import played
from tests.pages import ROOT, pages

if TYPE_CHECKING:
    import pathlib

    from tests.golden.conftest import Golden

SESSIONS = [page for page in pages() if page.name == "guide.md"]


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_its_commands_print(page: pathlib.Path, tmp_path: pathlib.Path, golden: Golden) -> None:
    golden(page, played(page, tmp_path).encode())


def test_both_languages_have_a_guide() -> None:
    assert len(SESSIONS) == 2
