"""What render makes, held against the schemas and programs of Argo itself; no cluster is needed.

Argo Events' CRDs refuse nothing, so a wrong key is found here or by nobody: its JSON Schema lists the keys, and is made
strict.
"""

from __future__ import annotations

import functools
import json
import pathlib
import shutil
import subprocess
from typing import Any

import jsonschema
import pytest
import yaml

from generator.platform import reader
from generator.render import files, objects
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import TOOLS

REPOSITORY = pathlib.Path(__file__).parents[2]
PLATFORMS = [
    REPOSITORY / "examples/platform.yaml",
    *sorted((REPOSITORY / "tests/golden/render").glob("*/platform.yaml")),
]
OVERLAYS = ("local", "production")
EVENTS_KINDS = ("EventBus", "EventSource", "Sensor")
# Where anything may stand: the object that a trigger makes.
OPEN = frozenset({"io.argoproj.events.v1alpha1.K8SResource", "io.argoproj.events.v1alpha1.Resource"})


@functools.cache
def module(name: str, *path: str) -> pathlib.Path:
    """A file of the Go module that a program of the cluster is made from."""
    wanted = program(name)
    downloaded = subprocess.run(
        ["go", "mod", "download", "-json", f"{wanted.module}@{wanted.version}"], check=True, capture_output=True
    )
    return pathlib.Path(json.loads(downloaded.stdout)["Dir"], *path)


@functools.cache
def rendered(path: pathlib.Path) -> dict[str, bytes]:
    text = path.read_bytes()
    platform, found = reader.read(text, str(path))
    assert platform is not None, found
    return files(platform, text.decode())


@functools.cache
def events_schema() -> dict[str, Any]:
    """Argo Events' schema, in which a key that it does not list is an error."""
    schema: dict[str, Any] = json.loads(module("argo-events", "api/jsonschema/schema.json").read_text())
    for name, definition in schema["definitions"].items():
        if "properties" in definition and name not in OPEN:
            definition["additionalProperties"] = False
    return schema


@functools.cache
def workflows_schema(plural: str) -> dict[str, Any]:
    """A full CRD's schema of Argo Workflows, in which a key that it does not list is an error."""
    path = module("argo-workflows", "manifests/base/crds/full", f"argoproj.io_{plural}.yaml")
    crd = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    schema: dict[str, Any] = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    schema["properties"]["metadata"] = {"type": "object"}
    made: dict[str, Any] = strict(schema)
    return made


