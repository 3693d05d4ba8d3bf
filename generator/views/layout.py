"""Where the boxes of a DAG stand and which way its arrows go: a layered layout, from left to right.

The steps are those of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
(IEEE SMC 1981): columns by the longest way, a place of its own for each column that an arrow crosses, an order in each
column with few crossings, and heights that keep arrows straight. Nothing but the graph decides, so that a graph has one
layout.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
from typing import TYPE_CHECKING

from generator.planning.order import depths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SWEEPS = 8
# More arrows than that are drawn straight through the columns between: nobody could follow them anyway.
_MOST_PLACES = 4_000
_BOX, _GAP = 52, 22
_BEND = 14


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A column, from 0, and a height in pixels, of a box's or an arrow's middle."""

    column: int
    y: int


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by name, and for each arrow its points from the middle of one box to that of the other.

    `height` is that of the whole, without a margin; a box is `BOX` pixels high.
    """

    boxes: dict[str, Point]
    arrows: dict[tuple[str, str], tuple[Point, ...]]
    columns: int
    height: int


BOX = _BOX


def layout(needs: Mapping[str, Sequence[str]]) -> Layout:
    """The layout of names with their needs, which make no circle; an arrow goes from a need to what needs it."""
    graph = {name: tuple(need for need in wanted if need in needs) for name, wanted in needs.items()}
    columns = depths(graph)
    ways = _ways(graph, columns)
    layers = _ordered(_layers(graph, columns, ways), _neighbours(ways))
    heights, height = _heights(layers, _neighbours(ways), set(graph))
    points = {place: Point(column, heights[place]) for column, layer in enumerate(layers) for place in layer}
    boxes = {name: points[name] for name in graph}
    arrows = {(way[0], way[-1]): tuple(points[place] for place in way) for way in ways}
    return Layout(boxes, arrows, len(layers), height)


def _ways(graph: Mapping[str, Sequence[str]], columns: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Each arrow as the places that it goes through, one in each column, its ends included."""
    arrows = [(need, name) for name, needs in graph.items() for need in needs]
    if sum(columns[name] - columns[need] - 1 for need, name in arrows) > _MOST_PLACES:
        return list(arrows)
    return [
        # A name of a box has no NUL in front; XML would not even take it.
        (need, *(f"\0{number}.{column}" for column in range(columns[need] + 1, columns[name])), name)
        for number, (need, name) in enumerate(arrows)
    ]


def _layers(
    graph: Mapping[str, Sequence[str]], columns: Mapping[str, int], ways: Sequence[tuple[str, ...]]
) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for name in graph:
        layers[columns[name]].append(name)
    for way in ways:
        for step, place in enumerate(way[1:-1], columns[way[0]] + 1):
            layers[step].append(place)
    return layers


def _neighbours(ways: Sequence[tuple[str, ...]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each place those that it is joined with to the left, and to the right."""
    left: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    for way in ways:
        for one, other in itertools.pairwise(way):
            right.setdefault(one, []).append(other)
            left.setdefault(other, []).append(one)
    return left, right


def _ordered(layers: list[list[str]], neighbours: tuple[dict[str, list[str]], dict[str, list[str]]]) -> list[list[str]]:
    """The layers in an order with few crossings: each place near the middle of its neighbours, over and over."""
    left, right = neighbours
    best, fewest = layers, _crossings(layers, right)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        layers = _swept(layers, left) if sweep % 2 == 0 else _swept(layers[::-1], right)[::-1]
        crossings = _crossings(layers, right)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _swept(layers: list[list[str]], neighbours: Mapping[str, list[str]]) -> list[list[str]]:
    position: dict[str, float] = {}
    done: list[list[str]] = []
    for layer in layers:
        wanted = {
            place: _mean([position[other] for other in neighbours.get(place, ()) if other in position], index)
            for index, place in enumerate(layer)
        }
        done.append(sorted(layer, key=wanted.__getitem__))
        position |= {place: float(index) for index, place in enumerate(done[-1])}
    return done


def _crossings(layers: Sequence[Sequence[str]], right: Mapping[str, list[str]]) -> int:
    """How many pairs of arrows cross between neighbouring layers."""
    position = {place: index for layer in layers for index, place in enumerate(layer)}
    count = 0
    for layer in layers:
        seen: list[int] = []
        for place in layer:
            ends = sorted(position[other] for other in right.get(place, ()))
            count += sum(len(seen) - bisect.bisect_right(seen, end) for end in ends)
            for end in ends:
                bisect.insort(seen, end)
    return count


def _heights(
    layers: Sequence[Sequence[str]], neighbours: tuple[dict[str, list[str]], dict[str, list[str]]], boxes: set[str]
) -> tuple[dict[str, int], int]:
    """The middle of each place, from 0 at the top, and the height of all."""
    sizes = {place: _BOX + _GAP if place in boxes else _BEND for layer in layers for place in layer}
    found: dict[str, float] = {}
    for layer in layers:
        found |= _stacked(layer, sizes, dict.fromkeys(layer, 0.0))
    for sweep in range(_SWEEPS):
        joined = neighbours[sweep % 2]
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {place: _mean([found[other] for other in joined.get(place, ())], found[place]) for place in layer}
            found |= _stacked(layer, sizes, wanted)
    top = min((found[place] - sizes[place] / 2 for place in found), default=0.0)
    bottom = max((found[place] + sizes[place] / 2 for place in found), default=0.0)
    return {place: round(y - top) for place, y in found.items()}, round(bottom - top)


def _stacked(layer: Sequence[str], sizes: Mapping[str, int], wanted: Mapping[str, float]) -> dict[str, float]:
    """The heights nearest to those wanted at which nothing of a layer overlaps and its order stays.

    Pools of places that press against each other move as one, to the mean of what they want (Barlow and others,
    "Statistical Inference under Order Restrictions", 1972: pool adjacent violators).
    """
    offsets: list[float] = []
    below = 0.0
    for place in layer:
        offsets.append(below + sizes[place] / 2)
        below += sizes[place]
    pools: list[tuple[float, int]] = []
    for place, offset in zip(layer, offsets, strict=True):
        total, count = wanted[place] - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    starts = [total / count for total, count in pools for _ in range(count)]
    return {place: start + offset for place, start, offset in zip(layer, starts, offsets, strict=True)}


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
