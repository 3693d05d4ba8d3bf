"""What a file may say of the checkout, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import render_text
from generator.language import reader
from generator.language.model import COMMIT_ALONE, Checkout, Submodules
from tests.unit.samples import ci_file

NOTHING = Checkout(source=False)
WORDS = {Submodules.NONE: "false", Submodules.DIRECT: "true", Submodules.RECURSIVE: "recursive"}


def checkout(text: str) -> Checkout:
    return ci_file(f"jobs: {{it: {{run: make, checkout: {text}}}}}").jobs[0].checkout


def said(text: str) -> str:
    written = f"jobs: {{it: {{run: make, checkout: {text}}}}}"
    return render_text(reader.read(written, "ci.yaml")[1], {"ci.yaml": written})


def test_a_job_that_says_nothing_gets_the_commit_alone() -> None:
    assert ci_file("jobs: {it: {run: make}}").jobs[0].checkout == COMMIT_ALONE == Checkout()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("false", NOTHING),
        ("False", NOTHING),
        ("true", COMMIT_ALONE),
        ("{}", COMMIT_ALONE),
        ("", COMMIT_ALONE),
        ("{depth: 0}", Checkout(depth=0)),
        ("{submodules: false}", COMMIT_ALONE),
        ("{submodules: true}", Checkout(submodules=Submodules.DIRECT)),
    ],
)
def test_false_is_nothing_and_the_rest_adds_to_the_commit(written: str, meant: Checkout) -> None:
    assert checkout(written) == meant


def test_the_example_of_the_language_means_what_it_says() -> None:
    meant = Checkout(depth=0, tags=True, base=True, submodules=Submodules.RECURSIVE, lfs=True)
    assert checkout("{depth: 0, tags: true, base: true, submodules: recursive, lfs: true}") == meant


@given(
    st.builds(
        Checkout,
        depth=st.integers(0, 1_000_000),
        tags=st.booleans(),
        base=st.booleans(),
        submodules=st.sampled_from(Submodules),
        lfs=st.booleans(),
    )
)
def test_every_option_is_read_as_it_is_written(meant: Checkout) -> None:
    flags = f"tags: {meant.tags}, base: {meant.base}, lfs: {meant.lfs}".lower()
    assert checkout(f"{{depth: {meant.depth}, {flags}, submodules: {WORDS[meant.submodules]}}}") == meant


def test_what_a_job_says_replaces_the_defaults_whole() -> None:
    own = "mine: {run: x, checkout: {tags: true}}, none: {run: x, checkout: false}, same: {run: x}"
    jobs = ci_file(f"defaults: {{checkout: {{depth: 0}}}}\njobs: {{{own}}}").jobs
    assert [job.checkout for job in jobs] == [Checkout(tags=True), NOTHING, Checkout(depth=0)]


def test_a_job_merges_its_checkout_with_its_templates_and_null_takes_a_key_away() -> None:
    text = """
        templates: {base: {checkout: {depth: 0, tags: true}}}
        jobs:
          it: {extends: base, run: make, checkout: {tags: null, lfs: true}}
          none: {extends: base, run: make, checkout: false}
    """
    assert [job.checkout for job in ci_file(text).jobs] == [Checkout(depth=0, lfs=True), NOTHING]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("no", "ci.yaml:1:34: error: 'checkout' must be true, false or a mapping, not 'no' [wrong-type]"),
        ("[lfs]", "ci.yaml:1:34: error: 'checkout' must be true, false or a mapping, not a list [wrong-type]"),
        ("{depth: -1}", "ci.yaml:1:42: error: -1 is not from 0 to 1000000 [bad-value]"),
        ("{depth: all}", "ci.yaml:1:42: error: 'depth' must be a whole number, not 'all' [wrong-type]"),
        ("{submodules: recursiv}", "ci.yaml:1:47: error: unknown kind of submodules 'recursiv' [bad-value]"),
        ("{submodules: recursiv}", "did you mean 'recursive'? known: false, true, recursive"),
        ("{submodules: 'true'}", "ci.yaml:1:47: error: unknown kind of submodules 'true' [bad-value]"),
        ("{submodules: 'true'}", "write true without quotation marks"),
        ("{submodules: [lib]}", "'submodules' must be true, false or recursive, not a list [wrong-type]"),
        ("{lfs: yes}", "'lfs' must be true or false, not 'yes' [wrong-type]"),
        ("{dept: 1}", "ci.yaml:1:35: error: unknown key 'dept' in checkout [unknown-key]"),
        ("{fetch-depth: 0}", "write depth"),
        ("{ref: main}", "a run checks out its own commit"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_with_a_way_out(written: str, line: str) -> None:
    assert line in said(written)


def test_a_default_that_no_job_uses_is_told() -> None:
    found = reader.read("defaults: {checkout: false}\njobs: {it: {run: x, checkout: true}}", "ci.yaml")[1]
    assert [one.code for one in found] == ["unused-default"]
