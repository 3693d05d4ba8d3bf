"""A ci.yaml that cannot run tells its author where, on the commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jobs:\n  one:\n    runs: echo\n", "ci.yaml:3:5: error: "),
        ("jobs:\n  one:\n    runner: larg\n    run: echo\n", "ci.yaml:3:13: error: unknown runner 'larg'"),
        ("jobs:\n  one:\n    secrets: [NOBODY_HAS_IT]\n    run: echo\n", "ci.yaml:3:15: error: "),
        (
            "jobs:\n  one:\n    runner: larg\n    run: echo\n    oops: 1\n",
            "ci.yaml:3:13: error: unknown runner 'larg' [unknown-runner] (and 1 more)",
        ),
        ("jobs:\n  one: {run: 'echo\n", "ci.yaml:"),
    ],
    ids=["unknown key", "unknown runner", "secret that nobody granted", "unknown runner and unknown key", "no YAML"],
)
def test_an_error_in_ci_yaml_is_a_status_with_its_line(
    text: str, told: str, new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("mistaken")
    sha = copy.commit({"ci.yaml": text})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push"})
    assert statuses["argosy/push"].state == "error"
    assert statuses["argosy/push"].description.startswith(told)
    assert observed.runs(sha) == []
