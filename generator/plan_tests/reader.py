"""The text of a ci.test.yaml -> its meaning, or everything that is wrong with it, in the order of the file.

The jobs that it names are looked for when it is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import has_errors
from generator.document import parse
from generator.fields import Reading
from generator.plan_tests.file import TABLE_FILE
from generator.plan_tests.filling import event_of
from generator.plan_tests.model import PlanTest, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.diagnostics import Diagnostic
    from generator.fields import Named
    from generator.plan_tests.draft import TableDraft, TestDraft

MAX_EVENTS = 200


def read(text: bytes | str, file: str) -> tuple[Table | None, list[Diagnostic]]:
    """The table and what was found; without a table there is at least one error.

    `file` is the name that places carry.
    """
    node, found = parse(text, file)
    if node is None:
        return None, found
    reading = Reading()
    reading.add(*found)
    draft = TABLE_FILE.read(node, reading)
    if draft is not None:
        _check_size(draft, reading)
    found = reading.found()
    if draft is None or has_errors(found):
        return None, found
    return Table(file, tuple(_test(test, draft.defaults) for test in draft.tests)), found


def _check_size(draft: TableDraft, reading: Reading) -> None:
    count = 0
    for test in draft.tests:
        count += len(test.value.events or ())
        if count > MAX_EVENTS:
            message = f"the table has more than {MAX_EVENTS} events"
            reading.error(test.key.span, "table-size", message, "keep those that would tell of a mistake")
            return


def _test(test: Named[TestDraft], defaults: Mapping[str, str]) -> PlanTest:
    events, expected = test.value.events, test.value.expected
    if events is None or expected is None:
        raise AssertionError("a required key is neither there nor reported")
    return PlanTest(test.name, tuple(event_of(event, defaults) for event in events), expected.value, expected.span)
