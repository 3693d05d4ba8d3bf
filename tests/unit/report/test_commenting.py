"""One comment on a pull request, whatever is there already and however often it is tried."""

from __future__ import annotations

from typing import cast

import pytest

from generator.forges.forge import Forge, ForgeError, OwnComment
from generator.manifests.summary import Summary
from generator.report.comment import Comment, comment
from generator.report.commenting import keep_comment
from generator.report.slots import Slot
from tests.unit.samples import SHA

SLOT = Slot("work", "acme/app", "", "argosy/pull_request", 7)


class Page:
    """A pull request's comments by the token's own user. `loses`: the next answer does not arrive."""

    def __init__(self, *bodies: str) -> None:
        self.comments = [OwnComment(number, body) for number, body in enumerate(bodies, 1)]
        self.writes = 0
        self.loses = False

    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        assert (repository, number) == ("acme/app", 7)
        return tuple(self.comments)

    def post_comment(self, _repository: str, _number: int, body: str) -> None:
        self.comments.append(OwnComment(len(self.comments) + 1, body))
        self._written()

    def edit_comment(self, _repository: str, _number: int, comment: OwnComment, body: str) -> None:
        self.comments = [OwnComment(one.id, body) if one == comment else one for one in self.comments]
        self._written()

    def delete_comment(self, _repository: str, _number: int, comment: OwnComment) -> None:
        self.comments.remove(comment)
        self._written()

    def _written(self) -> None:
        self.writes += 1
        if self.loses:
            self.loses = False
            raise ForgeError("the answer did not arrive")

    @property
    def bodies(self) -> list[str]:
        return [one.body for one in self.comments]


def made(text: str, created: int = 100, run: str = "run-p-a") -> Comment:
    return comment(run, created, SHA, "https://argo.example/x", [("it", Summary(text, 0))])


def kept(page: Page, said: Comment) -> bool:
    return keep_comment(cast("Forge", page), SLOT, said)


def test_the_first_one_is_written_and_the_next_takes_its_place() -> None:
    page = Page("something else of ours")
    first, second = made("first"), made("second", 200, "run-p-b")
    assert kept(page, first)
    assert kept(page, second)
    assert page.bodies == ["something else of ours", second.body]


def test_the_same_again_changes_nothing() -> None:
    page = Page()
    for _ in range(3):
        assert kept(page, made("first\n"))
    page.comments = [OwnComment(1, page.bodies[0].replace("\n", "\r\n") + "\r\n")]
    assert kept(page, made("first\n"))
    assert page.writes == 1


def test_an_older_run_leaves_a_newer_ones_alone() -> None:
    newer = made("newer", 200, "run-p-b")
    page = Page(newer.body)
    assert not kept(page, made("older"))
    assert page.bodies == [newer.body]


def test_a_run_that_wrote_nothing_replaces_but_does_not_begin() -> None:
    page = Page()
    assert kept(page, made("", 100))
    assert page.bodies == []
    kept(page, made("words", 200))
    silent = made("", 300)
    assert kept(page, silent)
    assert page.bodies == [silent.body]


def test_an_answer_that_is_lost_makes_no_second_comment() -> None:
    page = Page()
    page.loses = True
    with pytest.raises(ForgeError):
        kept(page, made("first"))
    assert kept(page, made("first"))
    assert page.bodies == [made("first").body]


def test_of_two_that_are_there_all_the_same_one_is_left() -> None:
    page = Page(made("first").body, "something else of ours", made("first").body)
    assert kept(page, made("second", 200))
    assert page.bodies == [made("second", 200).body, "something else of ours"]


def test_a_marker_inside_of_a_comment_makes_it_none_of_these() -> None:
    page = Page(f"see:\n{made('first').body}")
    assert kept(page, made("second"))
    assert len(page.bodies) == 2
