"""A code's declaration: what it means, and a bad and a good example that the tests run."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.diagnostics.diagnostic import Severity

CI = "ci.yaml"
PLATFORM = "platform.yaml"
REPOSITORY = "repository"
CLONE = "clone"
MANUAL = "manual run"
BARE = "ci.yaml of a platform without artifacts"


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """One example.

    `shown` is what the page has. `of` says what that is: a whole `ci.yaml`, top-level keys of a `platform.yaml` whose
    others are right, shell commands in a `repository`, or in a folder that they may make a `clone`; or a ci.yaml whose
    first line says how a `manual run` of it is started, or one for
    a platform that is `bare`, without artifacts. `whole` makes the file where it is too long to be shown.
    """

    of: str
    shown: str
    whole: Callable[[], str | bytes] | None = None

    @property
    def text(self) -> str | bytes:
        """What is run."""
        return self.whole() if self.whole is not None else self.shown


@dataclasses.dataclass(frozen=True, slots=True)
class Code:
    """One code. `meaning` is Markdown without links, and its first sentence says enough for a list."""

    name: str
    severity: Severity
    meaning: str
    bad: Example
    good: Example

    @property
    def summary(self) -> str:
        """The first sentence of the meaning, as plain text."""
        return re.split(r"(?<=[.]) |: ", self.meaning, maxsplit=1)[0].rstrip(".").replace("`", "") + "."


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Codes that belong together, with the words that open their part of the reference."""

    title: str
    opening: str
    codes: tuple[Code, ...]


def ci(text: str) -> Example:
    """A whole ci.yaml, indented as the source around it."""
    return Example(CI, _dedented(text))


def platform(text: str) -> Example:
    """Top-level keys of a platform.yaml; the others are right."""
    return Example(PLATFORM, _dedented(text))


def repository(text: str) -> Example:
    """Shell commands that make what lies in a repository."""
    return Example(REPOSITORY, _dedented(text))


def clone(text: str) -> Example:
    """Shell commands that make a folder with a ci.yaml, on a laptop."""
    return Example(CLONE, _dedented(text))


def manual(text: str) -> Example:
    """A whole ci.yaml, and in its first line the command that starts a run of it by hand."""
    return Example(MANUAL, _dedented(text))


def bare(text: str) -> Example:
    """A whole ci.yaml, for a platform without `artifacts`."""
    return Example(BARE, _dedented(text))


def too_long(example: Example, whole: Callable[[], str | bytes]) -> Example:
    """An example that the page can only show the idea of."""
    return dataclasses.replace(example, whole=whole)


def _dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"
