"""The Workflow of a run: its jobs as a DAG, what each pod gets, and that what users wrote is read as nothing else."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.language import reference
from generator.language.steps import TIMEOUT
from generator.manifests.deadlines import GRACE
from generator.manifests.metadata import to_bytes
from generator.manifests.payload import pieces
from generator.manifests.run import run_workflow
from generator.planning.plan import PlannedVariable
from generator.planning.planner import plan
from tests.unit.samples import FORGE, PLATFORM, SHA, TREE, ci_file, planned_step, platform, pull_request, push, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan
    from generator.platform.model import Platform

Object = dict[str, Any]
ANYWHERE = "on: {push: {branches: '**', tags: '**'}, pull_request: {}}\n"
ONE = ANYWHERE + "jobs: {it: {run: make}}"
HOSTILE = [
    "{{workflow.name}}",
    "{{=1+1}}",
    "{{inputs.parameters.x}}",
    "$(HOME)",
    "{{",
    "}}",
    "'\"\\\n",
    "\N{PILE OF POO}",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(HOSTILE), min_size=1).map("".join))


def planned(text: str, event: Event, on: Platform = PLATFORM) -> Plan:
    made, found = plan(ci_file(text), event, on, TREE)
    assert made is not None, found
    return made


def compiled(text: str, event: Event | None = None, on: Platform = PLATFORM) -> Object:
    return run_workflow(planned(text, event or push(), on), on)


def template(workflow: Object, name: str) -> Object:
    found: Object = next(item for item in workflow["spec"]["templates"] if item["name"] == name)
    return found


def job(text: str, event: Event | None = None, on: Platform = PLATFORM) -> Object:
    """The template of a file's only job; `text` is the rest of the job's mapping."""
    return template(compiled(f"{ANYWHERE}jobs: {{it: {{run: make, {text}}}}}", event, on), "job-it")


def containers(found: Object) -> tuple[Object, Object]:
    """The checkout and the job's own of a template."""
    checkout, main = found["containerSet"]["containers"]
    assert (checkout["name"], main["name"]) == ("checkout", "main")
    return checkout, main


def laid_down(found: Object) -> dict[str, str]:
    """What the checkout container unpacks: file -> text."""
    env = {item["name"]: item.get("value", "") for item in containers(found)[0]["env"]}
    data = base64.b64decode("".join(value for name, value in env.items() if name.startswith("ARGOSY_JOB_")))
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:bz2") as archive:
        return {entry.name: archive.extractfile(entry).read().decode() for entry in archive}  # type: ignore[union-attr]


def test_a_run_has_the_name_and_the_namespace_of_its_identity() -> None:
    metadata = compiled(ONE)["metadata"]
    assert metadata["name"] == "run-b-mgfdaa9l78pbde0b8a938euc0k"
    assert metadata["namespace"] == "argosy-runs-default"


def test_a_pod_requests_what_its_runner_says_and_may_use_idle_processors() -> None:
    found = job("runner: large")
    resources = {"requests": {"cpu": "4", "memory": "16Gi"}, "limits": {"memory": "16Gi"}}
    checkout, main = containers(found)
    assert main["resources"] == resources
    assert checkout["resources"] == {"requests": {"cpu": "50m", "memory": "32Mi"}, "limits": {"memory": "16Gi"}}
    assert found["nodeSelector"] == {"pool": "ci"}
    assert found["tolerations"] == [{"key": "ci", "operator": "Exists"}]


def test_the_image_is_the_jobs() -> None:
    assert containers(job("image: 'golang:1.26'"))[1]["image"] == "golang:1.26"


def test_the_step_runner_keeps_the_jobs_time_and_kubernetes_comes_after_it() -> None:
    found = job("timeout: 90s")
    timeout, late, grace = map(int, laid_down(found)["times"].split())
    assert (timeout, late) == (90, 60)
    assert found["activeDeadlineSeconds"] > timeout + grace


@pytest.mark.parametrize("when", ["failure", "always"])
def test_late_steps_come_to_their_end_before_kubernetes_ends_the_pod(when: str) -> None:
    steps = f"steps: [{{run: x}}, {{run: y, when: {when}}}]"
    text = f"{ANYWHERE}jobs: {{it: {{{steps}, timeout: 90s}}}}"
    found = template(compiled(text), "job-it")
    timeout, late, grace = map(int, laid_down(found)["times"].split())
    assert found["activeDeadlineSeconds"] > timeout + late + 2 * grace


def test_a_job_is_tried_again_only_where_it_says_so() -> None:
    assert job("retry: {limit: 2}")["retryStrategy"]["limit"] == "2"
    assert "retryStrategy" not in job("")


def test_a_job_that_is_denied_is_not_tried_again() -> None:
    assert "retryStrategy" not in job("retry: {limit: 2}, secrets: [NPM_TOKEN]", push(branch="topic"))


def test_the_reference_says_how_long_a_script_has_to_end() -> None:
    assert f"after {GRACE} s" in TIMEOUT.doc


