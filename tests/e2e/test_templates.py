"""What a ci.yaml includes comes from the same commit, and jobs are what they build on and what they say themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.cluster import BUSYBOX_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = """\
include: [ci/library.yaml]
on: {push: {branches: ["**"]}}
jobs:
  greet: {extends: [polite, busy], env: {WORLD: everybody}, run: 'echo "$GREETING, $WORLD$SIGN"'}
"""
LIBRARY = f"""\
env: {{SIGN: "!"}}
templates:
  polite: {{env: {{GREETING: good morning, WORLD: world}}}}
  busy: {{image: "{BUSYBOX_IMAGE}"}}
"""


def test_a_job_builds_on_templates_of_a_file_of_its_own_commit(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("templates")
    sha = copy.commit({"ci.yaml": CI, "ci/library.yaml": LIBRARY})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/greet"})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    assert "good morning, everybody!\n" in observed.log(observed.job_pod(observed.finished_run(sha), "greet"))


def test_what_is_wrong_in_an_included_file_is_told_with_its_name_and_line(
    new_project: NewProject, gitea: Gitea
) -> None:
    name, copy = new_project("templates")
    sha = copy.commit({"ci.yaml": CI, "ci/library.yaml": LIBRARY.replace("image:", "imag:")})
    copy.push()
    status = ended_statuses(gitea, name, sha, {"argosy/push"})["argosy/push"]
    assert status.state == "error"
    assert status.description.startswith("ci/library.yaml:4:10: error: unknown key 'imag' in a job"), status
