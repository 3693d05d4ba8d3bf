"""What the checkout container is told: how much of which repository, as files, and no token where none is wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.language.model import Checkout
from generator.manifests.source import source_of
from tests.unit.manifests.test_run import containers, job, laid_down
from tests.unit.samples import FORGE, pull_request, push, tag

if TYPE_CHECKING:
    from generator.events.event import Event

BASE = Checkout(base=True)


def source_files(text: str) -> dict[str, str]:
    files = laid_down(job(text))
    return {name.removeprefix("source/"): files[name] for name in files if name.startswith("source/")}


@pytest.mark.parametrize("text", ["", "checkout: true", "checkout: {depth: 1, submodules: false}"])
def test_the_commit_alone_wants_no_further_word(text: str) -> None:
    assert set(source_files(text)) == {"url", "user", "sha", "ref"}


def test_options_are_a_line_of_words_and_numbers_of_ours() -> None:
    files = source_files("checkout: {depth: 7, tags: true, submodules: recursive}")
    assert files["options"] == "7 1 0 recursive 0\n"
    assert "bases" not in files


def test_without_a_source_nothing_is_told_of_it_and_no_token_is_asked_for() -> None:
    found = job("checkout: false")
    assert not [name for name in laid_down(found) if name.startswith("source/")]
    checkout, main = containers(found)
    assert "forge-work-checkout" not in json.dumps([checkout, main])
    assert "ARGOSY_TOKEN" not in json.dumps(checkout)
    assert main == containers(job(""))[1]


def bases(event: Event) -> tuple[str, ...]:
    source = source_of(event, FORGE, BASE)
    assert source is not None
    return source.bases


def test_the_base_is_what_changes_are_compared_with() -> None:
    before = "b" * 40
    assert bases(push(branch="topic")) == (before, "refs/heads/main")
    assert bases(push(branch="topic", base_sha="")) == ("refs/heads/main",)
    assert bases(push()) == (before,)
    assert bases(pull_request()) == (before, "refs/heads/main")


def test_an_event_without_a_change_has_no_base() -> None:
    assert bases(push(base_sha="")) == ()
    assert bases(tag("v1")) == ()
