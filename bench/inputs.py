"""What the commands are measured on: a ci.yaml of so many jobs, a push, a platform.yaml of so many repositories."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.e2e.installation import PLATFORM_FILE

if TYPE_CHECKING:
    import pathlib

EVENT = {
    "forge": "work",
    "kind": "push",
    "repository": "demo/app",
    "repository_id": "7",
    "default_branch": "main",
    "branch": "main",
    "sha": "0c0ffee00c0ffee00c0ffee00c0ffee00c0ffee0",
    "message": "a change",
    "tier": "protected",
}
_REPOSITORIES = 'repositories: ["demo/*"]'


def ci_file(jobs: int) -> str:
    """Jobs as people write them: a chain of stages of ten, each with two steps, variables and a runner."""
    return "on:\n  push: {branches: ['**']}\nenv:\n  CACHE: /tmp/cache\njobs:\n" + "".join(map(_job, range(jobs)))


def _job(number: int) -> str:
    needs = f"    needs: job-{number - 10}\n" if number >= 10 else ""  # noqa: PLR2004  (ten in a stage)
    return f"""  job-{number}:
{needs}    runner: medium
    image: docker.io/library/busybox:1.35
    env:
      NUMBER: "{number}"
    steps:
      - name: build part {number}
        run: |
          mkdir -p "$CACHE"
          echo "building part $NUMBER" | tee "$CACHE/log"
      - name: test part {number}
        run: test -s "$CACHE/log"
"""


def platform_file(repositories: int) -> str:
    """The example platform with this many repositories named one by one."""
    text = PLATFORM_FILE.read_text(encoding="utf-8")
    if text.count(_REPOSITORIES) != 1:
        raise ValueError(f"{PLATFORM_FILE} no longer says {_REPOSITORIES!r} once")
    names = "".join(f"      - demo/application-{number}\n" for number in range(repositories))
    return text.replace(_REPOSITORIES, f"repositories:\n{names}".rstrip())


def write(folder: pathlib.Path, job_counts: tuple[int, ...], repository_counts: tuple[int, ...]) -> None:
    """Lays down `N.yaml`, `event.json`, `platform.yaml` and `platform-N.yaml`."""
    for count in job_counts:
        (folder / f"{count}.yaml").write_text(ci_file(count), encoding="utf-8")
    for count in repository_counts:
        (folder / f"platform-{count}.yaml").write_text(platform_file(count), encoding="utf-8")
    (folder / "platform.yaml").write_text(PLATFORM_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
