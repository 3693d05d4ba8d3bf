"""What GitLab sends (https://docs.gitlab.com/user/project/integrations/webhook_events).

Every change of an open merge request is `update`; what changed stands beside it, and new commits are told by `oldrev`.
Which label came or went is a difference between two lists there, so the packed event only says that labels changed. A
deletion is a push to zeros.
"""

from __future__ import annotations

from generator.events.table import Action, Number, Table, Text

_CHANGES = (
    ("oldrev", "object_attributes.oldrev"),
    ("target_branch", "changes.target_branch"),
    ("draft", "changes.draft.previous"),  # it was a draft, and is none now
    ("labels", "changes.labels"),
)

TABLE = Table(
    event_header="X-Gitlab-Event",
    fields={
        "action": Action("object_attributes.action", _CHANGES),
        "repository.id": Number(("project.id",)),
        "repository.full_name": Text(("project.path_with_namespace",)),
        "ref": Text(("ref",)),
        "before": Text(("before", "object_attributes.oldrev")),
        "after": Text(("after",)),
        "number": Number(("object_attributes.iid",)),
        "head": Text(("object_attributes.last_commit.id",)),
        "base": Text(("object_attributes.target_branch",)),
        "actor": Text(("user_username", "user.username")),
        "updated_at": Text(("object_attributes.updated_at",)),
    },
    kinds={"Push Hook": "push", "Tag Push Hook": "push", "Merge Request Hook": "pull_request"},
    actions={
        "open": "opened",
        "reopen": "reopened",
        "update:oldrev": "synchronize",
        "update:target_branch": "retargeted",
        "update:draft": "ready_for_review",
        "update:labels": "labeled",
        "close": "closed",
        "merge": "closed",
    },
)
