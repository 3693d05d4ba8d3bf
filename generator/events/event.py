"""What happened, in facts that the forge's API confirmed, and the event file, its JSON form.

The file is what `--event` reads and `--record` writes.

The expander makes an `Event` from the forge's answers, a laptop from an event file; everything after it is pure. The
file's shape is a contract: absent keys are zero values, an absent `action` is synchronize.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

KINDS = ("push", "tag", "pull_request", "schedule", "manual")
TIERS = ("untrusted", "trusted", "protected")
# GitHub's words; the other forges' are brought to these.
PULL_REQUEST_ACTIONS = (
    "opened",
    "synchronize",
    "reopened",
    "ready_for_review",
    "retargeted",
    "labeled",
    "unlabeled",
    "closed",
)


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class EventFileError(ValueError):
    """An event file that is not one; the message says which key, and what would be right."""


@dataclasses.dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as the forge tells it now.

    `base` and `head` are branch names, `label` is the one that labeled or unlabeled is about.
    """

    number: int = 0
    base: str = ""
    head: str = ""
    title: str = ""
    author: str = ""
    action: str = "synchronize"
    draft: bool = False
    from_fork: bool = False
    labels: tuple[str, ...] = ()
    label: str = ""
    updated_at: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One event.

    `repository_id` is the forge's, decimal; `sha` is the commit that runs; `object_sha` is an annotated tag's own
    object.

    `changed` None means that nobody said what changed: ask Git. `scheduled_at` is UTC, `2026-11-24T03:00:00Z`.
    """

    forge: str
    kind: str
    repository: str
    repository_id: str
    default_branch: str
    sha: str
    branch: str = ""
    tag: str = ""
    object_sha: str = ""
    base_sha: str = ""
    actor: str = ""
    message: str = ""
    changed: tuple[str, ...] | None = None
    schedule: str = ""
    scheduled_at: str = ""
    request: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    tier: str = "trusted"
    pull_request: PullRequest = PullRequest()

    @property
    def ref(self) -> str:
        """The whole ref: `refs/heads/x`, `refs/tags/x`, `refs/pull/N`."""
        if self.kind == "pull_request":
            return f"refs/pull/{self.pull_request.number}"
        if self.tag:
            return f"refs/tags/{self.tag}"
        return f"refs/heads/{self.branch}"


def to_json(event: Event) -> dict[str, Any]:
    """The event file's object, every key present but `changed` when nobody said."""
    value = dataclasses.asdict(event)
    value["inputs"] = dict(event.inputs)
    value["pull_request"]["labels"] = list(event.pull_request.labels)
    if event.changed is None:
        del value["changed"]
    else:
        value["changed"] = list(event.changed)
    return value


def from_text(text: str) -> Event:
    """Reads an event file. Raises EventFileError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as failure:
        raise EventFileError(f"not JSON: {failure}") from failure
    return from_json(value)


def from_json(value: Any) -> Event:
    """Reads an event file's object. Raises EventFileError."""
    fields = _object(value, "the event", {field.name for field in dataclasses.fields(Event)})
    request = _object(
        fields.pop("pull_request", {}), "pull_request", {field.name for field in dataclasses.fields(PullRequest)}
    )
    changed = fields.pop("changed", None)
    inputs = fields.pop("inputs", {})
    texts = {key: _text(key, item) for key, item in fields.items()}
    return Event(
        forge=texts.pop("forge", ""),
        kind=_one_of("kind", texts.pop("kind", ""), KINDS),
        repository=texts.pop("repository", ""),
        repository_id=texts.pop("repository_id", ""),
        default_branch=texts.pop("default_branch", ""),
        sha=texts.pop("sha", ""),
        tier=_one_of("tier", texts.pop("tier", "trusted"), TIERS),
        changed=None if changed is None else _texts("changed", changed),
        inputs=tuple(
            sorted((key, _text(f"inputs.{key}", item)) for key, item in _object(inputs, "inputs", None).items())
        ),
        pull_request=_pull_request(request),
        **texts,
    )


def _pull_request(fields: dict[str, Any]) -> PullRequest:
    number = fields.pop("number", 0)
    if not isinstance(number, int) or isinstance(number, bool):
        raise EventFileError(f"pull_request.number must be a number, not {number!r}")
    labels = _texts("pull_request.labels", fields.pop("labels", []))
    draft, from_fork = (_flag(f"pull_request.{key}", fields.pop(key, False)) for key in ("draft", "from_fork"))
    action = _one_of("pull_request.action", fields.pop("action", "") or "synchronize", PULL_REQUEST_ACTIONS)
    texts = {key: _text(f"pull_request.{key}", item) for key, item in fields.items()}
    return PullRequest(number=number, labels=labels, action=action, draft=draft, from_fork=from_fork, **texts)


def _object(value: Any, what: str, known: set[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EventFileError(f"{what} must be an object, not {type(value).__name__}")
    unknown = sorted(set(value) - known) if known is not None else []
    if unknown:
        raise EventFileError(f"{what} has no key {unknown[0]!r}; known: {', '.join(sorted(known or ()))}")
    return dict(value)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise EventFileError(f"{key} must be a text, not {value!r}")
    # Half of a surrogate pair is no character, and no name could be made of it.
    return _LONE_SURROGATE.sub("\ufffd", value)


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise EventFileError(f"{key} must be true or false, not {value!r}")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise EventFileError(f"{key} must be a list of texts, not {value!r}")
    return tuple(_text(key, item) for item in value)


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise EventFileError(f"{key} must be one of {', '.join(allowed)}, not {value!r}")
    return value
