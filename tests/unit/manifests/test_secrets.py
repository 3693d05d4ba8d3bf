"""Which container gets which secret, and how; that no secret is lost on the way, tests/unit/checkout has."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.manifests.test_run import containers, job, laid_down
from tests.unit.samples import pull_request, push

FILE = "secrets: {TOKEN: {name: NPM_TOKEN, file: true}, CHAT: CHAT}"


def volume(found: dict[str, Any]) -> dict[str, Any]:
    (one,) = found["volumes"]
    return dict(one["projected"])


def test_a_file_is_mounted_read_only_into_the_jobs_container_and_no_other() -> None:
    found = job(FILE + ", services: {db: {image: postgres, port: 5432}}")
    checkout, main = containers(found)
    (mount,) = main["volumeMounts"]
    assert mount == {"name": found["volumes"][0]["name"], "mountPath": "/argosy-secrets", "readOnly": True}
    assert mount["name"] not in json.dumps([checkout, found["initContainers"], found["containerSet"]["volumeMounts"]])


def test_a_file_is_the_one_key_that_is_granted_for_root_alone_and_for_whoever_the_image_runs_as() -> None:
    (source,) = volume(job(FILE))["sources"]
    assert (source["secret"]["name"], source["secret"]["optional"]) == ("shared-npm", True)
    mode = volume(job(FILE))["defaultMode"]
    items = [(item["key"], item["path"], item.get("mode", mode)) for item in source["secret"]["items"]]
    assert items == [("token", "root/TOKEN", 0o400), ("token", "anybody/TOKEN", 0o444)]


def test_a_secret_that_is_a_file_is_no_variable_too() -> None:
    _, main = containers(job(FILE))
    assert [item["name"] for item in main["env"]] == ["CHAT"]
    assert "volumes" not in job("secrets: [CHAT]")


def test_two_files_may_come_from_one_secret_of_the_platform() -> None:
    twice = "secrets: {A: {name: NPM_TOKEN, file: true}, B: {name: NPM_TOKEN, file: true}}"
    paths = [item["path"] for source in volume(job(twice))["sources"] for item in source["secret"]["items"]]
    assert len(paths) == len(set(paths)) == 4


def test_the_step_runner_knows_what_each_variable_holds_and_whether_the_job_needs_it() -> None:
    text = "secrets: {A: CHAT, B: {name: NPM_TOKEN, file: true}, C: {name: NPM_TOKEN, optional: true}}"
    assert laid_down(job(text))["secrets"] == "A required value\nB required path\nC optional value\n"


def test_what_the_run_is_not_granted_is_not_in_its_workflow() -> None:
    text = "secrets: {A: {name: NPM_TOKEN, file: true, optional: true}, B: {name: NPM_TOKEN, optional: true}}"
    for event in (push(branch="topic"), pull_request(tier="untrusted")):
        found = job(text, event)
        assert "shared-npm" not in json.dumps(found)
        assert "volumes" not in found
        assert laid_down(found)["secrets"] == "A optional nothing\nB optional nothing\n"
