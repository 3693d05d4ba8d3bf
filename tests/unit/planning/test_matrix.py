"""A matrix in a plan: which combinations run, with which values, and why the others do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, StoredTree, ci_file, platform, push, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan

FILES = dict.fromkeys(("README.md", "services/web/main.go", "services/api/lib/x", "services/x"), "a" * 40)
BOTH = ["it[a=services/api]", "it[a=services/web]"]


def planned(text: str, event: Event | None = None, tree: StoredTree = TREE) -> Plan:
    made, found = plan(ci_file(text), event or push(), PLATFORM, tree)
    assert made is not None, found
    return made


def complaints(text: str, tree: StoredTree = TREE) -> list[str]:
    made, found = plan(ci_file(text), push(), PLATFORM, tree)
    assert made is None
    return [headline(one) for one in found]


def ran(made: Plan) -> dict[str, str]:
    """Each entry of the plan: why it does not run, empty if it does."""
    return {job.id: "" if job.runs else job.why for job in made.jobs}


def test_each_combination_is_planned_with_its_own_values() -> None:
    text = """
jobs:
  it:
    matrix: {go: [1, 2], extend: [{go: 2, tags: more}]}
    image: golang:${{ matrix.go }}
    runner: "${{ matrix.go == '2' ? 'medium' : 'small' }}"
    allow-failure: matrix.go == '1'
    env: {TAGS: "<${{ matrix.tags }}>"}
    run: x
