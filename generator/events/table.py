"""How a forge's table says where each field of the packed event stands in the webhook's body.

One module beside this one per forge holds a `Table`; generator.events.packing reads a body through it,
generator.events.sensor_template makes the Sensor's Go template of it. What is no text, number or truth value of the
kind that the table asks for counts as absent, so that no body, however odd, makes either of them fail.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """The first of these paths that holds a text which is not empty.

    A path is keys of nested objects joined by dots.
    """

    paths: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """The first of these paths that holds a number, as a decimal text without a fraction."""

    paths: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Flag:
    """`true` where this path holds true, else empty."""

    path: str


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """The text at `path`, and a colon and the name for each of `changes` whose path holds anything.

    Anything is what is not false, null, zero or empty.

    A forge that says "edited" or "update" for many different changes is told apart by them: `edited:base`.
    """

    path: str
    changes: tuple[tuple[str, str], ...]


Source = Text | Number | Flag | Action


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One forge.

    `fields` maps a packed field (`repository.id`) to its source; a field that it leaves out is always empty.

    `event_header` is the HTTP header that names the event's type, as Go's server spells it. `kinds` maps such types to
    our kinds of event; the rest start nothing. `actions` maps the pull request's packed actions to ours
    (generator.events.event.PULL_REQUEST_ACTIONS).
    """

    event_header: str
    fields: Mapping[str, Source]
    kinds: Mapping[str, str]
    actions: Mapping[str, str]
