"""Files that are made to cost time and memory: `argosy lint` says what is wrong with them within bounds of both."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest

# Of the whole process, Python and its libraries with it.
SECONDS, KIBIBYTES = 20, 512 * 1024
JOB = "jobs: {it: {run: x, %s}}\n"
THOUSAND = ", ".join(map(str, range(1000)))
DOCUMENTS = {
    "aliases": "a0: &a0 [x, x, x]\n"
    + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 60)),
    "a chain of aliases": "k0: &k0 []\n" + "".join(f"k{i}: &k{i} [*k{i - 1}]\n" for i in range(1, 20_000)),
    "a long text by many aliases": f"t: &t {'x' * 900_000}\nl: [{', '.join(['*t'] * 9_000)}]\n",
    "merges": "k0: &k0 {a: 1}\n" + "".join(f"k{i}: &k{i} {{<<: *k{i - 1}, a{i}: 1}}\n" for i in range(1, 20_000)),
    "lists": "[" * 1_000_000,
    "lists of lists": "- " * 500_000,
    "mappings": "{a: " * 250_000,
    "complex keys": "? " * 500_000,
    "values": "[" + "a," * 500_000,
    "one text": "x" * 1_000_000,
    "anchors": "&a " * 300_000,
    "tags": "!a " * 300_000,
    "comments": "#\n" * 500_000,
    "flow keys": "[" + "{}:" * 300_000,
}
TEXTS = {
    "ten megabytes": b"# " + b"x" * 10_000_000,
    "ten megabytes of lines": b"a\n" * 5_000_000,
    "a byte that is no UTF-8": b"jobs: {it: {run: \xff}}\n",
    "UTF-16": "jobs: {it: {run: x}}\n".encode("utf-16"),
    "NUL": b"jobs: {it: {run: 'a\x00b'}}\n",
    "nothing but NUL": b"\x00" * 1_000_000,
}
FILES = {
    "a matrix of a million million": JOB
    % f"matrix: {{a: [{THOUSAND}], b: [{THOUSAND}], c: [{THOUSAND}], d: [{THOUSAND}]}}",
    "many axes": JOB % f"matrix: {{{', '.join(f'a{number}: [1, 2]' for number in range(2_000))}}}",
    "many entries": JOB % f"matrix: {{a: [1], include: [{', '.join(f'{{a: {number}}}' for number in range(20_000))}]}}",
    "many excluded": JOB % f"matrix: {{a: [{THOUSAND}], exclude: [{', '.join(['{a: 1}'] * 10_000)}]}}",
    "many extensions": JOB % f"matrix: {{a: [{THOUSAND}], extend: [{', '.join(['{a: 1, b: 2}'] * 10_000)}]}}",
    "parentheses": JOB % f"if: {'(' * 200_000}",
    "negations": JOB % f"if: '{'!' * 200_000}true'",
    "a long condition": JOB % f"if: {' && '.join(['true'] * 50_000)}",
    "many expressions": JOB % f"env: {{A: '{'${{ sha }}' * 20_000}'}}",
    "expressions without an end": JOB % f"env: {{A: '{'${{' * 100_000}'}}",
    "a regular expression": "on: {push: {branches: '/" + "(a+)+" * 5_000 + "$/'}}\n" + JOB % "env: {}",
    "a repeated expression": "on: {push: {branches: '/((a{1,1000}){1,1000}){1,1000}/'}}\n" + JOB % "env: {}",
    "globs": f"on: {{push: {{paths: [{', '.join(['**/' * 200 + 'x'] * 500)}]}}}}\n" + JOB % "env: {}",
    "many jobs": "jobs:\n" + "".join(f"  j{number}: {{run: x}}\n" for number in range(40_000)),
    "a ring of jobs": "jobs:\n" + "".join(f"  j{n}: {{run: x, needs: j{(n + 1) % 20_000}}}\n" for n in range(20_000)),
    "all need all": "jobs:\n" + "".join(f"  j{n}: {{run: x, needs: all}}\n" for n in range(2_000)),
    "many unknown time zones": "on:\n  schedule:\n"
    + "".join(f"    - {{name: a{n}, cron: '0 3 * * *', timezone: Europe/Brln{n}}}\n" for n in range(12_000))
    + JOB % "env: {}",
    "many lines that are no keys": "jobs:\n" + "".join(f"rum{number}: x\n" for number in range(40_000)),
    "many axes that are nearly options": "jobs:\n  it:\n    run: x\n    matrix:\n"
    + "".join(f"      exclud{number}: {{x: y}}\n" for number in range(30_000)),
    "many unknown keys": "jobs: {it: {run: x, " + ", ".join(f"rum{number}: x" for number in range(40_000)) + "}}\n",
    "many templates": "templates:\n"
    + "".join(
        f"  t{n}: {{extends: [{', '.join(f't{one}' for one in range(max(0, n - 20), n))}]}}\n" for n in range(500)
    )
    + "jobs: {it: {extends: t499, run: x}}\n",
    "a schedule": "on: {schedule: [{cron: '" + ",".join(["*/1"] * 100_000) + " * * * *'}]}\n" + JOB % "env: {}",
}


def lint(folder: pathlib.Path, data: bytes) -> subprocess.CompletedProcess[str]:
    """`argosy lint` of a file with this data, in a process that may not cost more."""
    (folder / "ci.yaml").write_bytes(data)
    limited = f'ulimit -v {KIBIBYTES} && ulimit -t {SECONDS} && exec "$@"'
    words = ["sh", "-c", limited, "sh", sys.executable, "-m", "generator", "lint", "ci.yaml"]
    environment = os.environ | {"PYTHONPATH": str(pathlib.Path.cwd()), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("bomb", [*DOCUMENTS.values(), *FILES.values()], ids=[*DOCUMENTS, *FILES])
def test_a_bomb_ends_in_an_error_with_its_place(bomb: str, tmp_path: pathlib.Path) -> None:
    done = lint(tmp_path, bomb.encode())
    assert done.returncode == 1, done.stderr[-2_000:]
    assert re.search(r"^ci\.yaml:\d+:\d+: error: ", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS.keys())
def test_what_is_no_text_of_a_sane_size_ends_in_an_error_with_its_place(data: bytes, tmp_path: pathlib.Path) -> None:
    done = lint(tmp_path, data)
    assert done.returncode == 1, done.stderr[-2_000:]
    assert re.search(r"^ci\.yaml:\d+:\d+: error: ", done.stdout + done.stderr, re.MULTILINE)
