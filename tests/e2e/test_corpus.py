"""Whatever the corpus starts is what Argo takes: its linter, and the CRDs of two releases."""

from __future__ import annotations

import copy
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from generator.manifests.cron import cron_workflow
from tests.corpus import Project, platform, projects
from tests.e2e.argo_schemas import RELEASES, complaints

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster

PROJECTS = [pytest.param(project, id=project.name) for project in projects()]


def workflows(project: Project) -> Iterator[dict[str, Any]]:
    """The Workflow of every event that starts something."""
    plans = (project.plan(event) for _, event in project.events())
    return (project.workflow(made) for made in plans if made.runs)


def schedules(project: Project) -> Iterator[dict[str, Any]]:
    """The CronWorkflows that a push to the default branch makes."""
    _, event = next(project.events())
    return (cron_workflow(entry, event, platform()) for entry in project.ci.triggers.schedule)


def test_argo_lint_finds_nothing(here: Cluster, tmp_path: pathlib.Path) -> None:
    for project in projects():
        for number, workflow in enumerate(workflows(project)):
            (tmp_path / f"{project.name}-{number}.json").write_text(json.dumps(workflow))
    files = sorted(tmp_path.iterdir())
    assert len(files) > 100
    done = subprocess.run([here.argo_path, "lint", "--offline", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("project", PROJECTS)
def test_the_crds_take_it(project: Project, release: str) -> None:
    made = [*workflows(project), *schedules(project)]
    assert made
    assert [complaint for one in made for complaint in complaints(release, one)] == []


@pytest.mark.parametrize("release", RELEASES)
def test_a_field_that_a_crd_does_not_know_is_refused(release: str) -> None:
    good = next(workflows(projects()[0]))
    bad = copy.deepcopy(good)
    bad["spec"]["templates"][0]["dag"]["tasks"][0]["wehn"] = "x"
    bad["spec"]["activeDeadlineSeconds"] = "an hour"
    assert complaints(release, good) == []
    assert len(complaints(release, bad)) == 2
