"""What a plan may have to know of the repository beside its ci.yaml: the files of the commit, and which were changed.

Whoever plans brings it: the expander from the forge by git, a laptop from its clone. It is asked only if the file asks
(hash(), changed(), `paths`), and what it raises beside a FunctionError ends the planning: trouble outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.expressions import FunctionError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tree(Protocol):
    """The repository at the event's commit. Paths are Git's, from the root; bytes that are no UTF-8 are surrogates."""

    def blobs(self) -> Mapping[str, str]:
        """Each file's path, with the name that Git gives its content."""
        ...

    def text(self, path: str) -> bytes | None:
        """What a file of the commit holds, None where there is no such file."""
        ...

    def changed(self) -> frozenset[str] | None:
        """The paths that the push or pull request changed, both names of what was renamed; None for every one.

        Between the merge base and the head: of a push with what was there before, of a new branch with the default
        branch, of a pull request with the target.
        """
        ...


class UnknownTreeError(FunctionError):
    """There is no repository to ask, or it has not the commits; the hint says what would help."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(code="unknown-tree", message=message, hint=hint)
