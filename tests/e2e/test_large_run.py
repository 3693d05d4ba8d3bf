"""A run of three hundred pods comes to its end, and the Workflow that holds it stays an object that Argo can keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
_MOST_BYTES = 1_000_000
_MINUTES = 20
NUMBERS = ", ".join(map(str, range(299)))
CI = f"""\
jobs:
  each:
    matrix: {{n: [{NUMBERS}]}}
    run: '[ "$MATRIX_N" -lt 299 ]'
  after: {{needs: each, run: "true"}}
"""


def test_a_run_of_three_hundred_tasks_ends_well(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("large")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    contexts = {"argosy/push", "argosy/push/each", "argosy/push/after"}
    statuses = ended_statuses(gitea, name, sha, contexts, timeout=_MINUTES * 60)
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    run = observed.finished_run(sha)
    assert len(json.dumps(run, separators=(",", ":"))) < _MOST_BYTES
