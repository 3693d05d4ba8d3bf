"""`argosy test`: whether a ci.yaml starts for each event what its ci.test.yaml says; needs no cluster and no platform.

Exit codes: 0 it does; 1 it does not, or there are errors in one of the files; 2 usage.
"""

from __future__ import annotations

import enum
import json
import pathlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.commands.cloned_tree import ClonedTree
from generator.commands.inputs import FINDINGS, read_ci, refuse, say
from generator.diagnostics import has_errors, in_order, render_text, to_json
from generator.diagnostics.github import render_github
from generator.events.event import Event

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.plan_tests.outcome import Outcome

_ENDING = ".test"
# The files are those of the commit that is checked out.
_HEAD = Event(forge="", kind="push", repository="", repository_id="", default_branch="", sha="")


class TestFormat(enum.StrEnum):
    """How what came of it is printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def test(
    file: Annotated[
        pathlib.Path, typer.Argument(metavar="FILE", help="The table; its ci.yaml lies beside it.", show_default=True)
    ] = pathlib.Path("ci.test.yaml"),  # noqa: PT028  (a command, and no test)
    output: Annotated[
        TestFormat, typer.Option("--output", "-o", help="The format of what is printed.")
    ] = TestFormat.TEXT,  # noqa: PT028
) -> None:
    """Check a table of events and of the jobs that each must start.

    Ends with 0 where all do, with 1 where one does not.

    Example: argosy test --output json
    """
    from generator.plan_tests import judging, reader  # noqa: PLC0415  (both files' keys; the other commands need one)

    if not file.stem.endswith(_ENDING):
        refuse(f"{file} is no table: name one, like ci.test.yaml")
    data = file.read_bytes()
    path = file.with_name(file.stem.removesuffix(_ENDING) + file.suffix)
    ci, found, sources = read_ci(path)
    sources[str(file)] = data.decode(errors="replace")
    table, more = reader.read(data, str(file))
    found = [*found, *more]
    outcomes: list[Outcome] = []
    if ci is not None and table is not None:
        outcomes, more = judging.judge(table, ci, ClonedTree(path, _HEAD))
        found += more
    found = in_order(found)
    sys.stdout.write(_written(outcomes, found, sources, output))
    say(_summary(file, outcomes, found))
    if has_errors(found):
        raise typer.Exit(FINDINGS)


def _written(outcomes: list[Outcome], found: list[Diagnostic], sources: dict[str, str], output: TestFormat) -> str:
    if output is TestFormat.TEXT:
        return render_text(found, sources)
    if output is TestFormat.GITHUB:
        return render_github(found)
    value = {"tests": list(map(_to_json, outcomes)), "diagnostics": list(map(to_json, found))}
    return json.dumps(value, indent=2) + "\n"


def _to_json(outcome: Outcome) -> dict[str, Any]:
    from generator.plan_tests.telling import event_in_words  # noqa: PLC0415

    return {
        "name": outcome.test.name,
        "line": outcome.test.place.line,
        "event": event_in_words(outcome.event),
        "passed": outcome.passed,
        "starts": outcome.started,
        "differences": [
            {"id": difference.id, "starts": difference.starts, "why": difference.why}
            for difference in outcome.differences
        ],
        "problem": outcome.problem,
    }


def _summary(file: pathlib.Path, outcomes: list[Outcome], found: list[Diagnostic]) -> str:
    failed = sum(not outcome.passed for outcome in outcomes)
    if failed:
        return f"{file}: {failed} of {len(outcomes)} events start something else"
    if has_errors(found):
        return f"{file}: not everything could be asked"
    return f"{file}: {len(outcomes)} events start what they should"
