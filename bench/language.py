"""What it costs to lint, plan and expand files of the language, small and as large as a run may be.

The files are of one shape: jobs with a matrix of so many combinations, variables, conditions and two steps each. With
`--actionlint` that program checks a GitHub workflow of the same shape, in turns with the others: build it by
`go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12`.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile

from bench import inputs
from bench.processes import Cost, argosy, run
from bench.tables import Spread, heading, progress, table, verdict

# Tasks of a run: jobs, and combinations of each.
SHAPES = {10: (5, 2), 100: (10, 10), 1000: (50, 20), 2000: (10, 200)}
_FLOOR = "floor: import typer, yaml"
_CEL_FLOOR = "floor: and the CEL library"
# Jobs that start together.
_STAGE = 5
_MOST_SECONDS, _MOST_MEMORY = 1.5, 200.0


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.language", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="processes of each case (7)")
    parser.add_argument("--actionlint", help="the program, to be measured beside")
    asked = parser.parse_args()
    heading(
        "Files of the language",
        f"Median (least-most) of {asked.rounds} processes each, taking turns. A file of N tasks has jobs with a",
        "matrix, each with a condition, variables and two steps.",
        "The aim is that of 2,000 tasks, over the floor with the CEL library.",
    )
    with tempfile.TemporaryDirectory(prefix="argosy-bench-") as folder:
        place = pathlib.Path(folder)
        inputs.write(place, (), ())
        for count, shape in SHAPES.items():
            (place / f"{count}.yaml").write_text(ci_file(*shape), encoding="utf-8")
            (place / f"github-{count}.yaml").write_text(github_file(*shape), encoding="utf-8")
        (place / "hundred-lines.yaml").write_text(ci_file(6, 2), encoding="utf-8")
        cases = _cases(asked.actionlint)
        costs: dict[str, list[Cost]] = {title: [] for title in cases}
        sizes: dict[str, int] = {}
        for number in range(asked.rounds + 1):
            progress(f"language: round {number} of {asked.rounds}")
            for title, command in cases.items():
                cost = run(command, place)
                sizes[title] = (place / "out").stat().st_size
                if number:
                    costs[title].append(cost)
    _print(costs, sizes)


def ci_file(jobs: int, combinations: int) -> str:
    """So many jobs, each with a matrix of so many combinations."""
    return "on: {push: {branches: ['**']}}\nenv: {CACHE: /tmp/cache}\njobs:\n" + "".join(
        f"""  test-{number}:
    needs: {f"test-{number - _STAGE}" if number >= _STAGE else "[]"}
    matrix:
      version: [{_values(combinations)}]
      os: [linux]
    if: event == 'push' && matrix.os != 'windows'
    image: "docker.io/library/busybox:1.35"
    env:
      TARGET: "${{{{ matrix.os }}}}-${{{{ matrix.version }}}}"
      BRANCH: "${{{{ branch }}}}"
    steps:
      - name: build
        run: |
          mkdir -p "$CACHE"
          echo "building $TARGET of $BRANCH" | tee "$CACHE/log"
      - name: test
        run: test -s "$CACHE/log"
"""
        for number in range(jobs)
    )


def github_file(jobs: int, combinations: int) -> str:
    """The same as a workflow of GitHub Actions."""
    return "on: push\nenv: {CACHE: /tmp/cache}\njobs:\n" + "".join(
        f"""  test-{number}:
    needs: {f"test-{number - _STAGE}" if number >= _STAGE else "[]"}
    strategy:
      matrix:
        version: [{_values(combinations)}]
        os: [ubuntu-latest]
    if: github.event_name == 'push'
    runs-on: ${{{{ matrix.os }}}}
    container: "docker.io/library/busybox:1.35"
    env:
      TARGET: "${{{{ matrix.os }}}}-${{{{ matrix.version }}}}"
      BRANCH: "${{{{ github.ref_name }}}}"
    steps:
      - name: build
        run: |
          mkdir -p "$CACHE"
          echo "building $TARGET of $BRANCH" | tee "$CACHE/log"
      - name: test
        run: test -s "$CACHE/log"
"""
        for number in range(jobs)
    )


def _values(count: int) -> str:
    return ", ".join(f'"{number}"' for number in range(count))


def _cases(actionlint: str | None) -> dict[str, tuple[str, ...]]:
    event = ("--event", "event.json", "--platform", "platform.yaml")
    cases: dict[str, tuple[str, ...]] = {
        _FLOOR: (sys.executable, "-c", "import typer, yaml"),
        _CEL_FLOOR: (sys.executable, "-c", "import typer, yaml, cel_expr_python"),
        "lint, 100 lines": (argosy(), "lint", "hundred-lines.yaml"),
    }
    for count in SHAPES:
        cases[f"lint, {count:,} tasks"] = (argosy(), "lint", f"{count}.yaml")
        cases[f"plan, {count:,} tasks"] = (argosy(), "plan", f"{count}.yaml", *event)
        cases[f"expand, {count:,} tasks, JSON"] = (argosy(), "expand", f"{count}.yaml", *event, "--output", "json")
        if actionlint:
            # Without the two programs that it may start besides, which check scripts.
            quiet = ("-shellcheck=", "-pyflakes=", "-no-color")
            cases[f"actionlint, {count:,} tasks"] = (actionlint, *quiet, f"github-{count}.yaml")
    return cases


def _print(costs: dict[str, list[Cost]], sizes: dict[str, int]) -> None:
    floor = Spread.of(cost.processor for cost in costs[_CEL_FLOOR]).median
    rows = []
    for title, found in costs.items():
        spent = Spread.of(cost.processor for cost in found)
        memory = Spread.of(cost.memory for cost in found).median
        aim = ""
        if "2,000" in title and not title.startswith("actionlint"):
            aim = f"{verdict(spent.median - floor, _MOST_SECONDS, ' s')}, {verdict(memory, _MOST_MEMORY, ' MiB')}"
        if title == "lint, 100 lines":
            aim = verdict(Spread.of(cost.wall for cost in found).median, 0.2, " s of wall time")
        wall = Spread.of(cost.wall for cost in found).text()
        rows.append((title, spent.text(), wall, f"{memory:.0f}", f"{sizes[title]:,}", aim))
    table(("", "processor, s", "wall, s", "peak, MiB", "bytes out", "aim"), rows)


if __name__ == "__main__":
    main()
