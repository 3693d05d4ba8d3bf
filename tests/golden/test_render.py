"""What `argosy render` makes: the example platform's tree in the repository, and each folder of render/."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest

from generator.platform import reader
from generator.render import files
from generator.rendered_tree import foreign_files, rendered_files

if TYPE_CHECKING:
    from tests.golden.conftest import Golden

REPOSITORY = pathlib.Path(__file__).parents[2]
CASES = sorted(path.parent for path in pathlib.Path(__file__).parent.glob("render/*/platform.yaml"))


def rendered(path: pathlib.Path) -> dict[str, bytes]:
    text = path.read_bytes()
    platform, found = reader.read(text, path.name)
    assert platform is not None, found
    return files(platform, text.decode())


def test_the_repository_holds_the_example_platforms_tree(golden: Golden) -> None:
    made = rendered(REPOSITORY / "examples/platform.yaml")
    assert foreign_files(REPOSITORY, made) == []
    for path in sorted({*made, *rendered_files(REPOSITORY)}):
        golden(REPOSITORY / path, made.get(path))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: pathlib.Path, golden: Golden) -> None:
    made = rendered(case / "platform.yaml")
    expected = case / "expected"
    golden(expected / "files.txt", "".join(f"{path}\n" for path in made).encode())
    about = [path for path in expected.rglob("*.yaml") if path.is_file()]
    assert about
    for path in about:
        golden(path, made.get(path.relative_to(expected).as_posix()))


def test_there_are_cases() -> None:
    assert len(CASES) > 3
