"""The key `matrix` of a job: axes whose product it runs for, and what is taken out of that or put on top of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.document import Mapping
from generator.fields import At, Either, Flag, Integer, Key, ListOf, Made, MapOf, Object, Text
from generator.language.combinations import leading_keys
from generator.language.draft import AxisDraft, MatrixDraft, PartialDraft
from generator.language.model import Axis, Matrix
from generator.language.texts import AXIS_NAME, FOLDER_GLOB, PATH, no_expression

if TYPE_CHECKING:
    from generator.document import Node, Scalar
    from generator.fields import Named, Placed, Reading, Record, Schema, Type

MOST_COMBINATIONS = 1000

VALUE = Text(
    "a value of an axis",
    r"[^\n\r\x00]{0,200}",
    "one line of at most 200 characters",
    empty=True,
    instead="a value is a text; other keys for it belong under extend",
    rules=(no_expression,),
)
DIRS = Key(
    "dirs",
    ListOf(FOLDER_GLOB, "a list of globs", minimum=1),
    "[Globs](#globs) over the folders of the commit; the values are the paths of those that match, in the order of "
    "their bytes.",
    example='dirs: "services/*"',
)
CHANGED = Key(
    "changed",
    Flag(),
    "Only folders in which something was changed, as [`changed()`](#expressions) tells it.",
    default="`false`",
    example="changed: true",
)
FILE = Key(
    "file",
    At(PATH),
    "A file of the commit, YAML or JSON, that is a list of values.",
    example="file: ci/versions.json",
)


def _of_tree(record: Record) -> AxisDraft | None:
    dirs, file, changed = record.get(DIRS), record.get(FILE), record.get(CHANGED) or False
    if record.has(DIRS) == record.has(FILE):
        if not record.has_strange_keys:
            message = "an axis from the tree has 'dirs' or 'file'"
            record.reading.error(record.place, "axis-source", message, 'write {dirs: "services/*"} or {file: PATH}')
        return None
    if file is not None and record.has(CHANGED):
        message = "'changed' goes with 'dirs': a file's values are taken as they are"
        record.reading.error(record.span_of(CHANGED), "axis-source", message, "leave it out")
        return None
    if dirs is None and file is None:
        return None
    return AxisDraft(None, dirs or (), changed, file.value if file is not None else "", record.span)


def _of_values(values: Placed[tuple[str, ...]]) -> AxisDraft:
    return AxisDraft(values.value, (), changed=False, file="", span=values.span)


_VALUES = Made(At(ListOf(VALUE, "a list of values", minimum=1, unique=True)), _of_values)
_AXIS = Either(
    "a list of values, or where they come from",
    text=_VALUES,
    sequence=_VALUES,
    mapping=Object(
        "an axis from the tree",
        (DIRS, CHANGED, FILE),
        _of_tree,
        title="jobs.matrix, an axis from the tree",
        doc="An axis whose values are found when the run is planned. Where none is left, the job is skipped.",
    ),
)
_PAIRS = MapOf(AXIS_NAME, VALUE, "a mapping of keys to values", minimum=1)


class _Partial:
    """An entry with its place and all of its keys."""

    label = _PAIRS.label

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> PartialDraft | None:
        """The pairs that are right."""
        entries = _PAIRS.read(node, reading, key)
        written = tuple(entry.key.text for entry in node.entries) if isinstance(node, Mapping) else ()
        return PartialDraft(entries, node.span, written) if entries is not None else None

    def schema(self) -> Schema:
        """The mapping's."""
        return _PAIRS.schema()

    def parts(self) -> tuple[Type[object], ...]:
        """The mapping."""
        return (_PAIRS,)


