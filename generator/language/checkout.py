"""The key `checkout` of a job and of `defaults`: how much of the repository is there before the first step."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.document import Kind, Node, Scalar
from generator.fields import At, Either, Flag, Integer, Key, Made, Object
from generator.fields.reading import wrong_type
from generator.language.model import Checkout, Submodules
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Reading, Record, Schema, Type

# More commits than any branch has, and few enough for git's own counter.
MOST_COMMITS = 1_000_000


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _SubmodulesWord:
    """`false`, `true`, or the word `recursive`."""

    label: str = "true, false or recursive"

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> Submodules | None:
        """Which submodules are fetched."""
        if not isinstance(node, Scalar) or node.is_null:
            wrong_type(self.label, node, reading, key)
            return None
        if node.kind is Kind.BOOL:
            return Submodules.DIRECT if node.text.lower() == "true" else Submodules.NONE
        if node.text == Submodules.RECURSIVE:
            return Submodules.RECURSIVE
        reading.error(
            node.span, "bad-value", f"unknown kind of submodules {quoted(node.text)}", self._way_out(node.text)
        )
        return None

    @staticmethod
    def _way_out(text: str) -> str:
        if text in ("false", "true"):
            return f"write {text} without quotation marks"
        return suggestion(text, ("false", "true", Submodules.RECURSIVE.value))

    def schema(self) -> Schema:
        """A boolean or the word."""
        return {"enum": [False, True, Submodules.RECURSIVE.value]}

    def parts(self) -> tuple[Type[object], ...]:
        """None."""
        return ()


DEPTH = Key(
    "depth",
    Integer(0, MOST_COMMITS),
    "How many commits of the history are fetched, the run's own included; 0 is all of them.",
    default="`1`",
    example="depth: 0",
)
TAGS = Key(
    "tags",
    Flag(),
    "Whether the repository's tags are fetched, each with as much history as `depth` says. `git describe` also wants "
    "`depth: 0`.",
    default="`false`",
    example="tags: true",
)
BASE = Key(
    "base",
    Flag(),
    "Whether the history is fetched up to where it left that of the base, however little `depth` says. The base is the "
    "target of a pull request, the commit before a push, and of a new branch or where that commit is gone the default "
    "branch; Git knows it as `argosy/base`: `git diff argosy/base...HEAD`. Other events, and the first push of all, "
    "have none.",
    default="`false`",
    example="base: true",
)
SUBMODULES = Key(
    "submodules",
    _SubmodulesWord(),
    "Whether submodules are fetched, with as much history as `depth` says; `recursive` takes theirs, too. Those of the "
    "same forge are fetched with the run's token, also where `.gitmodules` has their address for SSH; those of other "
    "hosts over HTTPS and without any token. Nothing else is spoken.",
    default="`false`",
    example="submodules: recursive",
)
LFS = Key(
    "lfs",
    Flag(),
    "Whether the files that Git LFS keeps apart are fetched, those of submodules too; from the repository's own store, "
    "whatever `.lfsconfig` says. Without it their pointers are there.",
    default="`false`",
    example="lfs: true",
)


def _checkout(record: Record) -> Checkout:
    depth = record.get(DEPTH)
    return Checkout(
        depth=1 if depth is None else depth,
        tags=record.get(TAGS) or False,
        base=record.get(BASE) or False,
        submodules=record.get(SUBMODULES) or Submodules.NONE,
        lfs=record.get(LFS) or False,
    )


_OPTIONS = Object(
    "checkout",
    (DEPTH, TAGS, BASE, SUBMODULES, LFS),
    _checkout,
    title="checkout",
    doc="The run's commit is in the workspace before the first step; these say what else of it is there. "
    "`checkout: false` leaves all of it out: the workspace is empty, and no token is asked for. A token is never seen "
    "by the job, so whatever it needs of Git has to be fetched here. What cannot be fetched fails the job before its "
    "first step.",
    foreign={
        "fetch-depth": "write depth",
        "fetch-tags": "write tags",
        "partial": "write depth",
        "ref": "a run checks out its own commit",
        "repository": "a run checks out its own repository; others come as submodules",
        "path": "the source is in /workspace",
        "token": "the token is the platform's, and no job sees it",
        "persist-credentials": "the token is the platform's, and no job sees it",
        "clean": "each job has a workspace of its own",
    },
)

CHECKOUT = Key(
    "checkout",
    At(
        Either(
            "true, false or a mapping",
            text=Made(Flag("true, false or a mapping"), lambda wanted: Checkout(source=wanted)),
            mapping=_OPTIONS,
        )
    ),
    "What of the repository the job finds in its workspace; `false` for nothing.",
    default="of `defaults`, else the run's commit alone",
    example="checkout: {depth: 0, tags: true}",
)
