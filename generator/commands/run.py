"""`argosy run`: starts a run by hand, and tells what becomes of it."""

from __future__ import annotations

import enum
import json
import sys
from typing import Annotated

import typer

from generator.commands.asked import RepositoryOption  # noqa: TC001  (Typer reads it)
from generator.commands.cluster_access import ContextOption, connected, installed_platform, user_of
from generator.commands.input_options import InputsOption, given
from generator.commands.inputs import refuse, refuse_bytes, say
from generator.events.requests import Request, is_request_id
from generator.wording import quoted

_INTERRUPTED = 130


class RunFormat(enum.StrEnum):
    """How what became of a request is printed."""

    TEXT = "text"
    JSON = "json"


def run(
    repository: RepositoryOption = "",
    ref: Annotated[
        str, typer.Option("--ref", metavar="REF", help="A branch or a tag; by default the default branch.")
    ] = "",
    inputs: InputsOption = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the run's end and tell how it goes.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Do not even wait until the run is planned.")] = False,
    timeout: Annotated[
        str, typer.Option("--timeout", metavar="DURATION", help="Wait no longer than this; the run goes on.")
    ] = "",
    request: Annotated[
        str, typer.Option("--request", metavar="UUID", help="The request's id, by which it has one run and no second.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Create nothing; print the Workflow that would be created.")
    ] = False,
    context: ContextOption = "",
    output: Annotated[RunFormat, typer.Option("--output", "-o", help="How it is printed.")] = RunFormat.TEXT,
) -> None:
    """Start a run by hand.

    It needs access to the cluster. Without --repository the one that the working copy is a clone of is meant.

    Example: argosy run --ref release/1.2 --input level=debug --wait
    """
    if wait and detach:
        refuse("--wait and --detach are opposites; name one")
    refuse_bytes("--ref", ref)
    refuse_bytes("--repository", repository)
    asked = Request(_request_id(request), given(inputs))
    seconds = _seconds(timeout)
    from generator.commands import starting  # noqa: PLC0415  (the cluster's client, manifests, reports)
    from generator.commands.following import Follower  # noqa: PLC0415
    from generator.manifests.metadata import to_yaml  # noqa: PLC0415

    with connected(context) as cluster:
        platform = installed_platform(cluster)
        workflow = starting.workflow(platform, repository, ref, user_of(cluster), asked)
        if dry_run:
            sys.stdout.buffer.write(to_yaml(workflow))
            return
        tell = _quiet if output is RunFormat.JSON else typer.echo
        start = starting.Start(cluster, platform, workflow, Follower(cluster, say, seconds), tell)
        try:
            start.make(asked)
            if not detach:
                start.plan()
            if wait:
                start.finish()
        except KeyboardInterrupt:
            say(f"\nnot waited for any longer, and not stopped; to look again: the same with --request {asked.id}")
            raise typer.Exit(_INTERRUPTED) from None
    if output is RunFormat.JSON:
        typer.echo(json.dumps(start.to_json(asked), indent=2))
    raise typer.Exit(start.code)


def _request_id(written: str) -> str:
    import uuid  # noqa: PLC0415

    if not written:
        return str(uuid.uuid4())
    request = written.lower()
    if not is_request_id(request):
        refuse(f"{quoted(written)} is no UUID, like 1b4e28ba-2fa1-41d2-883f-0016d3cca427")
    return request


def _seconds(timeout: str) -> float | None:
    from generator.fields import duration  # noqa: PLC0415

    if not timeout:
        return None
    try:
        return duration().parse(timeout)
    except ValueError as failure:
        refuse(f"--timeout: {failure}: write it like 90s, 30m or 1h30m")


def _quiet(_: str) -> None:
    """Says nothing."""
