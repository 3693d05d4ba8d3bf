"""A run of sixty pods comes to its end, and the Workflow that holds it stays small."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
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
