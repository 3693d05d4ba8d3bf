"""Quantities mean here what they mean to Kubernetes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.platform.quantities import amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", Fraction(2)),
        ("500m", Fraction(1, 2)),
        ("0.5", Fraction(1, 2)),
        ("100u", Fraction(1, 10_000)),
        ("1k", Fraction(1000)),
        ("4G", Fraction(4 * 10**9)),
        ("1Ki", Fraction(1024)),
        ("1.5Gi", Fraction(3 * 2**29)),
        ("2Ei", Fraction(2**61)),
        ("1E", Fraction(10**18)),
        ("1e3", Fraction(1000)),
        ("1E3", Fraction(1000)),
    ],
)
def test_a_quantity_is_a_number(text: str, number: Fraction) -> None:
    assert amount(text) == number


@pytest.mark.parametrize(
    "text", ["", "G", "4GB", "4 Gi", "1K", "-1", "+1", "1,5", "1.", ".5", "0x10", "1e", "NaN", "inf", "\uff14"]
)
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert amount(text) is None


@given(st.integers(0, 10**15 - 1), st.sampled_from(["", "m", "k", "M", "Ki", "Mi"]))
def test_more_is_more(number: int, suffix: str) -> None:
    one, other = amount(f"{number}{suffix}"), amount(f"{number + 1}{suffix}")
    assert one is not None
    assert other is None or one < other
