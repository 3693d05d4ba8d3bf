"""Which time zones there are: the IANA names of tzdata 2025b.

They are kept with the program, so that every machine knows the same ones.
"""

from __future__ import annotations

import functools
from pathlib import Path

from generator.wording import quoted

_LIST = Path(__file__).with_name("timezones.txt")


def known(name: str) -> str:
    """The name itself. Raises ValueError for one that is not on the list."""
    if name in all_names():
        return name
    raise ValueError(f"unknown time zone {quoted(name)}")


@functools.cache
def all_names() -> dict[str, None]:
    """Every name, in the order of the alphabet."""
    return dict.fromkeys(_LIST.read_text(encoding="ascii").split())
