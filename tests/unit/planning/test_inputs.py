"""What inputs are in a run: as the run was given them where it is a manual one, else as the file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import headline
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan

FILE = """\
on:
  push: {branches: "**", tags: "**"}
  pull_request:
  schedule: {name: nightly, cron: "0 3 * * *"}
  manual:
    inputs:
      level: {type: choice, options: [debug, info], description: How loud}
      dry_run: {type: boolean}
      version:
      note: {default: none}
jobs:
  it:
    env: {A: "${{ inputs.level }} ${{ inputs.dry_run }} ${{ inputs.note }}"}
    run: make
  wet: {if: "!inputs.dry_run", run: make}
"""
GIVEN = {"level": "debug", "dry_run": "true", "version": "1.10"}


def by_hand(**inputs: str) -> Event:
    return push(kind="manual", inputs=tuple(sorted(inputs.items())))


def planned(event: Event, text: str = FILE) -> Plan:
    made, found = plan(ci_file(text), event, PLATFORM, TREE)
    assert made is not None, found
    return made


def variables(event: Event, text: str = FILE) -> dict[str, str]:
    return {variable.name: variable.value for variable in planned(event, text).jobs[0].env}


def refusals(event: Event, text: str = FILE) -> list[tuple[str, str]]:
    made, found = plan(ci_file(text), event, PLATFORM, TREE)
    assert made is None
    return [(headline(finding), finding.hint) for finding in found]


def test_a_manual_run_has_what_it_was_given_and_defaults_for_the_rest() -> None:
    assert variables(by_hand(**GIVEN)) == {
        "INPUT_LEVEL": "debug",
        "INPUT_DRY_RUN": "true",
        "INPUT_VERSION": "1.10",
        "INPUT_NOTE": "none",
        "A": "debug true none",
    }


@pytest.mark.parametrize(
    "event", [push(), tag("v1"), pull_request(), schedule("nightly")], ids=lambda event: event.kind
)
def test_in_every_other_event_it_is_the_default_or_the_zero_value(event: Event) -> None:
    assert variables(event) == {
        "INPUT_LEVEL": "debug",
        "INPUT_DRY_RUN": "false",
        "INPUT_VERSION": "",
        "INPUT_NOTE": "none",
        "A": "debug false none",
    }


def test_a_boolean_is_one_in_an_if() -> None:
    assert [job.runs for job in planned(by_hand(**GIVEN)).jobs] == [True, False]
    assert [job.runs for job in planned(by_hand(**{**GIVEN, "dry_run": "false"})).jobs] == [True, True]


def test_a_boolean_may_be_written_as_yaml_has_it() -> None:
    assert variables(by_hand(**{**GIVEN, "dry_run": "True"}))["INPUT_DRY_RUN"] == "true"


def test_an_input_that_the_run_leaves_empty_is_given() -> None:
    assert variables(by_hand(**{**GIVEN, "version": "", "note": ""}))["INPUT_NOTE"] == ""


@pytest.mark.parametrize(
    ("change", "said", "hint"),
    [
        (
            {"levle": "x"},
            "ci.yaml:6:5: error: the run is given 'levle', which is no input of the file [unknown-input]",
            "did you mean 'level'? known: level, dry_run, version, note",
        ),
        (
            {"level": "Debug"},
            "ci.yaml:7:7: error: the input 'level' cannot be 'Debug' [bad-input]",
            "did you mean 'debug'? known: debug, info",
        ),
        (
            {"dry_run": "yes"},
            "ci.yaml:8:7: error: the input 'dry_run' cannot be 'yes' [bad-input]",
            "known: true, false",
        ),
        (
            {"version": "a\0b"},
            "ci.yaml:9:7: error: the input 'version' has U+0000 in it, which no variable can hold [bad-input]",
            "",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_known(change: dict[str, str], said: str, hint: str) -> None:
    assert refusals(by_hand(**{**GIVEN, **change})) == [(said, hint)]


def test_everything_that_is_missing_is_told_at_once() -> None:
    missing = "the run is not given the input"
    assert refusals(by_hand()) == [
        (
            f"ci.yaml:7:7: error: {missing} 'level', which has no default [missing-input]",
            "give it: --input level=debug|info (How loud)",
        ),
        (
            f"ci.yaml:8:7: error: {missing} 'dry_run', which has no default [missing-input]",
            "give it: --input dry_run=true|false",
        ),
        (
            f"ci.yaml:9:7: error: {missing} 'version', which has no default [missing-input]",
            "give it: --input version=TEXT",
        ),
    ]


def test_a_file_that_takes_no_inputs_says_so() -> None:
    text = "on: manual\njobs: {it: {run: x}}"
    assert refusals(by_hand(a="b"), text)[0][1] == "the file takes no inputs"


def test_a_file_that_takes_no_manual_runs_plans_nothing_whatever_is_given() -> None:
    made = planned(by_hand(a="b"), "on: push\njobs: {it: {run: x}}")
    assert (made.runs, made.why) == (False, "`on` has no manual")


def test_a_variable_of_the_file_hides_an_input() -> None:
    text = "on: {manual: {inputs: {a: {default: x}}}}\nenv: {INPUT_A: mine}\njobs: {it: {run: x}}"
    assert variables(by_hand(a="theirs"), text) == {"INPUT_A": "mine"}


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_is_given_as_it_is(text: str) -> None:
    file = "on: {manual: {inputs: {a: }}}\njobs: {it: {env: {B: '${{ inputs.a }}'}, run: x}}"
    assert variables(by_hand(a=text), file) == {"INPUT_A": text, "B": text}
