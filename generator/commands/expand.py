"""`argosy expand`: the Workflow that the expander would create for an event, byte for byte, without a cluster."""

from __future__ import annotations

import enum
import pathlib
import sys
from typing import Annotated

import typer

from generator.commands.inputs import (
    FINDINGS,
    USAGE,
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
from generator.planning.planner import plan as make_plan


class ManifestFormat(enum.StrEnum):
    """How an object is printed."""

    YAML = "yaml"
    JSON = "json"


def expand(
    event: EventOption,
    file: CiArgument = pathlib.Path("ci.yaml"),
    platform: PlatformOption = None,
    output: Annotated[ManifestFormat, typer.Option("--output", "-o", help="How it is printed.")] = ManifestFormat.YAML,
) -> None:
    """Print the Workflow that an event makes of a ci.yaml.

    Example: argosy expand ci.yaml --event push.json --platform platform.yaml
    """
    ci, found, text = read_ci(file)
    what = read_event(event)
    decided = read_platform(platform, file)
    if decided is None:
        say("no platform.yaml here or above: name it with --platform")
        raise typer.Exit(USAGE)
    made = None
    if ci is not None:
        made, more = make_plan(ci, what, decided)
        found = in_order([*found, *more])
    tell(found, {str(file): text})
    if made is None or has_errors(found):
        raise typer.Exit(FINDINGS)
    if not made.runs:
        say(f"nothing runs: {made.why}")
        return
    from generator.manifests.metadata import to_bytes, to_yaml  # noqa: PLC0415
    from generator.manifests.run import run_workflow  # noqa: PLC0415  (hera: most of what this command costs)

    workflow = run_workflow(made, decided)
    sys.stdout.buffer.write(to_bytes(workflow) if output is ManifestFormat.JSON else to_yaml(workflow))
