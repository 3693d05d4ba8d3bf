from __future__ import annotations

from generator.forges.forge import CommitStatus
from generator.report.board import Post
from generator.report.queue import Bucket, PostQueue
from generator.report.slots import Slot
from generator.report.view import Origin
from tests.unit.samples import SHA

ORIGIN = Origin("uid", "argosy-runs-default", "run-b-x", 1.0)


def post(context: str = "argosy/push", state: str = "pending", description: str = "") -> Post:
    return Post(Slot("work", "acme/app", SHA, context), CommitStatus(context, state, description, ""), ORIGIN)


def queue(rate: float = 1000.0, size: float = 1000.0) -> PostQueue:
    return PostQueue(Bucket(rate, size, size, 0.0))


def taken(posts: PostQueue, now: float = 1.0) -> list[str]:
    found = []
    while (one := posts.take(now)) is not None:
        assert isinstance(one.status, CommitStatus)
        found.append(f"{one.slot.context} {one.status.state}")
        posts.done(one.slot)
    return found


def test_the_last_state_of_a_slot_wins() -> None:
    posts = queue()
    for state in ("pending", "success", "failure"):
        posts.put(post(state=state))
    assert taken(posts) == ["argosy/push failure"]
    assert len(posts) == 0


def test_a_runs_own_status_goes_before_its_jobs() -> None:
    posts = queue()
    for context in ("argosy/push/a", "argosy/push/b", "argosy/push", "argosy/tag"):
        posts.put(post(context))
    assert taken(posts) == [
        f"{context} pending" for context in ("argosy/push", "argosy/tag", "argosy/push/a", "argosy/push/b")
    ]


def test_what_is_not_wanted_any_more_is_not_posted() -> None:
    posts = queue()
    posts.put(post())
    posts.remove(post().slot)
    assert posts.take(1.0) is None
    assert posts.wait(1.0) is None


def test_while_a_slot_is_being_posted_the_same_status_is_not_taken_again() -> None:
    posts = queue()
    posts.put(post())
    assert posts.take(1.0) == post()
    posts.put(post())
    posts.done(post().slot)
    assert posts.take(1.0) is None


def test_while_a_slot_is_being_posted_its_next_status_waits() -> None:
    posts = queue()
    posts.put(post())
    posts.take(1.0)
    posts.put(post(state="success"))
    assert posts.take(1.0) is None
    posts.done(post().slot)
    assert posts.take(1.0) == post(state="success")


def test_a_state_that_came_back_replaces_the_one_that_waits() -> None:
    posts = queue()
    posts.put(post())
    posts.take(1.0)
    posts.put(post(state="success"))
    posts.put(post())
    posts.done(post().slot)
    assert posts.take(1.0) is None


def test_the_bucket_holds_the_rate() -> None:
    posts = queue(rate=2.0, size=3.0)
    for number in range(5):
        posts.put(post(f"argosy/push/{number}"))
    assert len(taken(posts, 1.0)) == 3
    assert posts.wait(1.0) == 0.5
    assert len(taken(posts, 1.5)) == 1
    assert len(taken(posts, 60.0)) == 1


def test_what_failed_is_tried_again_later_and_later() -> None:
    posts = queue()
    posts.put(post())
    now, waits = 1.0, []
    for _ in range(9):
        assert posts.take(now) == post()
        posts.failed(post().slot, now)
        wait = posts.wait(now)
        assert wait is not None
        waits.append(wait)
        now += wait
    assert waits == [1, 2, 4, 8, 15, 15, 15, 15, 15]


def test_what_failed_gives_way_to_what_came_meanwhile() -> None:
    posts = queue()
    posts.put(post())
    posts.take(1.0)
    posts.put(post(state="success"))
    posts.failed(post().slot, 1.0)
    assert taken(posts, 10.0) == ["argosy/push success"]


def test_a_forge_that_says_when_is_asked_no_sooner() -> None:
    posts = queue()
    posts.put(post("argosy/push"))
    posts.put(post("argosy/tag"))
    posts.take(1.0)
    posts.failed(post("argosy/push").slot, 1.0, retry_after=120.0)
    assert posts.wait(1.0) == 120.0
    assert posts.take(120.0) is None
    assert taken(posts, 121.0) == ["argosy/tag pending", "argosy/push pending"]


def test_when_the_forge_is_back_nothing_waits_any_longer() -> None:
    posts = queue()
    for number in range(30):
        posts.put(post(f"argosy/push/{number}"))
    now = 1.0
    for _ in range(30):
        one = posts.take(now)
        assert one is not None
        posts.failed(one.slot, now)
        now += posts.wait(now) or 0.0
    assert len(taken(posts, now)) == 30


def test_a_bad_slot_among_good_ones_is_tried_less_and_less() -> None:
    posts = queue()
    now, tries = 1.0, []
    posts.put(post("argosy/bad"))
    while now < 300.0:
        posts.put(post("argosy/good", description=str(now)))
        while (one := posts.take(now)) is not None:
            if one.slot.context == "argosy/bad":
                tries.append(now)
                posts.failed(one.slot, now)
            else:
                posts.done(one.slot)
        now += 1.0
    assert tries[1] - tries[0] <= 2.0
    assert tries[-1] - tries[-2] >= 60.0


def test_one_bad_slot_does_not_hold_up_the_others_for_long() -> None:
    posts = queue()
    posts.put(post("argosy/bad"))
    now = 1.0
    for number in range(20):
        posts.put(post(f"argosy/good-{number}"))
        while (one := posts.take(now)) is not None:
            if one.slot.context == "argosy/bad":
                posts.failed(one.slot, now)
            else:
                posts.done(one.slot)
        now += 1.0
    assert taken(posts, now + 60.0) == ["argosy/bad pending"]


def test_a_forge_that_is_away_is_tried_every_quarter_minute_at_the_most() -> None:
    posts = queue()
    for number in range(1000):
        posts.put(post(f"argosy/push/{number}"))
    now, tries = 1.0, 0
    while now < 600.0:
        one = posts.take(now)
        if one is not None:
            tries += 1
            posts.failed(one.slot, now)
        now += posts.wait(now) or 0.0
    assert 40 <= tries <= 50
    assert len(posts) == 1000


def test_of_too_many_the_oldest_jobs_are_dropped_first() -> None:
    posts = queue(rate=1e9, size=1e9)
    dropped = [posts.put(post("argosy/push"))]
    dropped += [posts.put(post(f"argosy/push/{number}")) for number in range(20_002)]
    assert [slot.context for slot in dropped if slot is not None] == ["argosy/push/0", "argosy/push/1", "argosy/push/2"]
    assert posts.take(1.0) == post("argosy/push")
