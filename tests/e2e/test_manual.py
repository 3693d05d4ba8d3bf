"""Runs by hand on the cluster: inputs arrive as they are, what does not fit is refused, one request has one run."""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from generator.placement import CONTROL_NAMESPACE
from tests.e2e.conftest import Project
from tests.e2e.installation import CHECKOUT
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.test_policies import ALLOWED, attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
Argosy = Callable[..., "subprocess.CompletedProcess[str]"]
NASTY = "{{workflow.name}} {{=1+1}} $(id) ${HOME} `id` \"double\" 'single' \\ 🚀 ${{ sha }}\n\tline two\n"
CI = """\
on:
  push: {branches: main}
  manual:
    inputs:
      level: {type: choice, options: [debug, info], default: info, description: How loud}
      dry_run: {type: boolean}
      note: {description: What to say}
      size: {default: 1.10}
jobs:
  one:
    env: {JOINED: "${{ inputs.note }}|${{ inputs.dry_run }}"}
    steps:
      - run: echo "$CI_EVENT $CI_BRANCH level=$INPUT_LEVEL dry=$INPUT_DRY_RUN size=$INPUT_SIZE"
      - run: printf '%s' "$INPUT_NOTE" | base64 | tr -d '\\n'; echo " note"
      - run: printf '%s' "$JOINED" | base64 | tr -d '\\n'; echo " joined"
  wet: {if: "!inputs.dry_run", run: echo wet}
"""
PERSON = "ann@example.org"


@pytest.fixture
def argosy(here: Cluster) -> Argosy:
    """The command, as somebody with this kubeconfig runs it."""

    def run(*arguments: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generator", "run", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "KUBECONFIG": str(here.kubeconfig)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


def carried(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def named(output: str, what: str) -> str:
    """The name that the command printed for the event or the run, without its namespace."""
    found = re.search(rf"^{what} \S+/(\S+)", output, re.MULTILINE)
    assert found is not None, output
    return found[1]


def test_inputs_arrive_as_they_are_and_a_second_call_starts_nothing(
    new_project: NewProject, gitea: Gitea, observed: Observed, argosy: Argosy
) -> None:
    name, copy_ = new_project("by-hand")
    sha = copy_.commit({"ci.yaml": CI})
    copy_.push()
    push = {"argosy/push", "argosy/push/one", "argosy/push/wet"}
    ended_statuses(gitea, name, sha, push)
    pushed = observed.finished_run(sha)
    assert "push main level=info dry=false size=1.10" in observed.log(observed.job_pod(pushed, "one"))

    request = str(uuid.uuid4())
    asked = (
        "--repository",
        name,
        "--request",
        request,
        "--input",
        f"note={NASTY}",
        "--input",
        "dry_run=true",
        "--wait",
    )
    done = argosy(*asked, "--input", "level=debug")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "success: 1 job succeeded, 1 skipped" in done.stdout
    assert "one: succeeded" in done.stderr
    (run,) = [item for item in observed.runs(sha) if item["metadata"]["name"].startswith("run-m-")]
    assert run["metadata"]["name"] == named(done.stdout, "run")
    log = observed.log(observed.job_pod(run, "one"))
    assert "manual main level=debug dry=true size=1.10" in log
    assert f"{carried(NASTY)} note" in log
    assert f"{carried(f'{NASTY}|true')} joined" in log
    statuses = ended_statuses(gitea, name, sha, push | {"argosy/manual", "argosy/manual/one", "argosy/manual/wet"})
    assert statuses["argosy/manual"].state == "success"
    assert statuses["argosy/manual/wet"].description.startswith("skipped: `if` is false")

    # The same request once more, and by another way that the event Workflow's name does not catch.
    again = argosy(*asked, "--input", "level=debug")
    assert again.returncode == 0
    assert "nothing new is started" in again.stderr
    assert named(again.stdout, "run") == named(done.stdout, "run")
    whole = argosy(*asked, "--ref", "refs/heads/main", "--input", "level=info")
    assert f"run argosy-runs-default/{run['metadata']['name']} found: already ran as" in whole.stdout
    assert named(whole.stdout, "event") != named(done.stdout, "event")
    assert len(observed.runs(sha)) == 2


def test_what_does_not_fit_is_refused_with_what_is_known_and_the_commit_shows_nothing(
    new_project: NewProject, gitea: Gitea, observed: Observed, argosy: Argosy
) -> None:
    name, copy_ = new_project("misfit")
    sha = copy_.commit({"ci.yaml": CI})
    copy_.push()
    copy_.push("HEAD:refs/tags/v1")
    ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one", "argosy/push/wet", "argosy/tag"})

    done = argosy(
        "--repository", name, "--input", "levle=debug", "--input", "dry_run=yes", "--input", "note=x", "--wait"
    )
    assert done.returncode == 1
    assert "ci.yaml:4:5: error: the run is given 'levle', which is no input of the file [unknown-input]" in done.stderr
    assert "did you mean 'level'? known: level, dry_run, note, size" in done.stderr
    assert "ci.yaml:6:7: error: the input 'dry_run' cannot be 'yes' [bad-input]" in done.stderr
    missing = argosy("--repository", name, "--ref", "v1", "-o", "json")
    assert missing.returncode == 1
    told = json.loads(missing.stdout)
    assert [(one["code"], one["hint"]) for one in told["diagnostics"]] == [
        ("missing-input", "give it: --input dry_run=true|false"),
        ("missing-input", "give it: --input note=TEXT (What to say)"),
    ]
    nowhere = argosy("--repository", name, "--ref", "v2")
    assert nowhere.returncode == 1
    assert "nothing was started: there is no branch or tag 'v2'" in nowhere.stderr
    assert [run["metadata"]["name"] for run in observed.runs(sha) if "run-m-" in run["metadata"]["name"]] == []
    assert not [context for context in gitea.statuses(name, sha) if context.startswith("argosy/manual")]


def test_a_run_that_fails_makes_the_command_fail(new_project: NewProject, argosy: Argosy) -> None:
    name, copy_ = new_project("failing-by-hand")
    copy_.commit({"ci.yaml": "on: manual\njobs: {one: {run: exit 3}}\n"})
    copy_.push()
    done = argosy("--repository", name, "--wait")
    assert done.returncode == 1
    assert "failure: one: step 1 failed" in done.stdout


@pytest.fixture
def bound(here: Cluster) -> Iterator[None]:
    """A person with the role for people, in the control namespace alone."""
    here.kubectl("-n", CONTROL_NAMESPACE, "create", "rolebinding", "ann", "--role=argosy-starter", f"--user={PERSON}")
    yield
    here.kubectl("-n", CONTROL_NAMESPACE, "delete", "rolebinding", "ann")


@pytest.mark.usefixtures("bound")
def test_whoever_is_bound_to_the_role_makes_this_workflow_and_no_other(here: Cluster) -> None:
    workflow: dict[str, Any] = copy.deepcopy(ALLOWED)
    parameters = workflow["spec"]["arguments"]["parameters"]
    parameters += [{"name": "request", "value": str(uuid.uuid4())}, {"name": "inputs", "value": "e30="}]
    assert attempt(here, PERSON, workflow) == ""
    assert "forbidden" in attempt(here, "bob@example.org", workflow)

    templated = copy.deepcopy(workflow)
    templated["spec"]["arguments"]["parameters"][2]["value"] = "{{workflow.name}}"
    assert "must be base64" in attempt(here, PERSON, templated)
