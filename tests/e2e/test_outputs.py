"""What jobs hand to those that need them: outputs, verbatim, and results, whatever became of the job."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses, job_of
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
HOSTILE = """it's {{workflow.name}} {{=sprig.env("HOME")}} $(id) \\ "x" {{ {{= \N{ROCKET}"""
CI = """\
jobs:
  build:
    outputs: [version, words]
    run: |
      echo version=0 >>"$CI_OUTPUT"
      echo version=1.10 >>"$CI_OUTPUT"
      cat words >>"$CI_OUTPUT"
  broken: {outputs: [text], run: exit 3}
  lost: {outputs: [text], run: sleep 600}
  late: {needs: build, when: failure, run: "true"}
  tag: {on: {push: {tags: "v*"}}, outputs: [text], run: "true"}
  use:
    needs: [build, broken, lost, late, {job: tag, optional: true}]
    when: always
    env:
      A: "v${{ needs.build.outputs.version }}!"
      B: "${{ needs.build.outputs.words }}"
      C: "${{ needs.broken.outputs.text }}|${{ needs.lost.outputs.text }}|${{ needs.tag.outputs.text }}"
      D: "${{ needs.build.result }} ${{ needs.broken.result }} ${{ needs.lost.result }}"
      E: "${{ needs.late.result }} ${{ needs.tag.result }}"
    run: printf '<%s>\\n' "$A" "$B" "$C" "$D" "$E"
  each:
    needs: build
    matrix: {n: [one, two]}
    env: {A: "${{ needs.build.outputs.version }} ${{ matrix.n }}"}
    run: echo "<$A>"
"""


def test_outputs_and_results_reach_those_that_need_the_job(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("outputs")
    sha = copy.commit({"ci.yaml": CI, "words": f"words={HOSTILE}\n"})
    copy.push()
    (lost,) = until("the pod", lambda: observed.lasting(sha, "job-lost"))
    observed.here.kubectl("-n", lost["metadata"]["namespace"], "delete", "pod", lost["metadata"]["name"], "--now")
    jobs = ("build", "broken", "lost", "late", "tag", "use", "each")
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *(f"argosy/push/{job}" for job in jobs)}, 240)
    assert statuses["argosy/push/use"].state == "success", statuses
    run = observed.finished_run(sha)
    said = observed.log(observed.job_pod(run, "use"))
    assert f"<v1.10!>\n<{HOSTILE}>\n<||>\n<success failure failure>\n<skipped skipped>\n" in said
    logs = "".join(observed.log(pod) for pod in observed.pods(run) if job_of(pod).startswith("each."))
    assert "<1.10 one>\n" in logs
    assert "<1.10 two>\n" in logs
