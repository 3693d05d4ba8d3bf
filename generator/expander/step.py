"""The container of the event Workflow's one step.

Environment and mounted files in, a run Workflow and a result file out.

Nothing heavy is imported on this path: every push waits for it. Exit codes: 0 there is a result, 3 outside trouble (the
step is tried again).
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from generator import git_access, result
from generator.cluster import Cluster, ClusterError
from generator.diagnostics import render_text
from generator.events.claims import claim
from generator.events.packing import Packed, PackedError, unpack
from generator.expander.expand import Edge, expand, refusal
from generator.forges import connect
from generator.forges.forge import ForgeError
from generator.git_access import clone_url
from generator.platform import reader as platform_reader
from generator.repository import Remote, Repository, RepositoryError
from generator.result import Result

if TYPE_CHECKING:
    from generator.platform.model import Forge as ForgeSettings
    from generator.platform.model import Platform

OUTSIDE_TROUBLE = 3
_PLATFORM_FILE = pathlib.Path("/etc/argosy/platform.yaml")
_TOKENS = pathlib.Path("/etc/argosy/tokens")
_RESULT_FILE = pathlib.Path("/tmp/argosy/result")  # noqa: S108  (an emptyDir of this pod)


def main() -> int:
    """Expands the event that the environment carries. Returns the exit code."""
    try:
        packed = unpack(os.environ["ARGOSY_EVENT"])
    except PackedError as failure:
        return _finish(Result(result.IGNORED, f"this event cannot be read: {failure}"))
    try:
        return _finish(_expand(_platform(), packed))
    except (ForgeError, RepositoryError, ClusterError) as failure:
        _say(f"outside trouble, to be tried again: {failure}")
        return OUTSIDE_TROUBLE


def _expand(platform: Platform, packed: Packed) -> Result:
    claimed = claim(
        packed,
        scheduled_at=os.environ.get("ARGOSY_SCHEDULED_AT", ""),
        request=os.environ.get("ARGOSY_REQUEST", ""),
        inputs=os.environ.get("ARGOSY_INPUTS", ""),
    )
    settings = platform.forge(packed.forge)
    why = refusal(platform, packed.forge, claimed)
    if why or settings is None:
        return Result(result.IGNORED, why)
    with (
        tempfile.TemporaryDirectory(prefix="argosy-", ignore_cleanup_errors=True) as folder,
        contextlib.ExitStack() as end,
    ):
        return expand(_edge(platform, settings, pathlib.Path(folder), end), settings.id, claimed)


def _edge(platform: Platform, settings: ForgeSettings, folder: pathlib.Path, end: contextlib.ExitStack) -> Edge:
    texts = [path.read_text().strip() for path in sorted((_TOKENS / settings.id).glob("[0-9]*"))]
    tokens = list(filter(None, texts))
    if not tokens:
        raise ForgeError(f"no read token for forge {settings.id!r} under {_TOKENS}")
    forge = connect(settings, tokens)
    return Edge(platform, forge, Cluster.inside(), _Fetches(settings, tuple(tokens), folder, end), _say, time.sleep)


class _Fetches:
    """Starts fetches, each in a folder of its own; those that nobody has waited for end with `end`."""

    def __init__(
        self, settings: ForgeSettings, tokens: tuple[str, ...], folder: pathlib.Path, end: contextlib.ExitStack
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._folder = folder
        self._end = end
        self._count = 0

    def __call__(self, repository: str, sha: str) -> Repository:
        self._count += 1
        folder = self._folder / str(self._count) / "git"
        folder.mkdir(parents=True)
        remote = Remote(clone_url(self._settings, repository), git_access.user(self._settings.kind), self._tokens)
        started = Repository(folder, remote, sha)
        self._end.callback(started.close)
        return started


def _platform() -> Platform:
    text = _PLATFORM_FILE.read_bytes()
    platform, diagnostics = platform_reader.read(text, str(_PLATFORM_FILE))
    if platform is None:
        _say(render_text(diagnostics, {str(_PLATFORM_FILE): text.decode(errors="replace")}))
        raise ClusterError(0, f"{_PLATFORM_FILE} has errors: correct platform.yaml, render and sync")
    return platform


def _finish(came: Result) -> int:
    _RESULT_FILE.parent.mkdir(parents=True, exist_ok=True)
    _RESULT_FILE.write_text(result.encode(came))
    where = f" {came.namespace}/{came.run}" if came.run else ""
    _say(f"{came.outcome}{where}: {came.why}")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line.rstrip("\n") + "\n")
    sys.stderr.flush()
