"""Globs: what matches what, and that no pattern makes matching slow."""

from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.globs import GlobError, is_regex, matches, problem


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "maine", False),
        ("main", "Main", False),
        ("*", "main", True),
        ("*", "a/b", False),
        ("*", "", True),
        ("*", ".hidden", True),
        ("**", "a/.b/c", True),
        ("release/**", "release/1/2", True),
        ("release/**", "release", False),
        ("**/*.md", "a.md", True),
        ("**/*.md", "docs/a.md", True),
        ("**/*.md", "docs/amd", False),
        ("docs/**/a", "docs/a", True),
        ("docs/**/a", "docs/x/y/a", True),
        ("docs/**/a", "docsa", False),
        ("**/x", "yx", False),
        ("a**b", "a/x/b", True),
        ("a**/b", "ax/y/b", True),
        ("v?.*", "v1.2", True),
        ("v?", "v/", False),
        ("[a-c]x", "bx", True),
        ("[a-c]x", "dx", False),
        ("[!a-c]x", "dx", True),
        ("[^a-c]x", "bx", False),
        ("[a-]", "-", True),
        ("[!a]", "/", False),
        ("[+-/]", "/", False),
        ("{main,dev}", "dev", True),
        ("{a,b/**}/c", "b/x/y/c", True),
        ("a{,b}", "a", True),
        ("a{b{c,d},e}", "abd", True),
        ("{**/a,b}", "x/a", True),
        ("a,b", "a,b", True),
        ("\\*", "*", True),
        ("\\*", "x", False),
        ("[\\]]", "]", True),
    ],
)
def test_one_pattern(pattern: str, name: str, *, expected: bool) -> None:
    assert matches([pattern], name) is expected


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        ([], "x", False),
        (["a*", "!ab", "abc"], "ab", False),
        (["a*", "!ab*", "abc"], "abc", True),
        (["!docs/**"], "src/a", True),
        (["!docs/**"], "docs/a", False),
        (["!a", "b"], "c", True),
        (["!docs/**", "docs/keep"], "docs/keep", True),
    ],
)
def test_the_last_pattern_that_matches_decides(patterns: list[str], name: str, *, expected: bool) -> None:
    assert matches(patterns, name) is expected


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("", "empty"),
        ("!", "empty"),
        ("a{b", "'{'"),
        ("a}b", "'}'"),
        ("{a,b}}", "'}'"),
        ("[a", "'['"),
        ("a]", "']'"),
        ("[]", "empty"),
        ("[z-a]", "backwards"),
        ("a\\", "end"),
        ("{" * 20 + "}" * 20, "8"),
        ("x" * 2000, "2,000"),
    ],
)
def test_a_bad_pattern_has_a_reason(pattern: str, word: str) -> None:
    assert word in (problem(pattern) or "")
    with pytest.raises(GlobError):
        matches([pattern], "x")


def test_good_patterns_have_no_problem() -> None:
    assert [problem(pattern) for pattern in ("main", "!**/{a,b}/[a-z]?", "a,b")] == [None, None, None]


def test_slashes_around_are_a_regular_expression() -> None:
    assert is_regex("/^v1$/")
    assert is_regex("!/x/")
    assert not is_regex("a/b/")
    assert not is_regex("/")


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 300 + "b",
        "**a" * 300 + "b",
        "{" + ",".join(["**a*"] * 100) + "}b",
        "{a,a*}" * 100 + "b",
        "**/" * 300 + "b",
    ],
)
def test_no_pattern_makes_matching_slow(pattern: str) -> None:
    started = time.process_time()
    matches([pattern], "a/" * 500 + "a" * 3000)
    assert time.process_time() - started < 10


_PIECE = st.sampled_from(["a", "b", "/", "*", "**", "?", "[ab]", "{a,b/}", ",", "!"])
_NAMES = st.text(st.sampled_from("ab/"), max_size=8)


@settings(max_examples=300)
@given(st.lists(_PIECE, min_size=1, max_size=8).map("".join), _NAMES)
def test_taking_back_is_the_opposite(pattern: str, name: str) -> None:
    pattern = pattern.lstrip("!") or "a"
    assert matches(["**", f"!{pattern}"], name) is not matches([pattern], name)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(["a", "b", "*", "?", "[ab]"]), min_size=1, max_size=8).map("".join), _NAMES)
def test_within_a_segment_it_is_the_shells_globbing(pattern: str, name: str) -> None:
    segment = name.replace("/", "")
    pattern = pattern.replace("**", "*").replace("**", "*")
    assert matches([pattern], segment) is fnmatch.fnmatchcase(segment, pattern)


@settings(max_examples=300)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_pattern_either_has_a_problem_or_matches(pattern: str, name: str) -> None:
    if problem(pattern) is None:
        assert matches([pattern], name) in (True, False)


@given(_NAMES)
def test_two_stars_and_a_slash_may_be_no_folder(name: str) -> None:
    assert matches(["**/a"], name) is (name == "a" or name.endswith("/a"))
