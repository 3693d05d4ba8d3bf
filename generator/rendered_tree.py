"""The rendered files on disk: which of them are ours, how they differ from a new rendering, and bringing them to it.

Ours is what carries render's header below one of its folders; nothing else is ever changed or removed.
"""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING

from generator.manifests.yaml_text import HEADER
from generator.render import ROOTS

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

_HEADER = HEADER.encode()
_DIFF_LINES = 24


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One file that is not as it should be: `old` is None where it is missing, `new` where it is to go."""

    path: str
    old: bytes | None
    new: bytes | None

    @property
    def verb(self) -> str:
        """What bringing it to the rendering means."""
        if self.old is None:
            return "add"
        return "remove" if self.new is None else "change"


def rendered_files(root: pathlib.Path) -> dict[str, bytes]:
    """The files below `root` that an earlier rendering wrote, by path."""
    found = {}
    for folder in ROOTS:
        for path in sorted((root / folder).rglob("*.yaml")):
            if path.is_file() and not path.is_symlink() and (data := path.read_bytes()).startswith(_HEADER):
                found[path.relative_to(root).as_posix()] = data
    return found


def foreign_files(root: pathlib.Path, new: Mapping[str, bytes]) -> list[str]:
    """Paths that render would write and that hold something else."""
    there = (path for path in new if (root / path).exists() or (root / path).is_symlink())
    ours = rendered_files(root)
    return [path for path in there if path not in ours]


def changes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Change]:
    """What is to be done, in the order of the paths."""
    paths = sorted({*old, *new})
    return [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def apply(root: pathlib.Path, change: Change) -> None:
    """Writes or removes one file; a folder that becomes empty goes too. Raises OSError."""
    path = root / change.path
    if change.new is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(change.new)
        return
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()


def excerpt(change: Change) -> str:
    """The beginning of a unified diff from what lies there to what should."""
    old, new = ((side or b"").decode(errors="replace").splitlines() for side in (change.old, change.new))
    lines = list(
        difflib.unified_diff(old, new, f"{change.path} (there)", f"{change.path} (rendered)", lineterm="", n=1)
    )
    rest = [f"... {len(lines) - _DIFF_LINES} lines more"] if len(lines) > _DIFF_LINES else []
    return "\n".join([*lines[:_DIFF_LINES], *rest]) + "\n"
