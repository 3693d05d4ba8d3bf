"""Files that jobs store and other jobs get, by way of the bucket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = """\
jobs:
  build:
    run: |
      if env | grep -qi -e secret -e s3 -e token || [ -e /argo/secret ] || [ -e /var/run/secrets ]; then exit 9; fi
      mkdir -p bin/deep
      echo 'the app' >bin/app
      ln -s app bin/link
      echo left >bin/deep/left
    artifacts: {binary: [bin/, "!**/left"], extra: {paths: [nothing], if-empty: ok}}
  test:
    needs: build
    matrix: {kind: [a/b, c]}
    download: [build.binary, build.extra]
    run: |
      cat bin/link
      [ ! -e bin/deep ]
      mkdir reports
      echo same >reports/same
      echo "$MATRIX_KIND" >"reports/$CI_MATRIX_INDEX"
      echo "$MATRIX_KIND" >own
    artifacts: {report: "reports/{same,?}", own: own}
  together:
    needs: test
    download: [{from: test.report, to: all}, {from: test.own, to: each, split: true}]
    run: |
      find all each -type f | sort
      cat all/reports/1 all/reports/2 each/kind=a-b/own each/kind=c/own
  matched:
    needs: test
    matrix: {kind: [c]}
    download: {from: test.own, same: kind}
    run: cat own
  named:
    matrix: {kind: [x, y], number: ["1", "2"]}
    run: echo "$MATRIX_KIND$MATRIX_NUMBER" >"$MATRIX_NUMBER"
    artifacts: {"of-${{ matrix.kind }}": "[12]"}
  picked:
    needs: named
    download: {from: named.of-x, to: x/deep}
    run: ls x/deep; cat x/deep/*
  conflict:
    needs: test
    download: test.own
    run: echo never
  red:
    run: echo 'in red' >log; exit 3
    artifacts: {log: log}
  late:
    needs: red
    when: always
    download: red.log
    run: cat log
  hostile:
    run: |
      for place in /argosy-new/artifact.001 /argosy-kept/artifact.001; do
        rm -f "$place" || true
        ln -sf /var/run/secrets/kubernetes.io/serviceaccount/token "$place" || true
      done
      echo hello >log
    artifacts: {log: log}
  robbed:
    needs: hostile
    when: always
    download: hostile.log
    run: ls -A
  empty:
    run: echo done
    artifacts: {report: "report.*"}
"""
JOBS = (
    "build",
    "test",
    "together",
    "matched",
    "named",
    "picked",
    "conflict",
    "red",
    "late",
    "hostile",
    "robbed",
    "empty",
)


def test_files_of_a_job_reach_those_that_need_it(new_project: NewProject, gitea: Gitea, observed: Observed) -> None:
    name, copy = new_project("artifacts")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in JOBS)})
    states = {job: statuses[f"argosy/push/{job}"].state for job in JOBS}
    failed = ("conflict", "red", "hostile", "empty")
    assert states == {job: "failure" if job in failed else "success" for job in JOBS}, statuses
    said = {job: statuses[f"argosy/push/{job}"].description for job in failed}
    assert said["conflict"].startswith("not started: an artifact of another job could not be put into the workspace")
    assert said["red"].startswith("step 1 failed with exit code 3")
    assert said["hostile"].startswith("ran, and an artifact could not be packed")
    assert said["empty"].startswith("stored an artifact without a file")

    run = observed.finished_run(sha)
    assert "\nthe app\n" in observed.log(observed.job_pod(run, "test.kind-c"))
    files = "all/reports/1\nall/reports/2\nall/reports/same\neach/kind=a-b/own\neach/kind=c/own\n"
    assert f"{files}a/b\nc\na/b\nc\n" in observed.log(observed.job_pod(run, "together"))
    assert "\nc\n" in observed.log(observed.job_pod(run, "matched.kind-c"))
    assert "\n1\n2\nx1\nx2\n" in observed.log(observed.job_pod(run, "picked"))
    assert "own is not the same file in all combinations" in observed.log(observed.job_pod(run, "conflict"))
    assert "\nin red\n" in observed.log(observed.job_pod(run, "late"))
    # Links in the places of its files reach nobody: what is stored is the empty file that was there before.
    assert "download hostile.log: not there" in observed.log(observed.job_pod(run, "robbed"))
    assert "its paths match no file" in observed.log(observed.job_pod(run, "empty"))