def test_how_a_step_runs_is_laid_down_with_it() -> None:
    second = "{run: y, when: always, continue-on-error: true, timeout: 1m30s, shell: bash, working-directory: w}"
    files = laid_down(template(compiled(f"{ANYWHERE}jobs: {{it: {{steps: [{{run: x}}, {second}]}}}}"), "job-it"))
    parts = ("settings", "program", "arguments", "folder")
    assert [files[f"steps/001/{part}"] for part in parts] == ["success 0 0\n", "sh\n", "set -- \"$@\" \\\n'-e'\n", "\n"]
    words = "set -- \"$@\" \\\n'-eo' \\\n'pipefail'\n"
    assert [files[f"steps/002/{part}"] for part in parts] == ["always 1 90\n", "bash\n", words, "w\n"]


def test_a_secret_reaches_the_main_container_as_a_reference_and_nothing_else_does() -> None:
    reference = {"name": "shared-npm", "key": "token", "optional": True}
    found = job("secrets: {TOKEN: NPM_TOKEN}")
    assert containers(found)[1]["env"] == [{"name": "TOKEN", "valueFrom": {"secretKeyRef": reference}}]
    assert "env" not in containers(job("env: {A: b}"))[1]


def test_the_token_of_git_is_in_the_checkout_container_alone() -> None:
    checkout, main = containers(job(""))
    named = {item["name"]: item for item in checkout["env"]}
    reference = {"name": "forge-work-checkout", "key": "token", "optional": True}
    assert named["ARGOSY_TOKEN"]["valueFrom"]["secretKeyRef"] == reference
    assert "forge-work-checkout" not in json.dumps(main)


def test_the_jobs_container_does_nothing_before_the_source_is_there() -> None:
    checkout, main = containers(job(""))
    assert main["dependencies"] == ["checkout"]
    assert "dependencies" not in checkout


def test_an_untrusted_run_is_given_no_secret() -> None:
    untrusted = compiled(ANYWHERE + "jobs: {it: {run: make, secrets: [CHAT]}}", pull_request(tier="untrusted"))
    assert "secretKeyRef" not in json.dumps(untrusted)
    assert "an outsider's run" in json.dumps(compiled(ONE, pull_request(tier="untrusted")))
    assert untrusted["metadata"]["namespace"] == "argosy-runs-default-untrusted"


def test_no_container_of_a_job_has_a_token_of_the_cluster() -> None:
    spec = compiled(ONE)["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == "argosy-job"
    assert spec["executor"] == {"serviceAccountName": "argosy-executor"}


def test_a_job_cannot_put_a_link_where_argo_reads_its_result() -> None:
    """The file is mounted by Argo, and nobody can replace what is mounted; no folder around it is the job's."""
    found = job("")
    path = found["outputs"]["parameters"][0]["valueFrom"]["path"]
    assert found["inputs"]["artifacts"] == [{"name": "result", "path": path, "mode": 0o666, "raw": {"data": ""}}]
    folders = [mount["mountPath"] for mount in found["containerSet"]["volumeMounts"]]
    assert not [folder for folder in folders if path == folder or path.startswith(f"{folder}/")]
    assert not [container for container in containers(found) if "volumeMounts" in container]


def test_a_denied_job_fails_without_a_pod_and_its_manifest_says_nothing_of_it() -> None:
    text = f"{ANYWHERE}jobs: {{it: {{secrets: [NPM_TOKEN], image: 'golang:1.26', run: make}}}}"
    workflow = compiled(text, push(branch="topic"))
    own, denied = template(workflow, "job-it"), template(workflow, "denied")
    assert own["dag"]["tasks"] == [{"name": "denied", "template": "denied", "when": "denied"}]
    assert denied == {"name": "denied", "suspend": {"duration": "0s"}}
    assert "container" not in json.dumps(workflow["spec"]["templates"])
    assert "golang" not in json.dumps(workflow)
    assert "secretKeyRef" not in json.dumps(workflow)


def test_registry_credentials_pull_the_images() -> None:
    spec = compiled(ONE, on=platform(registry_credentials=("registry-pull",)))["spec"]
    assert spec["imagePullSecrets"] == [{"name": "registry-pull"}]


def test_scripts_and_variables_are_laid_down_byte_for_byte() -> None:
    script = "set -x\r\n\techo \"$A\" '{{workflow.name}}' $(id)\n# \N{PILE OF POO}\n\n"
    made = planned(ONE, push())
    one = dataclasses.replace(
        made.jobs[0],
        env=(PlannedVariable("A", "it's\n"),),
        steps=(
            planned_step("first", script),
            planned_step("second", "#!/usr/bin/python3\n", number=2, env=(PlannedVariable("B", ""),)),
        ),
    )
    files = laid_down(template(run_workflow(dataclasses.replace(made, jobs=(one,)), PLATFORM), "job-it"))
    assert files["steps/001/script"] == script
    assert files["steps/001/title"] == "first\n"
    assert files["steps/002/script"] == "#!/usr/bin/python3\n"
    assert files["steps/002/env"] == "set -- \"$@\" \\\n'B='\n"
    assert files["job-env"].endswith(" \\\n'A=it'\\''s\n'\n")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            push(),
            {"CI_EVENT": "push", "CI_BRANCH": "main", "CI_REF": "refs/heads/main", "CI_TAG": "", "CI_PULL_REQUEST": ""},
        ),
        (tag("v1"), {"CI_EVENT": "tag", "CI_BRANCH": "", "CI_REF": "refs/tags/v1", "CI_TAG": "v1"}),
        (
            pull_request(),
            {"CI_EVENT": "pull_request", "CI_BRANCH": "", "CI_REF": "refs/pull/7", "CI_PULL_REQUEST": "7"},
        ),
    ],
)
def test_a_job_learns_what_it_runs_for(event: Event, expected: dict[str, str]) -> None:
    env = laid_down(job("", event))["env"]
    always = {"CI": "true", "CI_SHA": SHA, "CI_JOB": "it", "CI_REPOSITORY": "acme/app", "CI_WORKSPACE": "/workspace"}
    for name, value in (always | expected).items():
        assert f"\n'{name}={value}' \\\n" in env


