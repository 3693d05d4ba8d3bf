"""The layered layout: nothing overlaps, every arrow goes to the right and around boxes, and a graph has one layout."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from generator.views.layout import BOX, layout
from tests.unit.views.plans import graphs

GRAPHS = graphs(st.text("abcdefgh", min_size=1, max_size=3))


@given(GRAPHS)
def test_boxes_of_a_column_are_apart_and_inside(needs: dict[str, tuple[str, ...]]) -> None:
    placed = layout(needs)
    assert set(placed.boxes) == set(needs)
    for column in range(placed.columns):
        heights = sorted(point.y for point in placed.boxes.values() if point.column == column)
        assert heights
        assert all(lower - upper > BOX for upper, lower in itertools.pairwise(heights))
        assert heights[0] - BOX // 2 >= 0
        assert heights[-1] + BOX // 2 <= placed.height


@given(GRAPHS)
def test_every_need_has_an_arrow_that_goes_right_one_column_at_a_time(needs: dict[str, tuple[str, ...]]) -> None:
    placed = layout(needs)
    assert set(placed.arrows) == {(need, name) for name, wanted in needs.items() for need in wanted}
    for (need, name), points in placed.arrows.items():
        assert (points[0], points[-1]) == (placed.boxes[need], placed.boxes[name])
        assert all(two.column == one.column + 1 for one, two in itertools.pairwise(points))


@given(GRAPHS)
def test_no_arrow_goes_through_a_box(needs: dict[str, tuple[str, ...]]) -> None:
    placed = layout(needs)
    for points in placed.arrows.values():
        for point in points[1:-1]:
            others = [box.y for box in placed.boxes.values() if box.column == point.column]
            assert all(abs(point.y - y) > BOX // 2 for y in others)


def test_arrows_that_need_not_cross_do_not() -> None:
    placed = layout({"a": (), "b": (), "of-b": ("b",), "of-a": ("a",)})
    (first, second), (third, fourth) = ((placed.boxes[one].y, placed.boxes[f"of-{one}"].y) for one in "ab")
    assert (first < third) is (second < fourth)


def test_a_chain_is_straight() -> None:
    placed = layout({"a": (), "b": ("a",), "c": ("b",), "d": ("c",)})
    assert len({point.y for point in placed.boxes.values()}) == 1
    assert [placed.boxes[name].column for name in "abcd"] == [0, 1, 2, 3]


def test_what_is_needed_and_not_there_has_no_arrow() -> None:
    placed = layout({"a": ("elsewhere",)})
    assert (placed.arrows, placed.columns) == ({}, 1)


def test_a_graph_with_more_arrows_than_anyone_could_follow_is_laid_out_too() -> None:
    names = [f"job{number}" for number in range(120)]
    placed = layout({name: tuple(names[:number]) for number, name in enumerate(names)})
    assert placed.columns == 120
    assert len(placed.arrows) == 120 * 119 // 2
