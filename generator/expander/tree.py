"""The repository at an event's commit, for the planner: what Git says, fetched only when a file asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.document.text import MAX_BYTES
from generator.expressions import FunctionError
from generator.language.including import UnfitFileError
from generator.repository import RepositoryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.events.event import Event
    from generator.forges.forge import Forge
    from generator.repository import Repository


class FetchedTree:
    """See generator.planning.tree.Tree. Raises RepositoryError and ForgeError."""

    def __init__(self, event: Event, source: Repository, forge: Forge) -> None:
        self._event = event
        self._source = source
        self._forge = forge

    def blobs(self) -> Mapping[str, str]:
        """The files of the commit."""
        return self._source.blobs()

    def text(self, path: str) -> bytes | None:
        """A file of the commit."""
        try:
            return self._source.text(path, MAX_BYTES)
        except UnfitFileError as failure:
            raise FunctionError(code="bad-axis-file", message=str(failure)) from failure

    def changed(self) -> frozenset[str] | None:
        """What the event changed, by Git and not by the payload's list, which forges cut."""
        for base in self._bases():
            try:
                return self._source.changed_since(base)
            except RepositoryError as failure:
                if not failure.gone:
                    raise
        return None

    def _bases(self) -> Iterator[str]:
        """The commits to compare with: the next one where one is not there any more, as after a forced push."""
        event = self._event
        if event.base_sha:
            yield event.base_sha
        other = event.pull_request.base if event.kind == "pull_request" else event.default_branch
        branch = self._forge.branch(event.repository, other) if other != event.branch else None
        if branch is not None:
            yield branch.head
