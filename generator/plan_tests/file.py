"""The keys at the top of a ci.test.yaml, and what a test expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Either, Key, ListOf, Made, MapOf, Object, Text
from generator.plan_tests.draft import TableDraft, TestDraft
from generator.plan_tests.events import COMMON, EVENT, texts
from generator.plan_tests.model import Expected

if TYPE_CHECKING:
    from generator.fields import Placed, Record

EVERY = "all"
_JOB = Text(
    "a job's name, or a combination",
    r"[A-Za-z][A-Za-z0-9_-]{0,62}(\[[a-z_][a-z0-9_]*=[^\n]{0,1000}\])?",
    "write it like test or test[go=1.26]",
    "bad-name",
)
_JOBS = ListOf(At(_JOB), "a list of jobs", one=False, unique=True)


def _one_or_every(named: Placed[str]) -> Expected:
    return Expected((), every=True) if named.value == EVERY else Expected((named,))


WITH = Key("with", ListOf(At(_JOB), "a list of jobs", unique=True), "Jobs that start.", example="with: [test, image]")
WITHOUT = Key(
    "without", ListOf(At(_JOB), "a list of jobs", unique=True), "Jobs that do not start.", example="without: publish"
)


def _some(record: Record) -> Expected | None:
    started, not_started = record.get(WITH) or (), record.get(WITHOUT) or ()
    if not record.has(WITH) and not record.has(WITHOUT):
        if not record.has_strange_keys:
            message = "'starts' says nothing"
            record.reading.error(record.place, "empty-value", message, "write [] where no job may start")
        return None
    return Expected(started, not_started, exact=False)


STARTS = Key(
    "starts",
    At(
        Either(
            "a list of jobs, `all`, or a mapping",
            text=Made(At(_JOB), _one_or_every),
            sequence=Made(_JOBS, Expected),
            mapping=Object(
                "what starts",
                (WITH, WITHOUT),
                _some,
                title="starts",
                doc="Some of the jobs that start, and some that do not; about the others nothing is said.",
                also={"minProperties": 1},
                foreign={"only": "write a list", "not": "write without"},
            ),
        )
    ),
    "The jobs that start, these and no others; `[]` for none, `all` for every one, or a mapping that says less. A job "
    "with a matrix stands for all its combinations, `test[go=1.26]` for those that have this value.",
    example="starts: [lint, test]",
    required=True,
)
TEST = Object(
    "a test",
    (EVENT, STARTS),
    lambda record: TestDraft(record.get(EVENT), record.get(STARTS)),
    title="tests.<name>",
    doc="An event, and the jobs that it starts.",
    foreign={
        **dict.fromkeys(("jobs", "runs", "expect", "expected", "expects"), "write starts"),
        **dict.fromkeys(("on", "events", "when", "given"), "write event"),
        "changed": "write it in event",
        "name": "the key above is the test's name",
    },
)
DEFAULTS = Key(
    "defaults",
    Object(
        "defaults",
        COMMON,
        lambda record: texts(record, COMMON),
        title="defaults",
        doc="What holds for every event that does not say it itself.",
    ),
    "What holds for every event that does not say it itself.",
    example="defaults: {default_branch: trunk}",
)
TESTS = Key(
    "tests",
    MapOf(
        Text("a test's name", r"[^\n]{1,200}", "one line of at most 200 characters", "bad-name"),
        TEST,
        "a mapping of names to tests",
        minimum=1,
    ),
    "The tests, each by a name that says what it is about.",
    example="tests: {a tag is published: {event: {tag: v1.2.0}, starts: [test, publish]}}",
    required=True,
)
TABLE_FILE = Object(
    "a ci.test.yaml",
    (DEFAULTS, TESTS),
    lambda record: TableDraft(record.get(DEFAULTS) or {}, record.get(TESTS) or ()),
    title="The file",
    doc="One file, `ci.test.yaml`, beside the `ci.yaml` at the root of a repository.",
    foreign={"on": "write the events into tests", "jobs": "write tests", "events": "write tests"},
    homes="x-",
)
