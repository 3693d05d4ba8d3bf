"""A matrix on the cluster: a pod for each combination, one status for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.cluster import BUSYBOX_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses, job_of

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
NAME, _, VERSION = BUSYBOX_IMAGE.rpartition(":")
CI = f"""\
jobs:
  test:
    matrix:
      box: ["{VERSION}", other]
      db: [postgres, none]
      exclude: [{{box: other}}]
      extend: [{{db: postgres, tags: "it's {{{{workflow.name}}}} $(id)"}}]
      include: [{{box: other, db: some}}]
      max-parallel: 2
    image: "{NAME}:${{{{ matrix.box == 'other' ? '{VERSION}' : matrix.box }}}}"
    runner: "${{{{ matrix.db == 'some' ? 'medium' : 'small' }}}}"
    allow-failure: matrix.db == 'none'
    env: {{TAGS: "${{{{ matrix.tags }}}}"}}
    steps:
      - {{if: matrix.db == 'postgres', run: echo with a database}}
      - run: 'echo "$MATRIX_BOX $MATRIX_DB <$TAGS> $CI_MATRIX_INDEX of $CI_MATRIX_TOTAL"'
      - {{name: none, if: matrix.db == 'none', run: exit 3}}
  service:
    matrix: {{path: {{dirs: "services/*"}}}}
    run: cat "$MATRIX_PATH/name"
  after: {{needs: [test, service], run: "true"}}
"""
FAILING = """\
jobs:
  test:
    matrix: {a: [one, two, three, four], max-parallel: 1, fail-fast: true}
    run: '[ "$MATRIX_A" != two ]'
"""


def test_every_combination_runs_in_a_pod_of_its_own_with_its_values(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("matrix")
    sha = copy.commit({"ci.yaml": CI, "services/web/name": "the web\n", "services/api/name": "the api\n"})
    copy.push()
    contexts = {"argosy/push", *(f"argosy/push/{job}" for job in ("test", "service", "after"))}
    statuses = ended_statuses(gitea, name, sha, contexts)
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    run = observed.finished_run(sha)
    logs = {job_of(pod): observed.log(pod) for pod in observed.pods(run)}
    assert set(logs) == {
        f"test.box-{VERSION.replace('.', '-')}-db-postgres",
        f"test.box-{VERSION.replace('.', '-')}-db-none",
        "test.box-other-db-some",
        "service.path-services-api",
        "service.path-services-web",
        "after",
    }
    said = "\n".join(logs.values())
    with_one = "==> [1/2] step 1\nwith a database\n==> [2/2] step 2\n"
    assert f"{with_one}{VERSION} postgres <it's {{{{workflow.name}}}} $(id)> 1 of 3\n" in said
    assert f"==> [1/2] step 2\n{VERSION} none <> 2 of 3\n" in said
    assert "==> [1/1] step 2\nother some <> 3 of 3\n" in said
    assert "the web\n" in logs["service.path-services-web"]
    said = f"failure (allowed): 1 of 3 failed: test[box={VERSION},db=none]: step 2 'none' failed with exit code 3"
    assert statuses["argosy/push/test"].description.startswith(said)


def test_after_a_failure_a_fast_matrix_starts_no_more(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("fast")
    sha = copy.commit({"ci.yaml": FAILING})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test"})
    assert {status.state for status in statuses.values()} == {"failure"}
    assert statuses["argosy/push/test"].description.startswith("1 of 4 failed: test[a=two]: step 1 failed")
    assert {job_of(pod) for pod in observed.pods(observed.finished_run(sha))} == {"test.a-one", "test.a-two"}
