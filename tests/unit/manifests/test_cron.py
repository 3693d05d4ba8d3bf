"""The CronWorkflow of a schedule: a reference, arguments and times, as the admission policy wants it."""

from __future__ import annotations

from generator.events.packing import unpack
from generator.manifests.cron import cron_workflow
from tests.unit.samples import PLATFORM, ci_file, platform, push

(NIGHTLY,) = ci_file("""
on: {schedule: {name: nightly, cron: '0 3 * * 1-5', timezone: Europe/Berlin}}
jobs: {it: {run: make}}
""").triggers.schedule


def test_a_schedule_starts_the_expander_at_its_times() -> None:
    spec = cron_workflow(NIGHTLY, push(), PLATFORM)["spec"]
    assert spec["schedules"] == ["0 3 * * 1-5"]
    assert spec["timezone"] == "Europe/Berlin"
    assert spec["startingDeadlineSeconds"] == 3600
    assert spec["concurrencyPolicy"] == "Allow"


def test_it_holds_a_reference_and_arguments_and_nothing_else() -> None:
    workflow = cron_workflow(NIGHTLY, push(), PLATFORM)["spec"]["workflowSpec"]
    assert set(workflow) == {"workflowTemplateRef", "arguments"}
    assert workflow["workflowTemplateRef"] == {"name": "argosy-expander"}
    event, scheduled_at = workflow["arguments"]["parameters"]
    assert scheduled_at == {"name": "scheduled-at", "value": "{{workflow.scheduledTime}}"}
    packed = unpack(event["value"])
    assert (packed.type, packed.forge, packed.repository_id, packed.repository) == (
        "schedule",
        "work",
        "42",
        "acme/app",
    )
    assert (packed.ref, packed.label) == ("refs/heads/main", "nightly")


def test_without_a_timezone_argo_takes_utc() -> None:
    (entry,) = ci_file("on: {schedule: {cron: '0 0 * * *'}}\njobs: {it: {run: make}}").triggers.schedule
    assert "timezone" not in cron_workflow(entry, push(), PLATFORM)["spec"]


def test_its_name_is_that_of_the_repository_and_the_entry() -> None:
    metadata = cron_workflow(NIGHTLY, push(), PLATFORM)["metadata"]
    assert metadata["namespace"] == "argosy"
    assert metadata["name"] == cron_workflow(NIGHTLY, push(sha="d" * 40), PLATFORM)["metadata"]["name"]
    assert metadata["name"] != cron_workflow(NIGHTLY, push(repository_id="43"), PLATFORM)["metadata"]["name"]
    assert len(metadata["name"]) <= 52


def test_it_is_found_by_its_labels() -> None:
    """By the group alone, which the repository's name is no part of."""
    labels = cron_workflow(NIGHTLY, push(), platform(instance_id="ci"))["metadata"]["labels"]
    assert labels == {
        "argosy.dev/role": "schedule",
        "argosy.dev/forge": "work",
        "argosy.dev/repository": "acme-app-73475cb4",
        "argosy.dev/group": "s06cng9qt3vvun2s2ns93r1puo",
        "workflows.argoproj.io/controller-instanceid": "ci",
    }
