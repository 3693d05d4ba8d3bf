"""Kubernetes quantities: is a text one, and how much is it.

The grammar is that of apimachinery's pkg/api/resource/quantity.go: a decimal number with a decimal suffix (n u m k M G
T P E), a binary one (Ki to Ei) or an exponent (e3). Sign and more than three digits behind the point are left out,
since nobody asks for less than nothing.
"""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

from generator.wording import quoted

_QUANTITY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?)([numkMGTPE]|[KMGTPE]i|[eE][0-9]{1,2})?")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {f"{letter}i": 10 * power for power, letter in enumerate("KMGTPE", 1)}

PATTERN = _QUANTITY.pattern


def amount(text: str) -> Fraction | None:
    """The number that the quantity stands for (cores, bytes, pieces), None for a text that is none."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    number, suffix = Fraction(match[1]), match[2] or ""
    if suffix in _BINARY:
        return number * (1 << _BINARY[suffix])
    power = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:] or 0)
    return number * (Fraction(10**power) if power >= 0 else Fraction(1, 10**-power))


@dataclasses.dataclass(frozen=True, slots=True)
class Range:
    """What can be meant: `label` is what it is an amount of, in a sentence; `example` shows how to write one."""

    label: str
    least: Fraction
    most: Fraction
    example: str

    def problem(self, text: str) -> str:
        """What is wrong with a text, empty for a good one."""
        found = amount(text)
        if found is None:
            return f"{quoted(text)} is not {self.label}"
        if found < self.least:
            return f"{quoted(text)} is too little for {self.label}"
        return f"{quoted(text)} is too much for {self.label}" if found > self.most else ""


CORES = Range("a number of cores", Fraction(1, 1000), Fraction(10_000), "write it like 500m or 2")
# `4` would be four bytes, and `500m` half a byte.
MEMORY = Range("an amount of memory", Fraction(2**20), Fraction(2**60), "write it like 512Mi or 4Gi")
BYTES = Range("a number of bytes", Fraction(1), Fraction(2**60), "write it like 64Ki")
PIECES = Range("a quantity", Fraction(0), Fraction(2**63 - 1), "write it like 20, 500m or 64Gi")
