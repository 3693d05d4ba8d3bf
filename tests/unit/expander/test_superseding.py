"""Of a group's runs the newest stays: which one it is, what becomes of the others, what a second attempt does."""

from __future__ import annotations

import copy
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from generator import result
from generator.cluster import CONFLICT, ClusterError
from generator.expander.expand import expand
from generator.forges.forge import BranchFacts, ForgeError, TagFacts
from tests.unit.expander.edges import PULL_REQUEST, RUN, RUNS, Killed, World
from tests.unit.expander.test_expand import PUSH, REQUEST, TAG
from tests.unit.samples import SHA

if TYPE_CHECKING:
    from generator.events.claims import Claim

OLD, OTHER = "d" * 40, "e" * 40
CI = """\
on: {push: {branches: '**', tags: '**'}, pull_request: {}}
concurrency: {group: "GROUP", cancel-in-progress: true}
jobs: {one: {run: make}}
"""
PER_REF = CI.replace("GROUP", "${{ event }}-${{ ref }}")
SHARED = CI.replace("GROUP", "deploy")
NODES = {"a": {"name": "a", "phase": "Running"}}
MARK = "argosy.dev/superseded-by"


class Pushes(World):
    """A world in which events come one after the other."""

    def __init__(self, ci: str = PER_REF) -> None:
        super().__init__(ci)
        for sha in (OLD, OTHER):
            self.at(sha).text = ci.encode()
            self.at(sha).descendants = (SHA,)

    def head(self, sha: str, branch: str = "main", *, protected: bool = True) -> None:
        """The forge says so from now on."""
        self.forge.branches[branch] = BranchFacts(sha, protected=protected, message="")

    def push(self, sha: str, branch: str = "main") -> result.Result:
        """The event of a push."""
        return expand(self.edge, "work", dataclasses.replace(PUSH, branch=branch, sha=sha))

    def go_on(self, name: str, **status: Any) -> None:
        """What Argo makes of a run in the meantime."""
        self.cluster.patch(f"{RUNS}/{name}", {"metadata": {}, "status": status})

    def shutdown(self, name: str) -> str | None:
        """Whether the run is being stopped, and how."""
        shutdown: str | None = self.cluster.objects[f"{RUNS}/{name}"]["spec"].get("shutdown")
        return shutdown

    def two(self, **status: Any) -> tuple[str, str]:
        """A run of an older commit in this state, and then one of the head."""
        self.head(OLD)
        older = self.push(OLD).run
        self.go_on(older, **status)
        self.head(SHA)
        return older, self.push(SHA).run


def test_an_older_run_that_has_begun_is_stopped_and_marked() -> None:
    world = Pushes()
    older, newer = world.two(phase="Running", nodes=NODES)
    assert world.cluster.names(RUNS) == {older, newer}
    assert (world.shutdown(older), world.shutdown(newer)) == ("Terminate", None)
    assert world.cluster.objects[f"{RUNS}/{older}"]["metadata"]["annotations"][MARK] == newer


@pytest.mark.parametrize("status", [{}, {"phase": "Pending", "message": "Waiting for a lock"}], ids=["new", "waiting"])
def test_an_older_run_that_has_not_begun_is_marked_and_deleted(status: dict[str, Any]) -> None:
    world = Pushes()
    older, newer = world.two(**status)
    assert world.cluster.names(RUNS) == {newer}
    writes = [call for call in world.fuse.calls if call.endswith(older) and call.split()[0] in ("patch", "delete")]
    assert [call.split()[0] for call in writes][-2:] == ["patch", "delete"]


@pytest.mark.parametrize("phase", ["Succeeded", "Failed", "Error"])
def test_a_run_that_has_ended_keeps_its_end(phase: str) -> None:
    world = Pushes()
    older, _ = world.two(phase=phase, nodes=NODES)
    assert world.shutdown(older) is None
    assert MARK not in world.cluster.objects[f"{RUNS}/{older}"]["metadata"]["annotations"]


