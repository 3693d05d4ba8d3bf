"""`argosy approve`: answers a job that waits for an approval, or tells which jobs do."""

from __future__ import annotations

import enum
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.commands.cluster_access import ContextOption, connected, installed_platform, user_of
from generator.commands.inputs import FINDINGS, refuse, refuse_bytes, say
from generator.wording import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.cluster import Cluster
    from generator.commands.answering import Found


class ApproveFormat(enum.StrEnum):
    """How the jobs that wait are printed."""

    TEXT = "text"
    JSON = "json"


def approve(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="The run's whole name, or `namespace/name`.", show_default=False)
    ] = "",
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="The job.", show_default=False)] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Refuse it: the job fails.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the job's status shows it.")] = "",
    context: ContextOption = "",
    output: Annotated[
        ApproveFormat, typer.Option("--output", "-o", help="How jobs that wait are printed.")
    ] = ApproveFormat.TEXT,
) -> None:
    """Approve a job that waits for it, or refuse it. Without JOB: list what waits in the run, or in every run.

    It needs access to the cluster, and the right to answer there.

    Example: argosy approve run-t-7q2m1c8v5n0d4k6s3b9h2j1f0g deploy
    """
    for what, text in (("RUN", run), ("JOB", job), ("--reason", reason)):
        refuse_bytes(what, text)
    if (reject or reason) and not job:
        refuse("name the run and the job that is answered")
    from generator.commands import answering  # noqa: PLC0415  (the cluster's client, reports)

    with connected(context) as cluster:
        try:
            if not run:
                _list(answering.running(cluster, _namespaces(cluster)), output)
                return
            found = answering.run_named(cluster, [] if "/" in run else _namespaces(cluster), run)
            if not job:
                _list([found], output)
                return
            by = user_of(cluster)
            if not by:
                say("argosy: the cluster does not say who asks, and an answer has to carry a name")
                raise typer.Exit(FINDINGS)
            answering.answer(cluster, found, job, approved=not reject, by=by, reason=reason)
        except answering.AnswerError as failure:
            say(f"argosy: {harmless(str(failure))}")
            raise typer.Exit(FINDINGS) from failure
    typer.echo(harmless(f"{'refused' if reject else 'approved'} by {by}: job {job} of {found.name}"))


def _namespaces(cluster: Cluster) -> list[str]:
    """Where runs are. Raises ClusterError."""
    from generator.placement import run_namespaces  # noqa: PLC0415

    return list(run_namespaces(installed_platform(cluster)))


def _list(runs: Iterable[Found], output: ApproveFormat) -> None:
    rows = [_row(found, job) for found in runs for job in found.waiting]
    if output is ApproveFormat.JSON:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        where = f" for {row['environment']}" if row["environment"] else ""
        until = f", until {row['until']}" if row["until"] else ""
        about = f"{row['repository']} {row['event']} {row['sha'][:8]}{until}"
        typer.echo(harmless(f"{row['run']} {row['job']}{where}: {row['message']} ({about})"))
    if not rows:
        say("no job waits for an approval")


def _row(found: Found, job: str) -> dict[str, Any]:
    view, note = found.view, found.waiting[job].note
    return {
        "run": found.name,
        "job": job,
        "environment": note.environment,
        "message": note.asks,
        "repository": view.repository,
        "event": view.kind,
        "sha": view.sha,
        "until": found.until(job),
    }
