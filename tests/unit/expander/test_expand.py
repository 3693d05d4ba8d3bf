"""What becomes of an event: a run, or the reason why there is none; and the same however often it is tried."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

import pytest

from generator import result
from generator.cluster import ClusterError
from generator.events.claims import Claim
from generator.events.event import from_json
from generator.expander.expand import expand, refusal
from generator.forges.forge import BranchFacts, CommitStatus, ForgeError, TagFacts
from generator.language.including import UnfitFileError
from generator.manifests.metadata import decode_event
from generator.platform.model import Tenant
from generator.repository import RepositoryError
from tests.unit.expander.edges import (
    APP,
    CRONS,
    JOBS,
    PULL_REQUEST,
    RUN,
    RUNS,
    Commit,
    Killed,
    World,
)
from tests.unit.samples import PLATFORM, SHA, platform

PUSH = Claim(
    "push",
    repository="acme/app",
    repository_id="42",
    actor="ann",
    branch="main",
    sha=SHA,
    base_sha="b" * 40,
)
TAG = Claim("tag", repository="acme/app", repository_id="42", tag="v1", sha="7" * 40)
REQUEST = Claim("pull_request", repository="acme/app", repository_id="42", number=7, action="synchronize", sha=SHA)
SCHEDULE = Claim(
    "schedule", repository="acme/app", repository_id="42", schedule="nightly", scheduled_at="2026-11-24T03:00:00Z"
)
MANUAL = Claim("manual", repository="acme/app", request="1b4e28ba-2fa1-11d2-883f-0016d3cca427")
OTHER = "d" * 40
NIGHTLY = "on: {push: {}, schedule: {name: nightly, cron: '0 3 * * *'}}\n" + JOBS


def came(world: World, claim: Claim = PUSH) -> str:
    """`outcome: why`."""
    said = expand(world.edge, "work", claim)
    return f"{said.outcome}: {said.why}"


def test_a_push_becomes_a_run_under_the_name_of_its_identity() -> None:
    world = World()
    said = expand(world.edge, "work", PUSH)
    assert (said.outcome, said.run, said.namespace) == (result.STARTED, RUN, "argosy-runs-default")
    assert world.run()["metadata"]["name"] == RUN
    assert world.run()["metadata"]["annotations"]["argosy.dev/digest"].startswith("sha256:")


def test_the_event_is_what_the_forge_says_and_not_what_the_payload_claims() -> None:
    world = World()
    expand(world.edge, "work", dataclasses.replace(PUSH, actor="mallory"))
    event = decode_event(world.run()["metadata"]["annotations"]["argosy.dev/event"])
    assert (event.repository_id, event.default_branch, event.tier, event.sha) == ("42", "main", "protected", SHA)
    assert event.message == "Add it"


def test_the_result_tells_the_whole_event() -> None:
    said = expand(World().edge, "work", PUSH)
    assert said.event is not None
    event = from_json(said.event)
    assert (event.branch, event.base_sha, event.actor) == ("main", "b" * 40, "ann")


WEB = """\
on: {push: {branches: '**', tags: '**'}, pull_request: {}}
jobs: {web: {if: changed('web/**'), run: make}, b: {run: x}}
"""
TOUCHED, UNTOUCHED = frozenset({"web/a.js"}), frozenset({"docs/a.md"})
BASE, HEAD = "b" * 40, "e" * 40


def tasks(world: World, claim: Claim) -> list[str]:
    """The jobs of the run that the claim becomes."""
    assert expand(world.edge, "work", claim).outcome == result.STARTED
    return [task["name"] for task in world.run()["spec"]["templates"][0]["dag"]["tasks"]]


@pytest.mark.parametrize(("changes", "runs"), [(TOUCHED, True), (UNTOUCHED, False), (None, True)])
@pytest.mark.parametrize("claim", [PUSH, REQUEST], ids=lambda claim: claim.kind)
def test_what_was_changed_since_the_base_decides(claim: Claim, changes: frozenset[str] | None, *, runs: bool) -> None:
    world = World(WEB)
    world.at().changes = {BASE: changes}
    assert tasks(world, claim) == (["job-web", "job-b"] if runs else ["job-b"])


def test_a_tag_changes_everything_and_git_is_not_asked() -> None:
    world = World(WEB)
    world.forge.tags["v1"] = TagFacts(SHA, "7" * 40, "")
    world.at().late = AssertionError("git was asked")
    assert tasks(world, TAG) == ["job-web", "job-b"]


@pytest.mark.parametrize("base", ["", OTHER], ids=["new branch", "forced push over a commit that is gone"])
@pytest.mark.parametrize(("changes", "runs"), [(TOUCHED, True), (UNTOUCHED, False)])
def test_a_branch_without_a_base_is_compared_with_the_default_branch(
    base: str, changes: frozenset[str], *, runs: bool
) -> None:
    world = World(WEB)
    heads = {"main": HEAD, "topic": SHA}
    world.forge.branches = {name: BranchFacts(head, protected=False, message="") for name, head in heads.items()}
    world.at().changes = {HEAD: changes}
    claim = dataclasses.replace(PUSH, branch="topic", base_sha=base)
    assert tasks(world, claim) == (["job-web", "job-b"] if runs else ["job-b"])


def test_the_first_push_of_a_repository_changes_everything() -> None:
    assert tasks(World(WEB), dataclasses.replace(PUSH, base_sha="")) == ["job-web", "job-b"]


def test_a_pull_request_whose_target_was_forced_is_compared_with_the_target_as_it_is_now() -> None:
    world = World(WEB)
    world.forge.branches["main"] = BranchFacts(HEAD, protected=True, message="")
    world.at().changes = {HEAD: UNTOUCHED}
    assert tasks(world, REQUEST) == ["job-b"]


def test_a_digest_of_the_commits_files_goes_into_the_image() -> None:
    world = World("jobs: {a: {image: \"app:${{ hash('lock') }}\", run: x}}")
    world.at().files = {"lock": "1" * 40}
    tasks(world, PUSH)
    containers = world.run()["spec"]["templates"][1]["containerSet"]["containers"]
    assert [len(one["image"]) for one in containers if one["image"].startswith("app:")] == [4 + 64]


def test_trouble_while_git_is_asked_is_tried_again() -> None:
    world = World(WEB)
    world.at().late = RepositoryError("the remote end hung up")
    with pytest.raises(RepositoryError):
        expand(world.edge, "work", PUSH)
    assert world.cluster.state() == {}
    world.at().late = None
    world.at().changes = {BASE: TOUCHED}
    assert tasks(world, PUSH) == ["job-web", "job-b"]


def test_an_expression_without_a_value_is_told_at_its_place_and_nothing_is_made() -> None:
    world = World("jobs:\n  a: {run: x, env: {A: \"${{ hash('lock') }}\"}}\n")
    said = expand(world.edge, "work", PUSH)
    assert (said.outcome, world.cluster.names(RUNS)) == (result.INVALID, set())
    assert said.why == "ci.yaml:2:25: error: hash() finds no file that matches 'lock' [expression-failed]"
    assert said.diagnostics[0]["code"] == "expression-failed"


def test_a_run_of_which_no_job_is_left_is_nothing_with_the_reason() -> None:
    world = World("jobs: {a: {if: event == 'tag', run: x}}")
    assert came(world) == "nothing: no job runs: 'a': `if` is false: event == 'tag'"
    assert world.cluster.names(RUNS) == set()


def test_a_run_that_is_there_is_found_and_not_made_again() -> None:
    world = World()
    expand(world.edge, "work", PUSH)
    before = world.cluster.state()
    assert came(world) == f"found: already ran as {RUN}"
    assert world.cluster.state() == before


def test_a_run_that_was_cleaned_up_is_remembered_by_the_commits_statuses() -> None:
    world = World()
    world.forge.shown = [CommitStatus("argosy/push", "success", "", f"https://argo.example/workflows/x/{RUN}")]
    assert came(world) == f"found: already ran as {RUN}: a status of the commit says so"
    assert world.cluster.state() == {}


@pytest.mark.parametrize("url", ["", "https://argo.example/", f"https://argo.example/{RUN}x", f"https://x/{RUN}/y"])
def test_statuses_of_others_mean_nothing(url: str) -> None:
    world = World()
    world.forge.shown = [CommitStatus("argosy/push", "success", "", url)]
    assert came(world) == "started: push to 'main'"


@pytest.mark.parametrize(("context", "state"), [("argosy/push", "pending"), ("argosy/push/one", "success")])
def test_a_run_that_never_ended_and_is_nowhere_was_lost_with_its_cluster_and_runs_again(
    context: str, state: str
) -> None:
    world = World()
    world.forge.shown = [CommitStatus(context, state, "", f"https://argo.example/workflows/x/{RUN}")]
    assert came(world) == "started: push to 'main'"


def test_who_looked_before_another_expander_created_the_run_has_found_it_too() -> None:
    world = World()
    world.cluster.refusals[RUNS] = ClusterError(409, "already exists")
    assert came(world) == f"found: already ran as {RUN}"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("claim", [PUSH, REQUEST, SCHEDULE, TAG, MANUAL], ids=lambda claim: claim.kind)
def test_killed_anywhere_the_second_attempt_ends_where_an_undisturbed_one_does(claim: Claim, after: bool) -> None:
    text = NIGHTLY.replace("push: {}", "push: {branches: '**', tags: '**'}, pull_request: {}, manual: {}")

    def fresh() -> World:
        world = World(text)
        world.forge.tags["v1"] = TagFacts(SHA, "7" * 40, "")
        return world

    undisturbed = fresh()
    first = expand(undisturbed.edge, "work", claim)
    assert first.outcome == result.STARTED
    calls = len(undisturbed.fuse.calls)
    assert calls > 5
    for number in range(calls):
        world = fresh()
        world.fuse.left, world.fuse.after = number, after
        with pytest.raises(Killed):
            expand(world.edge, "work", claim)
        world.fuse.left = None
        second = expand(world.edge, "work", claim)
        assert second.outcome in (result.STARTED, result.FOUND)
        assert (second.run, second.event) == (first.run, first.event)
        assert world.cluster.state() == undisturbed.cluster.state()


def test_the_run_is_looked_for_before_it_is_made_and_schedules_come_last() -> None:
    world = World(NIGHTLY)
    expand(world.edge, "work", PUSH)
    order = [call.split()[0] for call in world.fuse.calls if call.startswith(("find", "create", "get", "forge.stat"))]
    assert order == ["find", "forge.statuses", "create", "get", "create"]


def test_an_event_of_a_forge_that_platform_yaml_has_not_is_left_alone() -> None:
    assert refusal(PLATFORM, "elsewhere", PUSH) == "platform.yaml has no forge 'elsewhere'"


@pytest.mark.parametrize(
    "name", ["acme", "../app", "acme/..", "acme/app/../x", "-x/app", "acme/a b", "acme/", "a//b", ""]
)
def test_a_name_that_no_forge_writes_is_not_even_asked_about(name: str) -> None:
    assert "is not written as a forge writes it" in refusal(
        PLATFORM, "work", dataclasses.replace(PUSH, repository=name)
    )


@pytest.mark.parametrize("name", ["acme/app", "acme/.github", "acme/-x", "a_b/c.d", "group/sub/app"])
def test_names_as_forges_write_them_are_asked_about(name: str) -> None:
    assert "is not written" not in refusal(PLATFORM, "work", dataclasses.replace(PUSH, repository=name))


@pytest.mark.parametrize("sha", ["main", "C0FFEE" + "0" * 34, "a" * 39, "a" * 41, "--upload-pack=id"])
@pytest.mark.parametrize("field", ["sha", "base_sha"])
def test_a_commit_that_is_no_name_of_one_is_not_even_asked_about(sha: str, field: str) -> None:
    claim = dataclasses.replace(PUSH, **{field: sha})  # type: ignore[arg-type]
    assert "is not written as a forge writes it" in refusal(PLATFORM, "work", claim)


def test_a_paused_platform_starts_nothing() -> None:
    assert refusal(platform(paused=True), "work", PUSH) == "the platform is paused: nothing is started"


@pytest.mark.parametrize("name", ["other/app", "ACME/app", "acme/app/sub"])
def test_a_repository_that_no_glob_names_gets_nothing(name: str) -> None:
    assert "names" in refusal(PLATFORM, "work", dataclasses.replace(PUSH, repository=name))


def test_a_renamed_repository_runs_under_its_new_name() -> None:
    world = World()
    world.forge.moved["acme/old"] = "acme/app"
    said = expand(world.edge, "work", dataclasses.replace(PUSH, repository="acme/old"))
    assert (said.outcome, said.run) == (result.STARTED, RUN)
    assert world.fetched[-1] == ("acme/app", SHA)


def test_a_repository_that_moved_to_where_nothing_is_granted_gets_nothing() -> None:
    world = World()
    world.forge.repositories["other/app"] = dataclasses.replace(APP, name="other/app")
    world.forge.moved["acme/app"] = "other/app"
    world.commits["other/app", SHA] = Commit(JOBS.encode())
    assert came(world) == "ignored: 'acme/app' is 'other/app' now, which no glob of forge 'work' names"


def test_another_repository_that_took_the_name_is_not_run_for_the_events_one() -> None:
    world = World()
    world.forge.repositories["acme/app"] = dataclasses.replace(APP, id="99")
    assert came(world) == "ignored: 'acme/app' is another repository than the one that the event is about"


def test_a_repository_without_a_tenant_gets_nothing() -> None:
    tenants = (Tenant("web", ("work/acme/web-*",), (), None),)
    assert came(World(platform=platform(tenants=tenants))) == "ignored: no tenant in platform.yaml has 'acme/app'"


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ("repositories", "the forge shows no repository 'acme/app' to our read token"),
        ("branches", "branch 'main' is not there any more"),
    ],
)
def test_what_is_not_there_any_more_starts_nothing(gone: str, why: str) -> None:
    world = World()
    getattr(world.forge, gone).clear()
    assert came(world) == f"ignored: {why}"


def test_a_deleted_tag_and_a_deleted_pull_request_start_nothing() -> None:
    world = World()
    assert came(world, TAG) == "ignored: tag 'v1' is not there any more"
    world.forge.pull_requests.clear()
    assert came(world, REQUEST) == "ignored: pull request 7 is not there"


def test_a_pull_request_without_a_commit_starts_nothing() -> None:
    world = World()
    world.forge.pull_requests[7] = dataclasses.replace(PULL_REQUEST, head_sha="")
    assert came(world, REQUEST) == "ignored: pull request 7 has no commit"


def test_every_push_has_its_run_though_the_branch_has_moved_on() -> None:
    world = World()
    world.forge.branches["main"] = BranchFacts(OTHER, protected=True, message="")
    world.at().descendants = (OTHER,)
    assert came(world) == "started: push to 'main'"


def test_a_commit_that_was_replaced_on_its_branch_is_not_run() -> None:
    world = World()
    world.forge.branches["main"] = BranchFacts(OTHER, protected=True, message="")
    assert came(world) == f"refused: {SHA} is not on the branch any more: a later push replaced it"
    assert world.cluster.state() == {}


def test_a_claimed_commit_is_not_believed_when_the_branch_goes_while_we_look() -> None:
    world = World()
    real = world.forge.branch
    answers = [real("acme/app", "main"), None]
    world.forge.branch = lambda *_: answers.pop(0)  # type: ignore[method-assign]
    assert came(world) == "refused: branch 'main' is not there any more"


def test_a_commit_that_the_forge_has_thrown_away_is_not_run() -> None:
    world = World()
    world.commits.clear()
    assert came(world) == f"refused: commit {SHA} is not in the repository any more"


def test_a_repository_that_git_may_not_fetch_ends_with_a_word_and_not_in_retries() -> None:
    world = World()
    world.at().trouble = RepositoryError("Authentication failed", refused=True)
    assert came(world) == "refused: the forge does not let argosy fetch: Authentication failed"


def test_git_that_does_not_answer_is_tried_again() -> None:
    world = World()
    world.at().trouble = RepositoryError("connection refused")
    with pytest.raises(RepositoryError):
        came(world)


def test_a_tag_runs_the_commit_that_it_names() -> None:
    world = World("on: {push: {tags: 'v*'}}\n" + JOBS)
    world.forge.tags["v1"] = TagFacts(SHA, "7" * 40, "Release")
    assert came(world, TAG) == "started: tag 'v1'"
    assert world.fetched == [("acme/app", "7" * 40), ("acme/app", SHA)]


def test_a_pull_request_is_taken_as_it_is_now() -> None:
    world = World()
    world.forge.pull_requests[7] = dataclasses.replace(PULL_REQUEST, base="release", head_sha=OTHER, title="New")
    world.at(OTHER)
    assert came(world, REQUEST) == "started: pull request 7 into 'release'"
    event = decode_event(world.run()["metadata"]["annotations"]["argosy.dev/event"])
    assert (event.sha, event.pull_request.base, event.pull_request.title) == (OTHER, "release", "New")


@pytest.mark.parametrize(
    "changes", [{"from_fork": True}, {"author": "stranger"}, {"author": ""}], ids=["fork", "stranger", "nobody"]
)
def test_a_strangers_pull_request_is_refused_and_its_file_not_even_read(changes: dict[str, Any]) -> None:
    world = World(b"\xff")
    world.forge.pull_requests[7] = dataclasses.replace(PULL_REQUEST, **changes)
    said = expand(world.edge, "work", REQUEST)
    assert said.outcome == result.REFUSED
    assert said.why == "pull requests from forks and by people without write access are not run here yet"
    assert world.cluster.state() == {}
    assert "git" not in world.fuse.calls


def test_a_schedule_runs_the_default_branchs_head() -> None:
    world = World(NIGHTLY)
    said = expand(world.edge, "work", SCHEDULE)
    assert (said.outcome, said.why, said.run[:6]) == (result.STARTED, "schedule 'nightly'", "run-s-")
    assert world.cluster.names(CRONS) == set(), "a schedule's event does not touch the schedules"


def test_a_schedule_that_has_left_the_file_starts_nothing() -> None:
    assert came(World(), SCHEDULE) == "nothing: on.schedule has no 'nightly'"


def test_a_schedule_of_a_repository_that_is_empty_now_starts_nothing() -> None:
    world = World()
    world.forge.branches.clear()
    assert came(world, SCHEDULE) == "ignored: the default branch 'main' has no commit"


def test_a_commit_without_the_file_starts_nothing_and_says_so() -> None:
    world = World(None)
    assert came(world) == "nothing: no ci.yaml at this commit"
    assert world.cluster.state() == {}


def test_a_file_with_errors_is_told_with_the_first_ones_place() -> None:
    world = World("jobs:\n  one: {run: make, runner: larg}\n  two: {run: make, secrets: [NO]}\n")
    said = expand(world.edge, "work", PUSH)
    assert said.outcome == result.INVALID
    assert said.why.startswith("ci.yaml:2:28: error: unknown runner 'larg'")
    assert said.why.endswith(" (and 1 more)")
    assert [one["line"] for one in said.diagnostics] == [2, 3]
    assert world.cluster.state() == {}


def test_a_file_with_errors_of_its_own_is_told_what_the_platform_makes_of_it_too() -> None:
    jobs = (
        "  one: {run: make, runner: larg, secrets: [NO], oops: 1}\n  two: {run: make, timeout: 30h, secrets: [CHAT]}\n"
    )
    said = expand(World(f"jobs:\n{jobs}").edge, "work", PUSH)
    assert said.outcome == result.INVALID
    assert said.why == "ci.yaml:2:28: error: unknown runner 'larg' [unknown-runner] (and 3 more)"
    errors = [one["code"] for one in said.diagnostics if one["severity"] == "error"]
    assert errors == ["unknown-runner", "unknown-secret", "unknown-key", "timeout-limit"]


@pytest.mark.parametrize(
    ("ci", "code"),
    [(b"jobs: \xff", "encoding"), (b"", "empty-file"), (b"[" * 3000, "yaml-depth"), (b"#" * 2_000_000, "file-size")],
)
def test_a_file_that_is_none_is_told(ci: bytes, code: str) -> None:
    said = expand(World(ci).edge, "work", PUSH)
    assert said.outcome == result.INVALID
    assert said.diagnostics[0]["code"] == code
    assert said.why.startswith("ci.yaml:1:")


def test_a_link_or_a_folder_under_the_files_name_is_told() -> None:
    world = World()
    world.at().trouble = UnfitFileError("not-a-file", "ci.yaml is a symbolic link")
    assert came(world) == "invalid: ci.yaml:1:1: error: ci.yaml is a symbolic link [not-a-file]"


def test_thousands_of_errors_do_not_make_a_result_that_no_workflow_can_hold() -> None:
    steps = "".join(f"  j{number}: {{run: make, oops{number}: 1}}\n" for number in range(3000))
    world = World(f"jobs:\n{steps}")
    world.at().message = "x" * 10_000_000
    assert len(result.encode(expand(world.edge, "work", PUSH))) < 100_000


def test_a_message_that_skips_is_found_behind_what_the_result_keeps_of_it() -> None:
    world = World()
    world.at().message = "x" * 5000 + "[skip ci]"
    assert came(world) == "nothing: the commit's message says [skip ci]"


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_run_that_the_cluster_never_takes_ends_with_a_word(status: int) -> None:
    world = World()
    world.cluster.refusals[RUNS] = ClusterError(status, "denied by the policy")
    assert came(world) == "refused: the cluster does not take the run: denied by the policy"


@pytest.mark.parametrize("status", [0, 403, 404, 429, 500, 503])
def test_a_cluster_in_trouble_is_tried_again(status: int) -> None:
    world = World()
    world.cluster.refusals[RUNS] = ClusterError(status, "quota exceeded")
    with pytest.raises(ClusterError):
        came(world)


def test_a_forge_that_stumbles_is_asked_again_at_once() -> None:
    world = World()
    world.forge.trouble["branch"] = [ForgeError("500"), ForgeError("500")]
    assert came(world) == "started: push to 'main'"
    assert world.waited == [0.5, 1.5]
    assert world.said[:2] == ["asking again: 500"] * 2


def test_a_forge_that_is_down_is_left_to_the_next_attempt() -> None:
    world = World()
    world.forge.trouble["branch"] = [ForgeError("down")] * 3
    with pytest.raises(ForgeError):
        came(world)


def test_a_forge_that_wants_to_be_left_in_peace_is() -> None:
    world = World()
    world.forge.trouble["branch"] = [ForgeError("slow down", retry_after=60)]
    with pytest.raises(ForgeError):
        came(world)
    assert world.waited == []


@pytest.mark.parametrize("method", ["repository", "pull_request", "may_write", "statuses"])
def test_a_forges_no_ends_with_a_word_and_not_in_an_hour_of_retries(method: str) -> None:
    world = World()
    world.forge.trouble[method] = [ForgeError("403 not for you", lasting=True)]
    assert came(world, REQUEST) == "refused: the forge does not let argosy look: 403 not for you"
    assert world.waited == []
    assert world.cluster.state() == {}


@pytest.mark.parametrize(
    "branch", ["refs/heads/x", "-x", "--upload-pack=id", "{{workflow.name}}", "\N{PILE OF POO}", "a'b\"c\\", "$(id)"]
)
def test_whatever_a_branch_is_called_it_runs(branch: str) -> None:
    world = World("on: {push: {}}\n" + JOBS)
    world.forge.branches[branch] = BranchFacts(SHA, protected=False, message="")
    said = expand(world.edge, "work", dataclasses.replace(PUSH, branch=branch))
    assert said.outcome == result.STARTED
    event = decode_event(world.run()["metadata"]["annotations"]["argosy.dev/event"])
    assert (event.branch, event.tier) == (branch, "trusted")
    assert "{{" not in base64.b64decode(result.encode(said)).decode() or "{{" not in result.encode(said)


def test_a_protected_branch_and_the_default_one_are_protected_and_others_are_not() -> None:
    def tier(branch: str, *, protected: bool) -> str:
        world = World("on: {push: {}}\n" + JOBS)
        world.forge.branches[branch] = BranchFacts(SHA, protected=protected, message="")
        expand(world.edge, "work", dataclasses.replace(PUSH, branch=branch))
        label: str = world.run()["metadata"]["labels"]["argosy.dev/tier"]
        return label

    assert tier("main", protected=False) == tier("release", protected=True) == "protected"
    assert tier("topic", protected=False) == "trusted"


class TestSchedules:
    def test_they_follow_the_default_branchs_head(self) -> None:
        world = World(NIGHTLY)
        expand(world.edge, "work", PUSH)
        (cron,) = (world.cluster.objects[f"{CRONS}/{name}"] for name in world.cluster.names(CRONS))
        assert cron["spec"]["schedules"] == ["0 3 * * *"]

    def test_another_branch_does_not_change_them(self) -> None:
        world = World("on: {push: {}, schedule: {name: nightly, cron: '0 3 * * *'}}\n" + JOBS)
        world.forge.branches["topic"] = BranchFacts(SHA, protected=False, message="")
        assert came(world, dataclasses.replace(PUSH, branch="topic")) == "started: push to 'topic'"
        assert world.cluster.names(CRONS) == set()

    def test_an_older_commit_of_the_default_branch_does_not_change_them(self) -> None:
        world = World(NIGHTLY)
        world.forge.branches["main"] = BranchFacts(OTHER, protected=True, message="")
        world.at().descendants = (OTHER,)
        expand(world.edge, "work", PUSH)
        assert world.cluster.names(CRONS) == set()
        assert "schedules are left as they are: the default branch has moved on" in world.said

    def test_they_go_with_the_file(self) -> None:
        world = World(NIGHTLY)
        expand(world.edge, "work", PUSH)
        world.at().text = None
        assert came(world) == "nothing: no ci.yaml at this commit"
        assert world.cluster.names(CRONS) == set()

    def test_a_file_with_errors_leaves_them_as_they_are(self) -> None:
        world = World(NIGHTLY)
        expand(world.edge, "work", PUSH)
        before = world.cluster.names(CRONS)
        world.at().text = b"jobs: {}\n"
        assert came(world).startswith("invalid: ")
        assert world.cluster.names(CRONS) == before

    def test_they_are_made_when_the_run_was_there_already(self) -> None:
        """The first attempt may have been killed between the two."""
        world = World(NIGHTLY)
        expand(world.edge, "work", PUSH)
        for name in world.cluster.names(CRONS):
            del world.cluster.objects[f"{CRONS}/{name}"]
        assert came(world).startswith("found: ")
        assert len(world.cluster.names(CRONS)) == 1

    def test_they_are_made_when_the_push_itself_runs_nothing(self) -> None:
        world = World("on: {schedule: {name: nightly, cron: '0 3 * * *'}}\n" + JOBS)
        assert came(world) == "nothing: `on` has no push"
        assert len(world.cluster.names(CRONS)) == 1


MAIN_ONLY = "on: {push: {branches: main}}\njobs: {a: {run: x}}"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("tests: {it: {event: {push: main}, starts: [a]}}", "started: push to 'main'"),
        (
            "tests: {it: {event: {push: x}, starts: [a]}}",
            "invalid: ci.test.yaml:1:40: error: 'it': push to 'x' must start a, but starts nothing [test-failed]",
        ),
        ("tests: {it: {event: {push: x}}}", "invalid: ci.test.yaml:1:9: error: a test needs 'starts' [missing-key]"),
        ("tests: ]", "invalid: ci.test.yaml:1:8: error: not YAML: did not find expected node content [yaml-syntax]"),
    ],
)
def test_the_commits_table_is_asked_before_anything_is_created(table: str, told: str) -> None:
    world = World(MAIN_ONLY)
    world.at().table = table.encode()
    assert came(world) == told
    assert bool(world.cluster.names(RUNS)) is told.startswith("started")


def test_a_table_is_asked_when_nothing_starts_too() -> None:
    world = World("on: {push: {branches: mian}}\njobs: {a: {run: x}}")
    world.at().table = b"tests: {it: {event: push, starts: [a]}}"
    assert came(world).startswith("invalid: ci.test.yaml:1:35: error: 'it': push to 'main' must start a")


def test_a_table_is_not_asked_by_a_commit_that_is_to_be_skipped() -> None:
    world = World(MAIN_ONLY)
    world.at().table = b"tests: {it: {event: push, starts: []}}"
    world.at().message = "Mend [skip ci]"
    assert came(world) == "nothing: the commit's message says [skip ci]"


def test_a_table_that_is_no_file_is_told() -> None:
    world = World(MAIN_ONLY)
    world.at().table = UnfitFileError("not-a-file", "ci.test.yaml is a symbolic link")
    assert came(world) == "invalid: ci.test.yaml:1:1: error: ci.test.yaml is a symbolic link [not-a-file]"


def test_a_table_takes_the_files_of_the_commit() -> None:
    world = World("on: push\njobs: {a: {if: \"hash('lock') != ''\", run: x}}")
    world.at().files = {"lock": "1" * 40}
    world.at().table = b"tests: {it: {event: push, starts: [a]}}"
    assert came(world) == "started: push to 'main'"
