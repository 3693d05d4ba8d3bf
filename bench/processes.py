"""What one cold process of a command costs, next to its floor: a process that does nothing but import its libraries.

All cases take turns, round after round, so that a busy moment of the machine hits them alike. Processor time (user and
system) is what to compare; wall time is what a person waits on this machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from bench import inputs
from bench.tables import Spread, heading, progress, table, verdict

_JOBS = (10, 1000)
_REPOSITORIES = (1, 100, 1000)
_HERA = "floor: import hera.workflows, yaml"
_GOOD_OR_FINDINGS = (0, 1)
_MEBIBYTE_IN_KIBIBYTES = 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A command line; `floor` is the title of the case that it is compared with.

    The aims: at most so many seconds of processor time, and at most so many times what hera's import takes.
    """

    title: str
    command: tuple[str, ...]
    floor: str = ""
    most_seconds: float | None = None
    most_of_hera: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds of processor and of wall time, and its peak of resident memory in MiB."""

    processor: float
    wall: float
    memory: float


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.processes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="processes of each case")
    rounds = parser.parse_args().rounds
    heading(
        "A cold process of each command",
        f"Median (least-most) of {rounds} processes each, taking turns; files in the page cache, bytecode compiled.",
        "`lint` of 1,000 jobs ends with the finding that a run holds 199; `plan` and `expand` of 1,000 are the same",
        "command with that limit lifted (bench/lifted.py), since neither Argo nor the command takes so many.",
        "The aim for `expand` of 10 jobs was set as 1.3 times the import of hera, which it no longer imports: the",
        "last column compares with that, `to its floor` with what it imports today.",
    )
    with tempfile.TemporaryDirectory(prefix="argosy-bench-") as folder:
        place = pathlib.Path(folder)
        inputs.write(place, _JOBS, _REPOSITORIES)
        costs = _measure(_cases(), place, rounds)
    _print(costs)


def _cases() -> list[Case]:
    program = (argosy(),)
    lifted = (sys.executable, "-m", "bench.lifted")
    event = ("--event", "event.json", "--platform", "platform.yaml")
    as_json = ("--output", "json")
    few, many = (f"{count}.yaml" for count in _JOBS)
    light, rendering = "floor: import typer, yaml", "floor: and jinja2"
    return [
        _floor(light, "typer, yaml"),
        _floor(_HERA, "hera.workflows, yaml"),
        _floor(rendering, "hera.workflows, yaml, jinja2"),
        Case("argosy --help", (*program, "--help"), light, most_seconds=0.3),
        Case("lint, 10 jobs", (*program, "lint", few, "--platform", "platform.yaml"), light),
        Case("lint, 1,000 jobs", (*program, "lint", many, "--platform", "platform.yaml"), light),
        Case("plan, 10 jobs", (*program, "plan", few, *event), light),
        Case("plan, 1,000 jobs", (*lifted, "plan", many, *event), light),
        Case("expand, 10 jobs", (*program, "expand", few, *event), light, most_of_hera=1.3),
        Case("expand, 10 jobs, JSON", (*program, "expand", few, *event, *as_json), light, most_of_hera=1.3),
        Case("expand, 1,000 jobs", (*lifted, "expand", many, *event), light, most_seconds=1.5),
        Case("expand, 1,000 jobs, JSON", (*lifted, "expand", many, *event, *as_json), light, most_seconds=1.5),
        *(
            Case(
                f"render, {count:,} repositor{'ies' if count > 1 else 'y'}",
                (*program, "render", "--platform", f"platform-{count}.yaml", "--output", "rendered"),
                rendering,
                most_seconds=2.0 if count == max(_REPOSITORIES) else None,
            )
            for count in _REPOSITORIES
        ),
    ]


def _floor(title: str, libraries: str) -> Case:
    return Case(title, (sys.executable, "-c", f"import {libraries}"))


def argosy() -> str:
    """The command as it is installed beside this Python."""
    return str(pathlib.Path(sys.executable).with_name("argosy"))


def _measure(cases: list[Case], folder: pathlib.Path, rounds: int) -> dict[Case, list[Cost]]:
    costs: dict[Case, list[Cost]] = {case: [] for case in cases}
    for number in range(rounds + 1):
        progress(f"processes: round {number} of {rounds}")
        for case in cases:
            shutil.rmtree(folder / "rendered", ignore_errors=True)
            cost = run(case.command, folder)
            if number:
                costs[case].append(cost)
    return costs


def run(command: tuple[str, ...], folder: pathlib.Path) -> Cost:
    """One process from its start to its end. Raises RuntimeError where it says that something is wrong."""
    root = pathlib.Path(__file__).parents[1]
    alone = (sys.executable, "-I", "-S", str(root / "bench" / "alone.py"), "out", "complaints", *command)
    # What pip has installed is compiled; what runs from a clone the round that does not count compiles, if it may.
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": ""}
    told = subprocess.run(alone, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout
    code, processor, wall, memory = told.split()
    if int(code) not in _GOOD_OR_FINDINGS:
        raise RuntimeError(f"{' '.join(command)}: {(folder / 'complaints').read_text(encoding='utf-8')}")
    return Cost(float(processor), float(wall), int(memory) / _MEBIBYTE_IN_KIBIBYTES)


def _print(costs: dict[Case, list[Cost]]) -> None:
    processor = {case.title: Spread.of(cost.processor for cost in found) for case, found in costs.items()}
    rows = []
    for case, found in costs.items():
        spent = processor[case.title]
        rows.append(
            (
                case.title,
                spent.text(),
                Spread.of(cost.wall for cost in found).text(),
                f"{Spread.of(cost.memory for cost in found).median:.0f}",
                f"{spent.median / processor[case.floor].median:.2f}" if case.floor else "",
                _aim(case, processor),
            )
        )
    table(("", "processor, s", "wall, s", "peak, MiB", "to its floor", "aim (processor)"), rows)


def _aim(case: Case, processor: dict[str, Spread]) -> str:
    seconds = processor[case.title].median
    if case.most_of_hera is not None:
        return verdict(seconds / processor[_HERA].median, case.most_of_hera, " times hera's import")
    return "" if case.most_seconds is None else verdict(seconds, case.most_seconds, " s")


if __name__ == "__main__":
    main()
