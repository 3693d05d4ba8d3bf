"""The reference pages and the schemas are what the declarations in the code make of them."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest

from generator.commands import schema
from generator.diagnostics import page as diagnostics
from generator.diagnostics.codes import CODES, Code
from generator.language import reference as ci_yaml
from generator.plan_tests import reference as ci_test_yaml
from generator.platform import reference as platform_yaml
from tests.code_examples import is_file, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.golden.conftest import Golden

FOLDER = pathlib.Path(__file__).parents[2] / "docs" / "reference"
PAGES = {
    "ci-yaml": ci_yaml.page,
    "ci-test-yaml": ci_test_yaml.page,
    "diagnostics": diagnostics.contents,
    "platform-yaml": platform_yaml.page,
}


@pytest.mark.parametrize("language", list(schema.Language))
def test_schema(language: schema.Language, golden: Golden) -> None:
    golden(FOLDER / f"{language.value}.schema.json", schema.text(language).encode())


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, golden: Golden) -> None:
    make: Callable[[], str] = PAGES[name]
    golden(FOLDER / f"{name}.md", make().encode())


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_page_of_a_code(code: Code, golden: Golden) -> None:
    made = diagnostics.page(code, said(code.bad) if is_file(code.bad) else "")
    golden(FOLDER / "diagnostics" / f"{code.name}.md", made.encode())


def test_there_is_no_page_of_a_code_that_is_none() -> None:
    assert {path.stem for path in (FOLDER / "diagnostics").iterdir()} == set(CODES)
