"""`include`: files of the same commit that hold templates, sets of paths and variables for a ci.yaml.

One level: an included file includes nothing. Where the texts come from is the caller's business.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.document import Mapping, Scalar, Sequence, parse
from generator.fields import Object
from generator.language.file import FILE_ENV, FILES, INCLUDE
from generator.language.jobs import TEMPLATES
from generator.wording import quoted

if TYPE_CHECKING:
    from generator.document import Entry, Node
    from generator.fields import Reading

# A path from the repository's root -> the file's bytes, None where there is none; raises UnfitFileError.
Files = Callable[[str], bytes | None]

MAX_INCLUDES = 20

INCLUDED = Object(
    "an included file",
    (TEMPLATES, FILES, FILE_ENV),
    lambda record: record.span,
    title="include",
    doc="What an included file may hold. A name that two files define is an error, but for the ci.yaml's own `env`.",
    foreign={
        "include": "an included file includes nothing: name the file in ci.yaml",
        "jobs": "jobs belong into ci.yaml; a template may hold everything of one",
        **dict.fromkeys(("on", "defaults", "concurrency"), "it belongs into ci.yaml"),
    },
    homes="x-",
)


class UnfitFileError(Exception):
    """Something is there under the file's name that cannot be read; `code` is that of a diagnostic."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Included:
    """The files that could be read, in their order. `whole` False: another one may hold what is missing."""

    files: list[Mapping]
    whole: bool = True


def no_files(_path: str) -> bytes | None:
    """For a text that stands alone: there is no other file."""
    return None


def included(root: Mapping, files: Files, reading: Reading) -> Included:
    """The files that a ci.yaml names, without those that are wrong, which is reported."""
    entry = root.entry(INCLUDE.name)
    # What is wrong with the list itself is told where the ci.yaml's keys are read.
    return _included(entry, files, reading) if entry is not None else Included([])


def _included(entry: Entry, files: Files, reading: Reading) -> Included:
    paths = INCLUDE.type.read(entry.value, reading, entry.key) or ()
    if len(paths) > MAX_INCLUDES:
        over = len(paths) - MAX_INCLUDES
        message = f"{len(paths)} files are included, {over} more than the {MAX_INCLUDES} that may be"
        reading.error(entry.key.span, "too-many-includes", message, "put several into one")
        return Included([], whole=False)
    found = []
    # One that is named twice is told once.
    once = {path.value: path for path in reversed(paths)}
    for path in reversed(once.values()):
        try:
            text = files(path.value)
        except UnfitFileError as failure:
            reading.error(path.span, failure.code, str(failure))
            continue
        if text is None:
            message = f"there is no file {quoted(path.value)}"
            reading.error(path.span, "no-such-file", message, "the path starts at the repository's root")
            continue
        # Named as the ci.yaml is, by whoever reads it.
        node, complaints = parse(text, posixpath.join(posixpath.dirname(path.span.file), path.value))
        reading.add(*complaints)
        if node is not None and INCLUDED.read(node, reading) is not None and isinstance(node, Mapping):
            found.append(node)
    return Included(found, whole=len(found) == len(once) and len(paths) == _length(entry.value))


def _length(listed: Node) -> int:
    """How many paths stand there, right or wrong."""
    if isinstance(listed, Sequence):
        return len(listed.items)
    return 0 if isinstance(listed, Scalar) and listed.is_null else 1
