"""`make up`: the cluster, argosy on it, two example repositories pushed, and a table of what came of them.

A second run finds everything as it left it, pushes nothing new and prints the table again.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from tests.e2e import cluster
from tests.e2e.gitea import Gitea
from tests.e2e.installation import CHECKOUT, ORGANISATION, install
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.e2e.gitea import Status, WorkingCopy

EXAMPLES = CHECKOUT / "examples/repositories"
_ENDED = ("success", "failure", "error")
_RUN_CONTEXT = "argosy/push"


def main() -> None:
    """Brings everything up, and says how to go on from there."""
    start = time.monotonic()
    here = cluster.up()
    _say(start, "argosy: applying the local overlay")
    install(here)
    gitea = Gitea(here.gitea.url, here.gitea.user, here.gitea.token)
    rows = [row for folder in sorted(EXAMPLES.iterdir()) for row in _example(gitea, folder, start)]
    _say(start, "done")
    sys.stdout.write(_report(here, rows))


def _example(gitea: Gitea, folder: pathlib.Path, start: float) -> list[tuple[str, str, str, str]]:
    """Pushes one example unless the forge has it, and waits for its statuses.

    Rows of repository, context, state and description.
    """
    name = f"{ORGANISATION}/{folder.name}"
    gitea.repository(name)
    with tempfile.TemporaryDirectory() as temporary:
        copy = gitea.clone(name, pathlib.Path(temporary) / "copy")
        sha = _brought_up_to_date(copy, folder)
    _say(start, f"{name}: waiting for the statuses of {sha[:8]}")
    statuses = until(f"the statuses of {name}", lambda: gitea.statuses(name, sha), 300, _ended)
    return [(name, context, status.state, status.description) for context, status in sorted(statuses.items())]


def _brought_up_to_date(copy: WorkingCopy, folder: pathlib.Path) -> str:
    files: dict[str, str | bytes] = {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    there = {path: (copy.folder / path).read_bytes() for path in files if (copy.folder / path).exists()}
    if there == files:
        return copy.git("rev-parse", "HEAD")
    sha = copy.commit(files, f"The example {folder.name}")
    copy.push("HEAD:main")
    return sha


def _ended(statuses: dict[str, Status]) -> bool:
    return _RUN_CONTEXT in statuses and all(status.state in _ENDED for status in statuses.values())


def _report(here: cluster.Cluster, rows: list[tuple[str, str, str, str]]) -> str:
    names = sorted({row[0] for row in rows})
    forge = here.gitea
    clone = f"git clone {forge.url}/{names[-1]}"
    environment = 'eval "$(.venv/bin/python -m tests.e2e.cluster env)"'
    steps = {
        clone: "change something, push, and look at the commit's page",
        environment: "kubectl and argo are this cluster's then",
        "kubectl get workflows -A": "events in namespace argosy, runs in argosy-runs-default",
        "make down": "removes the cluster; what was built stays in the cache",
    }
    return "\n".join(
        [
            "",
            f"Git server    {forge.url}    user {forge.user}    password {forge.password}",
            f"Repositories  {', '.join(f'{forge.url}/{name}' for name in names)}",
            "",
            *_table(rows),
            "",
            "Next",
            *_table(list(steps.items())),
            "",
        ]
    )


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines, each column but the last as wide as its widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return ["  " + "  ".join([*map(str.ljust, row, widths), row[-1]]) for row in rows]


def _say(start: float, line: str) -> None:
    sys.stderr.write(f"{time.monotonic() - start:6.1f} s  {line}\n")


if __name__ == "__main__":
    main()
