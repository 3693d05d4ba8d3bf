"""Schedules live and die with their entry in the default branch's ci.yaml."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]


def ci(schedule: str) -> str:
    return f"on:\n  push: {{}}\n{schedule}jobs:\n  one: {{run: 'echo \"$CI_EVENT $CI_SCHEDULE\"'}}\n"


EVERY_MINUTE = "  schedule: {name: often, cron: '* * * * *'}\n"
NIGHTLY = "  schedule: [{name: often, cron: '0 3 * * 1-5', timezone: Europe/Berlin}]\n"


def test_a_schedule_appears_fires_changes_and_goes(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("clock")

    def entries() -> list[dict[str, Any]]:
        repository = gitea.repository(name)
        slug = name.replace("/", "-")[:40]
        assert repository["full_name"] == name
        return [
            item
            for item in observed.cron_workflows()
            if item["metadata"]["labels"]["argosy.dev/repository"].startswith(slug)
        ]

    sha = copy.commit({"ci.yaml": ci(EVERY_MINUTE)})
    copy.push()
    (entry,) = until("the CronWorkflow", entries)
    assert entry["spec"]["schedules"] == ["* * * * *"]
    assert entry["spec"]["startingDeadlineSeconds"] == 3600

    # Its own statuses, beside those of the push, on the head of the default branch.
    push = {"argosy/push", "argosy/push/one"}
    statuses = ended_statuses(gitea, name, sha, push | {"argosy/schedule", "argosy/schedule/one"}, 240)
    assert {status.state for status in statuses.values()} == {"success"}
    scheduled = next(run for run in observed.runs(sha) if run["metadata"]["name"].startswith("run-s-"))
    assert "schedule often" in observed.log(observed.job_pod(scheduled, "one"))

    copy.commit({"ci.yaml": ci(NIGHTLY)})
    copy.push()
    until(
        "the changed CronWorkflow",
        entries,
        good=lambda found: [item["spec"]["schedules"] for item in found] == [["0 3 * * 1-5"]],
    )
    assert entries()[0]["spec"]["timezone"] == "Europe/Berlin"
    assert entries()[0]["metadata"]["name"] == entry["metadata"]["name"]

    copy.git("checkout", "--quiet", "-b", "topic")
    elsewhere = copy.commit({"ci.yaml": ci("")})
    copy.push()
    observed.event_result(elsewhere)
    assert len(entries()) == 1, "another branch's file changes no schedule"

    copy.git("checkout", "--quiet", "main")
    copy.commit({"ci.yaml": ci("")})
    copy.push()
    until("no CronWorkflow", entries, good=lambda found: not found)
