"""Content keys: a short hash of everything that something is made from. What was made with the same key is not made
again.

A stamp is a file that holds the key of what stands beside it; it is written last, so that what was interrupted counts
as not made.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def content_key(*inputs: str | Path) -> str:
    """16 hex digits over texts, and over names and bytes of files and of all that is in folders; they must exist."""
    digest = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            _add(digest, "text", item.encode())
            continue
        for file in _files(item):
            _add(digest, str(file.relative_to(item.parent)), file.read_bytes())
    return digest.hexdigest()[:16]


def is_fresh(stamp: Path, key: str) -> bool:
    """Whether what `stamp` stands for was made with this key."""
    return stamp.exists() and stamp.read_text(encoding="utf-8") == key


def write_stamp(stamp: Path, key: str) -> None:
    """Records the key with which something was made."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key, encoding="utf-8")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(path)
    return sorted(file for file in path.rglob("*") if file.is_file() and not _IGNORED & set(file.parts))


def _add(digest: hashlib._Hash, name: str, content: bytes) -> None:
    for part in (name.encode(), content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
