"""Arithmetic on fractions, to have something to test."""

from fractions import Fraction


def share(total: int, people: int) -> Fraction:
    """What each of `people` gets of `total`. Raises ValueError when there is nobody."""
    if people < 1:
        raise ValueError("nobody to share with")
    return Fraction(total, people)
