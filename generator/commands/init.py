"""`argosy init`: a first platform.yaml, commented, to be filled in."""

from __future__ import annotations

import importlib.resources
import pathlib
import sys
from typing import Annotated

import typer

_USAGE = 2
_FILE = "platform.yaml"


def init(
    folder: Annotated[pathlib.Path, typer.Argument(help="The folder to write platform.yaml into.")] = pathlib.Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace a platform.yaml that is there.")] = False,
) -> None:
    """Write a first platform.yaml, with comments.

    Example: argosy init gitops/argosy
    """
    target = folder / _FILE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(first_platform())
    except FileExistsError:
        sys.stderr.write(f"argosy: {target} is there already; --force replaces it\n")
        raise typer.Exit(_USAGE) from None
    typer.echo(str(target))
    sys.stderr.write(f"Fill it in, then: argosy render --platform {target}\n")


def first_platform() -> str:
    """The text of the file, which reads without an error as it stands."""
    return importlib.resources.files("generator.platform").joinpath("first.yaml").read_text(encoding="utf-8")
