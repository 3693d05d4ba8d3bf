"""A repository's CronWorkflows become what its file says, whoever wrote before, and nobody else's are touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from generator.cluster import ClusterError
from generator.expander.schedules import synchronise
from generator.manifests.cron import cron_workflow
from generator.manifests.metadata import schedule_labels
from tests.unit.expander.edges import CRONS, FakeCluster, Fuse
from tests.unit.samples import PLATFORM, ci_file, push

if TYPE_CHECKING:
    from generator.cluster import Cluster
    from generator.events.event import Event


class Place:
    """A cluster, and what `synchronise` did there."""

    def __init__(self) -> None:
        self.cluster = FakeCluster(Fuse())

    def bring(self, entries: str, event: Event | None = None) -> list[str]:
        """Brings it to the entries of `on.schedule`, a YAML list; says what changed, without names."""
        event = event or push()
        ci = ci_file(f"on: {{push: {{}}, schedule: {entries}}}\njobs: {{a: {{run: x}}}}") if entries != "[]" else None
        wanted = [cron_workflow(entry, event, PLATFORM) for entry in ci.triggers.schedule] if ci else []
        changes = synchronise(cast("Cluster", self.cluster), schedule_labels(event, PLATFORM), wanted)
        return [change.split()[-1] for change in changes]

    def specs(self) -> list[str]:
        return sorted(item["spec"]["schedules"][0] for item in self.cluster.objects.values())

    def only(self) -> dict[str, Any]:
        (item,) = self.cluster.objects.values()
        return item


NIGHTLY = "[{name: nightly, cron: '0 3 * * *'}]"
TWO = "[{name: nightly, cron: '0 3 * * *'}, {name: weekly, cron: '0 4 * * 1'}]"


def test_entries_are_made_changed_and_removed() -> None:
    place = Place()
    assert place.bring(TWO) == ["made", "made"]
    assert place.specs() == ["0 3 * * *", "0 4 * * 1"]
    assert place.bring("[{name: nightly, cron: '0 5 * * *'}]") == ["changed", "removed"]
    assert place.specs() == ["0 5 * * *"]
    assert place.bring("[]") == ["removed"]
    assert place.specs() == []


def test_what_is_right_is_left_alone() -> None:
    place = Place()
    place.bring(TWO)
    before = place.cluster.objects
    assert place.bring(TWO) == []
    assert place.cluster.objects == before


def test_a_zone_that_left_the_file_goes() -> None:
    place = Place()
    place.bring("[{name: nightly, cron: '0 3 * * *', timezone: Europe/Berlin}]")
    assert place.only()["spec"]["timezone"] == "Europe/Berlin"
    place.bring(NIGHTLY)
    assert "timezone" not in place.only()["spec"]


def test_other_repositories_and_forges_keep_theirs() -> None:
    place = Place()
    place.bring(NIGHTLY, push(repository_id="43"))
    place.bring(NIGHTLY, push(forge="other"))
    place.bring(NIGHTLY)
    place.bring("[]")
    assert len(place.cluster.objects) == 2


def test_under_a_new_name_of_the_repository_they_stay_the_same_ones() -> None:
    place = Place()
    place.bring(TWO)
    renamed = push(repository="acme/renamed")
    assert place.bring(NIGHTLY, renamed) == ["changed", "removed"]
    assert place.only()["metadata"]["labels"]["argosy.dev/repository"].startswith("acme-renamed-")


def test_one_that_another_expander_has_just_made_is_brought_to_the_file() -> None:
    place = Place()
    place.bring("[{name: nightly, cron: '0 5 * * *'}]")
    listed = place.cluster.get
    answers: list[Any] = [{"items": []}]
    place.cluster.get = lambda path, query=None: answers.pop() if query and answers else listed(path, query)  # type: ignore[method-assign]
    assert place.bring(NIGHTLY) == ["changed"]
    assert place.specs() == ["0 3 * * *"]


def test_a_change_in_between_is_a_conflict_that_is_tried_again() -> None:
    place = Place()
    place.bring(NIGHTLY)
    stored = place.cluster.get

    def get(path: str, query: Any = None) -> Any:
        found = stored(path, query)
        (name,) = place.cluster.names(CRONS)
        place.cluster.objects[f"{CRONS}/{name}"]["metadata"]["resourceVersion"] = "later"
        return found

    place.cluster.get = get  # type: ignore[method-assign]
    with pytest.raises(ClusterError) as conflict:
        place.bring("[{name: nightly, cron: '0 5 * * *'}]")
    assert conflict.value.status == 409


def test_one_that_somebody_has_just_removed_counts_as_removed() -> None:
    place = Place()
    place.bring(NIGHTLY)
    stored = place.cluster.get

    def get(path: str, query: Any = None) -> Any:
        found = stored(path, query)
        place.cluster.objects.clear()
        return found

    place.cluster.get = get  # type: ignore[method-assign]
    assert place.bring("[]") == ["removed"]
