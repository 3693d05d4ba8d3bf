"""A job that does not run takes those with it that need it."""

from __future__ import annotations

from generator.planning.graph import with_dependants
from tests.unit.samples import ci_file

CHAIN = ci_file("""
jobs:
  last: {needs: middle, run: make}
  middle: {needs: [first, other], run: make}
  first: {run: make}
  other: {run: make}
""").jobs


def test_nothing_skipped_skips_nothing() -> None:
    assert with_dependants(CHAIN, {}) == {}


def test_dependants_are_skipped_with_the_need_that_is_missing() -> None:
    assert with_dependants(CHAIN, {"first": "not for tags"}) == {
        "first": "not for tags",
        "middle": "needs 'first', which does not run",
        "last": "needs 'middle', which does not run",
    }
