"""What lists of globs can mean: what is found is so for every name, and what people write by mistake is found."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.glob_lists import can_be_taken, idle
from generator.globs import matches, problem

_LONGEST = 5
# Every name of up to five characters that Git takes, of those characters that the patterns below speak of.
NAMES = [
    name
    for length in range(1, _LONGEST + 1)
    for name in map("".join, itertools.product("ab/.", repeat=length))
    if not re.search(r"^/|//|/$|\.\.|\.$|(^|/)\.", name)
]
PATTERNS = st.text(st.sampled_from("ab/.*?!{,}[]- "), min_size=1, max_size=5).filter(lambda text: problem(text) is None)
LISTS = st.lists(PATTERNS, min_size=1, max_size=4)


@pytest.mark.parametrize(
    "patterns",
    [["main"], ["!wip/**"], ["!main"], ["**", "!release/**", "release/1"], ["main", "!dev"], ["?"], ["[!a]"], ["/x/"]],
)
def test_lists_that_take_something_in(patterns: list[str]) -> None:
    assert can_be_taken(patterns)


@pytest.mark.parametrize(
    "patterns",
    [
        ["main", "!main"],
        ["**", "!**"],
        ["!**"],
        ["a b"],
        ["release/"],
        ["a//b"],
        ["/main"],
        [".git"],
        ["a..b"],
        ["v1."],
    ],
)
def test_lists_that_take_nothing_in(patterns: list[str]) -> None:
    assert not can_be_taken(patterns)


@pytest.mark.parametrize(
    ("patterns", "useless"),
    [
        (["main"], []),
        (["main", "main"], [1]),
        (["**", "main"], [1]),
        (["main", "*"], [0]),
        (["main", "!dev"], [1]),
        (["!wip/**", "main"], [1]),
        (["!wip/**", "wip/keep"], []),
        (["v*", "!v*-rc*"], []),
        (["main", "release/**", "!release/old*", "release/old1"], []),
        (["{a,b}", "a", "b"], [1, 2]),
        (["main", "/x/"], []),
    ],
)
def test_patterns_that_change_nothing(patterns: list[str], useless: list[int]) -> None:
    assert idle(patterns) == useless


def test_two_lists_may_have_a_name_in_common() -> None:
    assert can_be_taken(["release/**"], ["**/1"])
    assert not can_be_taken(["release/**"], ["main"])
    assert not can_be_taken(["**", "!main"], ["main"])


@settings(max_examples=300)
@given(LISTS)
def test_a_list_of_which_nothing_comes_takes_no_name_in(patterns: list[str]) -> None:
    assert can_be_taken(patterns) or not [name for name in NAMES if matches(patterns, name)]


@settings(max_examples=300)
@given(LISTS)
def test_a_list_means_the_same_without_its_idle_patterns(patterns: list[str]) -> None:
    useless = idle(patterns)
    rest = [pattern for index, pattern in enumerate(patterns) if index not in useless]
    assert rest
    assert [name for name in NAMES if matches(patterns, name) != matches(rest, name)] == []


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["a", "b", "*", "a*", "!a", "!b*", "a/**", "!**", "a/b"]), min_size=1, max_size=3))
def test_what_is_found_is_all_there_is_to_find(patterns: list[str]) -> None:
    assert can_be_taken(patterns) is any(matches(patterns, name) for name in NAMES)
    kept = [pattern for index, pattern in enumerate(patterns) if index not in idle(patterns)]
    for index in range(1, len(kept)):
        rest = kept[:index] + kept[index + 1 :]
        assert any(matches(kept, name) != matches(rest, name) for name in NAMES) or not can_be_taken(kept)


def test_a_list_that_would_take_long_is_left_alone() -> None:
    hard = [f"*{first}*{second}*" for first in "abcdef" for second in "ghijkl"]
    assert can_be_taken([*hard, *(f"!{pattern}" for pattern in hard)])
    assert idle(hard) == []
