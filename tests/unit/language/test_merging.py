"""Later wins, key by key; nothing takes away."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.document import Mapping, parse
from generator.document.plain import plain
from generator.language.merging import merged, size

names = st.sampled_from(["a", "b", "c"])
values = st.recursive(
    st.one_of(st.none(), st.sampled_from(["x", "y"]), st.lists(st.sampled_from(["x", "y"]), max_size=2)),
    lambda inner: st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(names, values, max_size=3)


def node(value: dict[str, Any]) -> Mapping:
    found, errors = parse(yaml.safe_dump(value, default_flow_style=True, width=10_000), "f")
    assert isinstance(found, Mapping)
    assert errors == []
    return found


def of(*parts: dict[str, Any]) -> Any:
    return plain(merged(node(part) for part in parts))


def test_mappings_merge_and_all_else_is_replaced() -> None:
    base = {"env": {"A": "1", "B": "1"}, "steps": [{"run": "x"}], "image": "a"}
    assert of(base, {"env": {"B": "2"}, "steps": [], "image": "b"}) == {
        "env": {"A": "1", "B": "2"},
        "steps": [],
        "image": "b",
    }


def test_nothing_takes_a_key_away_at_any_depth() -> None:
    assert of({"env": {"A": "1", "B": "1"}, "image": "a"}, {"env": {"A": None}, "image": None}) == {"env": {"B": "1"}}


def test_what_was_taken_away_may_come_back_without_what_it_held() -> None:
    assert of({"env": {"A": "1"}}, {"env": None}, {"env": {"B": "2"}}) == {"env": {"B": "2"}}


def test_a_value_keeps_the_place_where_it_was_written() -> None:
    base, _ = parse("env: {A: one}", "base")
    over, _ = parse("\nimage: x", "over")
    assert isinstance(base, Mapping)
    assert isinstance(over, Mapping)
    places = {entry.key.text: entry.value.span.file for entry in merged([base, over]).entries}
    assert places == {"env": "base", "image": "over"}


@given(mappings, mappings, mappings)
def test_parts_may_be_merged_in_steps(one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]) -> None:
    """Unless a step has taken away something that the next one would have to know of."""
    whole = of(one, two, three)
    last = plain(merged([node(one), node(two)]))
    if None not in _leaves([two, three]):
        assert of(last, three) == whole


@given(mappings)
def test_merged_with_nothing_it_stays_but_for_its_nothings(value: dict[str, Any]) -> None:
    assert of(value, {}) == of(value)
    assert None not in _leaves([of(value)])


@given(mappings)
def test_the_size_counts_every_key_and_value(value: dict[str, Any]) -> None:
    assert size(node(value)) == _count(value)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value if isinstance(item, dict) for leaf in _leaves(item)]
    return [value]


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(1 + _count(item) for item in value.values())
    return 1 + sum(map(_count, value)) if isinstance(value, list) else 1
