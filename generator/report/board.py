"""Which status each slot is to get next: what the Workflows want, who of them wins, and what stands there already.

Pure but for its own memory: views, deletions and posts go in, `Post`s come out. Of several Workflows that want one slot
(the same commit pushed to two branches; an event and its run) a run wins over an event, and the newer one over the
older. Nothing is posted twice.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.forges.forge import ERROR, CommitStatus
from generator.platform.run_link import run_link
from generator.report.record import Record, Standing
from generator.report.report import report, run_slot
from generator.report.slots import Report, Slot, When, digest, is_open, status
from generator.report.view import FINAL_PHASES, EventView, Origin, RunView, TaskView, is_final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.platform.model import Platform
    from generator.report.comment import Comment

_SUCCEEDED = "Succeeded"


@dataclasses.dataclass(frozen=True, slots=True)
class Post:
    """A status or a comment to be posted. `unless_final`: only if the forge shows no final state in the slot."""

    slot: Slot
    status: CommitStatus | Comment
    origin: Origin
    unless_final: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Wish:
    origin: Origin
    is_run: bool
    report: Report


class Board:
    """One for all forges.

    `namespaces` are those that are watched: nothing is said of a Workflow as gone before its namespace is known.
    """

    def __init__(self, platform: Platform, record: Record, namespaces: Iterable[str]) -> None:
        self._platform = platform
        self._record = record
        self._unlisted = set(namespaces)
        self._unknown = set(namespaces)
        self._views: dict[str, RunView | EventView] = {}
        self._wishes: dict[Slot, dict[str, _Wish]] = {}
        self._slots: dict[str, tuple[Slot, ...]] = {}
        self._succeeded: dict[str, set[str]] = {}
        self._troubles: dict[str, dict[str, tuple[str, float]]] = {}
        self._refused: dict[Slot, str] = {}
        self._withheld: dict[Slot, str] = {}
        self._later: set[Slot] = set()
        self._last_words: dict[Slot, Post] = {}

    def seen(self, view: RunView | EventView) -> set[Slot]:
        """A Workflow as it is now. Returns the slots that this may change."""
        self._views[view.origin.uid] = view
        if view.phase in FINAL_PHASES:
            self._succeeded.pop(view.origin.uid, None)
        return self._wish(view)

    def succeeded(self, uid: str, node: str) -> set[Slot]:
        """A job of the Workflow has ended well: Argo finds that out in a while, the commit may show it now."""
        view = self._views.get(uid)
        if view is not None and view.phase in FINAL_PHASES:
            return set()
        self._succeeded.setdefault(uid, set()).add(node)
        return set() if view is None else self._wish(view)

    def troubled(self, uid: str, node: str, what: str, told_from: float = 0.0) -> set[Slot]:
        """A job of the Workflow or its service is in trouble, which Argo does not tell or tells as something else.

        Nobody is told before `told_from`, in seconds since the epoch.
        """
        if not what and uid not in self._troubles:
            return set()
        troubles = self._troubles.setdefault(uid, {})
        if troubles.get(node) == (what, told_from):
            return set()
        troubles[node] = (what, told_from)
        view = self._views.get(uid)
        return set() if view is None else self._wish(view)

    def gone(self, uid: str) -> set[Slot]:
        """A Workflow has been deleted. One that a newer run's expander deletes has its last word before."""
        view = self._views.pop(uid, None)
        if isinstance(view, RunView) and view.superseded:
            self._keep_last_word(view)
        self._succeeded.pop(uid, None)
        self._troubles.pop(uid, None)
        slots = set(self._slots.pop(uid, ()))
        for slot in slots:
            self._forget(slot, uid)
        return slots

    def listed(self, namespace: str, uids: set[str]) -> set[Slot]:
        """A namespace's Workflows are these and no others. What was refused is tried once more."""
        missing = [uid for uid, view in self._views.items() if view.origin.namespace == namespace and uid not in uids]
        slots = set().union(*map(self.gone, missing))
        self._unknown.discard(namespace)
        self._unlisted.discard(namespace)
        self._refused.clear()
        if not self._unknown:
            # Pods go after their Workflow, and are told once more as they do.
            self._succeeded = {uid: nodes for uid, nodes in self._succeeded.items() if uid in self._views}
            self._troubles = {uid: nodes for uid, nodes in self._troubles.items() if uid in self._views}
        return slots | set(self._wishes) | set(self._record.slots())

    def unreadable(self, namespace: str) -> None:
        """A namespace cannot be listed (yet): the others do not wait for it."""
        self._unknown.discard(namespace)

    def due(self) -> set[Slot]:
        """The slots in which something becomes due by itself."""
        return set(self._later)

    def change_platform(self, platform: Platform, added: Iterable[str]) -> set[Slot]:
        """A new platform.yaml, and the namespaces that are watched from now on."""
        self._platform = platform
        self._unlisted.update(added)
        self._unknown.update(added)
        return set().union(*map(self._wish, list(self._views.values())))

    def next(self, slot: Slot, now: float) -> Post | None:
        """What is to be posted in the slot now, None for nothing."""
        self._later.discard(slot)
        standing = self._record.get(slot)
        wish = self._winner(slot, standing)
        departed = self._departed(slot, standing)
        if departed is not None and (wish is None or not wish.is_run):
            return None if self._refused.get(slot) == digest(departed.status) else departed
        if wish is None:
            self._tidy(slot, standing)
            return None
        return self._post(slot, wish, standing, now)

    def posted(self, post: Post) -> set[Slot]:
        """A status is on the commit. Returns the slots to look at again."""
        self._last_words.pop(post.slot, None)
        origin, still_open = post.origin, is_open(post.status)
        where = (origin.namespace, origin.name) if still_open else ("", "")
        self._record.put(post.slot, Standing(origin.uid, origin.created, digest(post.status), still_open, *where))
        self._complete(run_slot(post.slot))
        return {post.slot}

    def withheld(self, post: Post) -> None:
        """The forge shows a final state already, which a mere plan does not replace."""
        self._withheld[post.slot] = digest(post.status)

    def refused(self, post: Post) -> None:
        """The forge does not take this status; the same one is not tried again before the next listing."""
        self._refused[post.slot] = digest(post.status)

    def _wish(self, view: RunView | EventView) -> set[Slot]:
        uid = view.origin.uid
        shown = self._with_pods(view) if isinstance(view, RunView) else view
        reports = report(shown, self._platform)
        before = self._slots.get(uid, ())
        self._slots[uid] = tuple(wanted.slot for wanted in reports)
        for slot in set(before) - set(self._slots[uid]):
            self._forget(slot, uid)
        for wanted in reports:
            self._wishes.setdefault(wanted.slot, {})[uid] = _Wish(view.origin, isinstance(view, RunView), wanted)
        return {*before, *self._slots[uid]}

    def _with_pods(self, view: RunView) -> RunView:
        succeeded = self._succeeded.get(view.origin.uid, set())
        troubles = self._troubles.get(view.origin.uid, {})
        if not succeeded and not troubles:
            return view
        nodes = [f"{view.origin.name}.{task.note.task}" for task in view.tasks]
        tasks = [_with_pod(task, node, succeeded, troubles) for task, node in zip(view.tasks, nodes, strict=True)]
        return dataclasses.replace(view, tasks=tuple(tasks))

    def _forget(self, slot: Slot, uid: str) -> None:
        wishes = self._wishes.get(slot, {})
        wishes.pop(uid, None)
        if not wishes:
            self._wishes.pop(slot, None)
            self._withheld.pop(slot, None)

    def _keep_last_word(self, view: RunView) -> None:
        of_run = report(view, self._platform)[0]
        standing = self._record.get(of_run.slot)
        if not is_open(of_run.status) and (standing is None or standing.open):
            self._last_words[of_run.slot] = Post(of_run.slot, of_run.status, view.origin)

    def _winner(self, slot: Slot, standing: Standing | None) -> _Wish | None:
        """The Workflow that speaks in the slot; one that is older than whose status stands there has had its say."""
        wishes: Mapping[str, _Wish] = self._wishes.get(slot, {})
        latest = standing or self._complete_run(slot)
        heard = [wish for wish in wishes.values() if latest is None or not _is_outdated(wish, latest)]
        return max(heard, key=_rank, default=None)

    def _complete_run(self, slot: Slot) -> Standing | None:
        """What stands for the slot's run, if all of that is told: then the record has forgotten the run's jobs."""
        of_run = self._record.get(run_slot(slot))
        return of_run if of_run is not None and of_run.complete else None

    def _departed(self, slot: Slot, standing: Standing | None) -> Post | None:
        """The end of what stands open in the slot, if its Workflow is gone for certain."""
        last_word = self._last_words.get(slot)
        if last_word is not None and (standing is None or standing.open):
            return last_word
        if standing is None or not standing.open or standing.uid in self._views:
            return None
        if self._unknown or standing.namespace in self._unlisted:
            return None
        what = "run" if standing.name.startswith("run-") else "event"
        said = status(
            slot.context, ERROR, f"the {what} was deleted", run_link(self._platform, standing.namespace, standing.name)
        )
        return Post(slot, said, Origin(standing.uid, standing.namespace, standing.name, standing.created))

    def _post(self, slot: Slot, wish: _Wish, standing: Standing | None, now: float) -> Post | None:
        wanted = wish.report
        said = digest(wanted.status)
        if said in (self._refused.get(slot), self._withheld.get(slot)) or self._is_told(slot, wish, standing, said):
            return None
        if not wish.is_run and self._unknown:
            self._later.add(slot)
            return None
        if now < wanted.after:
            self._later.add(slot)
            return None
        if not _applies(wanted.when, standing):
            return None
        asks = wanted.when is When.UNLESS_FINAL and standing is None
        return Post(slot, wanted.status, wish.origin, unless_final=asks)

    def _is_told(self, slot: Slot, wish: _Wish, standing: Standing | None, said: str) -> bool:
        """Whether the slot shows it already; the record forgets the jobs of a run that is told completely."""
        if standing is not None:
            return standing.digest == said and standing.uid == wish.origin.uid
        of_run = self._complete_run(slot)
        return of_run is not None and of_run.uid == wish.origin.uid

    def _complete(self, slot: Slot) -> None:
        """Forgets the statuses of a run's jobs once the run and all of them are told for good."""
        standing = self._record.get(slot)
        if standing is None or standing.open or standing.complete or slot.number:
            return
        jobs = [other for other in self._slots.get(standing.uid, ()) if other != slot and not other.number]
        if any(self.next(other, 0.0) is not None for other in jobs):
            return
        self._record.put(slot, dataclasses.replace(standing, complete=True))
        for other in jobs:
            of_job = self._record.get(other)
            if of_job is not None and of_job.uid == standing.uid:
                self._record.drop(other)

    def _tidy(self, slot: Slot, standing: Standing | None) -> None:
        """Forgets what is final once nobody is left who could say more."""
        if standing is not None and not standing.open and not self._unknown and slot not in self._wishes:
            self._record.drop(slot)


