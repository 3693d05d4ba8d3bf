"""A job's services as containers of its pod."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from hypothesis import given, settings

from generator.language import reference
from generator.language.model import Ready
from generator.manifests.deadlines import SERVICE, pod_deadline
from generator.manifests.run import run_workflow
from generator.planning.plan import PlannedService, PlannedVariable
from generator.platform.model import Runner
from tests.unit.manifests.test_inert import expand, texts
from tests.unit.manifests.test_run import compiled, job, laid_down, planned, template
from tests.unit.samples import PLATFORM, planned_job, platform, push

Object = dict[str, Any]


def sidecars(services: str, more: str = "") -> list[Object]:
    found: list[Object] = job(f"{more} services: {services}")["initContainers"]
    return found


def test_a_service_is_a_native_sidecar_with_the_arguments_of_the_file() -> None:
    (sidecar,) = sidecars("{db: {image: 'postgres:17', args: [-c, fsync=off], env: {A: x}, port: 5432}}")
    assert sidecar["name"] == "service-db"
    assert sidecar["restartPolicy"] == "Always"
    assert (sidecar["image"], sidecar["args"]) == ("postgres:17", ["-c", "fsync=off"])
    assert sidecar["env"] == [{"name": "A", "value": "x"}]
    assert "command" not in sidecar


def test_names_and_aliases_are_the_pod_itself() -> None:
    found = job("services: {db: {image: a, alias: [sql, db.internal]}, mail: {image: b, alias: sql}}")
    assert found["hostAliases"] == [{"ip": "127.0.0.1", "hostnames": ["db", "sql", "db.internal", "mail"]}]


def test_a_job_without_services_has_nothing_of_them() -> None:
    found = job("timeout: 1m")
    assert not found.keys() & {"initContainers", "hostAliases"}
    assert laid_down(found)["services"] == ""


def test_a_service_sees_neither_variables_nor_secrets_nor_files_of_the_job() -> None:
    (sidecar,) = sidecars("{db: {image: a}}", "env: {SEEN: by-the-job}, secrets: CHAT,")
    assert not sidecar.keys() & {"env", "envFrom", "volumeMounts"}
    assert not sidecar["securityContext"]["allowPrivilegeEscalation"]


def test_the_step_runner_is_told_what_to_ask_of_each_service() -> None:
    services = (
        "{db: {image: a, port: 5432, ready: pg_isready},"
        " web: {image: b, ports: [80, 443], ready: {http: '/x?y=$(id)'}},"
        " mail: {image: c, ports: [25, 143]}, worker: {image: d}}"
    )
    told = laid_down(job(f"timeout: 1m, services: {services}"))["services"]
    assert told == "60\ndb command\nweb http 80 /x?y=$(id)\nmail ports 25 143\n"


def test_a_service_of_a_long_job_has_the_time_that_the_reference_says() -> None:
    assert f"once all are ready: {SERVICE} s later at the" in reference.page()
    assert laid_down(job("timeout: 1h, services: {a: {image: a, port: 1}}"))["services"] == f"{SERVICE}\na ports 1\n"


def test_only_a_service_with_a_command_is_asked_by_kubernetes() -> None:
    db, web = sidecars("{db: {image: a, ready: 'x $(id) {{=1+1}}'}, web: {image: b, port: 80, ready: {http: /}}}")
    known = {variable["name"]: variable["value"] for variable in db["env"]}
    command = [expand(word, known) for word in db["startupProbe"]["exec"]["command"]]
    assert (command[:2], command[3:]) == (["sh", "-c"], ["sh", "/argosy-services/db", "180", "x $(id) {{=1+1}}"])
    assert db["volumeMounts"] == [{"name": "argosy", "subPath": "services", "mountPath": "/argosy-services"}]
    assert not web.keys() & {"startupProbe", "volumeMounts"}


def test_a_pod_with_services_has_time_to_pull_and_start_them() -> None:
    asked = PlannedService("a", "a", (), (), (), (), Ready(command="x"))
    other = PlannedService("b", "b", (), (), (80,), (), Ready())
    without = pod_deadline(planned_job(timeout=60))
    assert pod_deadline(planned_job(timeout=60, services=(other,))) == without + 300
    assert pod_deadline(planned_job(timeout=60, services=(asked, other, asked))) == without + 300 + 2 * 60


def test_a_service_asks_for_no_more_than_the_runner_has() -> None:
    tiny = platform(runners=(Runner("small", (("cpu", "50m"), ("memory", "100M"))),))
    found = template(compiled("on: push\njobs: {it: {run: x, services: {a: {image: a}}}}", push(), tiny), "job-it")
    assert found["initContainers"][0]["resources"] == {
        "requests": {"cpu": "50m", "memory": "100M"},
        "limits": {"memory": "100M"},
    }


@settings(max_examples=50, deadline=None)
@given(argument=texts, value=texts, command=texts.filter(bool))
def test_no_text_of_a_service_has_anything_in_it_that_argo_or_kubernetes_replaces(
    argument: str, value: str, command: str
) -> None:
    plan = planned("on: push\njobs: {it: {run: x, services: {a: {image: a}}}}", push())
    hostile = PlannedService("a", "a", (argument,), (PlannedVariable("A", value),), (), (), Ready(command=command))
    changed = dataclasses.replace(plan, jobs=(dataclasses.replace(plan.jobs[0], services=(hostile,)),))
    text = json.dumps(template(run_workflow(changed, PLATFORM), "job-it")["initContainers"])
    assert "{{" not in text
    for name in re.findall(r"(?<!\$)(?:\$\$)*\$\(([^)]*)\)", text):
        assert name.startswith("ARGOSY_BRACE")


def test_combinations_with_the_same_services_share_a_template() -> None:
    text = """
        on: push
        jobs:
          it:
            run: x
            matrix: {db: [postgres, none], side: [left, right]}
            services: {postgres: {image: a, if: matrix.db == 'postgres', port: 5432}}
    """
    pods = [one for one in compiled(text, push())["spec"]["templates"] if "containerSet" in one]
    assert [one["name"] for one in pods if "initContainers" in one] == ["pod-1-job-it"]
    assert [one["name"] for one in pods if "initContainers" not in one] == ["pod-2-job-it"]
