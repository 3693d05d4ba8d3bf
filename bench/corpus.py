"""What it costs to lint, plan and expand the files of the corpus, each in a repository of its own.

Each is asked about that event of its table which starts most jobs.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import subprocess
import tempfile
from typing import TYPE_CHECKING

from bench.processes import Cost, argosy, run
from bench.tables import Spread, heading, progress, table
from generator.events.event import to_json
from tests.corpus import FOLDER, projects

if TYPE_CHECKING:
    from tests.corpus import Project

_COMMANDS = ("lint", "plan", "expand")
_AUTHOR = ("-c", "user.name=corpus", "-c", "user.email=corpus@example.com", "-c", "commit.gpgsign=false")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="processes of each case (5)")
    rounds = parser.parse_args().rounds
    heading(
        "The corpus",
        f"Processor time in s, median (least-most) of {rounds} processes each, taking turns; the peak memory is",
        "that of `expand`. Jobs are those of the event, each combination of a matrix one; the Workflow is JSON.",
    )
    costs: dict[tuple[str, str], list[Cost]] = {}
    sizes: dict[str, int] = {}
    jobs: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="argosy-bench-") as folder:
        places = {project.name: pathlib.Path(folder) / project.name for project in projects()}
        for project in projects():
            jobs[project.name] = _lay_out(project, places[project.name])
        for number in range(rounds + 1):
            progress(f"corpus: round {number} of {rounds}")
            for name, place in places.items():
                for command in _COMMANDS:
                    cost = run(_command(command), place)
                    if number:
                        costs.setdefault((name, command), []).append(cost)
                sizes[name] = (place / "out").stat().st_size
    _print(jobs, costs, sizes)


def _command(name: str) -> tuple[str, ...]:
    platform = ("--platform", str(FOLDER / "platform.yaml"))
    event = () if name == "lint" else ("--event", "event.json")
    form = ("--output", "json") if name == "expand" else ()
    return (argosy(), name, "ci.yaml", *platform, *event, *form)


def _lay_out(project: Project, place: pathlib.Path) -> int:
    """A repository with the project's files, and the event beside; gives how many jobs that starts."""
    for path in ("ci.yaml", *project.blobs()):
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(project.text(path) or b"")
    git = ("git", "-C", str(place), *_AUTHOR)
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "corpus")):
        subprocess.run((*git, *command), check=True)
    head = subprocess.run((*git, "rev-parse", "HEAD"), check=True, capture_output=True, text=True).stdout.strip()
    largest = project.largest()
    # A commit that is there, without one before it: everything has changed.
    event = dataclasses.replace(largest.event, sha=head, base_sha="")
    (place / "event.json").write_text(json.dumps(to_json(event)), encoding="utf-8")
    return sum(job.runs for job in largest.jobs)


def _print(jobs: dict[str, int], costs: dict[tuple[str, str], list[Cost]], sizes: dict[str, int]) -> None:
    rows = []
    for name, count in jobs.items():
        spent = [Spread.of(cost.processor for cost in costs[name, command]).text() for command in _COMMANDS]
        memory = Spread.of(cost.memory for cost in costs[name, "expand"]).median
        rows.append((name, str(count), *spent, f"{memory:.0f}", f"{sizes[name]:,}"))
    table(("", "jobs", *_COMMANDS, "peak, MiB", "bytes of the Workflow"), rows)


if __name__ == "__main__":
    main()
