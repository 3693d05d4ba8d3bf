"""`argosy lint`: what is wrong with a ci.yaml, on standard output; what could not be checked, on standard error.

Exit codes: 0 fine, warnings included; 1 errors; 2 usage.
"""

from __future__ import annotations

import enum
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import generator
from generator.commands.inputs import FINDINGS, CiArgument, PlatformOption, nearest_platform, read_outline, say
from generator.diagnostics import Severity, has_errors, in_order, render_text, to_json
from generator.diagnostics.github import render_github

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.language.model import Outline


class Format(enum.StrEnum):
    """What the findings are written as."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def lint(
    file: CiArgument = Path("ci.yaml"),
    platform: PlatformOption = None,
    output: Annotated[Format, typer.Option("--output", "-o", help="The format of the findings.")] = Format.TEXT,
) -> None:
    """Check a ci.yaml: every error with its place.

    Ends with 0 where there is no error, with 1 where there is one.

    Example: argosy lint ci.yaml --platform ../gitops/platform.yaml --output sarif
    """
    outline, found, sources = read_outline(file)
    platform = platform or nearest_platform(file)
    if platform is None:
        say("no platform.yaml: names of runners and secrets, and the platform's limits, are not checked")
    else:
        found = _against_platform(outline, found, platform, sources)
    sys.stdout.write(_written(found, sources, output))
    say(_summary(file, found))
    if has_errors(found):
        raise typer.Exit(FINDINGS)


def _against_platform(
    outline: Outline | None, found: list[Diagnostic], path: Path, sources: dict[str, str]
) -> list[Diagnostic]:
    """What was found in the ci.yaml, with what its platform makes of it, and what is found in the platform's own file.

    The platform's text goes into `sources`.
    """
    # Without a platform.yaml they are not needed.
    from generator.language import check  # noqa: PLC0415
    from generator.platform import reader as platform_reader  # noqa: PLC0415

    text = path.read_bytes()
    name = os.path.relpath(path)
    sources[name] = text.decode("utf-8", "replace")
    platform, of_platform = platform_reader.read(text, name)
    if outline is not None and platform is not None:
        found = in_order(found + check.check_outline(outline, platform))
    return found + of_platform


def _written(found: list[Diagnostic], sources: dict[str, str], output: Format) -> str:
    if output is Format.TEXT:
        return render_text(found, sources)
    if output is Format.GITHUB:
        return render_github(found)
    if output is Format.SARIF:
        from generator.diagnostics.sarif import to_sarif  # noqa: PLC0415  (with the texts of all codes)

        return _as_json(to_sarif(found, generator.__version__))
    return _as_json({"diagnostics": [to_json(diagnostic) for diagnostic in found]})


def _as_json(value: dict[str, Any]) -> str:
    """In ASCII, which every terminal and pipe takes without changing it."""
    return json.dumps(value, indent=2) + "\n"


def _summary(file: Path, found: list[Diagnostic]) -> str:
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
    parts = [_count(errors, "error"), _count(len(found) - errors, "warning")]
    return f"{file}: {', '.join(part for part in parts if part) or 'nothing to complain about'}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""