def _applies(when: When, standing: Standing | None) -> bool:
    """Whether a report is to be made, given what stands in its slot."""
    if when is When.ALWAYS:
        return True
    if when is When.UNLESS_FINAL:
        return standing is None or standing.open
    if when is When.IF_THERE:
        return standing is not None
    return standing is not None and standing.open


def _rank(wish: _Wish) -> tuple[bool, bool, float, str]:
    """Kubernetes tells times in seconds: of two in the same one, always the same wins."""
    return wish.is_run, wish.report.when is not When.IF_OPEN, wish.origin.created, wish.origin.uid


def _is_outdated(wish: _Wish, standing: Standing) -> bool:
    return wish.origin.created < standing.created and wish.origin.uid != standing.uid


def _with_pod(task: TaskView, node: str, succeeded: set[str], troubles: Mapping[str, tuple[str, float]]) -> TaskView:
    """The task as succeeded if a pod of it has (of its node, or of a retry, `node(1)`) and Argo has not got to know.

    And with what its latest pod says to be wrong.
    """
    phase = _SUCCEEDED if any(_is_of(node, name) for name in succeeded) and not is_final(task) else task.phase
    told = [troubles[name] for name in sorted(troubles, key=len) if _is_of(node, name)]
    trouble, told_from = told[-1] if told else ("", 0.0)
    return dataclasses.replace(task, phase=phase, trouble=trouble, trouble_from=told_from)


def _is_of(node: str, pod: str) -> bool:
    return pod == node or pod.startswith(f"{node}(")
