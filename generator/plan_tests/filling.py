"""An event as a table writes it -> an Event with nothing left open.

What neither the event nor the table's `defaults` say has a value of its own here, and not the real repository's: a
table has the same answer on every machine.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.events.event import Event, PullRequest
from generator.language.reader import ONLY_SCHEDULE
from generator.plan_tests.pull_requests import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.plan_tests.draft import EventDraft

_TEXTS = {"forge": "", "repository": "owner/name", "repository_id": "", "default_branch": "main", "sha": "0" * 40}


def event_of(draft: EventDraft, defaults: Mapping[str, str]) -> Event:
    """The event; `defaults` are facts by their names in an event file."""
    texts = {**_TEXTS, **defaults, **draft.texts}
    default_branch = texts["default_branch"] = texts["default_branch"] or _TEXTS["default_branch"]
    request = PullRequest()
    if draft.kind == "pull_request":
        request = draft.pull_request or STANDARD
        request = dataclasses.replace(request, base=request.base or default_branch)
    of_a_tag = draft.kind == "tag" or (draft.kind == "manual" and draft.tag != "" and not draft.branch)
    branch = "" if of_a_tag or draft.kind == "pull_request" else draft.branch or default_branch
    # As the forge's API makes it of a repository in which no other branch is protected.
    texts.setdefault("tier", "protected" if of_a_tag or branch == default_branch else "trusted")
    return Event(
        kind=draft.kind,
        branch=branch,
        tag=draft.tag if of_a_tag else "",
        schedule=(draft.schedule or ONLY_SCHEDULE) if draft.kind == "schedule" else "",
        changed=draft.changed,
        inputs=draft.inputs,
        pull_request=request,
        **texts,
    )
