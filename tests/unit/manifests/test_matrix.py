"""A matrix as Argo's DAG inside of a DAG."""

from __future__ import annotations

import base64
import bz2
import io
import re
import tarfile
from typing import Any

from generator.manifests.run import run_workflow
from generator.manifests.size import compiled
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, TREE, ci_file, push


def templates(text: str) -> dict[str, dict[str, Any]]:
    """The templates of a file's run, by name."""
    made, found = plan(ci_file(text), push(), PLATFORM, TREE)
    assert made is not None, found
    return {template["name"]: template for template in run_workflow(made, PLATFORM)["spec"]["templates"]}


def laid_down(template: dict[str, Any]) -> dict[str, str]:
    """The files of a pod's payload."""
    env = template["containerSet"]["containers"][0]["env"]
    packed = "".join(item["value"] for item in env if re.fullmatch("ARGOSY_JOB_[0-9]+", item["name"]))
    with tarfile.open(fileobj=io.BytesIO(bz2.decompress(base64.b64decode(packed)))) as archive:
        return {name: archive.extractfile(name).read().decode() for name in archive.getnames()}  # type: ignore[union-attr]


def test_what_combinations_share_stands_once_and_a_task_says_only_which_it_is() -> None:
    made = templates("jobs: {it: {matrix: {go: [1, 2]}, run: make test, env: {G: '${{ matrix.go }}'}}}")
    assert set(made) == {"main", "job-it", "pod-1-job-it"}
    assert made["job-it"]["dag"]["tasks"] == [
        {
            "name": f"go-{number}",
            "template": "pod-1-job-it",
            "arguments": {"parameters": [{"name": "combination", "value": str(number)}]},
        }
        for number in (1, 2)
    ]
    files = laid_down(made["pod-1-job-it"])
    assert files["steps/001/script"] == "make test"
    own = {name for name in files if name.startswith("combinations/")}
    assert own == {f"combinations/{number}/job-env" for number in (1, 2)}
    assert "'MATRIX_GO=2'" in files["combinations/2/job-env"]
    assert "'G=2'" in files["combinations/2/job-env"]


def test_a_step_that_some_combinations_have_not_stands_once_too() -> None:
    steps = "{run: one, if: matrix.a != '1'}, {run: two}, {run: three, env: {A: '${{ matrix.a }}'}}"
    files = laid_down(templates(f"jobs: {{it: {{matrix: {{a: [1, 2, 3]}}, steps: [{steps}]}}}}")["pod-1-job-it"])
    assert [files[f"steps/00{number}/script"] for number in (1, 2, 3)] == ["one", "two", "three"]
    assert [name for name in files if name.startswith("combinations/1/")] == [
        "combinations/1/job-env",
        "combinations/1/steps/003/env",
        "combinations/1/without",
    ]
    assert files["combinations/1/without"] == "steps/001\n"
    assert "combinations/2/without" not in files


def test_nothing_that_a_user_wrote_stands_in_a_task() -> None:
    hostile = '\'{{=sprig.env("HOME")}} $(id) -- # "\''
    made = templates(f"jobs: {{it: {{matrix: {{a: [{hostile}, x]}}, run: echo $MATRIX_A}}}}")
    text = str({name: template for name, template in made.items() if name != "pod-1-job-it"})
    assert "{{" not in text
    assert "$(" not in text
    assert [task["name"] for task in made["job-it"]["dag"]["tasks"]] == ["a-sprig-env-HOME-id", "a-x"]


def test_combinations_with_other_runners_have_other_templates_and_other_images_do_not() -> None:
    runner = "${{ matrix.a == '1' ? 'medium' : 'small' }}"
    made = templates(
        f"jobs: {{it: {{matrix: {{a: [1, 2, 3]}}, image: 'go:${{{{ matrix.a }}}}', runner: \"{runner}\", run: x}}}}"
    )
    tasks = made["job-it"]["dag"]["tasks"]
    assert [task["template"] for task in tasks] == ["pod-1-job-it", "pod-2-job-it", "pod-2-job-it"]
    assert [task["arguments"]["parameters"][1]["value"] for task in tasks] == ["go:1", "go:2", "go:3"]
    assert made["pod-2-job-it"]["containerSet"]["containers"][1]["image"] == "{{inputs.parameters.image}}"
    assert "combinations/1/job-env" not in laid_down(made["pod-2-job-it"])


def test_a_limit_is_that_of_the_matrix() -> None:
    made = templates("jobs: {it: {matrix: {a: [1, 2], max-parallel: 1}, run: x}}")
    assert made["job-it"]["parallelism"] == 1
    assert "parallelism" not in made["main"]


