"""The pages hold: files are right, links lead somewhere, commands exist, and both languages show the same."""

from __future__ import annotations

import dataclasses
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import typer

from generator.__main__ import command_line
from generator.diagnostics import Severity
from generator.language import reader
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan
from tests.pages import ROOT, Block, blocks, ci_files, english, pages
from tests.unit.samples import StoredTree, pull_request, push, schedule, tag

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
    from generator.events.event import Event

PAGES = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages()]
CHINESE = [pytest.param(page, id=str(page.relative_to(ROOT))) for page in pages() if english(page) is not None]

READMES = [pytest.param(page, id=page.name) for page in sorted(ROOT.glob("README*.md"))]
REFERENCE = ROOT / "docs/reference/ci-yaml.md"

# What the examples ask the repository about.
PATHS = ("go.mod", "go.sum", "ci/templates.yaml", "docs/index.md", "web/src/app.ts", "web/pnpm-lock.yaml")
SERVICES = ("services/cart/main.go", "services/catalog/main.go", "libs/money/money.go")
TREE = StoredTree(dict.fromkeys((*PATHS, *SERVICES), "a" * 40), frozenset((*PATHS, *SERVICES)))
EVENTS = (push(), pull_request(), tag("v1.2.0"), schedule("nightly"))

_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^(?P<level>#+) (?P<title>.*)$", re.MULTILINE)
_ROW = re.compile(r"^\|", re.MULTILINE)
_COMMAND = re.compile(r"^(?:\$ )?(argosy [^|;&\n]*)", re.MULTILINE)
_SPAN = re.compile(r"`(argosy [^`]+)`")
_UNSUPPORTED = re.compile(r"(?:Not supported yet|\u6682\u4e0d\u652f\u6301)(?P<names>.+?)[.\u3002]\n", re.DOTALL)
_NAME = re.compile(r"`([\w-]+)`")
_SHELLS = ("sh", "bash", "console")


@pytest.mark.parametrize("block", [pytest.param(block, id=block.place) for block in ci_files()])
def test_a_file_that_a_page_shows_is_right_and_runs(block: Block) -> None:
    others = {other.path: other.text.encode() for other in blocks(block.page) if other.path}
    # A reference may name a file that it does not show.
    ci, found = reader.read(block.text, "ci.yaml", lambda path: others.get(path, b"env: {}"))
    assert _errors(found) == []
    assert ci is not None
    plans = [plan(ci, event, assumed_platform(ci, event, TREE), TREE) for event in map(_everything, EVENTS)]
    assert [wrong for _, more in plans for wrong in _errors(more)] == []
    assert any(made is not None and made.runs for made, _ in plans)


def _errors(found: list[Diagnostic]) -> list[Diagnostic]:
    """A page may show a template that nothing on it uses, which is a warning."""
    return [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR]


def _everything(event: Event) -> Event:
    """The event of somebody who may use whatever there is."""
    return dataclasses.replace(event, tier="protected")


def test_there_are_files_on_pages() -> None:
    assert len(ci_files()) > 10


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: pathlib.Path) -> None:
    assert [target for target in _links(page) if not _leads_somewhere(page, target)] == []


def _links(page: pathlib.Path) -> Iterator[str]:
    """The page's links to other pages, and to places of its own."""
    found = (match["target"] for match in _LINK.finditer(_prose(page)))
    return (target for target in found if "://" not in target)


