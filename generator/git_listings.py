"""What git lists of trees, with NUL behind each entry: the bytes that it prints -> paths.

A path of Git's is bytes. What of it is no UTF-8 is kept as surrogates, so that it is the same bytes again when encoded.
"""

from __future__ import annotations

# Everything below the root, whole paths, no renames guessed, submodules by the commit that they are at.
TREE = ("ls-tree", "-r", "-z", "--full-tree")
CHANGES = ("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--ignore-submodules=none")


def blobs(listed: bytes) -> dict[str, str]:
    """The paths of `git ls-tree -r -z`, each with the name of its content (a submodule's: of its commit)."""
    entries = (entry.split(b"\t", 1) for entry in listed.split(b"\0") if entry)
    return {_text(path): kinds.split()[2].decode("ascii") for kinds, path in entries}


def paths(listed: bytes) -> frozenset[str]:
    """The paths of `git diff-tree --name-only -z` of two trees; with --no-renames a rename is two of them."""
    return frozenset(_text(path) for path in listed.split(b"\0") if path)


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