def strict(schema: Any) -> Any:
    """The schema without unknown keys, and with OpenAPI's int-or-string as JSON Schema has it."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def violations(value: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    found = jsonschema.Draft7Validator(schema).iter_errors(value)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.parent.name)
def test_argo_events_knows_every_key(path: pathlib.Path) -> None:
    schema = events_schema()
    made = [value for value in objects(rendered(path)) if value["kind"] in EVENTS_KINDS]
    assert {value["kind"] for value in made} == set(EVENTS_KINDS)
    for value in made:
        definition = {**schema, "oneOf": [{"$ref": f"#/definitions/io.argoproj.events.v1alpha1.{value['kind']}"}]}
        assert violations(value, definition) == []


def test_a_misspelt_key_of_argo_events_would_be_found() -> None:
    sensor = next(value for value in objects(rendered(PLATFORMS[0])) if value["kind"] == "Sensor")
    sensor["spec"]["triggers"][0]["retryStrategy"]["factr"] = 1
    definition = {**events_schema(), "oneOf": [{"$ref": "#/definitions/io.argoproj.events.v1alpha1.Sensor"}]}
    assert violations(sensor, definition) != []


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.parent.name)
def test_argo_workflows_knows_every_key(path: pathlib.Path) -> None:
    made = [value for value in objects(rendered(path)) if value["kind"] == "WorkflowTemplate"]
    assert len(made) == 1
    assert violations(made[0], workflows_schema("workflowtemplates")) == []


def test_the_event_workflow_has_keys_that_argo_workflows_knows() -> None:
    sensor = next(value for value in objects(rendered(PLATFORMS[0])) if value["kind"] == "Sensor")
    workflow = sensor["spec"]["triggers"][0]["template"]["k8s"]["source"]["resource"]
    assert violations(workflow, workflows_schema("workflows")) == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kustomize_builds_the_overlay(overlay: str) -> None:
    made = list(yaml.safe_load_all(kubectl("kustomize", str(REPOSITORY / "deploy/kustomize/overlays" / overlay))))
    kinds = {value["kind"] for value in made}
    assert {"EventBus", "Sensor", "EventSource", "WorkflowTemplate", "ValidatingAdmissionPolicy", "Deployment"} <= kinds
    (bus,) = (value["spec"]["jetstream"] for value in made if value["kind"] == "EventBus")
    replicas = {"local": 1, "production": 3}[overlay]
    assert bus["replicas"] == yaml.safe_load(bus["streamConfig"])["replicas"] == replicas
    assert ("persistence" in bus) == (overlay == "production")


def test_argo_cd_makes_the_sensors_before_the_sources() -> None:
    made = list(yaml.safe_load_all(kubectl("kustomize", str(REPOSITORY / "deploy/kustomize/overlays/production"))))
    waves = {
        value["kind"]: int(value["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])
        for value in made
        if "argocd.argoproj.io/sync-wave" in value["metadata"].get("annotations", {})
    }
    assert waves["Namespace"] < waves["EventBus"] < waves["Sensor"] < waves["EventSource"] < waves["Ingress"]


@pytest.mark.parametrize("component", ["controller", "controller-settings", "argocd-health"])
def test_kustomize_takes_the_component(component: str, tmp_path: pathlib.Path) -> None:
    shutil.copytree(REPOSITORY / "deploy/kustomize/components" / component, tmp_path / "component")
    (tmp_path / "installation.yaml").write_text(INSTALLATION)
    (tmp_path / "kustomization.yaml").write_text("resources: [installation.yaml]\ncomponents: [component]\n")
    made = list(yaml.safe_load_all(kubectl("kustomize", str(tmp_path))))
    (settings,) = (value["data"] for value in made if value["kind"] == "ConfigMap" and value.get("data"))
    assert settings
    if component != "argocd-health":  # that one's values are Lua
        assert yaml.safe_load(settings["executor"])["securityContext"]["capabilities"] == {"drop": ["ALL"]}


# What the settings are patched into: names as in upstream's installations.
INSTALLATION = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: workflow-controller-configmap, namespace: argo}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: workflow-controller, namespace: argo}
spec: {template: {spec: {containers: [{name: workflow-controller, image: x}]}}}
"""


def test_argos_own_linter_has_nothing_to_say(tmp_path: pathlib.Path) -> None:
    template = next(value for value in objects(rendered(PLATFORMS[0])) if value["kind"] == "WorkflowTemplate")
    sensor = next(value for value in objects(rendered(PLATFORMS[0])) if value["kind"] == "Sensor")
    workflow = sensor["spec"]["triggers"][0]["template"]["k8s"]["source"]["resource"]
    workflow["metadata"]["name"] = "event-0"
    workflow["spec"]["arguments"]["parameters"][0]["value"] = "e30="
    (tmp_path / "made.yaml").write_text(yaml.safe_dump_all([template, workflow]))
    argo = str(TOOLS / "argo") if (TOOLS / "argo").exists() else str(program("argo-workflows").path("argo"))
    found = subprocess.run([argo, "lint", "--offline", str(tmp_path)], check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def kubectl(*arguments: str) -> str:
    program_path = str(TOOLS / "kubectl") if (TOOLS / "kubectl").exists() else "kubectl"
    found = subprocess.run([program_path, *arguments], check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout
