from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator import result
from generator.events.event import to_json
from generator.report.board import Board, Post
from generator.report.comment import Comment
from generator.report.record import Record
from generator.report.view import read
from tests.unit.report.workflows import EARLY, LATER, LATEST, RUN, RUNS, event_workflow, job, node, run
from tests.unit.samples import PLATFORM, pull_request, push

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.report.slots import Slot

CONTROL = "argosy"
STARTED = result.Result(result.STARTED, "", RUN, RUNS, to_json(push()))
NOW = 1e10  # after everything
JOBS = (job("test"), job("deploy"))
GREEN = run("Succeeded", JOBS, (node("job-test", "Succeeded"), node("job-deploy", "Succeeded")))
ELSEWHERE = push(branch="topic")  # the same commit on another branch
RUNNING = run("Running", JOBS, (node("job-test", "Running"),))


class Desk:
    """A board whose posts all arrive at once; `shown` is what the commit shows, `posts` every post in order."""

    def __init__(self, record: Record | None = None, *, listed: bool = True) -> None:
        self.record = record or Record()
        self.board = Board(PLATFORM, self.record, {CONTROL, RUNS})
        self.posts: list[str] = []
        self.shown: dict[str, str] = {}
        self.comments: list[Comment] = []
        if listed:
            self.list_all()

    def list_all(self, *uids: str) -> None:
        for namespace in (CONTROL, RUNS):
            self.deliver(self.board.listed(namespace, set(uids)))

    def see(self, *raws: dict[str, Any]) -> None:
        for raw in raws:
            view = read(raw)
            assert view is not None
            self.deliver(self.board.seen(view))

    def lose(self, uid: str) -> None:
        self.deliver(self.board.gone(uid))

    def pod(self, node_name: str, uid: str = "run-uid") -> None:
        self.deliver(self.board.succeeded(uid, f"{RUN}.{node_name}"))

    def deliver(self, slots: set[Slot], now: float = NOW) -> None:
        for slot in sorted(slots):
            post = self.board.next(slot, now)
            if post is not None:
                self.note(post)
                self.deliver(self.board.posted(post), now)

    def note(self, post: Post) -> None:
        if isinstance(post.status, Comment):
            self.comments.append(post.status)
            return
        said = f"{post.status.state}: {post.status.description}"
        self.posts.append(f"{post.slot.context} {said}")
        self.shown[post.slot.context] = said

    def restarted(self) -> Desk:
        """A new reporter with the record of this one, before it has listed anything."""
        record = Record()
        for number in range(16):
            self.record.keep_dirty(number)
        for text in self.record.dirty().values():
            record.load(text)
        return Desk(record, listed=False)


def test_from_planning_to_the_end_each_state_is_posted_once() -> None:
    desk = Desk()
    desk.see(event_workflow(), event_workflow("Running"), run(), event_workflow("Succeeded", STARTED))
    desk.see(RUNNING, RUNNING, GREEN, GREEN)
    assert desk.posts == [
        "argosy/push pending: planning",
        "argosy/push pending: waiting to start",
        "argosy/push pending: running: 2 jobs",
        "argosy/push/test pending: running",
        "argosy/push success: 2 jobs succeeded",
        "argosy/push/deploy success: succeeded",
        "argosy/push/test success: succeeded",
    ]


def test_planning_asks_the_forge_before_it_covers_an_older_result() -> None:
    desk = Desk()
    view = read(event_workflow())
    assert view is not None
    (slot,) = desk.board.seen(view)
    post = desk.board.next(slot, NOW)
    assert post is not None
    assert post.unless_final
    desk.board.withheld(post)
    assert desk.board.next(slot, NOW) is None


def test_an_event_does_not_talk_over_its_run() -> None:
    desk = Desk()
    desk.see(GREEN, event_workflow("Running"), event_workflow("Failed", message="deadline"))
    assert desk.shown["argosy/push"] == "success: 2 jobs succeeded"


def test_pods_of_a_workflow_that_is_gone_are_forgotten() -> None:
    desk = Desk()
    desk.see(RUNNING)
    desk.lose("run-uid")
    desk.pod("job-test")
    desk.list_all()
    desk.see(RUNNING)
    assert desk.shown["argosy/push/test"] == "pending: running"


