"""`argosy plan`: which jobs an event starts, and why, asked before the push. Needs no cluster, creates nothing."""

from __future__ import annotations

import dataclasses
import enum
import json
import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.asked import (
    DefaultBranchOption,
    ManualOption,
    PayloadOption,
    PullRequestOption,
    PushOption,
    Question,
    RepositoryOption,
    ScheduleOption,
    TagOption,
    event_of,
)
from generator.commands.cloned_tree import ClonedTree
from generator.commands.input_options import InputsOption, given
from generator.commands.inputs import (
    FINDINGS,
    CiArgument,
    EventOption,
    PlatformOption,
    against_platform,
    read_ci,
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
    file: CiArgument = pathlib.Path("ci.yaml"),
    event: EventOption = None,
    payload: PayloadOption = None,
    push: PushOption = None,
    tag: TagOption = None,
    pull_request: PullRequestOption = None,
    schedule: ScheduleOption = None,
    manual: ManualOption = False,
    inputs: InputsOption = None,
    default_branch: DefaultBranchOption = "",
    repository: RepositoryOption = "",
    platform: PlatformOption = None,
    output: Annotated[PlanFormat, typer.Option("--output", "-o", help="How it is printed.")] = PlanFormat.TEXT,
) -> None:
    """Show which jobs of a ci.yaml an event starts, and why.

    Without --event: what a push of the working copy's branch would start, or what the options say.

    Example: argosy plan --pull-request main
    """
    question = Question(
        event, payload, push, tag, pull_request, schedule, manual, given(inputs), default_branch, repository
    )
    question.check()
    ci, found, sources = read_ci(file)
    decided = read_platform(platform, file)
    what = event_of(question, file, decided)
    made: Plan | None = None
    if ci is not None:
        if decided is None:
            say("no platform.yaml here or above: runners, secrets and limits are not checked")
        tree = ClonedTree(file, what)
        made, more = make_plan(ci, what, decided or assumed_platform(ci, what, tree), tree)
        found = in_order([*found, *more])
    elif decided is not None:
        found = in_order([*found, *against_platform(file, decided, f"{what.forge}/{what.repository}")])
    if made is not None and made.runs and ci is not None and decided is not None:
        from generator.manifests.size import compiled  # noqa: PLC0415  (for a run that there is)

        found = in_order([*found, *compiled(made, ci, decided)[1]])
    if made is not None and event is None:
        # A run's name is made of the repository's id too, which only the forge knows.
        made = dataclasses.replace(made, run_name="")
    tell(found, sources)
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