def test_a_run_that_somebody_stops_is_not_told_as_superseded() -> None:
    world = Pushes()
    world.head(OLD)
    older = world.push(OLD).run
    world.cluster.patch(
        f"{RUNS}/{older}",
        {"metadata": {}, "spec": {"shutdown": "Stop"}, "status": {"phase": "Running", "nodes": NODES}},
    )
    world.head(SHA)
    world.push(SHA)
    assert world.shutdown(older) == "Stop"
    assert MARK not in world.cluster.objects[f"{RUNS}/{older}"]["metadata"]["annotations"]


@pytest.mark.parametrize("text", [PER_REF.replace("true", "false"), PER_REF.replace("true", "event == 'tag'")])
def test_without_cancel_in_progress_older_runs_stay(text: str) -> None:
    world = Pushes(text)
    older, newer = world.two(phase="Pending")
    assert world.cluster.names(RUNS) == {older, newer}


def test_runs_of_other_groups_stay() -> None:
    world = Pushes()
    world.head(SHA, "topic", protected=False)
    world.push(SHA, "topic")
    world.push(SHA)
    assert len(world.cluster.names(RUNS)) == 2


def test_the_newest_is_the_refs_head_and_not_what_comes_last() -> None:
    world = Pushes()
    world.head(SHA)
    newer = world.push(SHA).run
    late = world.push(OLD)
    assert (late.outcome, late.why) == (result.STARTED, "cancelled: a newer run of its group")
    assert world.cluster.names(RUNS) == {newer}


def test_a_late_run_is_cancelled_even_if_the_newer_one_has_ended() -> None:
    world = Pushes()
    newer = world.push(SHA).run
    world.go_on(newer, phase="Succeeded", nodes=NODES)
    world.push(OLD)
    assert world.cluster.names(RUNS) == {newer}


def test_a_late_run_stays_while_the_head_has_none() -> None:
    world = Pushes()
    assert world.push(OLD).why == "push to 'main'"
    assert len(world.cluster.names(RUNS)) == 1


def test_a_redelivery_of_the_older_push_ends_nothing() -> None:
    world = Pushes()
    older, newer = world.two(phase="Running", nodes=NODES)
    before = world.cluster.state()
    assert world.push(OLD).outcome == result.FOUND
    assert world.cluster.state() == before
    assert world.cluster.names(RUNS) == {older, newer}


def test_a_forced_push_back_to_a_commit_that_has_run_ends_nothing() -> None:
    world = Pushes()
    older, newer = world.two(phase="Running", nodes=NODES)
    world.go_on(older, phase="Failed")
    world.go_on(newer, phase="Running", nodes=NODES)
    world.head(OLD)
    assert world.push(OLD).outcome == result.FOUND
    assert world.shutdown(newer) is None


def test_across_refs_the_run_that_was_created_last_stays() -> None:
    world = Pushes(SHARED)
    world.head(OTHER, "release")
    first = world.push(OTHER, "release").run
    world.cluster.objects[f"{RUNS}/{first}"]["metadata"]["creationTimestamp"] = "2026-11-24T11:59:59Z"
    second = world.push(SHA).run
    assert world.cluster.names(RUNS) == {second}


def test_an_expander_that_comes_back_late_does_not_end_a_run_that_was_created_since() -> None:
    world = Pushes(SHARED)
    world.head(OTHER, "release")
    first = world.push(SHA).run
    world.cluster.objects[f"{RUNS}/{first}"]["metadata"]["creationTimestamp"] = "2026-11-24T11:59:59Z"
    world.go_on(first, phase="Running", nodes=NODES)
    second = world.push(OTHER, "release").run
    assert world.push(SHA).outcome == result.FOUND
    assert (world.shutdown(first), world.shutdown(second)) == ("Terminate", None)


def test_a_run_does_not_end_one_of_a_higher_tier() -> None:
    world = Pushes(SHARED)
    release = world.push(SHA).run
    world.cluster.objects[f"{RUNS}/{release}"]["metadata"]["creationTimestamp"] = "2026-11-24T11:59:59Z"
    world.head(OTHER, "topic", protected=False)
    topic = world.push(OTHER, "topic").run
    assert world.cluster.names(RUNS) == {release, topic}


