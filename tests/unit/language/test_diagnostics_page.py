"""docs/reference/diagnostics.md: every code has a section, and its examples are what they say."""

from __future__ import annotations

import ast
import hashlib
import pathlib
import re

import pytest

from generator.language import reader
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, push

ROOT = pathlib.Path(__file__).parents[3]
PAGE = (ROOT / "docs/reference/diagnostics.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in PAGE.split("\n### ")[1:]}
EXAMPLE = re.compile(r"(Bad|Good):\n\n```yaml\n(.*?)```", re.DOTALL)

# What no page can show.
_NOISE = hashlib.shake_256(b"").hexdigest(80_000)
UNSHOWN: dict[str, str | bytes] = {
    "file-size": b"#" * 1_100_000,
    "encoding": b"jobs: \xff",
    "yaml-depth": "[" * 100,
    "yaml-size": "x: [" + "a," * 150_000 + "]",
    "too-many-jobs": "jobs:\n" + "".join(f"  j{number}: {{run: x}}\n" for number in range(200)),
    "too-many-steps": "jobs: {a: {steps: [" + "{run: x}, " * 101 + "]}}",
    "too-many-schedules": "on: {schedule: ["
    + "".join(f"{{name: s{number}, cron: '0 3 * * *'}}, " for number in range(51))
    + "]}\njobs: {a: {run: x}}",
    "env-size": f"jobs: {{a: {{run: x, env: {{A: {'x' * 131_070}}}}}}}",
    "job-size": "jobs: {a: {run: x, env: {"
    + ", ".join(f"V{number}: {_NOISE[number * 40_000 :][:40_000]}" for number in range(4))
    + "}}}",
    "run-size": f"jobs:\n  j: {{run: &long {_NOISE[:100_000]}}}\n"
    + "".join(f"  j{number}: {{run: *long}}\n" for number in range(15)),
    "script-size": f"jobs: {{a: {{run: {_NOISE}}}}}",
}


# Codes that no text has by itself: the platform's answer, and what lies in the repository.
ELSEWHERE = {"no-tenant", "not-a-file"}


def codes(text: str | bytes) -> set[str]:
    ci, found = reader.read(text, "ci.yaml")
    if ci is not None:
        found = found + plan(ci, push(), PLATFORM)[1]
    return {one.code for one in found}


def used_codes() -> set[str]:
    """The codes in the source: second arguments of what reports, and what a definition calls `code`."""
    found: set[str] = set()
    package = ROOT / "generator"
    folders = [package / folder for folder in ("document", "fields", "language", "planning")]
    for path in (package / "repository.py", *(path for folder in folders for path in folder.rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= _codes_in(node)
    return found


def _codes_in(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")).lstrip("_")
        reported = node.args[1:2] if name in ("error", "warning", "stop") else []
        reported += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        reported += node.args[0:1] if name == "UnfitFileError" else []
        # Text(label, pattern, grammar, code)
        reported += node.args[3:4] if name == "Text" else []
        return {str(value.value) for value in reported if isinstance(value, ast.Constant) and value.value}
    if (
        isinstance(node, ast.AnnAssign)
        and getattr(node.target, "id", "") == "code"
        and isinstance(node.value, ast.Constant)
    ):
        return {str(node.value.value)}
    return set()


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert set(SECTIONS) == used_codes()


@pytest.mark.parametrize("code", sorted(set(SECTIONS) - ELSEWHERE))
def test_the_bad_example_has_the_code_and_the_good_one_has_nothing(code: str) -> None:
    examples: dict[str, str | bytes] = dict(EXAMPLE.findall(SECTIONS[code]))
    if code in UNSHOWN:
        examples = {"Bad": UNSHOWN[code], "Good": "jobs: {a: {run: x}}"}
    assert code in codes(examples["Bad"])
    assert codes(examples["Good"]) == set()


@pytest.mark.parametrize("code", sorted(set(SECTIONS) - set(UNSHOWN) - ELSEWHERE))
def test_a_bad_example_is_bad_for_one_reason(code: str) -> None:
    assert codes(dict(EXAMPLE.findall(SECTIONS[code]))["Bad"]) == {code}
