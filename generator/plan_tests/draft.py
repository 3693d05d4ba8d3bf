"""Events as a table writes them, before what it says of all of them is known: what is None is left to `defaults`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.events.event import PullRequest
    from generator.fields import Named, Placed
    from generator.plan_tests.model import Expected


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class EventDraft:
    """One event.

    `branch` is the pushed one, or that of a manual run; `tag` and `schedule` are names. `pull_request` has no base
    where that is the default branch. `texts` are the facts that need no looking at, by their names in an event file.
    """

    kind: str
    branch: str = ""
    tag: str = ""
    schedule: str = ""
    pull_request: PullRequest | None = None
    changed: tuple[str, ...] | None = None
    inputs: tuple[tuple[str, str], ...] = ()
    texts: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TestDraft:
    """One test; what is None was wrong."""

    events: tuple[EventDraft, ...] | None
    expected: Placed[Expected] | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TableDraft:
    """A whole file."""

    defaults: dict[str, str]
    tests: tuple[Named[TestDraft], ...]
