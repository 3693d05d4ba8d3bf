"""`argosy explain`: what a diagnostic's code means, with a bad and a good example."""

from __future__ import annotations

import enum
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.commands.inputs import refuse

if TYPE_CHECKING:
    from generator.diagnostics.codes import Code


class ExplainFormat(enum.StrEnum):
    """How a code is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def explain(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The word in brackets; without one, all codes are listed.")
    ] = "",
    output: Annotated[ExplainFormat, typer.Option("--output", "-o", help="How it is printed.")] = ExplainFormat.TEXT,
) -> None:
    """Tell what a diagnostic's code means.

    Example: argosy explain needs-cycle
    """
    from generator.diagnostics.codes import CODES  # noqa: PLC0415  (the other commands do without all these texts)
    from generator.wording import listed, quoted, suggestion  # noqa: PLC0415

    if not code:
        typer.echo(_overview(output), nl=False)
        return
    # As it stands in a message, its brackets may come along.
    name = code.strip("[] ")
    if name not in CODES:
        hint = suggestion(name, CODES).partition(" known:")[0]
        near = [other for other in CODES if name and name in other]
        parts = [hint if hint.startswith("did") else "", f"similar: {listed(near)}" if near else ""]
        help_text = "; ".join(filter(None, [*parts, "`argosy explain` lists all codes"]))
        refuse(f"no code {quoted(name)}; {help_text}")
    typer.echo(_one(CODES[name], output), nl=False)


def _overview(output: ExplainFormat) -> str:
    from generator.diagnostics import page  # noqa: PLC0415
    from generator.diagnostics.codes import CODES  # noqa: PLC0415

    if output is ExplainFormat.JSON:
        return _to_text([_to_json(code) for code in CODES.values()])
    return page.contents() if output is ExplainFormat.MARKDOWN else page.overview()


def _one(code: Code, output: ExplainFormat) -> str:
    from generator.diagnostics import page  # noqa: PLC0415

    if output is ExplainFormat.JSON:
        return _to_text(_to_json(code))
    return f"# {code.name}\n\n{page.section(code)}" if output is ExplainFormat.MARKDOWN else page.on_terminal(code)


def _to_json(code: Code) -> dict[str, Any]:
    return {
        "code": code.name,
        "severity": code.severity.value,
        "summary": code.summary,
        "meaning": code.meaning,
        "bad": {"of": code.bad.of, "text": code.bad.shown},
        "good": {"of": code.good.of, "text": code.good.shown},
    }


def _to_text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
