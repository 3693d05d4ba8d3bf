"""The command `argosy`: which commands there are, and how a failure becomes an exit code.

Exit codes: 0 good, 1 findings, 2 usage, 3 outside trouble (cluster, forge, git, files). Each command is a function in
a module of its own under generator.commands, which imports what is heavy only when it runs.
"""

from __future__ import annotations

import io
import signal
import sys
from typing import Annotated

import typer

import generator
from generator.commands import expand, explain, init, lint, plan, render, report, run, schema

OUTSIDE_TROUBLE = 3

app = typer.Typer(
    name="argosy",
    help="CI without a CI server: renders Argo objects, and reads, plans and expands ci.yaml.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    init.init,
    render.render,
    lint.lint,
    plan.plan,
    expand.expand,
    run.run,
    explain.explain,
    schema.schema,
    report.report,
):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"argosy {generator.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """CI without a CI server: renders Argo objects, and reads, plans and expands ci.yaml."""


def main() -> None:
    """Runs the command line; the one place where a failure outside of us becomes a message and an exit code."""
    # Whoever reads our output may have enough of it; 1, which Typer makes of that, would mean findings.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # Files may hold, and be called, what the terminal's character set has not.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    except OSError as failure:
        what = f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)
        sys.stderr.write(f"argosy: {what}\n")
        sys.exit(OUTSIDE_TROUBLE)


if __name__ == "__main__":
    main()
