"""Waiting for what the cluster makes of a Workflow: the expander's word about an event, the end of a run.

Each is asked for again every second or two, which needs no right but to get that one object. A cluster that stumbles is
asked again for a while.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any, TypeVar

from generator.cluster import Cluster, ClusterError, workflows
from generator.forges.forge import PENDING
from generator.placement import CONTROL_NAMESPACE
from generator.platform.model import Report as ReportSettings
from generator.report.report import statuses
from generator.report.view import FINAL_PHASES, EventView, RunView, read
from generator.wording import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.forges.forge import CommitStatus
    from generator.platform.model import Platform
    from generator.result import Result

_PAUSES = (0.5, 1.0, 2.0)  # seconds; the last one from then on
_PATIENCE = 5  # answers in a row that are none
_SERVERS_OWN = 500

Seen = TypeVar("Seen")


class FollowingError(Exception):
    """There is nothing (any more) to wait for, or it took too long."""


class Follower:
    """Waits for several things one after the other, `timeout` seconds in all (None: as long as it takes).

    `tell` takes a line about what changed.
    """

    def __init__(
        self,
        cluster: Cluster,
        tell: Callable[[str], None],
        timeout: float | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._cluster = cluster
        self._say = tell
        self._now = now
        self._sleep = sleep
        self._end = None if timeout is None else now() + timeout

    def result(self, event: str) -> Result:
        """What came of an event Workflow. Raises FollowingError and ClusterError."""
        told = ""

        def look(raw: dict[str, Any]) -> Result | None:
            nonlocal told
            view = read(raw)
            if not isinstance(view, EventView):
                raise FollowingError(f"{event} is no event of argosy's")
            if view.result is None and view.phase in FINAL_PHASES:
                why = harmless(view.message) or "the expander left no result"
                raise FollowingError(f"the run could not be planned: {why}")
            if view.message not in ("", told) and view.result is None:
                told = view.message
                self._say(f"planning: {harmless(told)}")
            return view.result

        return self._until(workflows(CONTROL_NAMESPACE, event), look)

    def end(self, namespace: str, run: str, platform: Platform) -> CommitStatus:
        """How a run ended, in the words of its commit's status; tells each job's on the way.

        Raises FollowingError and ClusterError.
        """
        # Whatever of it the commit is shown.
        everything = dataclasses.replace(platform, report=ReportSettings("all", platform.report.link))
        told: dict[str, CommitStatus] = {}

        def look(raw: dict[str, Any]) -> CommitStatus | None:
            view = read(raw)
            if not isinstance(view, RunView):
                raise FollowingError(f"{namespace}/{run} is no run of argosy's")
            whole, *jobs = statuses(view, everything)
            for status in (*jobs, whole):
                if told.get(status.context) != status:
                    told[status.context] = status
                    self._tell(status, whole)
            return None if whole.state == PENDING else whole

        return self._until(workflows(namespace, run), look)

    def _tell(self, status: CommitStatus, whole: CommitStatus) -> None:
        if status is not whole:
            self._say(f"{status.context.removeprefix(f'{whole.context}/')}: {status.description}")
        elif status.state == PENDING:
            self._say(status.description)

    def _until(self, path: str, look: Callable[[dict[str, Any]], Seen | None]) -> Seen:
        asked = failed = 0
        while True:
            try:
                raw = self._cluster.find(path)
            except ClusterError as failure:
                failed += 1
                if failed >= _PATIENCE or 0 < failure.status < _SERVERS_OWN:
                    raise
            else:
                failed = 0
                if raw is None:
                    raise FollowingError(f"{path.rpartition('/')[2]} is not in the cluster (any more)")
                seen = look(raw)
                if seen is not None:
                    return seen
            if self._end is not None and self._now() >= self._end:
                raise FollowingError("it takes longer than --timeout allows")
            self._sleep(_PAUSES[min(asked, len(_PAUSES) - 1)])
            asked += 1