def test_of_two_runs_of_one_commit_the_newer_one_is_shown() -> None:
    desk = Desk()
    older = run("Failed", JOBS, (node("job-test", "Failed"),), event=ELSEWHERE, uid="older", created=EARLY)
    newer = run("Running", JOBS, (node("job-test", "Running"),))
    desk.see(older, newer, older)
    assert desk.shown["argosy/push"] == "pending: running: 2 jobs"
    desk.see(GREEN, older)
    assert desk.shown["argosy/push"] == "success: 2 jobs succeeded"
    assert desk.shown["argosy/push/test"] == "success: succeeded"


def test_the_older_run_is_not_shown_again_when_the_newer_one_is_cleaned_up() -> None:
    desk = Desk()
    desk.see(run("Failed", JOBS, (node("job-test", "Failed"),), event=ELSEWHERE, uid="older", created=EARLY), GREEN)
    before = list(desk.posts)
    desk.lose("run-uid")
    assert desk.posts == before


def test_a_deleted_run_is_told_and_no_job_of_it_stays_pending() -> None:
    desk = Desk()
    desk.see(event_workflow("Succeeded", STARTED), RUNNING)
    desk.lose("run-uid")
    assert desk.shown == {"argosy/push": "error: the run was deleted", "argosy/push/test": "error: the run was deleted"}


SUPERSEDED = "error: cancelled: a newer run of its group"


def test_a_waiting_run_that_a_newer_one_replaces_says_so_and_not_that_it_was_deleted() -> None:
    desk = Desk()
    desk.see(event_workflow("Succeeded", STARTED), run("Pending"), run("Pending", superseded=True))
    desk.lose("run-uid")
    assert desk.shown == {"argosy/push": SUPERSEDED}


def test_a_replaced_run_that_was_deleted_before_anything_was_posted_says_so_too() -> None:
    desk = Desk()
    desk.see(event_workflow("Succeeded", STARTED))
    board = desk.board
    for raw in (run("Pending"), run("Pending", superseded=True)):
        view = read(raw)
        assert view is not None
        slots = board.seen(view)
    desk.deliver(slots | board.gone("run-uid"))
    desk.list_all("event-uid")
    assert desk.shown == {"argosy/push": SUPERSEDED}
    assert desk.posts[-1] == f"argosy/push {SUPERSEDED}"


def test_a_replaced_run_does_not_talk_over_a_newer_one_of_the_commit() -> None:
    desk = Desk()
    replaced = run("Pending", event=ELSEWHERE, uid="older", created=EARLY, superseded=True)
    view = read(replaced)
    assert view is not None
    slots = desk.board.seen(view) | desk.board.gone("older")
    desk.see(GREEN)
    desk.deliver(slots)
    assert desk.shown["argosy/push"] == "success: 2 jobs succeeded"


def test_a_run_that_ended_and_was_cleaned_up_leaves_its_statuses_alone() -> None:
    desk = Desk()
    desk.see(event_workflow("Succeeded", STARTED), GREEN)
    before = list(desk.posts)
    desk.lose("run-uid")
    desk.lose("event-uid")
    assert desk.posts == before
    assert desk.record.slots() == ()


def test_an_event_deleted_before_it_was_planned_is_told() -> None:
    desk = Desk()
    desk.see(event_workflow("Running"))
    desk.lose("event-uid")
    assert desk.shown["argosy/push"] == "error: the event was deleted"


def test_a_run_that_never_appears_is_missed_after_a_while() -> None:
    desk = Desk()
    desk.see(event_workflow("Running"))
    view = read(event_workflow("Succeeded", STARTED, finishedAt=LATEST))
    assert view is not None
    slots = desk.board.seen(view)
    desk.deliver(slots, now=view.origin.created)
    assert desk.shown["argosy/push"] == "pending: planning"
    assert desk.board.due() == slots
    desk.deliver(slots)
    assert desk.shown["argosy/push"] == f"error: the run {RUN} is gone"


def test_a_redelivery_of_what_ran_long_ago_changes_nothing() -> None:
    found = result.Result(result.FOUND, "already ran", RUN, RUNS, to_json(push()))
    desk = Desk()
    desk.see(event_workflow("Succeeded", found, uid="again", created=LATEST))
    assert desk.posts == []


