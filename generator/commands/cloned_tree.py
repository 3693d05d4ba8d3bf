"""The repository as a laptop has it: what a ci.yaml asks by hash() and changed(), answered by the clone it is in.

Nothing is fetched. What the clone has not is said, with what would help, where the file asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.planning.tree import UnknownTreeError
from generator.wording import harmless, quoted
from generator.working_copy import WorkingCopy, WorkingCopyError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from generator.events.event import Event

_NO_CLONE = "run this in a git clone of the repository"
_SAY_IT = "or list the paths under 'changed' in an event file"
_SHORT = 12


class ClonedTree:
    """See generator.planning.tree.Tree. git is started when the first question is asked."""

    def __init__(self, file: pathlib.Path, event: Event) -> None:
        self._folder = file.resolve().parent
        self._event = event

    def blobs(self) -> Mapping[str, str]:
        """The files of the event's commit. Raises UnknownTreeError."""
        try:
            copy = WorkingCopy(self._folder)
            return copy.blobs(self._commit(copy))
        except WorkingCopyError as failure:
            raise UnknownTreeError(f"the files of the repository are not known ({failure})", _NO_CLONE) from failure

    def text(self, path: str) -> bytes | None:
        """A file of the event's commit. Raises UnknownTreeError."""
        try:
            copy = WorkingCopy(self._folder)
            return copy.text(self._commit(copy), path)
        except WorkingCopyError as failure:
            raise UnknownTreeError(f"the files of the repository are not known ({failure})", _NO_CLONE) from failure

    def changed(self) -> frozenset[str] | None:
        """What the event changed. Raises UnknownTreeError."""
        try:
            return self._changed(WorkingCopy(self._folder))
        except WorkingCopyError as failure:
            message = f"what was changed is not known ({failure})"
            raise UnknownTreeError(message, f"{_NO_CLONE}, {_SAY_IT}") from failure

    def _changed(self, copy: WorkingCopy) -> frozenset[str] | None:
        event, sha = self._event, self._commit(copy)
        base = event.base_sha or self._other_head(copy)
        if not base:
            return None
        if not copy.has(base):
            message = f"what was changed is not known: commit {harmless(base[:_SHORT])}, the base, is not in this clone"
            raise UnknownTreeError(message, f"git fetch {copy.remote() or 'REMOTE'} {harmless(base)}, {_SAY_IT}")
        start = copy.merge_base(base, sha)
        if not start and copy.is_shallow():
            message = "what was changed is not known: this clone is shallow"
            raise UnknownTreeError(message, f"git fetch --unshallow, {_SAY_IT}")
        return copy.changed_between(start, sha) if start else None

    def _commit(self, copy: WorkingCopy) -> str:
        """The event's commit; the one that is checked out where the event names none."""
        sha = self._event.sha or copy.head()
        if not copy.has(sha):
            message = f"commit {harmless(sha[:_SHORT])} of the event is not in this clone"
            fetch = f"git fetch {copy.remote() or 'REMOTE'} {harmless(sha)}"
            raise UnknownTreeError(message, f"{fetch}, or leave 'sha' out of the event file to ask about HEAD")
        return sha

    def _other_head(self, copy: WorkingCopy) -> str:
        """Where the branch is that the event is compared with; empty where it is compared with nothing."""
        event = self._event
        if event.kind == "push" and event.branch == event.default_branch:
            return ""
        branch = event.pull_request.base if event.kind == "pull_request" else event.default_branch
        head = copy.remote_head(branch) or copy.local_head(branch)
        if not head:
            message = f"what was changed is not known: this clone has no branch {quoted(branch)}"
            raise UnknownTreeError(message, f"git fetch {copy.remote() or 'REMOTE'}, {_SAY_IT}")
        return head
