"""`argosy plan`: which jobs an event starts, and why, asked before the push. Needs no cluster, creates nothing."""

from __future__ import annotations

import enum
import json
import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.inputs import (
    FINDINGS,
    CiArgument,
    EventOption,
    PlatformOption,
    read_ci,
    read_event,
    read_platform,
    say,
    tell,
)
from generator.diagnostics import has_errors, in_order
from generator.planning.assumed import assumed_platform
from generator.planning.planner import plan as make_plan
from generator.views.text import to_text
from generator.views.values import to_json

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.planning.plan import Plan


class PlanFormat(enum.StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"
    SVG = "svg"


def plan(
    event: EventOption,
    file: CiArgument = pathlib.Path("ci.yaml"),
    platform: PlatformOption = None,
    output: Annotated[PlanFormat, typer.Option("--output", "-o", help="How it is printed.")] = PlanFormat.TEXT,
) -> None:
    """Show which jobs of a ci.yaml an event starts, and why.

    Example: argosy plan ci.yaml --event push.json
    """
    ci, found, text = read_ci(file)
    what = read_event(event)
    made: Plan | None = None
    if ci is not None:
        decided = read_platform(platform, file)
        if decided is None:
            say("no platform.yaml here or above: runners, secrets and limits are not checked")
        made, more = make_plan(ci, what, decided or assumed_platform(ci, what))
        found = in_order([*found, *more])
    tell(found, {str(file): text})
    _print(made, found, output)
    if made is None or has_errors(found):
        raise typer.Exit(FINDINGS)


def _print(made: Plan | None, found: list[Diagnostic], output: PlanFormat) -> None:
    """The plan on standard output; without one only JSON has something to say."""
    if output is PlanFormat.JSON:
        typer.echo(json.dumps(to_json(made, found), indent=2))
    elif made is None:
        return
    elif output is PlanFormat.TEXT:
        typer.echo(to_text(made))
    elif output is PlanFormat.MERMAID:
        from generator.views.mermaid import to_mermaid  # noqa: PLC0415  (pictures are the exception)

        typer.echo(to_mermaid(made), nl=False)
    else:
        from generator.views.svg import to_svg  # noqa: PLC0415

        typer.echo(to_svg(made), nl=False)