def test_the_reference_names_every_variable_that_a_job_is_given() -> None:
    env = laid_down(job(""))["env"]
    given = set(re.findall(r"^'(CI\w*)=", env, re.MULTILINE)) | {"CI_STATUS", "CI_MATRIX_INDEX", "CI_MATRIX_TOTAL"}
    table = reference.page().split("| variable | what it holds |")[1].split("\n\n")[0]
    named = re.findall("`(CI[A-Z_]*)`", table)
    assert (set(named), len(named)) == (given, len(given))


def test_a_job_can_link_to_its_run() -> None:
    workflow = compiled(ONE)
    url = f"https://argo.example/workflows/argosy-runs-default/{workflow['metadata']['name']}"
    assert f"'CI_RUN_URL={url}'" in laid_down(template(workflow, "job-it"))["env"]


@pytest.mark.parametrize(
    ("kind", "event", "user", "ref"),
    [
        ("gitea", push(), "argosy", "refs/heads/main"),
        ("gitea", pull_request(), "argosy", "refs/pull/7/head"),
        ("github", pull_request(), "x-access-token", "refs/pull/7/head"),
        ("gitlab", pull_request(), "oauth2", "refs/merge-requests/7/head"),
    ],
)
def test_the_source_is_where_the_forge_keeps_it(kind: str, event: Event, user: str, ref: str) -> None:
    forge = dataclasses.replace(FORGE, kind=kind)
    files = laid_down(job("", event, platform(forges=(forge,))))
    source = {name: files[f"source/{name}"].strip() for name in ("url", "user", "sha", "ref")}
    assert source == {"url": "https://git.example/acme/app.git", "user": user, "sha": SHA, "ref": ref}


def test_a_large_payload_is_cut_to_what_an_environment_variable_holds() -> None:
    parts = pieces("x" * 200_000)
    assert [len(part) for part in parts] == [98_304, 98_304, 3_392]
    assert "".join(parts) == "x" * 200_000


@settings(max_examples=60, deadline=None)
@given(branch=texts, title=texts, actor=texts, script=texts, value=texts, step=texts)
def test_what_users_write_is_never_in_the_object_as_text(
    branch: str, title: str, actor: str, script: str, value: str, step: str
) -> None:
    event = pull_request(head=branch, title=title, base=branch)
    made = planned(ONE, dataclasses.replace(event, actor=actor, branch=branch, message=title))
    steps = (planned_step(step, script, env=(PlannedVariable("S", value),)),)
    one = dataclasses.replace(made.jobs[0], env=(PlannedVariable("E", value),), steps=steps, why=branch)
    denied = dataclasses.replace(one, id="no", job="no", denied=title)
    workflow = run_workflow(dataclasses.replace(made, jobs=(one, denied)), PLATFORM)
    assert "{{" not in to_bytes(workflow).decode()
    assert not [text for text in _strings(workflow) if "}}" in text or "$(" in text]


@settings(max_examples=40, deadline=None)
@given(script=texts, value=texts)
def test_every_script_and_value_comes_out_as_it_went_in(script: str, value: str) -> None:
    made = planned(ONE, push())
    one = dataclasses.replace(made.jobs[0], env=(PlannedVariable("E", value),), steps=(planned_step("s", script),))
    files = laid_down(template(run_workflow(dataclasses.replace(made, jobs=(one,)), PLATFORM), "job-it"))
    assert files["steps/001/script"] == script
    assert f"'E={value.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'" in files["job-env"]


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    code = (
        "import sys; from tests.unit.manifests.test_run import compiled, ONE; "
        "from generator.manifests.metadata import to_bytes; sys.stdout.buffer.write(to_bytes(compiled(ONE)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert outputs == {to_bytes(compiled(ONE))}


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for text in (pair[0], *_strings(pair[1]))]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []
