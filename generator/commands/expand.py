"""`argosy expand`: the Workflow that the expander would create for an event, byte for byte, without a cluster."""

from __future__ import annotations

import enum
import pathlib
import sys
from typing import Annotated

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
    refuse,
    say,
    tell,
)
from generator.diagnostics import has_errors, in_order
from generator.planning.planner import plan as make_plan


class ManifestFormat(enum.StrEnum):
    """How an object is printed."""

    YAML = "yaml"
    JSON = "json"


def expand(
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
    output: Annotated[ManifestFormat, typer.Option("--output", "-o", help="How it is printed.")] = ManifestFormat.YAML,
) -> None:
    """Print the Workflow that an event makes of a ci.yaml.

    Without --event: what a push of the working copy's branch would make, or what the options say.

    Example: argosy expand ci.yaml --event push.json --platform platform.yaml
    """
    question = Question(
        event, payload, push, tag, pull_request, schedule, manual, given(inputs), default_branch, repository
    )
    question.check()
    ci, found, sources = read_ci(file)
    decided = read_platform(platform, file)
    if decided is None:
        refuse("no platform.yaml here or above: name it with --platform")
    what = event_of(question, file, decided)
    made = None
    if ci is not None:
        made, more = make_plan(ci, what, decided, ClonedTree(file, what))
        found = in_order([*found, *more])
    else:
        found = in_order([*found, *against_platform(file, decided, f"{what.forge}/{what.repository}")])
    workflow = None
    if made is not None and made.runs and ci is not None:
        from generator.manifests.size import compiled  # noqa: PLC0415  (for a run that there is)

        workflow, more = compiled(made, ci, decided)
        found = in_order([*found, *more])
    tell(found, sources)
    if made is None or has_errors(found):
        raise typer.Exit(FINDINGS)
    if workflow is None:
        say(f"nothing runs: {made.why}")
        return
    if event is None:
        say("names and labels are not those of the cluster, which are made of the repository's id, too: use --event")
    from generator.manifests.metadata import to_bytes, to_yaml  # noqa: PLC0415

    sys.stdout.buffer.write(to_bytes(workflow) if output is ManifestFormat.JSON else to_yaml(workflow))
