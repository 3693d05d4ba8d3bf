"""The names under which everything that argosy creates is found again.

A run is named after what it is for, told only in terms that the forge's API can tell too: so a webhook, its
redelivery, a second hook, a replay and a sweep all meet in one name, and the second one finds what the first one
made. Nothing here may ever change after an installation; tests/unit/test_identity.py holds the table with examples.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.events.event import Event

IDENTITY_VERSION = "1"
# Actions that speak of a pull request's commits: what they start is told by number, base and head alone.
_COMMIT_ACTIONS = frozenset({"opened", "synchronize", "reopened", "ready_for_review", "retargeted"})
_LETTERS = {"push": "b", "tag": "t", "pull_request": "p", "schedule": "s", "manual": "m", "rerun": "r"}
_SEPARATOR = "\0"
_NAME_DIGITS = 40


def digest(*fields: str) -> str:
    """26 characters of `[0-9a-v]`.

    SHA-256 over the fields, each preceded by its length (4 bytes, big-endian), cut at 128 bits, base32hex.
    """
    return base64.b32hexencode(_hash(*fields)[:16]).decode().rstrip("=").lower()


def run_name(event: Event) -> str:
    """`run-<letter>-<26>`: the run Workflow of an event."""
    subject, commit, again = _parts(event)
    fields = (IDENTITY_VERSION, event.forge, event.repository_id, event.kind, subject, commit, again)
    return f"run-{_LETTERS[event.kind]}-{digest(*fields)}"


def event_name(packed: str) -> str:
    """`event-<40 hex digits>`: the event Workflow of a packed event (its JSON text, not the base64).

    The Sensor computes the same.
    """
    return f"event-{hashlib.sha256(packed.encode()).hexdigest()[:_NAME_DIGITS]}"


def request_name(forge: str, repository: str, ref: str, request: str) -> str:
    """`event-<40 hex digits>`: the event Workflow of a manual run.

    The request counts, and neither who makes it nor what it gives. `repository` is its name, `ref` as it was written.
    """
    return f"event-{_hash(IDENTITY_VERSION, forge, 'manual', repository, ref, request).hex()[:_NAME_DIGITS]}"


def cron_name(forge: str, repository_id: str, entry: str) -> str:
    """`cron-<26>`: the CronWorkflow of one entry of `on.schedule`; Argo allows 52 characters."""
    return f"cron-{digest(IDENTITY_VERSION, forge, repository_id, 'schedule', entry)}"


def group_hash(forge: str, repository_id: str, group: str) -> str:
    """26 characters that stand for a concurrency group or lock of one repository."""
    return digest(IDENTITY_VERSION, forge, repository_id, "group", group)


def repository_slug(repository: str, repository_id: str) -> str:
    """A label value for a repository: its name's harmless characters, cut at 40, `-`, 8 hex digits of its id's hash."""
    harmless = "".join(character if _is_harmless(character) else "-" for character in repository.lower())
    slug = harmless[:40].strip("-._")
    tail = hashlib.sha256(repository_id.encode()).hexdigest()[:8]
    return f"{slug}-{tail}" if slug else tail


def _hash(*fields: str) -> bytes:
    hashed = hashlib.sha256()
    for field in fields:
        data = field.encode()
        hashed.update(len(data).to_bytes(4, "big"))
        hashed.update(data)
    return hashed.digest()


def _is_harmless(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-._")


def _parts(event: Event) -> tuple[str, str, str]:
    """Subject, commit and again of the contract's table."""
    if event.kind == "push":
        return f"refs/heads/{event.branch}", event.sha, ""
    if event.kind == "tag":
        return f"refs/tags/{event.tag}", event.object_sha or event.sha, ""
    if event.kind == "schedule":
        return event.schedule, "", event.scheduled_at
    if event.kind == "manual":
        return event.ref, "", event.request
    request = event.pull_request
    subject = f"{request.number}{_SEPARATOR}refs/heads/{request.base}"
    if request.action in _COMMIT_ACTIONS:
        return subject, event.sha, ""
    return subject, event.sha, _SEPARATOR.join((request.action, request.label, request.updated_at))