@pytest.mark.parametrize("claim", [REQUEST, TAG], ids=lambda claim: claim.kind)
def test_pull_requests_and_tags_have_heads_too(claim: Claim) -> None:
    world = Pushes()
    world.forge.pull_requests[7] = dataclasses.replace(PULL_REQUEST, head_sha=OLD)
    world.forge.tags["v1"] = TagFacts(OLD, "6" * 40, "")
    expand(world.edge, "work", dataclasses.replace(claim, sha=OLD))
    world.forge.pull_requests[7] = dataclasses.replace(PULL_REQUEST, head_sha=SHA)
    world.forge.tags["v1"] = TagFacts(SHA, "7" * 40, "")
    newer = expand(world.edge, "work", claim).run
    assert world.cluster.names(RUNS) == {newer}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("status", [{}, {"phase": "Running", "nodes": NODES}], ids=["waiting", "running"])
def test_killed_anywhere_the_second_attempt_does_the_rest(status: dict[str, Any], *, after: bool) -> None:
    def fresh() -> World:
        world = Pushes()
        world.head(OLD)
        world.go_on(world.push(OLD).run, **status)
        world.head(SHA)
        world.fuse.calls.clear()
        return world

    undisturbed = fresh()
    expand(undisturbed.edge, "work", PUSH)
    for number in range(len(undisturbed.fuse.calls)):
        world = fresh()
        world.fuse.left, world.fuse.after = number, after
        with pytest.raises(Killed):
            expand(world.edge, "work", PUSH)
        world.fuse.left = None
        assert expand(world.edge, "work", PUSH).run == RUN
        assert world.cluster.state() == undisturbed.cluster.state()


def test_a_run_that_begins_while_it_is_to_be_deleted_is_stopped() -> None:
    world = Pushes()
    world.head(OLD)
    older = world.push(OLD).run
    world.head(SHA)
    delete = world.cluster.delete

    def late(path: str, version: str = "") -> dict[str, Any]:
        if "nodes" not in world.cluster.objects[path].get("status", {}):
            world.go_on(older, phase="Running", nodes=NODES)
        return delete(path, version)

    world.cluster.delete = late  # type: ignore[method-assign]
    world.push(SHA)
    assert world.shutdown(older) == "Terminate"


def test_a_run_that_ends_while_it_is_to_be_stopped_keeps_its_end() -> None:
    world = Pushes()
    world.head(OLD)
    older = world.push(OLD).run
    world.go_on(older, phase="Running", nodes=NODES)
    world.head(SHA)
    get = world.cluster.get

    def stale(path: str, query: Any = None) -> dict[str, Any]:
        seen = copy.deepcopy(get(path, query))
        if query is not None:
            world.go_on(older, phase="Succeeded")
        return seen

    world.cluster.get = stale  # type: ignore[method-assign]
    world.push(SHA)
    assert world.shutdown(older) is None


def test_an_older_run_that_is_gone_in_the_meantime_is_no_trouble() -> None:
    world = Pushes()
    world.head(OLD)
    older = world.push(OLD).run
    world.head(SHA)
    patch = world.cluster.patch

    def gone(path: str, value: Any) -> dict[str, Any]:
        del world.cluster.objects[f"{RUNS}/{older}"]
        return patch(path, value)

    world.cluster.patch = gone  # type: ignore[method-assign]
    assert world.push(SHA).outcome == result.STARTED


@pytest.mark.parametrize("status", [500, CONFLICT])
def test_trouble_of_the_cluster_after_the_run_was_made_is_tried_again(status: int) -> None:
    world = Pushes()
    world.head(OLD)
    world.go_on(world.push(OLD).run, phase="Running", nodes=NODES)
    world.head(SHA)

    def patch(*_: Any) -> dict[str, Any]:
        raise ClusterError(status, "for ever")

    world.cluster.patch = patch  # type: ignore[assignment, method-assign]
    with pytest.raises(ClusterError):
        world.push(SHA)
    assert RUN in world.cluster.names(RUNS)


def test_trouble_of_the_forge_after_the_run_was_made_is_tried_again() -> None:
    world = Pushes()
    create = world.cluster.create

    def then_trouble(path: str, value: Any) -> dict[str, Any]:
        world.forge.trouble["branch"] = [ForgeError("502")]
        return create(path, value)

    world.cluster.create = then_trouble  # type: ignore[method-assign]
    with pytest.raises(ForgeError):
        world.push(SHA)
    assert world.cluster.names(RUNS) == {RUN}
