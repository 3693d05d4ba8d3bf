"""The files that commands read: ci.yaml, the event file, platform.yaml; and what is said when one of them is no good.

A file that is not there is an OSError, which the command line turns into its exit code; findings end the command with
1, usage with 2.
"""

from __future__ import annotations

import pathlib
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from generator.diagnostics import has_errors, render_text
from generator.events.event import EventFileError, from_text
from generator.language import reader
from generator.language.including import UnfitFileError
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.diagnostics import Diagnostic
    from generator.events.event import Event
    from generator.language.including import Files
    from generator.language.model import CiFile, Outline
    from generator.platform.model import Platform

T = TypeVar("T")
FINDINGS = 1
USAGE = 2
PLATFORM_FILE = "platform.yaml"

CiArgument = Annotated[pathlib.Path, typer.Argument(metavar="FILE", help="The ci.yaml.", show_default=True)]
EventOption = Annotated[
    pathlib.Path | None,
    typer.Option(
        "--event", "-e", metavar="FILE", help="An event file (JSON); without it the working copy is asked about."
    ),
]
PlatformOption = Annotated[
    pathlib.Path | None,
    typer.Option("--platform", "-p", metavar="FILE", help="The platform.yaml; by default the nearest one upwards."),
]


def read_ci(path: pathlib.Path) -> tuple[CiFile | None, list[Diagnostic], dict[str, str]]:
    """The file's meaning, the findings, and the texts for excerpts: its own and those of what it includes, by name."""
    return _read(path, reader.read)


def read_outline(path: pathlib.Path) -> tuple[Outline | None, list[Diagnostic], dict[str, str]]:
    """As `read_ci`, with what a platform can be asked about, whatever is wrong with the file."""
    return _read(path, reader.read_outline)


def against_platform(path: pathlib.Path, platform: Platform, repository: str) -> list[Diagnostic]:
    """What the platform makes of a file that has errors of its own, which are not repeated.

    `repository` is `forge/owner/name`.
    """
    from generator.language.check import check_outline  # noqa: PLC0415  (for a file that is wrong)

    outline, _, _ = read_outline(path)
    return check_outline(outline, platform, repository) if outline is not None else []


def _read(
    path: pathlib.Path, read: Callable[[bytes, str, Files], tuple[T, list[Diagnostic]]]
) -> tuple[T, list[Diagnostic], dict[str, str]]:
    data = path.read_bytes()
    sources = {str(path): data.decode(errors="replace")}

    def beside(name: str) -> bytes | None:
        """A file in the folder of the ci.yaml, which is the root of its repository."""
        included = path.parent / name
        text = _text_of(included)
        if text is not None:
            sources[str(included)] = text.decode(errors="replace")
        return text

    meaning, found = read(data, str(path), beside)
    return meaning, found, sources


def _text_of(path: pathlib.Path) -> bytes | None:
    """As the expander sees it in the commit: a link is no file. Raises UnfitFileError."""
    if path.is_symlink():
        raise UnfitFileError("not-a-file", f"{path} is a symbolic link")
    if path.is_dir():
        raise UnfitFileError("not-a-file", f"{path} is a folder")
    return path.read_bytes() if path.is_file() else None


def read_event(path: pathlib.Path) -> Event:
    """The event of an event file; ends the command with 2 where it is none."""
    try:
        return from_text(path.read_text(encoding="utf-8"))
    except (EventFileError, UnicodeDecodeError) as failure:
        say(f"{path}: {failure}")
        raise typer.Exit(USAGE) from failure


def read_platform(option: pathlib.Path | None, ci_path: pathlib.Path) -> Platform | None:
    """The platform that the option names, else the nearest one above ci.yaml, else None.

    Ends the command with 1 where it has errors.
    """
    path = option or nearest_platform(ci_path)
    if path is None:
        return None
    from generator.platform import reader as platform_reader  # noqa: PLC0415  (a plain lint does without it)

    data = path.read_bytes()
    platform, found = platform_reader.read(data, str(path))
    tell(found, {str(path): data.decode(errors="replace")})
    if platform is None or has_errors(found):
        raise typer.Exit(FINDINGS)
    return platform


def tell(found: list[Diagnostic], sources: dict[str, str]) -> None:
    """The findings on stderr."""
    sys.stderr.write(render_text(found, sources))


def refuse(message: str) -> NoReturn:
    """Ends the command with 2: what it was asked cannot be answered, and the message says what would help."""
    say(f"Error: {message}")
    raise typer.Exit(USAGE)


def refuse_bytes(option: str, text: str) -> None:
    """Ends the command with 2 where an argument has bytes that are no UTF-8, which Python has as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse(f"{option} is not UTF-8: {quoted(text)}")


def say(line: str) -> None:
    """A line on stderr."""
    sys.stderr.write(f"{line}\n")


def nearest_platform(ci_path: pathlib.Path) -> pathlib.Path | None:
    """The platform.yaml in the folder of ci.yaml or the nearest one above it."""
    folders = ci_path.resolve().parents
    return next((folder / PLATFORM_FILE for folder in folders if (folder / PLATFORM_FILE).is_file()), None)
