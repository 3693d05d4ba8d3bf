"""Answers about the repository that a file asks for: the digest of some files, and whether some were changed.

Each answer is a function of the event and the tree alone, and is worked out once in a plan.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from generator.diagnostics import has_errors
from generator.document import Sequence, parse
from generator.expressions import FunctionError
from generator.fields import ListOf, Reading
from generator.globs import matches, path_problem
from generator.language.matrix import VALUE
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.events.event import Event
    from generator.planning.tree import Tree

Globs = tuple[str, ...]
_LIST = ListOf(VALUE, "a list of values", unique=True)
# Lone surrogates are bytes that were no UTF-8.
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
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

    def folders(self, globs: Globs, *, changed: bool) -> tuple[str, ...]:
        """The folders of the commit that the globs take in, in the order of their bytes.

        With `changed` only those in which something was changed. Raises FunctionError, also where a name is no value.
        """
        found = {folder for path in self._tree.blobs() for folder in _above(path)}
        checked = _checked(globs)
        taken = sorted((folder for folder in found if matches(checked, folder)), key=_bytes)
        changes = self._changes() if changed else None
        if changes is not None:
            touched = {folder for path in changes for folder in _above(path)}
            taken = [folder for folder in taken if folder in touched]
        for folder in taken:
            if _UNFIT.search(folder):
                message = f"folder {quoted(folder)} has a name that is not one line of UTF-8"
                raise FunctionError(code="bad-axis-folder", message=message, hint="rename it, or leave it out: '!glob'")
        return tuple(taken)

    def listed(self, path: str) -> tuple[str, ...]:
        """The values that a file of the commit lists. Raises FunctionError where there is no such list."""
        text = self._tree.text(path)
        if text is None:
            raise FunctionError(code="bad-axis-file", message=f"there is no file {quoted(path)} in this commit")
        return _values(text, path)

    def _digest(self, globs: Globs) -> str:
        files = [(_bytes(path), blob) for path, blob in self._tree.blobs().items() if matches(globs, path)]
        if not files:
            message = f"hash() finds no file that matches {listed(map(quoted, globs)) or 'no glob at all'}"
            raise FunctionError(code="expression-failed", message=message)
        # Neither a path nor a blob's name has a NUL in it, so that no two lists of files look alike.
        data = b"".join(path + b"\0" + blob.encode() + b"\0" for path, blob in sorted(files))
        return hashlib.sha256(data).hexdigest()

    def _is_touched(self, globs: Globs) -> bool:
        changed = self._changes()
        return changed is None or any(matches(globs, path) for path in changed)

    def _changes(self) -> Collection[str] | None:
        """The paths that were changed; None for every one, as in events that are about no change."""
        if self._event.kind not in _WITH_CHANGES:
            return None
        # An event file may say itself what was changed.
        return self._event.changed if self._event.changed is not None else self._tree.changed()


def _checked(globs: Globs) -> Globs:
    for glob in globs:
        complaint = path_problem(glob)
        if complaint is not None:
            raise FunctionError(code="bad-glob", message=f"{quoted(glob)} is not a glob: {complaint}")
    return globs


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _values(text: bytes, path: str) -> tuple[str, ...]:
    """The scalars of a YAML or JSON list, as they are written."""
    node, found = parse(text, path)
    if node is None or has_errors(found):
        where, said = found[0].span, found[0].message
        raise FunctionError(code="bad-axis-file", message=f"{path}:{where.line}:{where.column}: {said}")
    if not isinstance(node, Sequence):
        raise FunctionError(code="bad-axis-file", message=f"{path} is no list of values")
    reading = Reading()
    values = _LIST.read(node, reading)
    wrong = reading.found()
    if values is None or wrong:
        where, said = wrong[0].span, wrong[0].message
        raise FunctionError(code="bad-axis-file", message=f"{path}:{where.line}:{where.column}: {said}")
    return values


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
