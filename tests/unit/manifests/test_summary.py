"""What a job's pod leaves for the reporter, and what a run is kept to for it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.manifests.run import run_workflow
from generator.manifests.size import compiled
from generator.manifests.summary import SUMMARY_BYTES, Summary, decode
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, pull_request, push

ANYWHERE = "on: {push: {branches: '**'}, pull_request: {}}\n"
WRITES = 'run: echo words >>"$CI_SUMMARY"'


def parameters(job: str, event: object = None) -> dict[str, list[str]]:
    """The output parameters of each pod's template, and the files that Argo mounts for them."""
    made, found = plan(ci_file(f"{ANYWHERE}jobs: {{it: {{{job}}}}}"), event or pull_request(), PLATFORM, TREE)  # type: ignore[arg-type]
    assert made is not None, found
    pods = [one for one in run_workflow(made, PLATFORM)["spec"]["templates"] if "containerSet" in one]
    for pod in pods:
        mounted = {item["name"]: item["path"] for item in pod["inputs"]["artifacts"]}
        assert mounted == {item["name"]: item["valueFrom"]["path"] for item in pod["outputs"]["parameters"]}
    return {pod["name"]: [item["name"] for item in pod["outputs"]["parameters"]] for pod in pods}


def test_a_job_whose_script_names_it_hands_its_summary_to_argo() -> None:
    assert parameters(WRITES) == {"job-it": ["result", "summary"]}
    assert parameters("run: make") == {"job-it": ["result"]}
    assert parameters(f"outputs: [text], {WRITES}") == {"job-it": ["result", "outputs", "summary"]}


def test_every_combination_does_whichever_of_its_steps_run() -> None:
    steps = "steps: [{run: make}, {if: matrix.n == '1', run: './x >$CI_SUMMARY'}]"
    found = parameters(f"matrix: {{n: ['1', '2']}}, {steps}")
    assert list(found.values()) == [["result", "summary"]]


def test_nobody_is_shown_the_summary_of_another_event() -> None:
    assert parameters(WRITES, push()) == {"job-it": ["result"]}


def said(jobs: int, more: str = "") -> list[tuple[str, str | None]]:
    """What is said of the size of a run with so many jobs that write summaries."""
    axis = "[" + ", ".join(f"'{number}'" for number in range(jobs)) + "]"
    ci = ci_file(f"{ANYWHERE}jobs: {{it: {{matrix: {{n: {axis}}}, {more}{WRITES}}}}}")
    made, found = plan(ci, pull_request(), PLATFORM, TREE)
    assert made is not None, found
    return [(one.code, one.hint) for one in compiled(made, ci, PLATFORM)[1]]


def test_summaries_count_into_the_size_of_a_run() -> None:
    assert said(150) == []
    ((code, hint),) = said(180)
    assert code == "run-size"
    assert hint == "room is kept for 180 summaries: write CI_SUMMARY in fewer jobs"


def test_so_do_those_of_further_attempts() -> None:
    assert said(75, "retry: {limit: 1}, ") != []
    assert said(50, "retry: {limit: 1}, ") == []


def left(data: bytes, omitted: str = "0") -> str:
    return f"{base64.b64encode(data).decode()} {omitted}"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", Summary("", 0)),
        (left(b"# Found\n"), Summary("# Found\n", 0)),
        (left(b"", "5000"), Summary("", 5000)),
        (left("\N{ROCKET}".encode(), "17"), Summary("\N{ROCKET}", 17)),
        (left(b"a\xff"), Summary("a\N{REPLACEMENT CHARACTER}", 0)),
        (left(b"a", "-1"), Summary("a", 0)),
        (left(b"a", "9" * 5000), Summary("a", 0)),
        ("{{workflow.name}}", Summary("", 0)),
        ("plain words", Summary("", 0)),
    ],
)
def test_what_is_left_is_read(value: str, read: Summary) -> None:
    assert decode(value) == read


@given(st.one_of(st.text(), st.binary(max_size=9000).map(left)))
def test_whatever_a_job_leaves_there_is_taken_and_never_more_than_fits(value: str) -> None:
    read = decode(value)
    assert len(read.text) <= SUMMARY_BYTES
    assert read.omitted >= 0
