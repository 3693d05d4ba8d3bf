"""What Gitea and Forgejo send (modules/structs/hook.go and services/webhook/notifier.go of Gitea 1.26).

They send the event's type in GitHub's header too, where every kind of pull request event is `pull_request`. A branch's
deletion comes as `delete` only, a tag's also as a push to zeros. `label_updated` does not say which label, nor whether
it came or went. A draft is a title that starts with `WIP:`, so nothing tells that it became ready but an edited title.
"""

from __future__ import annotations

from generator.events.table import Action, Number, Table, Text

TABLE = Table(
    event_header="X-Github-Event",
    fields={
        "action": Action("action", (("ref", "changes.ref"),)),
        "repository.id": Number(("repository.id",)),
        "repository.full_name": Text(("repository.full_name",)),
        "ref": Text(("ref",)),
        "before": Text(("before",)),
        "after": Text(("after",)),
        "number": Number(("number", "issue.number")),
        "head": Text(("pull_request.head.sha",)),
        "base": Text(("pull_request.base.ref",)),
        "comment.id": Number(("comment.id",)),
        "comment.body": Text(("comment.body",)),
        "actor": Text(("sender.login",)),
        "updated_at": Text(("pull_request.updated_at", "comment.updated_at")),
    },
    kinds={"push": "push", "pull_request": "pull_request"},
    actions={
        "opened": "opened",
        "synchronized": "synchronize",
        "reopened": "reopened",
        "edited:ref": "retargeted",
        "label_updated": "labeled",
        "label_cleared": "unlabeled",
        "closed": "closed",
    },
)
