"""`--input KEY=VALUE`: what a manual run is given, of `argosy run` and of `argosy plan --manual` alike."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.commands.inputs import refuse, refuse_bytes
from generator.wording import quoted

InputsOption = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="KEY=VALUE", help="An input of the manual run; once for each."),
]


def given(options: list[str] | None) -> tuple[tuple[str, str], ...]:
    """The inputs by name, sorted.

    Ends the command with 2 for an option without `=`, and for a name that comes twice.
    """
    inputs: dict[str, str] = {}
    for option in options or ():
        refuse_bytes("--input", option)
        name, separator, value = option.partition("=")
        if not separator or not name:
            refuse(f"{quoted(option)} is no input: write --input KEY=VALUE")
        if name in inputs:
            refuse(f"the input {quoted(name)} is given twice")
        inputs[name] = value
    return tuple(sorted(inputs.items()))
