"""What an end-to-end test waits for on a commit: the last words, and no longer than they can still come."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from tests.e2e import observed
from tests.e2e.gitea import Status

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

RUN, JOB = "argosy/push", "argosy/push/one"
HOURS = 3600.0 * 24


class Forge:
    """Shows each of these in turn, and the last one for ever."""

    def __init__(self, *shown: dict[str, str]) -> None:
        self.shown = list(shown)

    def statuses(self, _repository: str, _sha: str) -> dict[str, Status]:
        """The states by context."""
        states = self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]
        return {context: Status(state, "", "") for context, state in states.items()}


def waited(*shown: dict[str, str]) -> dict[str, str]:
    """The states that are there at the end."""
    statuses = observed.ended_statuses(cast("Gitea", Forge(*shown)), "acme/app", "a" * 40, {RUN, JOB}, HOURS)
    return {context: status.state for context, status in statuses.items()}


def test_the_last_words_are_waited_for_in_whatever_order_they_come() -> None:
    over = {RUN: "failure", JOB: "success"}
    assert waited({}, {RUN: "pending"}, {RUN: "pending", JOB: "success"}, over) == over
    assert waited({RUN: "failure"}, {RUN: "failure", JOB: "pending"}, over) == over


def test_a_context_that_should_not_be_there_ends_the_wait_at_once() -> None:
    with pytest.raises(AssertionError, match="argosy/push/two should not be there"):
        waited({RUN: "pending", JOB: "pending", "argosy/push/two": "pending"})


def test_a_run_that_has_ended_without_its_jobs_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observed, "_LAST_WORDS", 0.0)
    with pytest.raises(AssertionError, match="not within 0 s"):
        waited({RUN: "error"})
