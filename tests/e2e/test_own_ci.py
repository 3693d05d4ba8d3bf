"""argosy's own ci.yaml, run by argosy."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.installation import CHECKOUT
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]


def test_the_projects_own_unit_tests_run_on_argosy(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("argosy")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
    paths = [path for path in listed.split("\0") if path]
    sha = copy.commit({path: (CHECKOUT / path).read_bytes() for path in paths}, "argosy as it is")
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/lint", "argosy/push/unit"}, 1200)
    log = observed.log(observed.job_pod(observed.finished_run(sha), "unit"))
    assert {status.state for status in statuses.values()} == {"success"}, log[-3000:]
    assert " passed" in log
