"""What Argo Workflows' CRDs say of an object, as an API server reads them: kinds of values, and no unknown field.

A CRD's schema is OpenAPI 3, which is nearly JSON Schema; what differs is put into its words here. The rules in CEL
beside the schema (`x-kubernetes-validations`) are the API server's own.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import jsonschema
import yaml

from tests.e2e.cluster.programs import program

if TYPE_CHECKING:
    import pathlib

_FOLDER = "manifests/base/crds/full"
RELEASES = ("argo-workflows", "argo-workflows-3")
_PLURALS = {"Workflow": "workflows", "CronWorkflow": "cronworkflows"}


def complaints(release: str, value: dict[str, Any]) -> list[str]:
    """What the CRD of a release (a name of the cluster's programs) does not take, with its place in the object."""
    validator = _validator(release, value["kind"])
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@functools.cache
def _validator(release: str, kind: str) -> Any:
    folder: pathlib.Path = program(release).fetch() / _FOLDER
    crd = yaml.load((folder / f"argoproj.io_{_PLURALS[kind]}.yaml").read_bytes(), yaml.CSafeLoader)
    (version,) = crd["spec"]["versions"]
    assert (crd["spec"]["names"]["kind"], version["name"]) == (kind, "v1alpha1")
    schema = _strict(version["schema"]["openAPIV3Schema"])
    # The API server has its own schema for these, the same for all kinds of objects.
    schema["properties"]["metadata"] = {"type": "object"}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _strict(schema: Any) -> Any:
    """The schema and all in it, without room for fields that it does not name."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _inside(key, value) for key, value in schema.items()}
    open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if schema.get("type") == "object" and not open_ended:
        made["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        made["type"] = ["integer", "string"]
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


def _inside(key: str, value: Any) -> Any:
    # Under `properties` stand names of fields, which may be called like words of a schema.
    return {name: _strict(one) for name, one in value.items()} if key == "properties" else _strict(value)
