"""Globs as regular expressions take in what globs do."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator import globs
from generator.glob_regex import regex

ALPHABET = "ab/.*?[]!^-{},\\ $(|+"
patterns = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=12)
names = st.text(st.sampled_from("ab/.]!^-[{,\\ $(|+*?"), max_size=8)


@given(pattern=patterns, name=names)
def test_the_expression_takes_in_what_the_glob_does(pattern: str, name: str) -> None:
    pattern = pattern.removeprefix("!")
    assume(pattern and not pattern.startswith("!") and globs.problem(pattern) is None)
    assert bool(re.fullmatch(regex(pattern), name)) == globs.matches([pattern], name)


CASES = [
    ("logs/**", ["logs/a", "logs/a/b.txt"], ["logs", "xlogs/a"]),
    ("**/*.xml", ["a.xml", "x/y/a.xml"], ["a.xmlx"]),
    ("[a-c]?", ["ab", "c\N{LATIN SMALL LETTER E WITH ACUTE}"], ["d1", "a/", "abc"]),
    ("{a,b{,c}}.t", ["a.t", "b.t", "bc.t"], ["c.t", "axt"]),
    ("[]^-]".replace("[]", "[\\]"), ["]", "^", "-"], ["\\", "a"]),
    (
        "[\N{LATIN SMALL LETTER A WITH GRAVE}-\N{LATIN SMALL LETTER E WITH ACUTE}]",
        ["\N{LATIN SMALL LETTER E WITH ACUTE}"],
        ["e"],
    ),
    ("[/]", [], ["/"]),
    ("[!a]", ["b", "^"], ["a", "/"]),
]


@pytest.mark.parametrize(("pattern", "taken", "left"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_the_greps_of_a_pod_agree(pattern: str, taken: list[str], left: list[str]) -> None:
    said = subprocess.run(
        ["/usr/bin/busybox", "grep", "-E", "-e", f"^{regex(pattern)}$"],
        input="".join(f"{name}\n" for name in taken + left),
        env={"LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.splitlines() == taken
