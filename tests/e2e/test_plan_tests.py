"""A table that is not met keeps a commit from running, and says so where the commit is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.conftest import Project
    from tests.e2e.gitea import Gitea

CI = """\
on: {push: {branches: [main]}, pull_request: {}}
jobs:
  test: {run: "true"}
  image: {if: "branch == 'mian' && hash('go.sum') != ''", run: "true"}
"""
TABLE = """\
tests:
  main has an image: {event: {push: main}, starts: [test, image]}
  a pull request has none: {event: {pull_request: main, changed: main.go}, starts: [test]}
"""


def test_a_commit_runs_once_its_table_is_met(
    new_project: Callable[..., Project], gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("table")
    sha = copy.commit({"ci.yaml": CI, "ci.test.yaml": TABLE, "go.sum": "x\n"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push"})
    told = "ci.test.yaml:2:52: error: 'main has an image': push to 'main' must start test, image, but starts test"
    assert statuses["argosy/push"].state == "error"
    assert statuses["argosy/push"].description.startswith(told)
    assert observed.runs(sha) == []

    sha = copy.commit({"ci.yaml": CI.replace("mian", "main")})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test", "argosy/push/image"})
    assert {status.state for status in statuses.values()} == {"success"}
