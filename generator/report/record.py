"""What stands on the commits, as far as we have put it there: the reporter's memory over restarts.

A `Standing` is the last status that was posted for a slot. The record keeps one for every slot of a Workflow that is
still there, and for every slot that is still pending, so that a run which went while nobody looked can be ended. It is
sharded by commit, encoded as JSON text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any

from generator.report.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARDS = 16
SHARD_CHARACTERS = 900_000  # a ConfigMap takes 1 MiB
_VERSION = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """The last status posted for a slot.

    `uid` is its Workflow's, `created` when that was made, `digest` what the status said.

    `namespace` and `name` are kept while it is open. `complete` is a run's: every status of its jobs has been posted
    too, and is forgotten.
    """

    uid: str
    created: float
    digest: str
    open: bool
    namespace: str = ""
    name: str = ""
    complete: bool = False


class RecordError(ValueError):
    """A text that is no shard of a version that we know."""


class Record:
    """Standings by slot, and which shards have changed since they were last encoded."""

    def __init__(self) -> None:
        self._shards: tuple[dict[Slot, Standing], ...] = tuple({} for _ in range(SHARDS))
        self._dirty: set[int] = set()

    def get(self, slot: Slot) -> Standing | None:
        """What stands there, None for nothing that we know of."""
        return self._shards[shard(slot)].get(slot)

    def put(self, slot: Slot, standing: Standing) -> None:
        """Something stands there now."""
        number = shard(slot)
        if self._shards[number].get(slot) != standing:
            self._shards[number][slot] = standing
            self._dirty.add(number)

    def drop(self, slot: Slot) -> None:
        """Forgets a slot."""
        number = shard(slot)
        if self._shards[number].pop(slot, None) is not None:
            self._dirty.add(number)

    def slots(self) -> tuple[Slot, ...]:
        """Every slot that something stands in."""
        return tuple(slot for mine in self._shards for slot in mine)

    def load(self, text: str) -> None:
        """Takes in a shard's text. Raises RecordError."""
        for slot, standing in _decoded(text):
            self._shards[shard(slot)][slot] = standing

    def dirty(self) -> dict[int, str]:
        """The shards that have changed, with their text.

        They count as written from now on; `keep_dirty` takes that back.
        """
        changed = {number: self._encoded(number) for number in sorted(self._dirty)}
        self._dirty.clear()
        return changed

    def keep_dirty(self, number: int) -> None:
        """The shard has not been written after all."""
        self._dirty.add(number)

    def _encoded(self, number: int) -> str:
        """A shard's text.

        Beyond the limit the final standings go: what that costs is a status posted again after a restart.
        """
        mine = self._shards[number]
        text = _encode(mine)
        if len(text) <= SHARD_CHARACTERS:
            return text
        for slot in [slot for slot, standing in mine.items() if not standing.open]:
            del mine[slot]
        return _encode(mine)


def shard(slot: Slot) -> int:
    """The shard of a slot: one for all slots of a commit, or of a pull request."""
    commit = f"{slot.forge}\0{slot.repository}\0{slot.number or slot.sha}"
    return hashlib.sha256(commit.encode()).digest()[0] % SHARDS


def _encode(standings: dict[Slot, Standing]) -> str:
    commits: dict[tuple[str, str, str], dict[str, Any]] = {}
    comments: dict[tuple[str, str, int], dict[str, Any]] = {}
    for slot, standing in sorted(standings.items(), key=lambda item: item[0]):
        if slot.number:
            there = comments.setdefault((slot.forge, slot.repository, slot.number), {})
        else:
            there = commits.setdefault((slot.forge, slot.repository, slot.sha), {})
        there[slot.context] = _brief(standing)
    value = {"v": _VERSION, "commits": _listed(commits), **({"comments": _listed(comments)} if comments else {})}
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _listed(subjects: Mapping[tuple[Any, ...], dict[str, Any]]) -> list[list[Any]]:
    return [[*subject, contexts] for subject, contexts in subjects.items()]


def _brief(standing: Standing) -> list[Any]:
    brief = [standing.uid, standing.created, standing.digest]
    if standing.open:
        return [*brief, "open", standing.namespace, standing.name]
    return [*brief, "complete" if standing.complete else "final"]


def _decoded(text: str) -> Iterator[tuple[Slot, Standing]]:
    try:
        value = json.loads(text)
        if value["v"] != _VERSION:
            raise RecordError(f"a record of version {value['v']!r}; this argosy reads version {_VERSION}")
        commits = [
            (Slot(forge, repository, sha, context), _standing(brief))
            for forge, repository, sha, contexts in value["commits"]
            for context, brief in contexts.items()
        ]
        # The record of a reporter that wrote no comments has none.
        comments = [
            (Slot(forge, repository, "", context, int(number)), _standing(brief))
            for forge, repository, number, contexts in value.get("comments", ())
            for context, brief in contexts.items()
        ]
        return iter([*commits, *comments])
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise RecordError(f"not a record: {failure}") from failure


def _standing(brief: list[Any]) -> Standing:
    uid, created, digest, state, *where = brief
    namespace, name = where if state == "open" else ("", "")
    return Standing(uid, float(created), digest, state == "open", namespace, name, state == "complete")
