"""A push becomes a run, and the run's end the commit's statuses."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.installation import CHECKOUT, GREETING
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    import pathlib

    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
PACKAGE = "idna==3.10"  # its published source holds its tests, which need nothing else


def files_of(folder: pathlib.Path) -> dict[str, str | bytes]:
    """A folder's files, as a commit takes them."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_jobs_with_needs_a_runner_a_secret_and_an_image(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("greeting")
    sha = copy.commit(files_of(CHECKOUT / "examples/repositories/greeting"))
    copy.push()

    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/check", "argosy/push/greet"})
    assert {status.state for status in statuses.values()} == {"success"}
    run = observed.finished_run(sha)
    assert all(status.url.endswith(f"/{run['metadata']['name']}") for status in statuses.values())

    greet, check = observed.job_pod(run, "greet"), observed.job_pod(run, "check")
    assert f"{GREETING}, Grace!" in observed.log(greet)
    assert f"{name} at {sha}, started by push" in observed.log(greet)
    main = next(container for container in greet["spec"]["containers"] if container["name"] == "main")
    assert main["resources"]["requests"] == dict(_runner(observed, "medium"))
    assert main["image"] == "docker.io/library/busybox:1.35"
    assert GREETING not in str(check) + str(greet), "a secret's value stays out of the pods' specification"
    assert check["status"]["startTime"] < greet["status"]["startTime"]

    states = [item["status"] for item in reversed(gitea.history(name, sha)) if item["context"] == "argosy/push"]
    assert states[0] == "pending"
    assert states[-1] == "success"


def test_an_annotated_tag_is_told_on_its_commit_and_nothing_else_is(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("annotated")
    release = copy.commit({"ci.yaml": "on: {push: {tags: 'v*'}}\njobs: {one: {run: echo one}}\n"})
    copy.push()
    copy.git("tag", "--annotate", "--message", "one", "v1")
    copy.push("v1")
    statuses = ended_statuses(gitea, name, release, {"argosy/push", "argosy/tag", "argosy/tag/one"})
    assert {status.state for status in statuses.values()} == {"success"}
    other = copy.commit({"more": ""})
    copy.git("tag", "--annotate", "--message", "other", "other")
    copy.push("HEAD:main", "other")
    told = ended_statuses(gitea, name, other, {"argosy/push", "argosy/tag"})["argosy/tag"]
    assert (told.state, told.description) == ("success", "tag 'other' matches none of on.push.tags")
    observed.event_result(copy.git("rev-parse", "other"))
    said = [item["status"] for sha in (release, other) for item in gitea.history(name, sha)]
    assert set(said) == {"pending", "success"}


def test_a_package_tested_by_its_own_suite_goes_green_then_red(
    new_project: NewProject, gitea: Gitea, observed: Observed, tmp_path: pathlib.Path
) -> None:
    name, copy = new_project("idna")
    ci = "jobs:\n  test:\n    image: localhost/argosy/python:dev\n    steps:\n"
    ci += "      - {name: setup, run: python3 --version}\n"
    ci += "      - {name: unit tests, run: python3 -m unittest discover -s tests -t .}\n"
    sha = copy.commit({**_source_of(PACKAGE, tmp_path), "ci.yaml": ci}, "idna as published")
    copy.push()
    green = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test"})
    assert {status.state for status in green.values()} == {"success"}
    assert "OK" in observed.log(observed.job_pod(observed.finished_run(sha), "test"))

    broken = copy.commit(
        {"tests/test_broken.py": "import unittest\n\nclass T(unittest.TestCase):\n    def test(self): self.fail()\n"}
    )
    copy.push()
    red = ended_statuses(gitea, name, broken, {"argosy/push", "argosy/push/test"})
    assert {status.state for status in red.values()} == {"failure"}
    assert "unit tests" in red["argosy/push/test"].description
    assert "exit code 1" in red["argosy/push/test"].description
    assert "test" in red["argosy/push"].description


def test_a_job_image_without_a_shell_runs_a_script(new_project: NewProject, gitea: Gitea) -> None:
    name, copy = new_project("shell-less")
    sha = copy.commit(
        {"ci.yaml": "jobs:\n  one:\n    image: docker.io/library/nats:2.10.29\n    run: echo there is a shell\n"}
    )
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert {status.state for status in statuses.values()} == {"success"}


def test_nothing_runs_without_a_ci_yaml_and_the_commit_says_so(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("no-file")
    sha = copy.commit({"README.md": "nothing to see\n"})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push"})
    assert statuses["argosy/push"].state == "success"
    assert "no ci.yaml" in statuses["argosy/push"].description
    assert observed.runs(sha) == []


def test_a_deleted_branch_starts_nothing(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("deleted")
    sha = copy.commit({"ci.yaml": "on: {push: {branches: [main]}}\njobs: {one: {run: 'true'}}\n"})
    copy.push("HEAD:main", "HEAD:topic")
    ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    copy.git("push", "--quiet", "origin", ":topic")
    assert len(observed.runs(sha)) == 1


def _runner(observed: Observed, name: str) -> tuple[tuple[str, str], ...]:
    runner = observed.platform.runner(name)
    assert runner is not None
    return runner.resources


def _source_of(requirement: str, folder: pathlib.Path) -> dict[str, str | bytes]:
    """The files of a package's published source."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), requirement], check=True)
    (archive,) = folder.glob("*.tar.gz")
    files: dict[str, str | bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as source:
        for entry in source.getmembers():
            content = source.extractfile(entry)
            if content is not None:
                files[entry.name.split("/", 1)[1]] = content.read()
    return files
