"""Globs and regular expressions over branches and tags, in one list."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import globs
from generator.expressions.name_patterns import matches, problem


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        ([r"/v\d+/"], "v12", True),
        ([r"/v\d+/"], "v12-rc", False),
        ([r"/v\d+/"], "xv12", False),
        ([r"/^v\d+$/"], "v12", True),
        (["/a|bc/"], "abc", False),
        (["/a|bc/"], "bc", True),
        (["/release/.*/"], "release/1", True),
        (["/.*/"], "", True),
        (["/x/"], "/x/", False),
        (["/(?i)MAIN/"], "main", True),
        (["main", "/v.*/"], "main", True),
        (["**", "!/wip-.*/"], "wip-1", False),
        (["!/wip-.*/"], "main", True),
        (["!/wip-.*/", "wip-keep"], "wip-keep", True),
        (["/v.*/", "!v0"], "v0", False),
        (["/v.*/"], "v1\n", False),
        (["/\U0001f4a9+/"], "\U0001f4a9\U0001f4a9", True),
    ],
)
def test_the_last_pattern_that_matches_decides(patterns: list[str], name: str, expected: bool) -> None:
    assert [problem(pattern) for pattern in patterns] == [None] * len(patterns)
    assert matches(patterns, name) is expected


@pytest.mark.parametrize(
    "pattern", ["/(/", "/a)|(b/", "/[z-a]/", "/(?=a)b/", r"/(a)\1/", "//", "/(a{1000}){1000}/", "!/*/"]
)
def test_what_re2_does_not_take_is_a_problem(pattern: str) -> None:
    assert problem(pattern)


def test_a_pattern_of_any_length_is_refused() -> None:
    assert "allowed" in (problem(f"/{'a' * 2000}/") or "")


def test_a_bad_pattern_matches_nothing_in_silence() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        matches(["/(/"], "x")


ANY = st.text(st.characters(codec=None), max_size=30)  # lone surrogates, too: a forge's JSON and YAML have escapes


@given(ANY, ANY)
def test_no_pattern_and_no_name_makes_it_fail(body: str, name: str) -> None:
    pattern = f"/{body}/"
    if problem(pattern) is None:
        assert matches([pattern], name) in (True, False)


@given(st.text(min_size=1, max_size=20))
def test_a_quoted_name_matches_itself(name: str) -> None:
    fit = name.replace("\0", "x")
    assert matches([f"/{re.escape(fit)}/"], fit) or problem(f"/{re.escape(fit)}/")


@given(st.lists(st.sampled_from(["a", "!a", "*", "!*", "**", "!b"]), min_size=1), st.sampled_from(["a", "b", "a/b"]))
def test_a_list_without_regular_expressions_is_one_of_globs(patterns: list[str], name: str) -> None:
    assert matches(patterns, name) == globs.matches(patterns, name)
