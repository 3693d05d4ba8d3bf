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
from generator.commands.inputs import FINDINGS, CiArgument, PlatformOption, nearest_platform, read_ci, say
from generator.diagnostics import Severity, has_errors, render_text, to_json
from generator.diagnostics.github import render_github
from generator.language import check

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.language.model import CiFile


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
    ci, found, sources = read_ci(file)
    platform = platform or nearest_platform(file)
    if platform is None:
        say("no platform.yaml: names of runners and secrets, and the platform's limits, are not checked")
    else:
        found = found + _against_platform(ci, platform, sources)
    sys.stdout.write(_written(found, sources, output))
    say(_summary(file, found))
    if has_errors(found):
        raise typer.Exit(FINDINGS)


def _against_platform(ci: CiFile | None, path: Path, sources: dict[str, str]) -> list[Diagnostic]:
    """The findings in the platform's file, and those that it makes in the ci.yaml; its text goes into `sources`."""
    from generator.platform import reader as platform_reader  # noqa: PLC0415  (without a platform.yaml it is not needed)

    text = path.read_bytes()
    name = os.path.relpath(path)
    sources[name] = text.decode("utf-8", "replace")
    platform, found = platform_reader.read(text, name)
    if ci is None or platform is None:
        return found
    return found + check.check_against_platform(ci, platform)


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
