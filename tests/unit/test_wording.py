"""How messages speak of names that somebody else chose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.wording import closest, listed, quoted, suggestion


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("larg", "large"),
        ("lrage", "large"),
        ("Large", "large"),
        ("smal", "small"),
        ("run_on", "run-on"),
        ("l", None),
        ("enormous", None),
        ("", None),
        ("x" * 1000, None),
    ],
)
def test_the_nearest_name(name: str, expected: str | None) -> None:
    assert closest(name, ["small", "medium", "large", "run-on"]) == expected


def test_of_names_of_one_letter_none_is_near() -> None:
    assert closest("y", ["x", "z"]) is None
    assert closest("X", ["x"]) == "x"
    assert closest("xx", ["y", "x"]) == "x"


def test_a_suggestion_lists_what_is_known() -> None:
    assert suggestion("larg", ["small", "large"]) == "did you mean 'large'? known: small, large"
    assert suggestion("enormous", ["small", "large"]) == "known: small, large"
    assert suggestion("enormous", []) == ""


def test_long_lists_are_cut() -> None:
    assert listed(f"n{number}" for number in range(25)).endswith("n19 and 5 more")


@given(st.text(max_size=200))
def test_quoted_text_is_one_short_printable_line(text: str) -> None:
    shown = quoted(text)
    assert shown.isprintable()
    assert shown.startswith("'")
    assert shown.endswith("'")
    assert len(shown) <= 10 * 60 + 2
