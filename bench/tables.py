"""How figures are printed: a median with its extremes, in tables whose columns line up."""

from __future__ import annotations

import dataclasses
import statistics
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """What several measurements of one thing gave; there is at least one."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of at least one value."""
        found = sorted(values)
        return cls(statistics.median(found), found[0], found[-1])

    def text(self, digits: int = 2) -> str:
        """`0.31 (0.30-0.35)`."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}-{self.most:.{digits}f})"


def verdict(value: float, most: float, unit: str = "") -> str:
    """The aim, and whether the value is within it."""
    return f"at most {most:g}{unit}: {'met' if value <= most else 'missed'}"


def heading(text: str, *notes: str) -> None:
    """A heading, and below it what a reader has to know of the figures."""
    print(f"\n## {text}\n")
    for note in notes:
        print(note)
    if notes:
        print()


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown that is as readable unrendered; the first column is words, the others are figures."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (header, rule, *rows):
        first, *rest = row
        cells = [first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])]
        print(f"| {' | '.join(cells)} |")
    sys.stdout.flush()


def progress(line: str) -> None:
    """What is being done, for whoever waits."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
