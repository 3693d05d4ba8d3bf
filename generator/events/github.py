"""What GitHub sends (https://docs.github.com/en/webhooks/webhook-events-and-payloads).

A tag is a push to `refs/tags/...`; `deleted` tells a deletion. A change of the target branch is `edited` with
`changes.base`.
"""

from __future__ import annotations

from generator.events.table import Action, Flag, Number, Table, Text

TABLE = Table(
    event_header="X-Github-Event",
    fields={
        "action": Action("action", (("base", "changes.base"),)),
        "repository.id": Number(("repository.id",)),
        "repository.full_name": Text(("repository.full_name",)),
        "ref": Text(("ref",)),
        "before": Text(("before",)),
        "after": Text(("after",)),
        "deleted": Flag("deleted"),
        "number": Number(("number", "issue.number")),
        "head": Text(("pull_request.head.sha",)),
        "base": Text(("pull_request.base.ref",)),
        "label": Text(("label.name",)),
        "comment.id": Number(("comment.id",)),
        "comment.body": Text(("comment.body",)),
        "actor": Text(("sender.login",)),
        "updated_at": Text(("pull_request.updated_at", "comment.updated_at")),
    },
    kinds={"push": "push", "pull_request": "pull_request"},
    actions={
        "opened": "opened",
        "synchronize": "synchronize",
        "reopened": "reopened",
        "ready_for_review": "ready_for_review",
        "edited:base": "retargeted",
        "labeled": "labeled",
        "unlabeled": "unlabeled",
        "closed": "closed",
    },
)