def test_in_a_fast_matrix_each_waits_for_those_a_row_before_it() -> None:
    made = templates("jobs: {it: {matrix: {a: [1, 2, 3, 4, 5], max-parallel: 2, fail-fast: true}, run: x}}")
    assert "parallelism" not in made["job-it"]
    assert [task.get("depends") for task in made["job-it"]["dag"]["tasks"]] == [
        None,
        None,
        "a-1.Succeeded",
        "a-1.Succeeded && a-2.Succeeded",
        "a-2.Succeeded && a-3.Succeeded",
    ]


def test_a_failure_that_is_allowed_ends_no_fast_matrix() -> None:
    text = "matrix: {a: [1, 2], max-parallel: 1, fail-fast: true}, allow-failure: matrix.a == '1', run: x"
    made = templates(f"jobs: {{it: {{{text}}}}}")
    assert made["job-it"]["dag"]["tasks"][1]["depends"] == "(a-1.Succeeded || a-1.Failed || a-1.Errored)"
    assert made["job-it"]["dag"]["target"] == "verdict"


def test_a_job_for_failure_waits_for_a_matrix_that_may_fail_too() -> None:
    it = "it: {matrix: {a: [1, 2]}, allow-failure: true, run: x}"
    made = templates(f"jobs: {{{it}, other: {{run: x}}, last: {{needs: [it, other], when: failure, run: x}}}}")
    tasks = {task["name"]: task for task in made["main"]["dag"]["tasks"]}
    assert tasks["job-last"]["depends"] == (
        "(job-other.Failed || job-other.Errored) && (job-it.Succeeded || !job-it.Succeeded)"
    )


def test_more_than_a_dag_holds_are_several() -> None:
    numbers = ", ".join(map(str, range(450)))
    made = templates(f"jobs: {{it: {{matrix: {{a: [{numbers}]}}, run: x}}, after: {{needs: it, run: x}}}}")
    assert [task["name"] for task in made["job-it"]["dag"]["tasks"]] == ["part-1", "part-2", "part-3"]
    assert [len(made[f"part-{number}-job-it"]["dag"]["tasks"]) for number in (1, 2, 3)] == [199, 199, 52]
    assert made["main"]["dag"]["tasks"][1]["depends"] == "job-it.Succeeded"


def test_no_two_templates_have_one_name_whatever_the_jobs_are_called() -> None:
    numbers = ", ".join(map(str, range(201)))
    names = ("a", "a-pod", "a-2", "pod-1-job-a", "a-part-1", "part-1-a", "verdict", "main")
    jobs = ", ".join(f"{name}: {{matrix: {{n: [{numbers}]}}, run: x}}" for name in names)
    made, found = plan(ci_file(f"jobs: {{{jobs}, b: {{run: x, allow-failure: true}}}}"), push(), PLATFORM, TREE)
    assert made is not None, found
    written = [template["name"] for template in run_workflow(made, PLATFORM)["spec"]["templates"]]
    # Of each matrix its DAG, two parts and a kind of pod; the other job, the run's DAG and its verdict.
    assert len(written) == len(set(written)) == 4 * len(names) + 3


def test_parts_of_a_limited_matrix_take_turns() -> None:
    numbers = ", ".join(map(str, range(201)))
    made = templates(f"jobs: {{it: {{matrix: {{a: [{numbers}], max-parallel: 3}}, run: x}}}}")
    assert made["job-it"]["dag"]["tasks"][1]["depends"] == "(part-1.Succeeded || !part-1.Succeeded)"
    assert made["part-2-job-it"]["parallelism"] == 3


def numbers(count: int) -> str:
    return f"[{', '.join(map(str, range(count)))}]"


def too_large(jobs: str) -> list[str]:
    """The codes of what is said of the size of a run with these jobs."""
    ci = ci_file(f"jobs:\n{jobs}")
    made, found = plan(ci, push(), PLATFORM, TREE)
    assert made is not None, found
    return [one.code for one in compiled(made, ci, PLATFORM)[1]]


def test_two_thousand_tasks_fit_into_one_run() -> None:
    keys = "run: make, image: 'golang:${{ matrix.a }}', allow-failure: matrix.a == '7'"
    job = f"{{{keys}, matrix: {{a: {numbers(1000)}}}}}"
    assert too_large(f"  one: {job}\n  two: {job}\n") == []


def test_a_row_may_be_so_wide_that_its_conditions_do_not_fit() -> None:
    wide = f"{{run: x, matrix: {{a: {numbers(1000)}, max-parallel: 66, fail-fast: true}}}}"
    assert too_large(f"  one: {wide}\n  two: {wide}\n") == ["run-size"]
