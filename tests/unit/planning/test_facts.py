"""What hash() and changed() answer, and when the repository is asked at all."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expressions import FunctionError
from generator.planning.facts import Facts
from tests.unit.samples import TREE, StoredTree, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event

_PATH = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.just("\udcff"), min_size=1, max_size=8
)
_BLOB = st.integers(0, 2**32).map(lambda number: f"{number:040x}")


def facts(tree: StoredTree = TREE, event: Event | None = None) -> Facts:
    return Facts(event or push(), dataclasses.replace(tree, asked=[]))


def test_a_digest_is_that_of_names_and_contents() -> None:
    one = facts().digest(("go.sum",))
    assert len(one) == 64
    assert one == facts(StoredTree({"go.sum": "b" * 40, "other": "d" * 40})).digest(("**/go.sum",))
    assert one != facts(StoredTree({"go.sum": "e" * 40})).digest(("go.sum",))
    assert one != facts(StoredTree({"a/go.sum": "b" * 40})).digest(("**/go.sum",))


def test_a_digest_stays_what_it_is() -> None:
    """Keys and tags that are made of it must not change with a release."""
    made = facts(StoredTree({"b": "1" * 40, "a/\N{PILE OF POO}": "2" * 40, "a\udcff": "3" * 40})).digest(("**",))
    assert made == "eda5e844b6c6cbf4558dc85f7f14a1d0f37b5c2bd5f57218f5b08a4d6809dd33"


@given(st.dictionaries(_PATH, _BLOB, min_size=1, max_size=6), st.randoms())
def test_the_order_in_which_git_lists_files_means_nothing(files: dict[str, str], random: object) -> None:
    shuffled = list(files.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    digests = {facts(StoredTree(dict(one))).digest(("**",)) for one in (list(files.items()), shuffled)}
    assert len(digests) == 1


@given(st.dictionaries(_PATH, _BLOB, min_size=1, max_size=4), st.dictionaries(_PATH, _BLOB, min_size=1, max_size=4))
def test_other_files_have_another_digest(one: dict[str, str], other: dict[str, str]) -> None:
    same = facts(StoredTree(one)).digest(("**",)) == facts(StoredTree(other)).digest(("**",))
    assert same is (one == other)


def test_a_list_of_globs_takes_in_and_back() -> None:
    assert facts().digest(("**", "!src/**")) == facts().digest(("README.md", "go.sum"))


@pytest.mark.parametrize("globs", [("yarn.lock",), (), ("!**",)])
def test_a_digest_of_nothing_is_an_error(globs: tuple[str, ...]) -> None:
    with pytest.raises(FunctionError) as failed:
        facts().digest(globs)
    assert failed.value.code == "expression-failed"


@pytest.mark.parametrize(
    ("globs", "expected"),
    [(("src/**",), True), (("docs/**",), False), (("**", "!src/**"), False), (("!docs/**",), True), ((), False)],
)
@pytest.mark.parametrize("event", [push(), pull_request()], ids=lambda event: event.kind)
def test_what_was_changed(event: Event, globs: tuple[str, ...], *, expected: bool) -> None:
    assert facts(event=event).touched(globs) is expected


@pytest.mark.parametrize("event", [tag("v1"), schedule("nightly"), push(kind="manual")], ids=lambda event: event.kind)
def test_events_that_are_about_no_change_have_changed_everything(event: Event) -> None:
    asked = facts(event=event)
    assert asked.touched(("nothing",)) is True
    assert asked._tree.asked == []  # type: ignore[attr-defined]  # noqa: SLF001


def test_a_first_push_changes_everything() -> None:
    assert facts(StoredTree({"a": "1" * 40}, None)).touched(("anything",)) is True


def test_an_event_file_may_say_what_was_changed() -> None:
    asked = facts(event=push(changed=("docs/a.md",)))
    assert (asked.touched(("docs/**",)), asked.touched(("src/**",))) == (True, False)
    assert asked._tree.asked == []  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.mark.parametrize("glob", ["[", "", "/src", "{a"])
def test_a_glob_that_is_put_together_wrongly_is_told(glob: str) -> None:
    for ask in (facts().digest, facts().touched):
        with pytest.raises(FunctionError) as failed:
            ask(("ok", glob))
        assert failed.value.code == "bad-glob"