class TestPods:
    def test_a_jobs_success_is_told_when_its_pod_has_ended_well(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        desk.pod("job-test")
        assert desk.shown["argosy/push/test"] == "success: succeeded"
        assert desk.shown["argosy/push"] == "pending: running: 2 jobs"

    def test_it_is_not_told_again_when_argo_notices(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        desk.pod("job-test")
        desk.see(run("Running", JOBS, (node("job-test", "Succeeded"), node("job-deploy", "Running"))))
        assert desk.posts.count("argosy/push/test success: succeeded") == 1
        assert "argosy/push/test pending: running" not in desk.posts[3:]

    def test_a_retry_that_ended_well_counts(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        desk.pod("job-test(1)")
        assert desk.shown["argosy/push/test"] == "success: succeeded"

    def test_a_pod_seen_before_its_run_counts(self) -> None:
        desk = Desk()
        desk.pod("job-test")
        desk.see(RUNNING)
        assert desk.shown["argosy/push/test"] == "success: succeeded"

    def test_a_pod_of_an_earlier_run_of_the_same_name_does_not_count(self) -> None:
        desk = Desk()
        desk.pod("job-test", uid="earlier")
        desk.see(RUNNING)
        assert desk.shown["argosy/push/test"] == "pending: running"

    def test_a_pod_of_a_like_named_job_does_not_count(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        desk.pod("job-test-2")
        assert desk.shown["argosy/push/test"] == "pending: running"

    def test_argo_has_the_last_word(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        desk.pod("job-test")
        desk.see(
            run("Failed", JOBS, (node("job-test", "Error", message="no task result"), node("job-deploy", "Omitted")))
        )
        assert desk.shown["argosy/push/test"] == "error: no task result"


class TestRestart:
    def test_what_is_told_is_not_told_again(self) -> None:
        desk = Desk()
        desk.see(event_workflow("Succeeded", STARTED), GREEN)
        again = desk.restarted()
        again.see(event_workflow("Succeeded", STARTED), GREEN)
        again.list_all("event-uid", "run-uid")
        assert again.posts == []

    def test_what_changed_in_between_is_told(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        again = desk.restarted()
        again.see(GREEN)
        again.list_all("run-uid")
        assert sorted(again.posts) == [
            "argosy/push success: 2 jobs succeeded",
            "argosy/push/deploy success: succeeded",
            "argosy/push/test success: succeeded",
        ]

    def test_a_job_that_was_not_told_before_the_restart_is_told_after_it(self) -> None:
        desk = Desk()
        view = read(GREEN)
        assert view is not None
        run_level = min(desk.board.seen(view))
        post = desk.board.next(run_level, NOW)
        assert post is not None
        desk.board.posted(post)
        again = desk.restarted()
        again.see(GREEN)
        assert sorted(again.posts) == ["argosy/push/deploy success: succeeded", "argosy/push/test success: succeeded"]

    def test_a_run_deleted_while_nobody_looked_is_told_once_all_is_listed(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        again = desk.restarted()
        again.deliver(again.board.listed(RUNS, set()))
        assert again.posts == []
        again.deliver(again.board.listed(CONTROL, set()))
        assert again.shown == {
            "argosy/push": "error: the run was deleted",
            "argosy/push/test": "error: the run was deleted",
        }
        assert again.record.slots() == ()

    def test_a_namespace_that_cannot_be_listed_makes_nothing_look_deleted(self) -> None:
        desk = Desk()
        desk.see(RUNNING)
        again = desk.restarted()
        again.deliver(again.board.listed(CONTROL, set()))
        again.board.unreadable(RUNS)
        again.deliver(again.board.due() | set(again.record.slots()))
        assert again.posts == []

    def test_planning_waits_until_it_is_known_that_no_run_speaks(self) -> None:
        desk = Desk(listed=False)
        desk.see(event_workflow("Running"))
        assert desk.posts == []
        desk.board.unreadable(RUNS)
        desk.deliver(desk.board.listed(CONTROL, {"event-uid"}))
        assert desk.posts == ["argosy/push pending: planning"]


class TestRefused:
    def test_what_the_forge_refuses_is_tried_again_after_the_next_listing_only(self) -> None:
        desk = Desk()
        view = read(run())
        assert view is not None
        (slot,) = desk.board.seen(view)
        post = desk.board.next(slot, NOW)
        assert post is not None
        desk.board.refused(post)
        assert desk.board.next(slot, NOW) is None
        assert slot in desk.board.listed(RUNS, {"run-uid"})
        assert desk.board.next(slot, NOW) == post

    def test_a_newer_state_is_tried_at_once(self) -> None:
        desk = Desk()
        view = read(run())
        assert view is not None
        (slot,) = desk.board.seen(view)
        post = desk.board.next(slot, NOW)
        assert post is not None
        desk.board.refused(post)
        desk.see(GREEN)
        assert desk.shown["argosy/push"] == "success: 2 jobs succeeded"


def test_a_listing_tells_of_what_was_deleted_between_two_watches() -> None:
    desk = Desk()
    desk.see(RUNNING)
    desk.deliver(desk.board.listed(RUNS, set()))
    assert desk.shown["argosy/push"] == "error: the run was deleted"


def test_a_run_that_is_retried_by_hand_is_pending_again() -> None:
    desk = Desk()
    desk.see(run("Failed", JOBS, (node("job-test", "Failed"), node("job-deploy", "Omitted"))), RUNNING)
    assert desk.shown["argosy/push"] == "pending: running: 2 jobs"
    assert desk.shown["argosy/push/test"] == "pending: running"


def test_a_job_is_told_twice_at_most_however_often_its_run_changes() -> None:
    desk = Desk()
    desk.see(run("", JOBS), run("Pending", JOBS), RUNNING)
    for number in range(5):
        tried = node("job-test", "Running", message=f"attempt {number}", startedAt=LATER)
        desk.see(run("Running", JOBS, (tried, node("job-deploy", "Pending"))))
        desk.list_all("run-uid")
    desk.pod("job-test")
    desk.see(
        RUNNING, run("Running", JOBS, (node("job-test", "Succeeded"), node("job-deploy", "Running"))), GREEN, GREEN
    )
    for context in ("argosy/push/test", "argosy/push/deploy"):
        told = [post for post in desk.posts if post.startswith(f"{context} ")]
        assert [post.split()[1] for post in told] == ["pending:", "success:"]


STATES = [
    event_workflow("Running"),
    event_workflow("Succeeded", STARTED, finishedAt=LATER),
    run(),
    RUNNING,
    run("Running", JOBS, (node("job-test", "Succeeded"), node("job-deploy", "Running"))),
    GREEN,
]
STEPS = st.lists(st.sampled_from(["see", "restart", "list"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 5))
def test_restarts_and_lost_watches_at_any_moment_neither_lose_nor_repeat_a_status(steps: list[str], skip: int) -> None:
    """However it is interrupted, in the end the commit shows the end, and no status was posted twice in a row."""
    desk = Desk()
    history: list[str] = []
    waiting = STATES[skip:]
    for step in steps:
        if step == "see" and waiting:
            desk.see(waiting.pop(0))
        elif step == "restart":
            history += desk.posts
            desk = desk.restarted()
        elif step == "list":
            present = [raw for raw in STATES if raw not in waiting]
            desk.see(*present[-1:])
            desk.list_all("event-uid", "run-uid")
    desk.see(GREEN)
    desk.list_all("event-uid", "run-uid")
    history += desk.posts
    for context in ("argosy/push", "argosy/push/test", "argosy/push/deploy"):
        said = [line for line in history if line.startswith(f"{context} ")]
        assert said[-1].startswith(f"{context} success")
        assert all(one != other for one, other in itertools.pairwise(said))


TROUBLE = "service 'db' ended with exit code 3"


def trouble(desk: Desk, what: str, node_name: str = "job-test") -> None:
    desk.deliver(desk.board.troubled("run-uid", f"{RUN}.{node_name}", what))


def test_a_job_that_waits_for_a_service_which_ends_again_and_again_says_so_at_once() -> None:
    desk = Desk()
    desk.see(run("Running", JOBS, (node("job-test", "Pending"),)))
    trouble(desk, TROUBLE)
    assert desk.shown["argosy/push/test"] == f"pending: {TROUBLE}"
    deadline = "Pod was active on the node longer than the specified deadline"
    desk.see(run("Failed", JOBS, (node("job-test", "Failed", message=deadline),)))
    assert desk.shown["argosy/push/test"] == f"failure: {TROUBLE} (ci.yaml:7)"
    assert desk.shown["argosy/push"] == f"failure: test: {TROUBLE} (ci.yaml:7)"


def test_a_running_job_is_told_once_whatever_becomes_of_its_services() -> None:
    desk = Desk()
    desk.see(RUNNING)
    before = list(desk.posts)
    trouble(desk, TROUBLE)
    assert desk.posts == before


def test_a_service_that_has_come_after_all_is_nobodys_trouble() -> None:
    desk = Desk()
    desk.see(run("Running", JOBS, (node("job-test", "Pending"),)))
    trouble(desk, "service 'db' does not start: ErrImagePull")
    trouble(desk, "")
    desk.see(run("Failed", JOBS, (node("job-test", "Failed", said='{"step":1,"code":3}'),)))
    assert desk.shown["argosy/push/test"] == "failure: step 1 failed with exit code 3 (ci.yaml:7)"


def test_a_retry_is_told_by_its_latest_pod() -> None:
    desk = Desk()
    for attempt in (0, 9, 10):
        trouble(desk, f"service 'db' ended with exit code {attempt}", f"job-test({attempt})")
    desk.see(run("Failed", JOBS, (node("job-test", "Failed"),)))
    assert desk.shown["argosy/push/test"] == "failure: service 'db' ended with exit code 10 (ci.yaml:7)"


def test_a_job_that_is_tried_again_does_not_run_before_it_has_started() -> None:
    desk = Desk()
    nodes = (node("job-test", "Running", type="Retry"), node("job-test(0)", "Pending"))
    desk.see(run("Running", JOBS, nodes))
    trouble(desk, "does not start: image 'x' cannot be pulled", "job-test(0)")
    assert desk.shown["argosy/push/test"] == "pending: does not start: image 'x' cannot be pulled"
    assert desk.shown["argosy/push"] == "pending: running: 2 jobs; test: does not start: image 'x' cannot be pulled"
    trouble(desk, "", "job-test(0)")
    assert desk.shown["argosy/push"] == "pending: running: 2 jobs"
    assert desk.shown["argosy/push/test"] == "pending: running"


def test_a_job_without_a_node_says_so_when_it_has_waited() -> None:
    desk = Desk()
    nodes = (node("job-test", "Running", type="Retry"), node("job-test(0)", "Pending"))
    desk.see(run("Running", JOBS, nodes))
    assert desk.shown["argosy/push/test"] == "pending: running"
    desk = Desk()
    what = "waiting for a node: 0/3 nodes are available"
    desk.deliver(desk.board.troubled("run-uid", f"{RUN}.job-test(0)", what, NOW + 60))
    desk.see(run("Running", JOBS, nodes))
    assert "argosy/push/test" not in desk.shown
    desk.deliver(desk.board.due(), NOW + 61)
    assert desk.shown["argosy/push/test"] == f"pending: {what}"
    trouble(desk, "", "job-test(0)")
    assert desk.shown["argosy/push/test"] == "pending: running"


def test_of_combinations_one_that_does_not_start_is_told_unless_another_runs() -> None:
    jobs = tuple(dataclasses.replace(job("test"), id=f"test[n={number}]") for number in (1, 2))
    desk = Desk()
    stuck = node("job-test[n=2]", "Pending")
    what = "does not start: image 'x' cannot be pulled"
    trouble(desk, what, "job-test[n=2]")
    for phase, said in (("Pending", what), ("Running", "running"), ("Succeeded", what)):
        desk.see(run("Running", jobs, (node("job-test[n=1]", phase), stuck)))
        assert desk.shown["argosy/push/test"] == f"pending: {said}"


def test_why_a_job_did_not_start_is_said_when_its_time_is_over() -> None:
    desk = Desk()
    desk.see(run("Running", JOBS, (node("job-test", "Pending"),)))
    trouble(desk, "does not start: image 'x' cannot be pulled")
    deadline = "Pod was active on the node longer than the specified deadline"
    desk.see(run("Failed", JOBS, (node("job-test", "Failed", message=deadline),)))
    assert desk.shown["argosy/push/test"] == "failure: does not start: image 'x' cannot be pulled (ci.yaml:7)"


def test_what_was_wrong_with_an_attempt_is_not_told_of_the_next_one() -> None:
    desk = Desk()
    trouble(desk, "does not start: image 'x' cannot be pulled", "job-test(0)")
    trouble(desk, "", "job-test(1)")
    desk.see(run("Failed", JOBS, (node("job-test", "Failed", said='{"step":1,"code":3}'),)))
    assert desk.shown["argosy/push/test"] == "failure: step 1 failed with exit code 3 (ci.yaml:7)"


REQUEST = pull_request()


def asked(
    text: str | None, event: Event = REQUEST, phase: str = "Succeeded", uid: str = "run-uid", created: str = LATER
) -> dict[str, Any]:
    """A run of a pull request whose job wrote this; with None it has no script that could."""
    nodes = (node("job-test", phase, summary=text), node("job-deploy", "Succeeded"))
    return run(phase, JOBS, nodes, event=event, uid=uid, created=created)


AGAIN = pull_request(action="labeled", label="bug", updated_at="2026-11-24T12:00:00Z")


class TestComment:
    def test_it_is_written_when_the_run_has_ended(self) -> None:
        desk = Desk()
        desk.see(asked("# Found", phase="Running"))
        assert desk.comments == []
        desk.see(asked("# Found", phase="Failed"), asked("# Found", phase="Failed"))
        (comment,) = desk.comments
        assert "> # Found" in comment.body
        assert comment.url in comment.body

    def test_a_run_of_another_event_has_none(self) -> None:
        desk = Desk()
        desk.see(run("Succeeded", JOBS, (node("job-test", "Succeeded", summary="# Found"),)))
        assert desk.comments == []

    def test_the_newer_run_of_the_pull_request_takes_its_place(self) -> None:
        desk = Desk()
        desk.see(asked("old", created=EARLY, uid="older"), asked("new", AGAIN))
        desk.see(asked("old", created=EARLY, uid="older"))
        assert ["> old" in one.body for one in desk.comments] == [True, False]
        assert "> new" in desk.comments[1].body

    def test_an_older_run_that_ends_later_has_had_its_say(self) -> None:
        desk = Desk()
        desk.see(asked("old", phase="Running", created=EARLY, uid="older"), asked("new", AGAIN))
        desk.see(asked("old", created=EARLY, uid="older"))
        desk.lose("run-uid")
        assert ["> new" in one.body for one in desk.comments] == [True]

    def test_another_pull_request_has_one_of_its_own(self) -> None:
        desk = Desk()
        desk.see(asked("one"), asked("two", pull_request(number=8), uid="other", created=EARLY))
        assert len(desk.comments) == 2
        assert len({slot for slot in desk.record.slots() if slot.number}) == 2

    def test_a_run_without_summaries_begins_none(self) -> None:
        desk = Desk()
        desk.see(asked(None))
        assert desk.comments == []
        desk = Desk()
        desk.see(asked(""))
        assert [one.written for one in desk.comments] == [False]

    def test_a_newer_run_without_summaries_takes_back_what_an_older_one_wrote(self) -> None:
        desk = Desk()
        desk.see(asked("old", created=EARLY, uid="older"), asked(None, AGAIN))
        assert [one.written for one in desk.comments] == [True, False]

    def test_a_run_that_is_replaced_leaves_it_to_the_next(self) -> None:
        desk = Desk()
        nodes = (node("job-test", "Failed", summary="half"),)
        desk.see(run("Failed", JOBS, nodes, event=REQUEST, shutdown="Terminate", superseded=True))
        assert desk.comments == []

    def test_what_is_written_is_not_written_again_after_a_restart(self) -> None:
        desk = Desk()
        desk.see(asked("# Found"))
        again = desk.restarted()
        again.see(asked("# Found"))
        again.list_all("run-uid")
        assert (again.comments, again.posts) == ([], [])

    def test_what_was_not_written_before_a_restart_is_written_after_it(self) -> None:
        desk = Desk()
        view = read(asked("# Found"))
        assert view is not None
        desk.deliver({slot for slot in desk.board.seen(view) if not slot.number})
        again = desk.restarted()
        again.see(asked("# Found"))
        again.list_all("run-uid")
        assert (len(again.comments), again.posts) == (1, [])

    def test_the_last_attempt_of_a_job_counts(self) -> None:
        attempts = [node(f"job-test({number})", "Failed", summary=f"attempt {number}") for number in range(2)]
        whole = node("job-test", "Failed", summary="attempt 0", children=[one["id"] for one in attempts])
        desk = Desk()
        desk.see(run("Failed", JOBS, (whole, *attempts), event=REQUEST))
        assert "> attempt 1" in desk.comments[0].body

    def test_a_refused_one_is_tried_again_with_the_next_listing_and_keeps_no_status_back(self) -> None:
        desk = Desk()
        view = read(asked("# Found"))
        assert view is not None
        slots = desk.board.seen(view)
        (slot,) = (slot for slot in slots if slot.number)
        post = desk.board.next(slot, NOW)
        assert post is not None
        desk.board.refused(post)
        desk.deliver(slots)
        assert desk.comments == []
        assert desk.shown["argosy/pull_request"] == "success: 2 jobs succeeded"
        desk.list_all("run-uid")
        assert len(desk.comments) == 1

    def test_it_is_forgotten_with_the_last_run_of_its_pull_request(self) -> None:
        desk = Desk()
        desk.see(asked("# Found"))
        desk.lose("run-uid")
        assert desk.record.slots() == ()
