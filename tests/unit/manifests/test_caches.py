"""Where caches lie: each under its repository, ref, job, combination and name, and no ref writes to another's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from generator.events.event import PullRequest
from generator.manifests.caches import cache_arguments, cache_places
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, pull_request, push, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.manifests.caches import CachePlaces
    from generator.planning.plan import PlannedJob


def jobs(keys: str, event: Event, matrix: str = "") -> tuple[PlannedJob, ...]:
    made, found = plan(
        ci_file(f"jobs:\n  it: {{{matrix} run: make, cache: {{go: {{paths: x{keys}}}}}}}\n"), event, PLATFORM, TREE
    )
    assert made is not None, found
    return made.jobs


def places(keys: str, event: Event) -> CachePlaces:
    (found,) = cache_places(event, jobs(keys, event)[0])
    return found


MAIN = push(branch="main")
TOPIC = push(branch="topic", tier="trusted")
MINE = pull_request()


def scope(event: Event) -> str:
    """The folder that an event's caches are stored in."""
    return places("", event).saved[0].split("/")[1]


def scopes(found: tuple[str, ...]) -> list[str]:
    return [key.split("/")[1] for key in found]


@pytest.mark.parametrize(
    ("event", "looked_at"),
    [
        (MAIN, [MAIN]),
        (TOPIC, [TOPIC, MAIN]),
        (tag("v1"), [tag("v1"), MAIN]),
        (MINE, [MINE, MAIN]),
        (
            push(kind="pull_request", branch="", pull_request=PullRequest(number=7, base="topic")),
            [MINE, TOPIC, MAIN],
        ),
    ],
    ids=["default branch", "branch", "tag", "pull request", "pull request into a branch"],
)
def test_the_own_ref_comes_first_then_the_base_then_the_default_branch(event: Event, looked_at: list[Event]) -> None:
    assert scopes(places("", event).restored) == [scope(one) for one in looked_at]


def test_the_same_key_is_looked_for_everywhere_before_the_newest() -> None:
    found = places(", key: k", MINE)
    assert found.exact == 2
    assert scopes(found.restored) == [scope(MINE), scope(MAIN)] * 2
    assert [key.endswith("/newest.tar.gz") for key in found.restored] == [False, False, True, True]


def test_one_with_a_key_is_stored_under_it_and_as_the_newest_of_its_own_ref() -> None:
    found = places(", key: k", MINE)
    assert list(found.saved) == [found.restored[0], found.restored[2]]


def test_other_keys_repositories_and_refs_lie_elsewhere() -> None:
    other_commit = dataclasses.replace(MINE, sha="c" * 40)
    assert len({scope(event) for event in (MAIN, TOPIC, MINE, tag("main"), push(repository_id="43"))}) == 5
    assert scope(other_commit) == scope(MINE)
    assert places(", key: a", MAIN).saved[0] != places(", key: b", MAIN).saved[0]


@pytest.mark.parametrize(
    ("keys", "event"), [(", save: never", MAIN), ("", pull_request("untrusted"))], ids=["never", "untrusted"]
)
def test_what_may_not_be_stored_has_no_place(keys: str, event: Event) -> None:
    found = places(keys, event)
    assert found.restored
    assert found.saved == ()


def test_combinations_have_places_of_their_own_that_others_do_not_move() -> None:
    few = jobs(', key: "${{ matrix.a }}"', MAIN, "matrix: {a: [y]},")
    more = jobs(', key: "${{ matrix.a }}"', MAIN, "matrix: {a: [x, y]},")
    first, second = map(cache_arguments, more)
    assert [one["name"] for one in first] == ["place", "cache-1"]
    assert all(one["value"] != other["value"] for one, other in zip(first, second, strict=True))
    assert cache_arguments(few[0]) == second
