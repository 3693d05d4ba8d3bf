"""The corpus: repositories of many kinds, each with its ci.yaml, a table that says what events start, and its files.

`files.txt` lists what is in the repository; what a plan reads lies beside it. A file's content has a name made of its
path, so that a digest never depends on Git. `python -m tests.corpus NAME` prints the Workflow that the golden file has.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from generator.diagnostics import has_errors
from generator.language import reader
from generator.manifests.metadata import to_yaml
from generator.manifests.size import compiled
from generator.plan_tests import reader as table_reader
from generator.planning.planner import plan
from generator.platform import reader as platform_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.events.event import Event
    from generator.language.model import CiFile
    from generator.plan_tests.model import Table
    from generator.planning.plan import Plan
    from generator.platform.model import Platform

FOLDER = pathlib.Path(__file__).parent / "golden" / "corpus"


@dataclasses.dataclass(frozen=True)
class Project:
    """One repository; see generator.planning.tree.Tree for what it answers as one."""

    folder: pathlib.Path

    @property
    def name(self) -> str:
        return self.folder.name

    @functools.cached_property
    def ci(self) -> CiFile:
        """Its ci.yaml, about which there is nothing to say."""
        made, found = reader.read((self.folder / "ci.yaml").read_bytes(), "ci.yaml", self.text)
        assert found == []
        assert made is not None
        return made

    @functools.cached_property
    def table(self) -> Table:
        """Its ci.test.yaml."""
        made, found = table_reader.read((self.folder / "ci.test.yaml").read_bytes(), "ci.test.yaml")
        assert found == []
        assert made is not None
        return made

    def events(self) -> Iterator[tuple[str, Event]]:
        """Every event of the table, with the name of its test."""
        return ((test.name, event) for test in self.table.tests for event in test.events)

    def plan(self, event: Event) -> Plan:
        """What the platform of the corpus makes of an event."""
        made, found = plan(self.ci, event, platform(), self)
        assert not has_errors(found), found
        assert made is not None
        return made

    def largest(self) -> Plan:
        """The plan of the event that starts most."""
        return max(
            (self.plan(event) for _, event in self.events()), key=lambda made: sum(job.runs for job in made.jobs)
        )

    def workflow(self, made: Plan) -> dict[str, Any]:
        """The Workflow of a plan that runs."""
        workflow, found = compiled(made, self.ci, platform())
        assert found == []
        return workflow

    def blobs(self) -> Mapping[str, str]:
        listed = self.folder / "files.txt"
        paths = listed.read_text().splitlines() if listed.exists() else []
        return {path: hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest() for path in paths}

    def text(self, path: str) -> bytes | None:
        there = self.folder / path
        return there.read_bytes() if there.is_file() else None

    def changed(self) -> None:
        """Everything, where an event does not say it."""


@functools.cache
def platform() -> Platform:
    """The platform that they all have."""
    path = FOLDER / "platform.yaml"
    made, found = platform_reader.read(path.read_bytes(), path.name)
    assert found == []
    assert made is not None
    return made


def projects() -> list[Project]:
    """Every project, by name."""
    return [Project(path.parent) for path in sorted(FOLDER.glob("*/ci.yaml"))]


if __name__ == "__main__":
    asked = Project(FOLDER / sys.argv[1])
    sys.stdout.buffer.write(to_yaml(asked.workflow(asked.largest())))
