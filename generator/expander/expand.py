"""The expander's decisions and writes, in the order that makes a second attempt find what the first one did.

1. look for the run, in the cluster and in the commit's statuses; 2. create it; 3. end the older runs of its group; 4.
bring the schedules to the file; the result is written by the caller. Every way out is a `Result`; only outside trouble
(forge, git, cluster) that may be over the next time is raised, and then the whole step is tried again.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from generator import result
from generator.cluster import CONFLICT, Cluster, ClusterError, workflows
from generator.diagnostics import Diagnostic, Span, error, has_errors, headline, in_order
from generator.diagnostics import to_json as diagnostic_to_json
from generator.document.text import MAX_BYTES
from generator.events.event import Event
from generator.events.event import to_json as event_to_json
from generator.expander import facts, plan_tests, schedules
from generator.expander.superseding import supersede
from generator.expander.tree import FetchedTree
from generator.forges.forge import PENDING, CommitStatus, ForgeError
from generator.language import reader
from generator.language.check import check_outline
from generator.language.including import UnfitFileError
from generator.manifests.cron import cron_workflow
from generator.manifests.metadata import schedule_labels
from generator.manifests.size import compiled
from generator.placement import Placement, place
from generator.planning.inputs import misfits
from generator.planning.planner import plan as make_plan
from generator.platform.grants import granted
from generator.repository import CI_FILE, Repository, RepositoryError
from generator.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.events.claims import Claim
    from generator.forges.forge import Forge
    from generator.language.model import CiFile
    from generator.manifests.objects import Object
    from generator.planning.plan import Plan
    from generator.platform.model import Platform

# What goes into addresses and git's arguments. A forge's names are narrower; groups of GitLab nest.
_REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+")
_SHA = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})?")
_PAUSES = (0.5, 1.5)  # seconds; Gitea answers 500 for a moment after a repository's first push
_REFUSED_BY_THE_CLUSTER = (400, 413, 422)  # no better the next time; 403 may be a quota, 404 a namespace yet to come
_MESSAGE_CHARACTERS = 1024
_MOST_DIAGNOSTICS = 50
_UNTRUSTED = "pull requests from forks and by people without write access are not run here yet"


@dataclasses.dataclass(frozen=True, slots=True)
class Edge:
    """What the expander works on: `fetch` starts getting a repository (owner/name) at a commit.

    `say` takes a line for the log, `wait` lets so many seconds pass.
    """

    platform: Platform
    forge: Forge
    cluster: Cluster
    fetch: Callable[[str, str], Repository]
    say: Callable[[str], None]
    wait: Callable[[float], None]


def refusal(platform: Platform, forge_id: str, claim: Claim) -> str:
    """Why nothing is even asked about this event; empty where it is to be expanded."""
    if platform.forge(forge_id) is None:
        return f"platform.yaml has no forge {forge_id!r}"
    if not claim.kind:
        return claim.why
    if not _REPOSITORY.fullmatch(claim.repository) or not all(map(_SHA.fullmatch, (claim.sha, claim.base_sha))):
        return "the event's repository or commit is not written as a forge writes it"
    if platform.paused:
        return "the platform is paused: nothing is started"
    if not granted(platform, forge_id, claim.repository):
        return f"no glob of forge {forge_id!r} in platform.yaml names {claim.repository!r}"
    return ""


def expand(edge: Edge, forge_id: str, claim: Claim) -> Result:
    """Makes what one event asks for. Raises ForgeError, RepositoryError and ClusterError for outside trouble."""
    try:
        return _expand(edge, forge_id, claim)
    except ForgeError as failure:
        if not failure.lasting:
            raise
        return Result(result.REFUSED, f"the forge does not let argosy look: {failure}")


def _expand(edge: Edge, forge_id: str, claim: Claim) -> Result:
    # Git starts before the forge answers: the claimed commit is nearly always the one.
    early = edge.fetch(claim.repository, claim.sha) if claim.sha else None
    event = _gathered(edge, forge_id, claim)
    if isinstance(event, facts.Gone):
        return Result(result.IGNORED, event.why)
    if not granted(edge.platform, forge_id, event.repository):
        why = f"{claim.repository!r} is {event.repository!r} now, which no glob of forge {forge_id!r} names"
        return _of(event, result.IGNORED, why)
    placement = place(edge.platform, forge_id, event.repository, event.tier)
    if placement is None:
        return _of(event, result.IGNORED, f"no tenant in platform.yaml has {event.repository!r}")
    if event.tier == "untrusted":
        return _of(event, result.REFUSED, _UNTRUSTED)
    fits = early is not None and (claim.repository, claim.sha) == (event.repository, event.sha)
    source = early if early is not None and fits else edge.fetch(event.repository, event.sha)
    return _from_source(edge, event, placement, source)


def _gathered(edge: Edge, forge_id: str, claim: Claim) -> Event | facts.Gone:
    """The facts. Asks again at once where the forge stumbles: a new pod costs more than a moment's patience."""
    for pause in _PAUSES:
        try:
            return facts.gather(claim, forge_id, edge.forge)
        except ForgeError as failure:
            if failure.lasting or failure.retry_after > pause:
                raise
            edge.say(f"asking again: {failure}")
        edge.wait(pause)
    return facts.gather(claim, forge_id, edge.forge)


