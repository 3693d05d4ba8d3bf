"""Where `${{ }}` begins and ends inside of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expressions.parts import split

PIECES = st.lists(
    st.sampled_from(("${{", "}}", "'''", '"""', "r'", "//", "\U0001f4a9", *"{}'\"\\b\n a$")) | st.text(max_size=3)
)


def sources(text: str) -> list[str]:
    parts, problem = split(text)
    assert problem is None
    return [part.source for part in parts if part.is_expression]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("plain }} text {{ x }}", []),
        ("${{a}}", ["a"]),
        ("x${{ a }}y${{b}}", [" a ", "b"]),
        ("${{ {'a': {'b': 1}}['a'] }}", [" {'a': {'b': 1}}['a'] "]),
        ("${{ {'a':1}}}", [" {'a':1}"]),
        ("${{ '}}' }}", [" '}}' "]),
        ('${{ "}}" }}', [' "}}" ']),
        (r"${{ '\'}}' }}", [r" '\'}}' "]),
        (r"${{ r'\' }}", [r" r'\' "]),
        ("${{ '''it's }} ''' }}", [" '''it's }} ''' "]),
        ("${{ '' + '' }}", [" '' + '' "]),
        ("${{ a\n }}", [" a\n "]),
        ("${{ a }}}}", [" a "]),
        ("$${{ a }}", [" a "]),
        ("${{}}", [""]),
    ],
)
def test_an_expression_ends_at_its_own_braces(text: str, expected: list[str]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    ("text", "start"),
    [("${{", 0), ("ab ${{ x }", 3), ("${{ a }} ${{ b", 9), ("${{ { }} ", 0), ("x ${{ 'a }}", 6), ("${{ '''a }}", 6)],
)
def test_one_that_never_ends_is_a_problem_at_its_place(text: str, start: int) -> None:
    _, problem = split(text)
    assert problem is not None
    assert (problem.code, problem.start) == ("expression-syntax", start)


@given(PIECES)
def test_the_parts_are_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts, problem = split(text)
    assert all(part.text == text[part.start : part.end] and part.text for part in parts)
    joined = "".join(part.text for part in parts)
    assert text.startswith(joined)
    if problem is None:
        assert joined == text
    else:
        assert 0 <= problem.start < problem.end <= len(text)
    assert all("${{" not in part.text for part in parts if not part.is_expression)
