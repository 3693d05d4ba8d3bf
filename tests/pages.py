"""The project's pages as the tests see them: their fenced blocks, and which of these are files of a repository.

A `yaml` block with a `jobs` key is a whole ci.yaml; one that opens with a comment that is nothing but a path
(`# ci/templates.yaml`) is that file. Everything else is a part of something, and is not tried.
"""

from __future__ import annotations

import dataclasses
import pathlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[1]
OF_CODES = ROOT / "docs/reference/diagnostics"
CHINESE = "zh"

_FENCED = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"# (?P<path>[\w./-]+\.ya?ml)\n")
_JOBS = re.compile(r"^jobs:(?:$| \{)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Block:
    """What stands between two fences: from `start` to `end` of the page's text, without the indentation in `text`."""

    page: pathlib.Path
    line: int
    language: str
    text: str
    start: int
    end: int

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def path(self) -> str:
        """The file that the block is, empty where it is only a part of one."""
        if self.language != "yaml":
            return ""
        named = _PATH.match(self.text)
        return named["path"] if named else "ci.yaml" * bool(_JOBS.search(self.text))


def pages() -> list[pathlib.Path]:
    """Every page that somebody writes by hand or a program makes, in both languages."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "bench").glob("*.md"))]


def blocks(page: pathlib.Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _FENCED.finditer(text):
        indent = found["indent"]
        inside = "".join(line.removeprefix(indent) for line in found["text"].splitlines(keepends=True))
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found["language"], inside, *found.span("text"))


def ci_files() -> list[Block]:
    """Every whole ci.yaml that a page shows as a right one. The codes' have a test of their own."""
    return [block for page in pages() if page.parent != OF_CODES for block in blocks(page) if block.path == "ci.yaml"]


def english(page: pathlib.Path) -> pathlib.Path | None:
    """The page that a Chinese one says again, None for any other page."""
    if page.name.endswith(".zh-CN.md"):
        return page.with_name(page.name.replace(".zh-CN", ""))
    if page.parent.name == CHINESE:
        return page.parents[1] / page.name
    return None