def _from_source(edge: Edge, event: Event, placement: Placement, source: Repository) -> Result:
    try:
        event = dataclasses.replace(event, message=source.message())
        moved = _moved(edge, event, source)
        if moved:
            return _of(event, result.REFUSED, moved)
        return _plan(edge, event, placement, source)
    except RepositoryError as failure:
        if failure.gone:
            return _of(event, result.REFUSED, f"commit {event.sha} is not in the repository any more")
        if failure.refused:
            return _of(event, result.REFUSED, f"the forge does not let argosy fetch: {failure}")
        raise
    except UnfitFileError as failure:
        return _invalid(event, [error(Span(CI_FILE, 1, 1, 1, 1), failure.code, str(failure))])


def _read(source: Repository, platform: Platform, repository: str) -> tuple[CiFile | None, list[Diagnostic]] | None:
    """The ci.yaml with what it includes, and its findings; None where the commit has none.

    Of a right file the plan tells what the platform makes of it; of a wrong one it is among the findings.
    """
    text = source.text(CI_FILE, MAX_BYTES)
    if text is None:
        return None

    def beside(path: str) -> bytes | None:
        return source.text(path, MAX_BYTES)

    ci, found = reader.read(text, CI_FILE, beside)
    if ci is not None:
        return ci, found
    outline, found = reader.read_outline(text, CI_FILE, beside)
    return None, found + (check_outline(outline, platform, repository) if outline is not None else [])


def _moved(edge: Edge, event: Event, source: Repository) -> str:
    """Why a pushed commit is not on its branch; empty where it is."""
    if event.kind != "push":
        return ""
    branch = edge.forge.branch(event.repository, event.branch)
    if branch is None:
        return f"branch {event.branch!r} is not there any more"
    if branch.head == event.sha or source.is_ancestor_of(branch.head):
        return ""
    return f"{event.sha} is not on the branch any more: a later push replaced it"


def _plan(edge: Edge, event: Event, placement: Placement, source: Repository) -> Result:
    file = _read(source, edge.platform, f"{event.forge}/{event.repository}")
    if file is None:
        _synchronise(edge, event, None)
        return _nothing(event, f"no {CI_FILE} at this commit")
    ci, diagnostics = file
    if ci is None:
        return _invalid(event, diagnostics)
    asked = misfits(ci.triggers, event)
    if asked:
        return _nothing(event, _first(asked), asked)
    tree = FetchedTree(event, source, edge.forge)
    plan, more = make_plan(ci, event, edge.platform, tree)
    diagnostics = diagnostics + more
    if plan is not None and not has_errors(diagnostics):
        diagnostics += plan_tests.findings(ci, event, source, tree)
    if plan is None or has_errors(diagnostics):
        return _invalid(event, diagnostics)
    workflow, more = compiled(plan, ci, edge.platform) if plan.runs else ({}, [])
    diagnostics = diagnostics + more
    if has_errors(diagnostics):
        return _invalid(event, diagnostics)
    came = _start(edge, plan, workflow, placement, diagnostics) if plan.runs else _nothing(event, plan.why, diagnostics)
    _synchronise(edge, event, ci)
    return came