"""
    one, two = planned(text).jobs
    assert (one.id, one.matrix, one.image, one.runner.name) == ("it[go=1]", (("go", "1"),), "golang:1", "small")
    assert (one.env[0].value, one.allow_failure, one.index, one.total) == ("<>", True, 1, 2)
    assert (two.id, two.image, two.runner.name, two.env[0].value) == ("it[go=2]", "golang:2", "medium", "<more>")
    assert (two.allow_failure, two.index, two.total) == (False, 2, 2)


def test_an_if_decides_for_each_combination_and_those_that_run_are_counted() -> None:
    made = planned("jobs: {it: {run: x, matrix: {a: [1, 2, 3]}, if: matrix.a != '2'}, after: {needs: it, run: x}}")
    assert ran(made) == {"it[a=1]": "", "it[a=2]": "`if` is false: matrix.a != '2'", "it[a=3]": "", "after": ""}
    assert [(job.index, job.total) for job in made.jobs if job.job == "it" and job.runs] == [(1, 2), (2, 2)]


def test_a_job_none_of_whose_combinations_runs_takes_its_dependants_along() -> None:
    made = planned("jobs: {it: {run: x, matrix: {a: [1, 2]}, if: matrix.a == '3'}, after: {needs: it, run: x}}")
    assert not made.runs
    assert ran(made)["after"] == "needs 'it', which does not run"


def test_a_step_is_left_out_where_its_if_is_false() -> None:
    steps = "steps: [{run: a, if: matrix.a == '1'}, {run: b, if: event == 'push'}, {run: c, if: event == 'tag'}]"
    made = planned(f"jobs: {{it: {{matrix: {{a: [1, 2]}}, {steps}}}}}")
    assert [[step.script for step in job.steps] for job in made.jobs] == [["a", "b"], ["b"]]


def test_a_job_without_a_step_left_is_skipped() -> None:
    made = planned("jobs: {it: {steps: [{run: a, if: event == 'tag'}]}, other: {run: x}}")
    assert ran(made)["it"] == "`if` is false for every step"


@pytest.mark.parametrize(
    ("axis", "event", "expected"),
    [
        ("{dirs: services/*}", push(), BOTH),
        ("{dirs: [services/**, '!services/api/lib']}", push(), BOTH),
        ("{dirs: services/*, changed: true}", push(changed=("services/web/new",)), ["it[a=services/web]"]),
        (
            "{dirs: services/*, changed: true}",
            tag("v1"),
            ["it[a=services/api]", "it[a=services/web]"],
        ),
        ("{file: ci/list.json}", push(), ["it[a=1.10]", "it[a=x y]"]),
    ],
)
def test_an_axis_may_come_from_the_tree(axis: str, event: Event, expected: list[str]) -> None:
    tree = StoredTree(FILES, None, {"ci/list.json": b'["1.10", "x y"]'})
    made = planned(
        f"on: {{push: {{branches: '**', tags: '**'}}}}\njobs: {{it: {{run: x, matrix: {{a: {axis}}}}}}}", event, tree
    )
    assert [job.id for job in made.jobs] == expected


def test_an_axis_that_the_tree_leaves_empty_skips_the_job_with_the_reason() -> None:
    made = planned("jobs: {it: {run: x, matrix: {a: {dirs: nothing/*}}}, other: {run: x}}")
    assert ran(made) == {"it": "its matrix has no combination: no folder matches 'nothing/*'", "other": ""}


def test_what_an_axis_from_the_tree_and_include_both_have_is_there_once() -> None:
    axis = "p: {dirs: services/*, changed: true}"
    text = f"jobs: {{it: {{run: x, matrix: {{{axis}, include: [{{p: services/api, core: 'yes'}}]}}}}}}"
    for changed in (("services/api/new", "services/web/new"), ("services/web/new",)):
        made = planned(text, push(changed=changed), StoredTree(FILES))
        assert {dict(job.matrix)["p"]: dict(job.matrix).get("core") for job in made.jobs} == {
            "services/api": "yes",
            "services/web": None,
        }


@pytest.mark.parametrize("folder", ["services/a\nb", "services/\udcff", "services/\x7f"])
def test_a_folder_whose_name_is_no_value_is_told_at_the_axis(folder: str) -> None:
    text = "jobs: {it: {run: x, matrix: {a: {dirs: 'services/*'}}}}"
    (found,) = complaints(text, StoredTree({f"{folder}/x": "a" * 40}))
    assert found.startswith("ci.yaml:1:30: error: folder ")
    assert found.endswith("[bad-axis-folder]")
    kept = planned(text.replace("'services/*'", f"['services/*', '!services/{'[!w]*'}']"), tree=StoredTree(FILES))
    assert [job.id for job in kept.jobs] == ["it[a=services/web]"]


def test_folders_that_make_one_name_of_two_combinations_are_told() -> None:
    files = dict.fromkeys(("1/x", "1,b=2/x", "2,b=3/x", "3/x"), "a" * 40)
    text = "jobs: {it: {run: x, matrix: {a: {dirs: ['1', '1,b=2']}, b: {dirs: ['2,b=3', '3']}}}}"
    (found,) = complaints(text, StoredTree(files))
    assert "two combinations are called 'it[a=1,b=2,b=3]' [duplicate-combination]" in found


@pytest.mark.parametrize(
    "text",
    [
        "on: {push: {tags: v*}}\njobs: {it: {run: x, matrix: {a: [1, 2]}}}",
        "on: {push: {branches: '**', tags: v*}}\njobs: {it: {run: x, on: {push: {tags: v*}}, matrix: {a: [1, 2]}}}",
    ],
)
def test_combinations_that_are_not_for_the_event_are_planned_with_the_reason(text: str) -> None:
    made = planned(text)
    assert [(job.id, job.matrix) for job in made.jobs] == [("it[a=1]", (("a", "1"),)), ("it[a=2]", (("a", "2"),))]
    assert not any(job.runs for job in made.jobs)
    assert made.jobs[0].why == made.jobs[1].why != ""


def test_for_a_job_that_is_not_for_the_event_the_tree_is_not_asked() -> None:
    tree = StoredTree(FILES, asked=[])
    text = "on: {push: {tags: v*}}\njobs: {it: {run: x, matrix: {a: {dirs: services/*}, b: [1, 2]}}}"
    assert [job.id for job in planned(text, tree=tree).jobs] == ["it"]
    assert tree.asked == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "there is no file 'ci/list.json' in this commit [bad-axis-file]"),
        (b"{a: b}", "ci/list.json is no list of values [bad-axis-file]"),
        (b"[a, [b]]", "ci/list.json:1:5: this must be a value of an axis, not a list"),
        (b"[a, a]", "ci/list.json:1:5: 'a' stands here twice"),
        (b"[a", "ci/list.json:1:"),
        (b"\xff", "ci/list.json:1:1:"),
    ],
)
def test_a_file_that_is_no_list_is_told_at_the_axis(text: bytes | None, says: str) -> None:
    tree = StoredTree(FILES, None, {} if text is None else {"ci/list.json": text})
    (found,) = complaints("jobs: {it: {run: x, matrix: {a: {file: ci/list.json}}}}", tree)
    assert found.startswith("ci.yaml:1:30: error: ")
    assert says in found


def test_an_error_of_an_expression_is_told_once_for_all_combinations() -> None:
    found = complaints('jobs: {it: {run: x, matrix: {a: [x, y]}, env: {A: "${{ int(matrix.a) }}"}}}')
    assert len(found) == 1


def test_what_fails_for_many_combinations_is_told_for_one_with_their_number() -> None:
    files = {f"services/{number:02d}/x": "a" * 40 for number in range(20)}
    matrix = "matrix: {p: {dirs: 'services/*'}}"
    for key in ("env: {A: \"${{ hash(matrix.p + '/go.sum') }}\"}", "if: hash(matrix.p + '/go.sum') != ''"):
        (found,) = complaints(f"jobs: {{it: {{run: x, {matrix}, {key}}}}}", StoredTree(files))
        assert "no file that matches 'services/00/go.sum' (and 19 more like it)" in found


def test_the_platform_may_allow_fewer_tasks() -> None:
    text = "jobs: {it: {run: x, matrix: {a: [1, 2, 3]}}}"
    few = platform(limits=PLATFORM.limits.__class__(tasks=2))
    made, found = plan(ci_file(text), push(), few, TREE)
    assert made is None
    assert [one.code for one in found] == ["too-many-tasks"]


def numbers(count: int) -> str:
    return f"[{', '.join(map(str, range(count)))}]"


def test_more_locks_than_argo_has_templates_are_told() -> None:
    (found,) = complaints(f"jobs: {{it: {{run: x, lock: 'l${{{{ matrix.a }}}}', matrix: {{a: {numbers(250)}}}}}}}")
    assert "[too-many-templates]" in found


def test_what_denied_jobs_call_is_among_argos_templates() -> None:
    others = ", ".join(f"j{number}: {{run: x}}" for number in range(198))
    denied = ci_file(f"on: {{push: {{}}}}\njobs: {{publish: {{run: x, secrets: [NPM_TOKEN]}}, {others}}}")
    assert plan(denied, push(branch="main"), PLATFORM, TREE)[1] == []
    (found,) = plan(denied, push(branch="topic"), PLATFORM, TREE)[1]
    assert (found.code, "201 templates" in found.message) == ("too-many-templates", True)


def test_texts_of_so_many_combinations_that_a_pod_takes_no_more_are_told() -> None:
    steps = ", ".join(["{run: x, env: {A: '${{ matrix.a }}'}, name: 's${{ matrix.a }}'}"] * 20)
    (found,) = complaints(f"jobs: {{it: {{steps: [{steps}], matrix: {{a: {numbers(500)}}}}}}}")
    assert "[job-size]" in found


def test_a_step_keeps_its_number_where_others_are_left_out() -> None:
    made = planned("jobs: {it: {steps: [{run: a, if: event == 'tag'}, {run: b}, {run: c, name: named}]}}")
    assert [(step.number, step.title) for step in made.jobs[0].steps] == [(2, "step 2"), (3, "named")]


def test_a_plan_of_a_matrix_is_json_with_its_values() -> None:
    from generator.views.values import to_json  # noqa: PLC0415

    made = planned("jobs: {it: {run: x, matrix: {a: [1, 2]}}, b: {run: x, needs: it}}")
    value = json.loads(json.dumps(to_json(made, [])))
    assert [(job["id"], job["matrix"], job["level"]) for job in value["jobs"]] == [
        ("it[a=1]", {"a": "1"}, 1),
        ("it[a=2]", {"a": "2"}, 1),
        ("b", {}, 2),
    ]
    assert value["levels"] == [["it"], ["b"]]
