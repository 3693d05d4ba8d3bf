"""Every code is declared once, and its examples are what they say: the bad one has it alone, the good one none."""

from __future__ import annotations

import ast
import pathlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from generator.commands.cloned_tree import ClonedTree
from generator.diagnostics import Diagnostic, Severity
from generator.diagnostics.codes import CLONE, CODES, GROUPS, REPOSITORY, Code, Example
from generator.expander.tree import FetchedTree
from generator.language.including import UnfitFileError
from generator.plan_tests import reader as plan_tests_reader
from generator.plan_tests.judging import judge
from generator.planning.planner import plan
from generator.repository import CI_FILE, TEST_FILE, Remote, Repository
from tests.code_examples import about_ci, found, is_file
from tests.unit import samples
from tests.unit.checkout.git_server import git, serve
from tests.unit.expander.edges import FakeForge, Fuse

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[3]
READ = [code for code in CODES.values() if is_file(code.bad)]
MOST = 1024 * 1024


@pytest.mark.parametrize("code", READ, ids=lambda code: code.name)
def test_the_bad_example_has_this_code_and_no_other(code: Code) -> None:
    assert {(one.code, one.severity) for one in found(code.bad)} == {(code.name, code.severity)}


@pytest.mark.parametrize("code", READ, ids=lambda code: code.name)
def test_every_finding_says_a_way_out(code: Code) -> None:
    assert [one.message for one in found(code.bad) if not one.hint] == []


@pytest.mark.parametrize("code", READ, ids=lambda code: code.name)
def test_nothing_is_said_about_the_good_example(code: Code, tmp_path: pathlib.Path) -> None:
    said = _in_repository(tmp_path / "good", code.good) if code.good.of == REPOSITORY else found(code.good)
    assert list(said) == []


def test_what_lies_in_a_repository_is_told_too(tmp_path: pathlib.Path) -> None:
    codes = [code for code in CODES.values() if code.bad.of == REPOSITORY]
    assert codes
    for code in codes:
        assert list(_in_repository(tmp_path / code.name / "bad", code.bad)) == [code.name]
        assert list(_in_repository(tmp_path / code.name / "good", code.good)) == []


def _in_repository(folder: pathlib.Path, example: Example) -> Iterator[str]:
    """The code that fetching ci.yaml from a repository with these contents ends in."""
    (folder / "served").mkdir(parents=True)
    (folder / "git").mkdir()
    with serve(folder / "served") as server:
        bare, work = server.create("acme/app"), folder / "work"
        for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            git(bare, "config", name, "true")
        work.mkdir()
        git(work, "init", "--quiet", "--initial-branch=main", ".")
        subprocess.run(["sh", "-ec", example.shown], cwd=work, check=True)
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "change")
        git(work, "push", "--quiet", str(bare), "HEAD:refs/heads/main")
        sha = git(work, "rev-parse", "HEAD")
        repository = Repository(folder / "git", Remote(f"{server.url}/acme/app.git", "argosy", ()), sha)
        try:
            text = repository.text(CI_FILE, MOST)
        except UnfitFileError as failure:
            yield failure.code
        else:
            assert text
            tree = FetchedTree(samples.push(), repository, FakeForge(Fuse()))
            said = about_ci(text, lambda path: repository.text(path, MOST), tree)
            table = repository.text(TEST_FILE, MOST)
            yield from (one.code for one in (said if table is None else said + _about_table(table, text)))


def _about_table(table: bytes, ci: bytes) -> list[Diagnostic]:
    made, said = plan_tests_reader.read(table, TEST_FILE)
    return said if made is None else judge(made, samples.ci_file(ci.decode()), samples.TREE)[1]


def test_what_a_clone_knows_is_told_too(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.org")
    codes = [code for code in CODES.values() if code.bad.of == CLONE]
    assert codes
    for code in codes:
        assert _in_clone(tmp_path / code.name / "bad", code.bad) == [code.name]
        assert _in_clone(tmp_path / code.name / "good", code.good) == []


def _in_clone(folder: pathlib.Path, example: Example) -> list[str]:
    """The codes that planning what a folder of a laptop holds ends in."""
    folder.mkdir(parents=True)
    subprocess.run(["sh", "-ec", example.shown], cwd=folder, check=True)
    event = samples.push(sha="", base_sha="")
    ci = samples.ci_file((folder / CI_FILE).read_text())
    return [one.code for one in plan(ci, event, samples.PLATFORM, ClonedTree(folder / CI_FILE, event))[1]]


def test_no_code_is_declared_twice() -> None:
    assert len(CODES) == sum(len(group.codes) for group in GROUPS)


def test_every_code_says_what_it_is_in_one_line() -> None:
    for code in CODES.values():
        assert 10 < len(code.summary) < 120, code.name


def test_what_is_declared_is_what_is_reported() -> None:
    reported = dict(_reported())
    assert set(CODES) == set(reported), "declare it in generator/diagnostics/codes, or remove it there"
    wrong = {name for name, severity in reported.items() if severity and severity is not CODES[name].severity}
    assert wrong == set()


def _reported() -> Iterator[tuple[str, Severity | None]]:
    """The codes in the source, and how they are reported where that can be seen.

    They are second arguments of what reports, and what a definition calls `code`.
    """
    for path in sorted((ROOT / "generator").rglob("*.py")):
        if "diagnostics" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from _codes_in(node)


def _codes_in(node: ast.AST) -> Iterator[tuple[str, Severity | None]]:
    if isinstance(node, ast.Call):
        yield from _codes_of_call(node)
    elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "code":
        yield from ((name, None) for name in _constants([node.value]))


def _codes_of_call(call: ast.Call) -> Iterator[tuple[str, Severity | None]]:
    name = getattr(call.func, "attr", getattr(call.func, "id", "")).lstrip("_")
    severity = {"error": Severity.ERROR, "stop": Severity.ERROR, "warning": Severity.WARNING}.get(name)
    reported: list[ast.expr | None] = list(call.args[1:2]) if severity else []
    reported += [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    reported += call.args[0:1] if name == "UnfitFileError" else []
    # Text(label, pattern, grammar, code)
    reported += call.args[3:4] if name == "Text" else []
    yield from ((code, severity) for code in _constants(reported))


def _constants(nodes: list[ast.expr | None]) -> Iterator[str]:
    return (str(node.value) for node in nodes if isinstance(node, ast.Constant) and node.value)
