"""A run of sixty pods comes to its end and stays small, and the largest that there may be is one that Argo takes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.language import reader
from generator.manifests.size import MOST_BYTES, compiled
from generator.planning.limits import MOST_TASKS
from generator.planning.planner import plan
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.test_policies import EXPANDER, attempt
from tests.unit.samples import TREE, push

if TYPE_CHECKING:
    import pathlib

    from generator.platform.model import Platform
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
_MOST_BYTES = 200_000
_MINUTES = 8
NUMBERS = ", ".join(map(str, range(59)))
CI = f"""\
jobs:
  each:
    matrix: {{n: [{NUMBERS}]}}
    run: '[ "$MATRIX_N" -lt 59 ]'
  after: {{needs: each, run: "true"}}
"""


def test_a_large_run_ends_well(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("large")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    contexts = {"argosy/push", "argosy/push/each", "argosy/push/after"}
    statuses = ended_statuses(gitea, name, sha, contexts, timeout=_MINUTES * 60)
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    run = observed.finished_run(sha)
    assert len(json.dumps(run, separators=(",", ":"))) < _MOST_BYTES


def test_two_thousand_tasks_are_taken_by_argo_the_api_server_and_the_policies(
    here: Cluster, platform: Platform, tmp_path: pathlib.Path
) -> None:
    numbers = ", ".join(map(str, range(200)))
    job = f"{{if: branch == 'main', matrix: {{a: [{numbers}]}}, run: make test, env: {{A: '${{{{ sha }}}}'}}}}"
    ci, found = reader.read("jobs:\n" + "".join(f"  j{number}: {job}\n" for number in range(10)), "ci.yaml")
    assert ci is not None, found
    made, found = plan(ci, push(forge=platform.forges[0].id), platform, TREE)
    assert made is not None, found
    workflow, found = compiled(made, ci, platform)
    assert found == []
    assert sum(job.runs for job in made.jobs) == MOST_TASKS
    file = tmp_path / "workflow.json"
    file.write_text(json.dumps(workflow, separators=(",", ":")))
    assert file.stat().st_size < MOST_BYTES
    done = subprocess.run([here.argo_path, "lint", "--offline", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert attempt(here, EXPANDER, workflow) == ""
