"""What becomes of a manual run: a run of a branch's or tag's head, or the reason for whoever asked, and no status."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from generator import result
from generator.events.claims import Claim
from generator.events.event import from_json
from generator.expander.expand import expand
from generator.forges.forge import BranchFacts, TagFacts
from tests.unit.expander.edges import RUNS, World
from tests.unit.samples import SHA

REQUEST = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
RUN = "run-m-s3i4j7pbfaa9ilickqi9avmdss"  # of that request on main of repository 42
CI = """\
on:
  manual:
    inputs: {level: {type: choice, options: [debug, info], default: info}, note: {default: ''}}
jobs: {one: {run: make}}
"""
OTHER = "d" * 40
MANUAL = Claim("manual", repository="acme/app", actor="ann", request=REQUEST, inputs=(("level", "debug"),))


def world(text: str | None = CI) -> World:
    made = World(text)
    made.forge.tags["v1"] = TagFacts(SHA, "7" * 40, "")
    made.forge.branches["topic"] = BranchFacts(OTHER, protected=False, message="")
    made.forge.branches["stable"] = BranchFacts(OTHER, protected=True, message="")
    made.at(OTHER).text = (text or "").encode()
    return made


def by_hand(**changes: Any) -> Claim:
    return dataclasses.replace(MANUAL, **changes)


def test_a_request_becomes_a_run_of_the_default_branch_under_the_requests_name() -> None:
    here = world()
    said = expand(here.edge, "work", MANUAL)
    assert (said.outcome, said.why, said.run) == (result.STARTED, "manual run of 'main'", RUN)
    assert said.event is not None
    event = from_json(said.event)
    assert (event.kind, event.ref, event.sha, event.tier) == ("manual", "refs/heads/main", SHA, "protected")
    assert (event.request, event.inputs, event.actor) == (REQUEST, (("level", "debug"),), "ann")
    assert here.run()["metadata"]["labels"]["argosy.dev/kind"] == "manual"


@pytest.mark.parametrize(
    ("ref", "whole", "sha", "tier"),
    [
        ("main", "refs/heads/main", SHA, "protected"),
        ("refs/heads/main", "refs/heads/main", SHA, "protected"),
        ("topic", "refs/heads/topic", OTHER, "trusted"),
        ("stable", "refs/heads/stable", OTHER, "protected"),
        ("v1", "refs/tags/v1", SHA, "protected"),
        ("refs/tags/v1", "refs/tags/v1", SHA, "protected"),
    ],
)
def test_a_ref_is_a_branch_or_a_tag_and_its_tier_is_that_of_a_push(ref: str, whole: str, sha: str, tier: str) -> None:
    said = expand(world().edge, "work", by_hand(ref=ref))
    assert said.outcome == result.STARTED
    assert said.event is not None
    event = from_json(said.event)
    assert (event.ref, event.sha, event.tier) == (whole, sha, tier)


def test_however_a_ref_is_written_one_request_has_one_run() -> None:
    here = world()
    first = [expand(here.edge, "work", by_hand(ref=ref)) for ref in ("", "main", "refs/heads/main")]
    assert [said.outcome for said in first] == [result.STARTED, result.FOUND, result.FOUND]
    # The first one wins, whatever the second one gives, and wherever the branch is by then.
    here.forge.branches["main"] = BranchFacts(OTHER, protected=True, message="")
    again = expand(here.edge, "work", by_hand(inputs=(("level", "info"),)))
    assert (again.outcome, again.run) == (result.FOUND, RUN)
    assert here.cluster.names(RUNS) == {RUN}


def test_another_request_has_a_run_of_its_own() -> None:
    here = world()
    for number in "12":
        assert expand(here.edge, "work", by_hand(request=number + REQUEST[1:])).outcome == result.STARTED
    assert len(here.cluster.names(RUNS)) == 2


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        ("mian", "there is no branch or tag 'mian'"),
        ("refs/heads/v1", "there is no branch or tag 'refs/heads/v1'"),
        ("refs/tags/main", "there is no branch or tag 'refs/tags/main'"),
        ("both", "'both' is a branch and a tag: write refs/heads/both or refs/tags/both"),
    ],
)
def test_a_ref_that_is_not_there_or_that_is_two_is_refused(ref: str, why: str) -> None:
    here = world()
    here.forge.branches["both"] = here.forge.branches["main"]
    here.forge.tags["both"] = here.forge.tags["v1"]
    said = expand(here.edge, "work", by_hand(ref=ref))
    assert (said.outcome, said.why) == (result.IGNORED, why)
    assert here.cluster.names(RUNS) == set()


def test_inputs_that_do_not_fit_are_told_to_whoever_asked_and_to_nobody_else() -> None:
    here = world()
    said = expand(here.edge, "work", by_hand(inputs=(("level", "loud"), ("nte", "x"))))
    assert said.outcome == result.IGNORED
    assert said.why == (
        "ci.yaml:3:5: error: the run is given 'nte', which is no input of the file [unknown-input] (and 1 more)"
    )
    assert [(one["code"], one["hint"]) for one in said.diagnostics] == [
        ("unknown-input", "did you mean 'note'? known: level, note"),
        ("bad-input", "known: debug, info"),
    ]
    assert here.cluster.names(RUNS) == set()


@pytest.mark.parametrize(
    ("text", "outcome", "why"),
    [
        ("on: push\njobs: {one: {run: make}}\n", result.IGNORED, "`on` has no manual"),
        (
            "on: manual\njobs: {one: {if: branch == 'x', run: make}}\n",
            result.IGNORED,
            "no job runs: 'one': `if` is false: branch == 'x'",
        ),
        (None, result.IGNORED, "no ci.yaml at this commit"),
        ("on: manual\njobs: {one: {rum: make}}\n", result.INVALID, "ci.yaml:2:14: error: "),
    ],
)
def test_a_commit_shows_what_is_wrong_with_its_file_and_not_what_was_asked_in_vain(
    text: str | None, outcome: str, why: str
) -> None:
    here = world(text)
    if text is None:
        here.at().text = None
    said = expand(here.edge, "work", by_hand(inputs=()))
    assert said.outcome == outcome
    assert said.why.startswith(why)


def test_a_manual_run_leaves_the_schedules_alone() -> None:
    text = CI.replace("on:\n", "on:\n  schedule: {cron: '0 3 * * *'}\n")
    here = world(text)
    expand(here.edge, "work", MANUAL)
    assert not [call for call in here.fuse.calls if "cronworkflows" in call]
