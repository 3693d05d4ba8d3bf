"""The corpus: each project's table is met, and what its events start is as it was, as plans and as one Workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.language.check import check_against_platform
from generator.manifests.metadata import to_yaml
from generator.plan_tests.judging import judge
from generator.plan_tests.telling import event_in_words
from generator.views.svg import to_svg
from generator.views.text import to_text
from tests.corpus import FOLDER, Project, platform, projects
from tests.pages import ROOT

if TYPE_CHECKING:
    from generator.planning.plan import Plan
    from tests.golden.conftest import Golden

PROJECTS = [pytest.param(project, id=project.name) for project in projects()]


@pytest.mark.parametrize("project", PROJECTS)
def test_there_is_nothing_to_say_about_the_file(project: Project) -> None:
    assert check_against_platform(project.ci, platform(), "work", f"acme/{project.name}") == []


@pytest.mark.parametrize("project", PROJECTS)
def test_events_start_what_the_table_says(project: Project) -> None:
    outcomes, found = judge(project.table, project.ci, project)
    assert [f"{one.message}\n{one.hint}" for one in found] == []
    assert len(outcomes) > 1
    assert {job for outcome in outcomes for job in outcome.started}


@pytest.mark.parametrize("project", PROJECTS)
def test_each_job_starts_in_some_event_and_not_all_events_start_the_same(project: Project) -> None:
    outcomes, _ = judge(project.table, project.ci, project)
    started = {frozenset(job.job for job in outcome.jobs if job.runs) for outcome in outcomes}
    assert frozenset.union(*started) == {job.name for job in project.ci.jobs}
    assert len(started) > 1


@pytest.mark.parametrize("project", PROJECTS)
def test_plans(project: Project, golden: Golden) -> None:
    parts = [_told(name, project.plan(event)) for name, event in project.events()]
    golden(project.folder / "plans.txt", "\n".join(parts).encode())


def _told(name: str, made: Plan) -> str:
    return f"# {name}: {event_in_words(made.event)}\n{to_text(made)}\n"


@pytest.mark.parametrize("project", PROJECTS)
def test_workflow(project: Project, golden: Golden) -> None:
    golden(project.folder / "workflow.yaml", to_yaml(project.workflow(project.largest())))


def test_the_picture_in_the_readme(golden: Golden) -> None:
    golden(ROOT / "docs" / "images" / "plan.svg", to_svg(Project(FOLDER / "go-service").largest()))


def test_there_are_projects_of_many_kinds() -> None:
    assert len(PROJECTS) >= 30


def test_every_file_of_the_corpus_is_used() -> None:
    own = {"ci.yaml", "ci.test.yaml", "files.txt", "plans.txt", "workflow.yaml"}
    for project in projects():
        others = {path.relative_to(project.folder).as_posix() for path in project.folder.rglob("*") if path.is_file()}
        assert others - own <= set(project.blobs()), project.name
    assert {path.name for path in FOLDER.iterdir() if path.is_file()} == {"platform.yaml"}
