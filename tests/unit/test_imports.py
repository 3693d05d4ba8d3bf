"""Nothing heavy is imported on the way of every push, or of every keystroke on a laptop."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

HEAVY = {"hera", "kubernetes", "jinja2", "requests", "pydantic"}
NOT_FOR_EVERY_LINT = {
    "cel_expr_python",
    "generator.forges",
    "generator.manifests",
    "generator.planning",
    "generator.platform",
    "hera",
    "jinja2",
    "kubernetes",
    "urllib3",
}
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("generator.expander.step", set()),
        ("generator.report.reporter", set()),
        ("generator.__main__ as main; main.command_line()", {"pydantic"}),  # Typer's own
    ],
)
def test_a_module_does_without_heavy_libraries(module: str, allowed: set[str]) -> None:
    script = f"import {module}; import sys, json"
    script += "; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert HEAVY & set(json.loads(done.stdout)) <= allowed


def test_a_command_does_not_wait_for_the_others() -> None:
    script = "import sys; from generator.__main__ import command_line; command_line(['lint', 'ci.yaml'])"
    script += "; print(*(name for name in sys.modules if name.startswith('generator.planning')))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("text", "platform", "imported"),
    [
        ("jobs: {a: {image: x, run: make}}", False, set()),
        ("jobs: {a: {image: x, run: make}}", True, {"generator.platform"}),
        ("jobs: {a: {image: x, env: {A: '${{ branch }}'}, run: make}}", False, {"cel_expr_python"}),
    ],
)
def test_a_lint_loads_what_the_file_asks_for(
    text: str, platform: bool, imported: set[str], tmp_path: pathlib.Path
) -> None:
    (tmp_path / "ci.yaml").write_text(f"on: {{push: {{}}}}\n{text}\n")
    if platform:
        (tmp_path / "platform.yaml").write_text((EXAMPLES / "platform.yaml").read_text())
    script = (
        "import atexit, sys; from generator.__main__ import main; sys.argv[1:] = ['lint', 'ci.yaml'];"
        "atexit.register(lambda: print(*sys.modules)); main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert NOT_FOR_EVERY_LINT & set(done.stdout.split()) == imported


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("jobs: {a: {image: debian:12, env: {A: '}} {{ $'}, run: 'echo ${{ x }}'}}", False),
        ("jobs: {a: {env: {A: '${{ branch }}'}, run: x}}", True),
        ("jobs: {a: {if: branch == 'main', run: x}}", True),
    ],
)
def test_the_expression_library_is_imported_for_a_file_with_expressions_only(text: str, imported: bool) -> None:
    script = (
        "import sys; from generator.planning.planner import plan; from tests.unit.samples import *;"
        f"plan(ci_file({text!r}), push(), PLATFORM, TREE); print('cel_expr_python' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == str(imported)
