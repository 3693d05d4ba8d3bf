"""The command `argosy`: which commands there are, and how a failure becomes an exit code.

Exit codes: 0 good, 1 findings, 2 usage, 3 outside trouble (cluster, forge, git, files). Each command is a function in
a module of its own under generator.commands, which imports what is heavy only when it runs.
"""

from __future__ import annotations

import gc
import importlib
import io
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTSIDE_TROUBLE = 3
# In the order of the help. Each is a function in a module of its own name.
COMMANDS = ("init", "render", "lint", "plan", "test", "expand", "run", "approve", "explain", "schema", "report")


def command_line(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command line with the command that the arguments ask for; with all of them, where they ask for none.

    Most of what a short command takes is importing, so none waits for the others'.
    """
    app = typer.Typer(
        name="argosy",
        help="CI without a CI server: renders Argo objects, and reads, plans and expands ci.yaml.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    asked = arguments[0] if arguments and arguments[0] in COMMANDS else None
    for name in [asked] if asked else COMMANDS:
        module = importlib.import_module(f"generator.commands.{name}")
        app.command()(getattr(module, name))
    app.callback()(_root)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"argosy {generator.__version__}")
        raise typer.Exit


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
        _imported(sys.argv[1:])()
    except OSError as failure:
        what = f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)
        sys.stderr.write(f"argosy: {what}\n")
        sys.exit(OUTSIDE_TROUBLE)


def _imported(arguments: Sequence[str]) -> typer.Typer:
    """The command line, with what it has imported out of the garbage collector's sight.

    It stays to the end. Looking through it again and again while it grows, and once more at the end, takes longer than
    a short command's work.
    """
    gc.disable()
    app = command_line(arguments)
    gc.freeze()
    gc.enable()
    return app


if __name__ == "__main__":
    main()
