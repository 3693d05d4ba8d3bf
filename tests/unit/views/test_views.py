"""Plans as text, JSON, Mermaid and SVG: what they tell, and that no text of a plan is more than a text in them."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from generator.language.model import When
from generator.planning.blocked import blocked_jobs
from generator.planning.plan import PlannedSecret
from generator.platform.model import SecretKey
from generator.views.mermaid import to_mermaid
from generator.views.states import VERBS, State, state_of
from generator.views.svg import to_svg
from generator.views.text import to_text
from generator.views.values import to_json
from generator.wording import harmless
from tests.unit.views.plans import job, plan, plans

if TYPE_CHECKING:
    from generator.planning.plan import Plan

SVG = "{http://www.w3.org/2000/svg}"
NODE = re.compile(
    r'  j(?P<number>\d+)(?:\["(?P<run>[^"]*)"\]|\("(?P<dashed>[^"]*)"\)|\{\{"(?P<denied>[^"]*)"\}\})'
    r":::(?P<state>[a-z]+)"
)
LABEL = re.compile(r"(?:[A-Za-z0-9 _.,:/=-]|#\d+;)*")
EDGE = re.compile(r"  j\d+ (?:-->|==>|-\.->) j\d+")

MIXED = plan(
    job("build"),
    job("test", needs=("build",), timeout=1200),
    job("ship", needs=("test",), denied="secret 'TOKEN' is not granted"),
    job("docs", runs=False),
    job("pages", needs=("docs",), runs=False),
)


def test_text_tells_files_from_variables_and_what_the_job_goes_without() -> None:
    secrets = (
        PlannedSecret("TOKEN", SecretKey("npm", "token")),
        PlannedSecret("KEY", SecretKey("keys", "ssh"), is_file=True),
        PlannedSecret("COVERAGE", None, optional=True),
    )
    told = plan(dataclasses.replace(job("build"), secrets=secrets))
    assert "  sees TOKEN, KEY (a file)  without COVERAGE, which this run is not granted" in to_text(told)
    (build,) = to_json(told, [])["jobs"]
    assert build["secrets"] == ["TOKEN", "KEY", "COVERAGE"]
    assert build["sees"] == {
        "TOKEN": {"secret": "npm", "key": "token", "file": False},
        "KEY": {"secret": "keys", "key": "ssh", "file": True},
    }


def test_text_goes_level_by_level_and_says_why() -> None:
    assert to_text(MIXED).splitlines() == [
        "run-b-0 in argosy-runs-default runs: push to 'main'",
        "    1  runs   build  debian:12  small (cpu 500m, memory 1Gi)  at most 10m  sees TOKEN",
        "    2  runs   test   debian:12  small (cpu 500m, memory 1Gi)  at most 20m  sees TOKEN  after build",
        "    3  fails  ship   secret 'TOKEN' is not granted  after test",
        "       skips  docs   needs docs, which does not run",
        "       skips  pages  needs pages, which does not run",
        "critical path, by timeouts: build > test; at most 30m",
    ]


def test_what_needs_a_denied_job_never_starts_unless_that_may_fail() -> None:
    ship = job("ship", denied="secret 'TOKEN' is not granted")
    alarm = dataclasses.replace(job("alarm", needs=("ship",)), when=When.FAILURE, causes=("ship",))
    after = (job("after", needs=("build", "ship")), job("later", needs=("after",)), alarm)
    made = plan(job("build"), ship, *after)
    assert [line[7:] for line in to_text(made).splitlines() if "never" in line] == [
        "never  after  needs 'ship', which fails",
        "never  later  needs 'ship', which fails",
    ]
    jobs = to_json(made, [])["jobs"]
    assert [one["blocked_by"] for one in jobs] == ["", "", "ship", "ship", ""]
    assert [one["state"] for one in jobs] == ["run", "denied", "blocked", "blocked", "run"]
    assert [one["id"] for one in jobs if one["critical"]] == ["build"]
    for picture in (to_mermaid(made), to_svg(made).decode()):
        assert picture.count("never: needs") >= 2
    allowed = plan(job("build"), dataclasses.replace(ship, allow_failure=True), *after)
    assert "never" not in to_text(allowed)


def combinations(count: int, *, runs: int) -> Plan:
    """A matrix of so many, of which the first ones run, and a job after it."""
    each = [
        dataclasses.replace(job("it", runs=number <= runs), id=f"it[a={number}]", matrix=(("a", str(number)),))
        for number in range(1, count + 1)
    ]
    return plan(*each, job("after", needs=("it",), runs=runs > 0))


@pytest.mark.parametrize(("runs", "label"), [(50, "it x 50"), (3, "it x 3 of 50"), (0, "it x 50")])
def test_a_matrix_of_fifty_is_one_box_of_a_picture(runs: int, label: str) -> None:
    made = combinations(50, runs=runs)
    nodes = [line for line in to_mermaid(made).splitlines() if NODE.fullmatch(line)]
    assert [label in node for node in nodes] == [True, False]
    drawing = ET.fromstring(to_svg(made))  # noqa: S314  (our own)
    texts = ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]
    assert [label in text for text in texts].count(True) == 1


def test_a_matrix_none_of_which_runs_is_one_line_and_each_that_runs_has_its_own() -> None:
    lines = to_text(combinations(50, runs=0)).splitlines()
    assert lines[1:] == [
        "       skips  it x 50  needs it, which does not run",
        "       skips  after    needs after, which does not run",
    ]
    lines = to_text(combinations(50, runs=2)).splitlines()
    assert sum("  runs   it[a=" in line for line in lines) == 2
    assert sum("  skips  it[a=" in line for line in lines) == 48


def test_json_says_for_each_job_what_it_would_see_and_when() -> None:
    told = to_json(MIXED, [])
    jobs = {one["id"]: one for one in told["jobs"]}
    assert [jobs[name]["state"] for name in jobs] == ["run", "run", "denied", "skip", "skip"]
    assert [jobs[name]["level"] for name in jobs] == [1, 2, 3, None, None]
    assert [name for name in jobs if jobs[name]["critical"]] == ["build", "test"]
    assert jobs["build"]["sees"] == {"TOKEN": {"secret": "shared-npm", "key": "token", "file": False}}
    assert jobs["ship"]["sees"] == jobs["docs"]["sees"] == {}
    assert jobs["build"]["requests"] == {"cpu": "500m", "memory": "1Gi"}
    assert told["levels"] == [["build"], ["test"], ["ship"]]
    assert told["critical_path"] == {"jobs": ["build", "test"], "seconds": 1800}
    assert told["event"]["ref"] == "refs/heads/main"


def test_states_have_shapes_of_their_own() -> None:
    shapes = [line.lstrip(" j0123456789")[:2] for line in to_mermaid(MIXED).splitlines() if ":::" in line]
    assert shapes == ['["', '["', "{{", '("', '("']
    picture = ET.fromstring(to_svg(MIXED))  # noqa: S314  (our own)
    drawn = [(group.get("class"), group[1].tag.removeprefix(SVG)) for group in picture.iter(f"{SVG}g")]
    assert drawn == [("run", "rect"), ("run", "rect"), ("denied", "path"), ("skip", "rect"), ("skip", "rect")]
    assert "stroke-dasharray" in to_svg(MIXED).decode().partition(".skip .box")[2].partition("}")[0]


def test_the_critical_path_is_thick() -> None:
    assert to_mermaid(MIXED).count(" ==> ") == 1
    assert to_svg(MIXED).count(b'class="arrow critical"') == 1


@given(plans())
def test_text_has_a_line_for_each_job_and_moves_no_cursor(plan: Plan) -> None:
    text = to_text(plan)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text.split("\n")) in (len(plan.jobs) + 1, len(plan.jobs) + 2)
    for one in plan.jobs:
        assert harmless(one.id) in text


@given(plans())
def test_a_chart_has_no_syntax_but_its_own(plan: Plan) -> None:
    lines = to_mermaid(plan).split("\n")
    assert lines[0] == "flowchart LR"
    nodes, rest = lines[1 : 1 + len(plan.jobs)], lines[1 + len(plan.jobs) : -5]
    blocked = blocked_jobs(plan.jobs)
    for number, (line, one) in enumerate(zip(nodes, plan.jobs, strict=True)):
        match, state = NODE.fullmatch(line), state_of(one, blocked)
        assert match, line
        assert (int(match["number"]), match["state"]) == (number, state.value)
        shape = "dashed" if state in (State.SKIP, State.BLOCKED) else state.value
        name, _, words = match[shape].partition("<br/>")
        assert LABEL.fullmatch(name)
        assert LABEL.fullmatch(words)
        assert words.startswith(f"{VERBS[state]}: ")
        shown = re.sub(r"#(\d+);", lambda entity: chr(int(entity[1])), name)
        assert harmless(one.id).startswith(shown.removesuffix("..."))
    assert all(EDGE.fullmatch(line) for line in rest)
    assert len(rest) == sum(len(one.needs) for one in plan.jobs)


@given(plans())
def test_a_picture_is_xml_with_the_texts_as_texts(plan: Plan) -> None:
    made = to_svg(plan)
    assert made.isascii()
    picture = ET.fromstring(made)  # noqa: S314  (our own)
    assert {part.tag.removeprefix(SVG) for part in picture.iter()} <= {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text", "g"),
    }
    assert not [name for part in picture.iter() for name in part.attrib if name.startswith("on") or "href" in name]
    groups, blocked = list(picture.iter(f"{SVG}g")), blocked_jobs(plan.jobs)
    for group, one in zip(groups, plan.jobs, strict=True):
        title, name = group[0].text or "", group[3].text or ""
        assert title.startswith(f"{harmless(one.id)} {VERBS[state_of(one, blocked)]}: ")
        assert harmless(one.id).startswith(name.removesuffix("\N{HORIZONTAL ELLIPSIS}"))


@given(plans())
def test_json_is_json(plan: Plan) -> None:
    told = json.loads(json.dumps(to_json(plan, [])))
    assert [one["id"] for one in told["jobs"]] == [one.id for one in plan.jobs]


@pytest.mark.parametrize("width", [1, 3, 300])
def test_everything_that_is_drawn_is_inside_the_picture(width: int) -> None:
    picture = ET.fromstring(to_svg(plan(*(job("x" * width + str(number)) for number in range(3)))))  # noqa: S314  (our own)
    right, bottom = int(picture.get("width") or 0), int(picture.get("height") or 0)
    for part in picture.iter():
        if part.get("x") is not None:
            assert 0 <= int(part.get("x") or 0) < right
            assert 0 <= int(part.get("y") or 0) <= bottom
