"""What a matrix comes to: product of its axes, minus `exclude`, plus `include`, then `extend`, in the file's order.

A combination is a mapping of keys to values, the axes first. Linting counts on the same function as planning. An entry
of `include` that the product has already, as it may where an axis comes from the tree, gives that one its further keys.
"""

from __future__ import annotations

import collections
import itertools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.language.model import Matrix

Pairs = tuple[tuple[str, str], ...]


def count(values: Iterable[Sequence[str]], further: int) -> int:
    """How many combinations the product of so many values has, with `further` ones, before any is left out."""
    sizes = [len(one) for one in values]
    return (math.prod(sizes) if sizes else 0) + further


def combinations(matrix: Matrix, values: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """The combinations; `values` are those of each axis, in the order of `matrix.axes`."""
    names = [axis.name for axis in matrix.axes]
    product = itertools.product(*(values[name] for name in names)) if names else ()
    made = [dict(zip(names, found, strict=True)) for found in product]
    kept = [one for one in made if not any(agrees(one, entry) for entry in matrix.exclude)]
    known = {place(one, matrix.names): one for one in kept}
    for entry in matrix.include:
        included = _in_order(dict(entry), matrix.names)
        known.setdefault(place(included, matrix.names), included).update(included)
    for entry in matrix.extend:
        wanted = tuple(pair for pair in entry if pair[0] in matrix.names)
        further = dict(pair for pair in entry if pair[0] not in matrix.names)
        for one in known.values():
            if agrees(one, wanted):
                one.update(further)
    return list(known.values())


def agrees(combination: Mapping[str, str], entry: Pairs) -> bool:
    """Whether the combination has all that the entry says."""
    return all(combination.get(key) == value for key, value in entry)


def leading_keys(entries: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The keys that tell entries of `include` apart where there are no axes.

    The fewest leading ones of the first entry that every entry has, and that no two entries have the same values of;
    all leading ones where even these do not.
    """
    found: list[str] = []
    for key in entries[0]:
        if any(key not in entry for entry in entries):
            break
        found.append(key)
        if len({tuple(entry[name] for name in found) for entry in entries}) == len(entries):
            break
    return tuple(found)


def place(combination: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
    """What tells a combination from the others: its values of the axes."""
    return tuple(combination[name] for name in names)


def doubled(ids: Iterable[str]) -> str:
    """An id that stands there twice, empty where none does: `1` and `2,b=3` make the same one as `1,b=2` and `3`."""
    return next((one for one, times in collections.Counter(ids).items() if times > 1), "")


def combination_id(job: str, names: Iterable[str], combination: Mapping[str, str]) -> str:
    """What a combination is called: `job[axis=value,...]`."""
    return f"{job}[{','.join(f'{name}={combination[name]}' for name in names)}]"


def _in_order(entry: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: entry[name] for name in names} | entry
