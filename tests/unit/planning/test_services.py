"""Which services a run has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.planning.plan import PlannedService, PlannedVariable
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, push

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic

ANYWHERE = "on: {push: {branches: '**'}}\n"


def planned(services: str, branch: str = "main", more: str = "") -> tuple[tuple[PlannedService, ...], list[Diagnostic]]:
    text = f"{ANYWHERE}jobs: {{it: {{run: make, {more} services: {services}}}}}"
    made, found = plan(ci_file(text), push(branch=branch), PLATFORM, TREE)
    return (made.jobs[0].services if made is not None else (), found)


def names(services: str, branch: str = "main") -> list[str]:
    return [service.name for service in planned(services, branch)[0]]


def test_a_service_is_there_if_its_condition_holds() -> None:
    both = "{a: {image: a, if: branch == 'main'}, b: {image: b}}"
    assert (names(both), names(both, "other")) == (["a", "b"], ["b"])


def test_images_and_variables_are_filled_and_what_comes_of_them_is_not_looked_at_again() -> None:
    (service,), _ = planned("{a: {image: 'a:${{ branch }}', env: {A: '${{ branch }}', B: '{{=1+1}} $(id)'}}}", "x")
    assert service.image == "a:x"
    assert service.env == (PlannedVariable("A", "x"), PlannedVariable("B", "{{=1+1}} $(id)"))


def test_an_expression_that_makes_no_image_is_an_error() -> None:
    _, found = planned("{a: {image: 'a:${{ branch }}'}}", "a b")
    assert [(one.code, one.message) for one in found] == [
        ("bad-value", "with this expression, 'a:a b' is not an image")
    ]


def test_services_that_are_there_together_cannot_have_one_port() -> None:
    services = "{a: {image: a, port: 1, if: branch == 'main'}, b: {image: b, port: 1}}"
    assert [one.code for one in planned(services)[1]] == ["same-port"]
    assert planned(services, "other")[1] == []


def test_of_a_job_that_does_not_run_nothing_of_a_service_is_asked() -> None:
    services = "{a: {image: 'a:${{ pull_request.labels[0] }}', if: \"pull_request.labels[0] == ''\"}}"
    _, found = planned(services, more="if: branch == 'nowhere',")
    assert found == []


def test_a_pod_takes_eight_services() -> None:
    eight = ", ".join(f"s{number}: {{image: a, if: branch == 'main'}}" for number in range(8))
    assert planned(f"{{{eight}}}")[1] == []
    assert [one.code for one in planned(f"{{{eight}, more: {{image: a}}}}")[1]] == ["too-many-services"]


def test_each_combination_of_a_matrix_has_the_services_that_it_asks_for() -> None:
    text = """
        on: push
        jobs:
          it:
            run: make
            matrix: {db: [postgres, none], version: ["17", "18"]}
            services:
              postgres: {image: "postgres:${{ matrix.version }}", if: matrix.db == 'postgres', port: 5432}
    """
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is not None, found
    assert {job.id: [one.image for one in job.services] for job in made.jobs} == {
        "it[db=postgres,version=17]": ["postgres:17"],
        "it[db=postgres,version=18]": ["postgres:18"],
        "it[db=none,version=17]": [],
        "it[db=none,version=18]": [],
    }
