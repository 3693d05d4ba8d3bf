"""How a pod's files come to the bucket: what users write there is nothing that Argo reads, and there is time for it."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from generator.language.model import Save
from generator.manifests.deadlines import pod_deadline
from generator.manifests.metadata import to_bytes
from generator.manifests.run import run_workflow
from generator.planning.plan import PlannedArtifact, PlannedCache, PlannedDownload
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, planned_job, push

ARTIFACTS = (PlannedArtifact("it", ("x",), may_be_empty=False),)
DOWNLOADS = (PlannedDownload("other", "it", "", ((1, ""),), needed=True),)
CACHES = (PlannedCache("it", ("x",), "", Save.SUCCESS),)
OURS = re.compile(rb"\{\{inputs\.parameters\.(?:combination|place|(?:artifact|cache)-\d+)\}\}")


def test_nothing_that_users_write_there_is_read_by_argo() -> None:
    hostile = "{{workflow.name}} {{=sprig.getHostByName('x')}} $(id)"
    text = f"""
jobs:
  build:
    matrix: {{one: ["{hostile}", b]}}
    run: make $MATRIX_ONE
    artifacts: {{it: {{paths: ["{hostile.replace("{{", "[{][{]").replace("}}", "[}][}]")}"]}}}}
    cache: {{it: {{paths: ["{hostile}"], key: "{hostile} ${{{{ matrix.one }}}}"}}}}
  test:
    needs: build
    run: make
    download: {{from: build.it, to: "{hostile}", split: true}}
"""
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is not None, found
    written = OURS.sub(b"", to_bytes(run_workflow(made, PLATFORM)))
    assert b"{{" not in written
    assert b"$(" not in written


def test_all_keys_are_the_runs_and_none_is_anothers() -> None:
    """An artifact's key has the run's name, its job's and its own; no two tasks store to one place."""
    text = """
jobs:
  a: {matrix: {x: ["1", "2"]}, run: make $MATRIX_X, artifacts: {b-c: x, "b-${{ matrix.x }}": x}}
  a-b: {run: make, artifacts: {c: x}}
"""
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is not None, found
    keys = [
        artifact["s3"]["key"]
        for template in run_workflow(made, PLATFORM)["spec"]["templates"]
        for artifact in template.get("outputs", {}).get("artifacts", [])
    ]
    top = f"artifacts/{made.placement.namespace}/{made.run_name}"
    number = "{{inputs.parameters.combination}}.tar.gz"
    varying = "{{inputs.parameters.artifact-2}}"
    assert keys == [f"{top}/a/b-c/{number}", f"{top}/a/{varying}/{number}", f"{top}/a-b/c/1.tar.gz"]


@pytest.mark.parametrize(
    ("stored", "more"),
    [({"artifacts": ARTIFACTS}, 300), ({"downloads": DOWNLOADS}, 300), ({"caches": CACHES}, 600)],
    ids=["artifacts", "downloads", "caches"],
)
def test_a_job_that_takes_all_of_its_time_has_some_more_for_the_bucket(stored: dict[str, Any], more: int) -> None:
    job = planned_job(timeout=60)
    assert pod_deadline(dataclasses.replace(job, **stored)) == pod_deadline(job) + more
