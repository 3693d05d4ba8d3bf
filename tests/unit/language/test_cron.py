"""Cron expressions: what a person writes and what Argo takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.language.cron import ever_fires, normalized

# cron_workflow_types.go:68 of Argo Workflows 4.0.2, without the aliases.
ARGO = re.compile(r"([0-9*,/?-]+\s+){4}[0-9*,/?-]+")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0 3 * * 1-5", "0 3 * * 1-5"),
        ("  0  3 * *\t1 ", "0 3 * * 1"),
        ("0 3 * * MON-fri", "0 3 * * 1-5"),
        ("0 3 1 jan,JUL *", "0 3 1 1,7 *"),
        ("*/15 * * * ?", "*/15 * * * ?"),
        ("5/20 * * * *", "5/20 * * * *"),
        ("0 3 * * 7", "0 3 * * 0"),
        ("0 3 * * 7/2", "0 3 * * 0"),
        ("0 3 * * FRI-7", "0 3 * * 5,6,0"),
        ("0 3 * * 1-7/3", "0 3 * * 1,4,0"),
    ],
)
def test_names_become_numbers(written: str, expected: str) -> None:
    assert normalized(written) == expected


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0 3 * *", "4 fields"),
        ("0 0 3 * * 1", "6 fields"),
        ("60 3 * * *", "'60' is no minute, which is 0 to 59"),
        ("0 24 * * *", "no hour"),
        ("0 0 0 * *", "no day of the month"),
        ("0 0 * 13 *", "no month, which is 1 to 12 or JAN to DEC"),
        ("0 0 * * MOON", "no day of the week"),
        ("0 0 * 12-1 *", "runs backwards"),
        ("*/0 * * * *", "a step of 0"),
        ("*/99 * * * *", "a step of 99"),
        ("0 0 L * *", "no day of the month"),
        ("0 0 1- * *", "no day of the month"),
        ("@weekly", "write '0 0 * * 0'"),
        ("CRON_TZ=UTC 0 3 * * *", "6 fields"),
        ("9" * 5000 + " * * * *", "fields"),
    ],
)
def test_what_is_wrong_is_named(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        normalized(written)


@pytest.mark.parametrize(
    ("cron", "fires"),
    [
        ("0 0 30 2 *", False),
        ("0 0 31 2,4,6,9,11 *", False),
        ("0 0 29 2 *", True),
        ("0 0 31 * *", True),
        ("0 0 28-31 2 *", True),
        ("0 0 30 2 1", True),
        ("0 0 30/1 2 *", False),
    ],
)
def test_days_that_exist(cron: str, *, fires: bool) -> None:
    assert ever_fires(cron) is fires


@given(st.text(st.sampled_from("0123456789*,/?- MONJAn@L"), max_size=30))
def test_what_is_taken_has_argos_form_and_stays_the_same(text: str) -> None:
    try:
        cron = normalized(text)
    except ValueError:
        return
    assert ARGO.fullmatch(cron)
    assert normalized(cron) == cron
    assert ever_fires(cron) in (True, False)
