"""The commit's own table of tests, asked before a run is created; a repository that has none pays one look for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, Span, error
from generator.document.text import MAX_BYTES
from generator.language.including import UnfitFileError
from generator.planning.triggers import skip_mark
from generator.repository import TEST_FILE

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.language.model import CiFile
    from generator.planning.tree import Tree
    from generator.repository import Repository


def findings(ci: CiFile, event: Event, source: Repository, tree: Tree) -> list[Diagnostic]:
    """What the table finds, or what is wrong with it.

    It is asked whatever the event starts: that nothing does may be the very mistake. Raises RepositoryError.
    """
    if skip_mark(event):
        return []
    try:
        text = source.text(TEST_FILE, MAX_BYTES)
    except UnfitFileError as failure:
        return [error(Span(TEST_FILE, 1, 1, 1, 1), failure.code, str(failure))]
    if text is None:
        return []
    from generator.plan_tests import judging, reader  # noqa: PLC0415  (few commits have one)

    table, found = reader.read(text, TEST_FILE)
    return found if table is None else found + judging.judge(table, ci, tree)[1]
