"""What is pushed: as argosy's ci.yaml here, and with the same commands as a WorkflowTemplate in plain-argo/."""

from __future__ import annotations

import dataclasses

from tests.e2e.cluster import PYTHON_IMAGE

CLOCK = "date +%s.%N"
_SECOND = f"{CLOCK}; sleep 1; {CLOCK}"


@dataclasses.dataclass(frozen=True, slots=True)
class Scenario:
    """`name` is also that of the WorkflowTemplate and the repository; `most` is the aim for the ratio to plain Argo."""

    name: str
    title: str
    ci: str
    most: float | None = None


def _file(jobs: str) -> str:
    return f"defaults: {{image: {PYTHON_IMAGE}}}\non:\n  push: {{branches: ['**']}}\njobs:\n{jobs}"


def _row() -> str:
    names = ("one", "two", "three", "four", "five")
    first, *rest = names
    after = (f"  {name}: {{run: {_SECOND}, needs: {before}}}\n" for before, name in zip(names, rest, strict=False))
    return f"  {first}: {{run: {_SECOND}}}\n" + "".join(after)


ONE = Scenario("one", "One job of one line", _file(f"  one: {{run: {CLOCK}}}\n"))
ROW = Scenario("row", "Five one-second jobs in a row", _file(_row()), most=1.0)
PARALLEL = Scenario(
    "parallel",
    "Twenty one-second jobs in parallel",
    _file("".join(f"  job-{number}: {{run: {_SECOND}}}\n" for number in range(20))),
    most=1.15,
)
SCENARIOS = (ONE, ROW, PARALLEL)