def _leads_somewhere(page: pathlib.Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    return there.exists() and (not anchor or anchor in _anchors(there))


def _anchors(page: pathlib.Path) -> set[str]:
    """What forges call a page's headings."""
    titles = [match["title"].lower() for match in _HEADING.finditer(_prose(page))]
    return {re.sub(r"[^\w\- ]", "", title).strip().replace(" ", "-") for title in titles}


def _prose(page: pathlib.Path) -> str:
    """The page without what stands between fences."""
    text, parts, done = page.read_text(encoding="utf-8"), [], 0
    for block in blocks(page):
        parts.append(text[done : block.start])
        done = block.end
    return "".join((*parts, text[done:]))


@pytest.mark.parametrize("page", CHINESE)
def test_a_chinese_page_shows_what_the_english_one_shows(page: pathlib.Path) -> None:
    original = english(page)
    assert original is not None
    assert [(block.language, block.text) for block in blocks(page)] == [
        (block.language, block.text) for block in blocks(original)
    ]


@pytest.mark.parametrize("page", CHINESE)
def test_a_chinese_page_has_the_sections_and_rows_of_the_english_one(page: pathlib.Path) -> None:
    original = english(page)
    assert original is not None
    assert _outline(page) == _outline(original)


def _outline(page: pathlib.Path) -> list[tuple[str, int]]:
    """Each section's level, and how many rows its tables have."""
    text = _prose(page)
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [
        (heading["level"], len(_ROW.findall(text, heading.end(), end)))
        for heading, end in zip(headings, ends, strict=True)
    ]


@pytest.mark.parametrize("page", CHINESE)
def test_both_languages_of_a_page_link_to_each_other(page: pathlib.Path) -> None:
    original = english(page)
    assert original is not None
    assert original in {(page.parent / target).resolve() for target in _links(page)}
    assert page in {(original.parent / target).resolve() for target in _links(original)}


def test_there_are_chinese_pages() -> None:
    assert len(CHINESE) > 1


@pytest.mark.parametrize("page", READMES)
def test_a_readme_says_what_is_not_supported_yet(page: pathlib.Path) -> None:
    assert _unsupported(page) == _unsupported(REFERENCE) != set()


def _unsupported(page: pathlib.Path) -> set[str]:
    """The keys that the page says are not supported yet, wherever it says so."""
    said = _UNSUPPORTED.finditer(_prose(page))
    return {name for match in said for name in _NAME.findall(match["names"])}


@pytest.mark.parametrize("page", PAGES)
def test_commands_on_a_page_exist(page: pathlib.Path) -> None:
    assert [wrong for command in _commands(page) for wrong in _unknown(command)] == []


def _commands(page: pathlib.Path) -> Iterator[str]:
    """What the page tells somebody to type, in a shell's block or between backticks."""
    yield from _SPAN.findall(_prose(page))
    for block in blocks(page):
        if block.language in _SHELLS:
            yield from _COMMAND.findall(block.text)


def _unknown(command: str) -> list[str]:
    """The subcommand, or those options, that argosy does not have."""
    name, *rest = shlex.split(command, comments=True)[1:]
    if name.startswith("-"):
        return [] if name in _options(ROOT_COMMAND) else [command]
    subcommand = SUBCOMMANDS.get(name)
    if subcommand is None:
        return [command]
    options = _options(subcommand)
    return [f"{command}: {word}" for word in rest if word.startswith("-") and word.partition("=")[0] not in options]


ROOT_COMMAND = typer.main.get_command(command_line())
SUBCOMMANDS: dict[str, Any] = getattr(ROOT_COMMAND, "commands", {})


def _options(command: Any) -> set[str]:
    return {"-h", "--help", *(name for parameter in command.params for name in parameter.opts)}


def test_commands_were_found() -> None:
    found = {command.split()[1] for page in pages() for command in _commands(page)}
    assert {"lint", "plan", "expand", "explain", "schema", "init", "render"} <= found


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [page.name[:4] for page in (ROOT / "docs/decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))


@pytest.mark.parametrize("page", [ROOT / "docs/guide.md", ROOT / "docs/zh/guide.md"], ids=("english", "chinese"))
def test_a_guides_contents_name_every_step(page: pathlib.Path) -> None:
    text = page.read_text(encoding="utf-8")
    steps = re.findall(r"^## (\d+ .*)$", text, re.MULTILINE)
    named = re.findall(r"\[(\d+ [^\]]*)\]\(#", text.partition("\n## ")[0])
    assert named == steps
