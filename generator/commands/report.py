"""`argosy report`: tells the forges what becomes of their commits.

It runs inside the cluster, once; on a laptop it uses the kubeconfig.
"""

from __future__ import annotations

import logging
import os
import pathlib
import signal
import sys
from typing import Annotated

import typer

OUTSIDE_TROUBLE = 3
_ONCE_SECONDS = 120.0


def report(
    platform: Annotated[pathlib.Path, typer.Option(help="The operator's file.")] = pathlib.Path(
        "/etc/argosy/platform.yaml"
    ),
    tokens: Annotated[pathlib.Path, typer.Option(help="A folder with a file <forge>/<n> per token.")] = pathlib.Path(
        "/etc/argosy/tokens"
    ),
    once: Annotated[bool, typer.Option("--once", help="Report what is there now, and leave.")] = False,
) -> None:
    """Watch Workflows and post commit statuses.

    Example: argosy report --platform platform.yaml --tokens ./tokens --once
    """
    # One connection for each watch is more than the pool keeps, and it would say so each time.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    # A forge that hangs up is an error of that call, and not our end.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    from generator.cluster import Cluster, ClusterError  # noqa: PLC0415  (what the other commands do not need)
    from generator.report.reporter import Reporter  # noqa: PLC0415
    from generator.report.settings import Settings, SettingsError  # noqa: PLC0415
    from generator.report.store import Store  # noqa: PLC0415

    try:
        cluster = Cluster.inside() if "KUBERNETES_SERVICE_HOST" in os.environ else Cluster.from_kubeconfig()
        reporter = Reporter(cluster, Settings(platform, tokens), Store(cluster))
        done = reporter.run_once(_ONCE_SECONDS) if once else reporter.run()
    except (ClusterError, SettingsError) as failure:
        sys.stderr.write(f"argosy: {failure}\n")
        raise typer.Exit(OUTSIDE_TROUBLE) from failure
    if not done:
        raise typer.Exit(OUTSIDE_TROUBLE)