def _start(edge: Edge, plan: Plan, workflow: Object, placement: Placement, diagnostics: list[Diagnostic]) -> Result:
    event, name, namespace = plan.event, plan.run_name, placement.namespace
    run, outcome, why = edge.cluster.find(workflows(namespace, name)), result.FOUND, f"already ran as {name}"
    if run is None:
        # The commit's statuses outlive the cluster's memory.
        if any(_tells_the_end(status, event, name) for status in edge.forge.statuses(event.repository, event.sha)):
            why = f"{why}: a status of the commit says so"
            return _of(event, result.FOUND, why, diagnostics, run=name, namespace=namespace)
        try:
            run, outcome, why = _created(edge, workflow, namespace), result.STARTED, plan.why
        except ClusterError as failure:
            if failure.status in _REFUSED_BY_THE_CLUSTER:
                return _of(event, result.REFUSED, f"the cluster does not take the run: {failure}", diagnostics)
            if failure.status != CONFLICT:
                raise
            run = edge.cluster.find(workflows(namespace, name))
    if run is not None and _supersede(edge, plan, run):
        why = "cancelled: a newer run of its group"
    return _of(event, outcome, why, diagnostics, run=name, namespace=namespace)


def _created(edge: Edge, workflow: Object, namespace: str) -> dict[str, Any]:
    """The run as the cluster took it."""
    run = edge.cluster.create(workflows(namespace), workflow)
    edge.say(f"created {namespace}/{workflow['metadata']['name']}")
    return run


def _supersede(edge: Edge, plan: Plan, run: dict[str, Any]) -> bool:
    """Of the run's group leaves the newest, if the file wants that. Returns whether this run was not that one."""
    if plan.concurrency is None or not plan.concurrency.cancel:
        return False
    return supersede(edge.cluster, run, facts.head(plan.event, edge.forge), edge.say)


def _tells_the_end(status: CommitStatus, event: Event, name: str) -> bool:
    """Whether the status is that run's last word. A run that is pending and nowhere was lost with its cluster."""
    own = status.context == f"argosy/{event.kind}" and status.url.rstrip("/").endswith(f"/{name}")
    return own and status.state != PENDING


def _synchronise(edge: Edge, event: Event, ci: CiFile | None) -> None:
    """Schedules follow the default branch's head, and no other commit."""
    if event.kind != "push" or event.branch != event.default_branch:
        return
    branch = edge.forge.branch(event.repository, event.branch)
    if branch is None or branch.head != event.sha:
        edge.say("schedules are left as they are: the default branch has moved on")
        return
    entries = ci.triggers.schedule if ci is not None else ()
    wanted: list[dict[str, Any]] = [cron_workflow(entry, event, edge.platform) for entry in entries]
    for change in schedules.synchronise(edge.cluster, schedule_labels(event, edge.platform), wanted):
        edge.say(change)


def _nothing(event: Event, why: str, diagnostics: list[Diagnostic] | None = None) -> Result:
    """Nothing is to run.

    Of a manual run the commit shows nothing then: no check waits for it, and whoever asked reads the result.
    """
    return _of(event, result.IGNORED if event.kind == "manual" else result.NOTHING, why, diagnostics)


def _invalid(event: Event, diagnostics: list[Diagnostic]) -> Result:
    return _of(event, result.INVALID, _first(diagnostics), diagnostics)


def _first(diagnostics: list[Diagnostic]) -> str:
    """The first error, and how many more there are."""
    errors = [diagnostic for diagnostic in in_order(diagnostics) if has_errors([diagnostic])]
    rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{headline(errors[0])}{rest}"


def _of(
    event: Event,
    outcome: str,
    why: str,
    diagnostics: list[Diagnostic] | None = None,
    run: str = "",
    namespace: str = "",
) -> Result:
    told = tuple(diagnostic_to_json(diagnostic) for diagnostic in in_order(diagnostics or [])[:_MOST_DIAGNOSTICS])
    return Result(outcome, why, run, namespace, _plain(event), told)


def _plain(event: Event) -> dict[str, Any]:
    """The event file's object as JSON gives it back, so that a result compares equal after its journey.

    It becomes part of a Workflow, which cannot take a message of any length.
    """
    kept = dataclasses.replace(event, message=event.message[:_MESSAGE_CHARACTERS])
    value: dict[str, Any] = json.loads(json.dumps(event_to_json(kept)))
    return value
