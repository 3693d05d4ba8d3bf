"""Caches, over runs of the same branch, of another one and of a pull request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.conftest import Project
from tests.e2e.observed import FINISHED, Observed
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

RESTORED_BOTH = ["==> cache rolling: restored", "==> cache keyed: restored"]
NewProject = Callable[..., Project]
CI = """\
on: {push: {branches: [main]}, pull_request: {}}
jobs:
  it:
    cache:
      rolling: {paths: [.rolling, nothing]}
      keyed: {paths: [/var/keyed], key: "${{ hash('lock') }}"}
    run: |
      mkdir -p .rolling /var/keyed
      echo "rolling: $(cat .rolling/word) keyed: $(cat /var/keyed/word)"
      cp word .rolling/word
      cp word /var/keyed/word
      [ ! -e red ]
"""


def test_a_run_finds_what_earlier_ones_of_its_refs_stored(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("caches")

    def said(event: str, sha: str) -> list[str]:
        """What the job of that commit's run has to say of its caches."""
        (run,) = until(f"a run of {sha}", lambda: ended(event, sha), 180)
        log = observed.log(observed.job_pod(run, "it"))
        return [line.partition(", ")[0] for line in log.splitlines() if line.startswith(("==> cache", "rolling:"))]

    def ended(event: str, sha: str) -> list[dict[str, Any]]:
        runs = [run for run in observed.runs(sha) if run["metadata"]["labels"]["argosy.dev/kind"] == event]
        return [run for run in runs if run.get("status", {}).get("phase") in FINISHED]

    def pushed(**files: str) -> list[str]:
        sha = copy.commit({"ci.yaml": CI, **files})
        copy.push()
        return said("push", sha)

    stored = [f"==> cache {cache}: stored" for cache in ("rolling", "keyed")]
    assert pushed(word="one", lock="1")[2:] == ["rolling:  keyed: ", *stored]
    assert pushed(word="two", red="") == [*RESTORED_BOTH, "rolling: one keyed: one"]
    copy.git("rm", "--quiet", "red")
    assert pushed(word="three") == [*RESTORED_BOTH, "rolling: one keyed: one", stored[0]]
    assert pushed(word="four", lock="2")[2:] == ["rolling: three keyed: one", *stored]

    copy.git("checkout", "--quiet", "-b", "topic")
    sha = copy.commit({"word": "five"})
    copy.push()
    gitea.pull_request(name, "topic")
    assert said("pull_request", sha) == [*RESTORED_BOTH, "rolling: four keyed: four", stored[0]]
    copy.git("checkout", "--quiet", "main")
    # What a pull request stored is nothing to others.
    assert pushed(word="six")[2] == "rolling: four keyed: four"
