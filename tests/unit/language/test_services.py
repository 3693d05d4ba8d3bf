"""Services as they are read: what a file may say of them, and what it means."""

from __future__ import annotations

import pytest

from generator.language import reader
from generator.language.model import Ready, Service
from tests.unit.samples import ci_file


def services(text: str) -> dict[str, Service]:
    """The services of a file's only job; `text` is the mapping of them."""
    job = ci_file(f"jobs: {{it: {{run: make, services: {text}}}}}").jobs[0]
    return {service.name: service for service in job.services}


def codes(text: str) -> list[str]:
    return [one.code for one in reader.read(f"jobs: {{it: {{run: make, services: {text}}}}}", "ci.yaml")[1]]


def test_port_is_short_for_ports_with_one() -> None:
    assert services("{a: {image: a, port: 25}}")["a"].ports == services("{a: {image: a, ports: [25]}}")["a"].ports


def test_the_example_of_the_language_means_what_it_says() -> None:
    found = services("{mail: {image: greenmail, ports: [25, 143], alias: [smtp], args: [--quiet, 1.10, yes, null]}}")
    mail = found["mail"]
    assert (mail.image.source, mail.ports, mail.aliases) == ("greenmail", (25, 143), ("smtp",))
    assert mail.args == ("--quiet", "1.10", "yes", "")
    assert mail.ready == Ready()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pg_isready -U postgres", Ready(command="pg_isready -U postgres")),
        ("'test -e /{{=1+1}}/$(id)'", Ready(command="test -e /{{=1+1}}/$(id)")),
        ("{http: '/health?deep=1'}", Ready(path="/health?deep=1")),
    ],
)
def test_a_service_is_ready_by_a_command_or_an_answer(written: str, meant: Ready) -> None:
    assert services(f"{{a: {{image: a, port: 80, ready: {written}}}}}")["a"].ready == meant


def test_a_job_merges_its_services_with_its_templates_and_null_takes_one_away() -> None:
    text = """
        templates:
          base: {services: {db: {image: "postgres:17", port: 5432, env: {A: x}}, mail: {image: mail}}}
        jobs:
          it: {extends: base, run: make, services: {db: {image: "postgres:18", env: {B: y}}, mail: null}}
    """
    (db,) = ci_file(text).jobs[0].services
    assert (db.image.source, db.ports, [one.name for one in db.env]) == ("postgres:18", (5432,), ["A", "B"])


def test_two_services_that_are_always_there_cannot_have_one_port() -> None:
    assert codes("{a: {image: a, ports: [1, 2]}, b: {image: b, port: 2}}") == ["same-port"]


def test_services_with_a_condition_may_take_the_same_port_until_a_run_is_planned() -> None:
    assert codes("{a: {image: a, port: 1, if: branch == 'x'}, b: {image: b, port: 1}}") == []


def test_a_service_may_use_the_port_of_another_jobs() -> None:
    one = "{run: make, services: {a: {image: a, port: 1}}}"
    assert reader.read(f"jobs: {{one: {one}, two: {one}}}", "ci.yaml")[1] == []


def test_expressions_of_services_are_checked() -> None:
    assert codes("{a: {image: 'a:${{ brnch }}', if: branch, env: {A: '${{ sha + 1 }}'}}}") == [
        "unknown-name",
        "expression-type",
        "expression-type",
    ]
