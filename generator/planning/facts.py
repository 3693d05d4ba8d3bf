"""Answers about the repository that a file asks for: the digest of some files, and whether some were changed.

Each answer is a function of the event and the tree alone, and is worked out once in a plan.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.expressions import FunctionError
from generator.globs import matches, path_problem
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.tree import Tree

Globs = tuple[str, ...]
_WITH_CHANGES = ("push", "pull_request")


class Facts:
    """What is asked of one event's commit."""

    def __init__(self, event: Event, tree: Tree) -> None:
        self._event = event
        self._tree = tree
        self._digests: dict[Globs, str] = {}
        self._touched: dict[Globs, bool] = {}

    def digest(self, globs: Globs) -> str:
        """SHA-256 of the names and contents of the files that the globs take in, in the order of the names' bytes.

        Raises FunctionError where there are none.
        """
        if globs not in self._digests:
            self._digests[globs] = self._digest(_checked(globs))
        return self._digests[globs]

    def touched(self, globs: Globs) -> bool:
        """Whether a path that the globs take in was changed; true in events that are about no change.

        Raises FunctionError.
        """
        if globs not in self._touched:
            self._touched[globs] = self._is_touched(_checked(globs))
        return self._touched[globs]

    def _digest(self, globs: Globs) -> str:
        files = [(_bytes(path), blob) for path, blob in self._tree.blobs().items() if matches(globs, path)]
        if not files:
            message = f"hash() finds no file that matches {listed(map(quoted, globs)) or 'no glob at all'}"
            raise FunctionError(code="expression-failed", message=message)
        # Neither a path nor a blob's name has a NUL in it, so that no two lists of files look alike.
        data = b"".join(path + b"\0" + blob.encode() + b"\0" for path, blob in sorted(files))
        return hashlib.sha256(data).hexdigest()

    def _is_touched(self, globs: Globs) -> bool:
        if self._event.kind not in _WITH_CHANGES:
            return True
        # An event file may say itself what was changed.
        changed = self._event.changed if self._event.changed is not None else self._tree.changed()
        return changed is None or any(matches(globs, path) for path in changed)


def _checked(globs: Globs) -> Globs:
    for glob in globs:
        complaint = path_problem(glob)
        if complaint is not None:
            raise FunctionError(code="bad-glob", message=f"{quoted(glob)} is not a glob: {complaint}")
    return globs


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
