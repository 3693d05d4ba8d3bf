"""What a packed event claims to have happened, in our words.

A payload is only a hint: the expander asks the forge whether any of this is true (generator.expander.facts). Here the
forges' different words for one thing become one, and what never starts anything is told apart from what may.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from generator.events import requests
from generator.events.packing import MANUAL, SCHEDULE
from generator.events.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.events.packing import Packed
    from generator.events.requests import Inputs

_HEADS = "refs/heads/"
_TAGS = "refs/tags/"


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """`kind` is one of generator.events.event.KINDS, or empty for what starts nothing, and then `why` says so.

    `sha` is the pushed commit (a tag's own object, where it has one), `base_sha` the ref's value before; both are empty
    where there was none. `action` is in GitHub's words. `scheduled_at` is UTC. `ref` is a manual
    run's as somebody wrote it: whole, or a name, or empty for the default branch. Of `repository` (owner/name) and
    `repository_id` the id is what counts.
    """

    kind: str
    why: str = ""
    repository: str = ""
    repository_id: str = ""
    actor: str = ""
    branch: str = ""
    tag: str = ""
    sha: str = ""
    base_sha: str = ""
    number: int = 0
    action: str = ""
    label: str = ""
    updated_at: str = ""
    schedule: str = ""
    scheduled_at: str = ""
    ref: str = ""
    request: str = ""
    inputs: Inputs = ()


def claim(packed: Packed, scheduled_at: str = "", request: str = "", inputs: str = "") -> Claim:
    """What the packed event says.

    `scheduled_at` is the time that a schedule's Workflow was made for; `request` and `inputs` are what
    generator.events.requests reads of a manual run.
    """
    if not packed.repository:
        return _nothing(packed, f"the event {packed.type!r} names no repository")
    if packed.type == SCHEDULE:
        return _schedule(packed, scheduled_at)
    if packed.type == MANUAL:
        return _manual(packed, request, inputs)
    kind = _KINDS.get(packed.type, "")
    if kind == "push":
        return _push(packed)
    if kind == "pull_request":
        return _pull_request(packed)
    return _nothing(packed, f"the event {packed.type!r} starts nothing")


def _schedule(packed: Packed, scheduled_at: str) -> Claim:
    try:
        moment = dt.datetime.fromisoformat(scheduled_at)
    except ValueError:
        return _nothing(packed, f"a schedule's event needs its scheduled time as RFC 3339, not {scheduled_at!r}")
    if moment.tzinfo is None:
        return _nothing(packed, f"the scheduled time {scheduled_at!r} has no zone")
    # Argo gives the time in the schedule's own zone; the run's name is made of UTC.
    utc = moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return dataclasses.replace(_about(packed, "schedule"), schedule=packed.label, scheduled_at=utc)


def _manual(packed: Packed, request: str, inputs: str) -> Claim:
    if packed.ref.startswith("refs/") and not packed.ref.startswith((_HEADS, _TAGS)):
        return _nothing(packed, f"{packed.ref!r} is neither a branch nor a tag")
    try:
        asked = requests.read(request, inputs)
    except requests.RequestError as failure:
        return _nothing(packed, str(failure))
    return dataclasses.replace(_about(packed, "manual"), ref=packed.ref, request=asked.id, inputs=asked.inputs)


def _push(packed: Packed) -> Claim:
    if packed.deleted or _absent(packed.after):
        return _nothing(packed, f"{packed.ref!r} was deleted")
    if packed.ref.startswith(_HEADS):
        said = dataclasses.replace(_about(packed, "push"), branch=packed.ref.removeprefix(_HEADS))
    elif packed.ref.startswith(_TAGS):
        said = dataclasses.replace(_about(packed, "tag"), tag=packed.ref.removeprefix(_TAGS))
    else:
        return _nothing(packed, f"{packed.ref!r} is neither a branch nor a tag")
    before = "" if _absent(packed.before) else packed.before
    return dataclasses.replace(said, sha=packed.after, base_sha=before)


def _pull_request(packed: Packed) -> Claim:
    action = _action(packed.action)
    if not action or not packed.number:
        return _nothing(packed, f"the pull request's action {packed.action!r} starts nothing")
    return dataclasses.replace(
        _about(packed, "pull_request"),
        number=packed.number,
        action=action,
        sha=packed.head,
        label=packed.label,
        updated_at=packed.updated_at,
    )


def _about(packed: Packed, kind: str) -> Claim:
    return Claim(kind, repository=packed.repository, repository_id=packed.repository_id, actor=packed.actor)


def _nothing(packed: Packed, why: str) -> Claim:
    return dataclasses.replace(_about(packed, ""), why=why)


def _absent(sha: str) -> bool:
    """A ref's value that is not there: forges send zeros."""
    return not sha.strip("0")


def _action(packed_action: str) -> str:
    """Our word for `update:draft:labels`: that of the first of the named changes that has one."""
    word, *changes = packed_action.split(":")
    candidates = [f"{word}:{change}" for change in changes] + [word]
    return next((_ACTIONS[candidate] for candidate in candidates if candidate in _ACTIONS), "")


def _merged(parts: list[Mapping[str, str]]) -> dict[str, str]:
    return {word: ours for part in parts for word, ours in part.items()}


# No word means two things in two forges, so one mapping does for all; tests/unit/events/test_claims.py holds that.
_KINDS = _merged([table.kinds for table in TABLES.values()])
_ACTIONS = _merged([table.actions for table in TABLES.values()])