_PARTIAL = _Partial()
EXCLUDE = Key(
    "exclude",
    ListOf(_PARTIAL, "a list of mappings"),
    "Combinations to leave out: those that agree with all that an entry says.",
    default="none",
    example='exclude: [{go: "1.25", db: none}]',
)
EXTEND = Key(
    "extend",
    ListOf(_PARTIAL, "a list of mappings"),
    "Further keys for the combinations that agree with what an entry says of axes; in the order of the list, and later "
    "wins.",
    default="none",
    example="extend: [{db: postgres, tags: integration}]",
)
INCLUDE = Key(
    "include",
    ListOf(_PARTIAL, "a list of mappings"),
    "Further combinations. An entry names every axis, and may have further keys. Without any axis, the leading keys "
    "that every entry has and that tell the entries apart are the axes. One that an axis from the tree gives already "
    "is not there twice.",
    default="none",
    example="include: [{go: 1.27rc1, db: none}]",
)
MAX_PARALLEL = Key(
    "max-parallel",
    Integer(1, MOST_COMBINATIONS),
    "How many combinations may run at once.",
    default="all",
    example="max-parallel: 4",
)
FAIL_FAST = Key(
    "fail-fast",
    Flag(),
    "Whether to start no more combinations once one has failed, but for those that are next in line. Nothing that runs "
    "is stopped. Without `max-parallel` all of them start at once.",
    default="`false`",
    example="fail-fast: true",
)


def _matrix(record: Record) -> MatrixDraft | None:
    axes: tuple[Named[AxisDraft], ...] = record.others
    include = record.get(INCLUDE) or ()
    if not axes and not include:
        # Entries that could not be read are told by themselves.
        if record.knows(INCLUDE):
            record.reading.error(record.place, "empty-matrix", "the matrix has no axis", 'name one, like go: ["1.25"]')
        return None
    return MatrixDraft(
        axes=axes,
        exclude=record.get(EXCLUDE) or (),
        extend=record.get(EXTEND) or (),
        include=include,
        max_parallel=record.get(MAX_PARALLEL),
        fail_fast=record.get(FAIL_FAST) or False,
        span=record.place,
        written=record.written,
    )


# What is no axis.
OPTIONS = (EXCLUDE, EXTEND, INCLUDE, MAX_PARALLEL, FAIL_FAST)
MATRIX = Key(
    "matrix",
    Object(
        "a matrix",
        OPTIONS,
        _matrix,
        title="jobs.matrix",
        doc="The job runs once for each combination of its axes: every other key is an axis, a list of values. The "
        "combinations are the product of the axes, minus `exclude`, plus `include`, and then `extend`. A combination's "
        f"name is `job[axis=value,...]`; there are at most {MOST_COMBINATIONS:,}, and as many "
        "entries of a list.",
        others=MapOf(AXIS_NAME, _AXIS, "a mapping of axes to values"),
    ),
    "Values that the job runs for, each combination in a pod of its own.",
    default="none: it runs once",
    example='matrix: {go: ["1.25", "1.26"], db: [postgres, none]}',
)


def matrix_of(draft: MatrixDraft) -> Matrix:
    """What the matrix means."""
    names = tuple(axis.name for axis in draft.axes) or leading_keys([entry.values for entry in draft.include])
    further = (entry.name for one in (*draft.include, *draft.extend) for entry in one.entries)
    return Matrix(
        axes=tuple(_axis(axis) for axis in draft.axes),
        names=names,
        extras=tuple(dict.fromkeys(name for name in further if name not in names)),
        exclude=tuple(map(_pairs, draft.exclude)),
        extend=tuple(map(_pairs, draft.extend)),
        include=tuple(map(_pairs, draft.include)),
        max_parallel=draft.max_parallel,
        fail_fast=draft.fail_fast,
        span=draft.span,
    )


def _axis(axis: Named[AxisDraft]) -> Axis:
    draft = axis.value
    return Axis(axis.name, draft.values, draft.dirs, draft.changed, draft.file, axis.key.span)


def _pairs(one: PartialDraft) -> tuple[tuple[str, str], ...]:
    return tuple(one.values.items())
