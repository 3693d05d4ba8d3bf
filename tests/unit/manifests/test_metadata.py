"""Labels, annotations and titles: what they hold, that they come back, and that nothing in them can be misread."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.language import reader
from generator.language.model import When
from generator.manifests import metadata
from generator.manifests.dag import task_names
from generator.manifests.run import run_workflow
from generator.planning.planner import plan
from tests.unit.samples import PLATFORM, SHA, TREE, ci_file, platform, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan

FILE = ci_file("""
on: {push: {branches: '**', tags: '**'}, pull_request: {}, schedule: {name: nightly, cron: '0 3 * * *'}}
jobs:
  lint: {run: make lint}
  test: {needs: lint, secrets: [NPM_TOKEN], steps: [{name: unit tests, run: make}, {run: make race}]}
""")


def planned(event: Event) -> Plan:
    made, _ = plan(FILE, event, PLATFORM, TREE)
    assert made is not None
    return made


def test_a_run_is_found_by_its_labels() -> None:
    assert metadata.run_labels(planned(push()), PLATFORM) == {
        "argosy.dev/role": "run",
        "argosy.dev/forge": "work",
        "argosy.dev/repository": "acme-app-73475cb4",
        "argosy.dev/kind": "push",
        "argosy.dev/sha": SHA,
        "argosy.dev/tier": "protected",
        "argosy.dev/group": "jd08hb1pnl07eobi59r3hdulk0",
    }


def test_runs_of_one_ref_share_a_group_and_others_do_not() -> None:
    events = [push(), push(sha="d" * 40), push(branch="topic"), tag("main"), pull_request(), push(repository_id="43")]
    groups = [metadata.run_labels(planned(event), PLATFORM)["argosy.dev/group"] for event in events]
    assert groups[0] == groups[1]
    assert len(set(groups)) == 5


def test_an_instance_id_is_on_runs_and_schedules() -> None:
    ours = platform(instance_id="ci")
    key = "workflows.argoproj.io/controller-instanceid"
    assert metadata.run_labels(planned(push()), ours)[key] == "ci"
    assert metadata.schedule_labels(push(), ours)[key] == "ci"
    assert key not in metadata.run_labels(planned(push()), PLATFORM)


def test_a_commit_name_of_sha_256_fits_into_a_label() -> None:
    assert len(metadata.run_labels(planned(push(sha="a" * 64)), PLATFORM)["argosy.dev/sha"]) == 63


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (push(), "acme/app push main c0ffee00"),
        (tag("v1.2"), "acme/app tag v1.2 c0ffee00"),
        (pull_request(), "acme/app pull request 7 into main c0ffee00"),
        (schedule("nightly"), "acme/app schedule nightly c0ffee00"),
        (push(branch="**bold** [x](http://evil.example) www.evil.example"), None),
        (push(branch="a_b_{{workflow.name}}<b>`x`\n# y"), None),
    ],
)
def test_titles_say_what_runs_in_characters_that_mean_nothing(event: Event, title: str | None) -> None:
    said = metadata.run_title(event)
    assert title is None or said == title
    assert not set(said) & set("*_[]()`<>{}#:@&!\n\\~")
    assert "www." not in said


@given(st.text(), st.text(), st.text(max_size=3000))
def test_an_event_comes_back_from_its_annotation(branch: str, actor: str, message: str) -> None:
    event = push(branch=branch, actor=actor, message=message, changed=("a",))
    text = metadata.encode_event(event)
    back = metadata.decode_event(text)
    assert back == dataclasses.replace(event, message=message[:1024], changed=None)
    assert metadata.encode_event(back) == text


def test_a_plan_comes_back_from_its_annotation() -> None:
    made = planned(push(branch="topic"))
    notes = metadata.decode_plan(metadata.encode_plan(made, task_names(["lint", "test"])))
    assert [(note.id, note.task, note.line, note.steps) for note in notes] == [
        ("lint", "job-lint", 4, ("step 1",)),
        ("test", "job-test", 5, ("unit tests", "step 2")),
    ]
    assert notes[0].denied == ""
    assert "'NPM_TOKEN'" in notes[1].denied


INCLUDING = """\
include: ci/go.yaml
x-steps: &shared
  - {run: echo shared}
jobs:
  one:
    run: make
  many:
    matrix: {go: ["1.25", "1.26"]}
    steps:
      - *shared
      - name: race
        if: matrix.go == '1.26'
        run: make race
      - run: |
          make
  built: {extends: go}
"""
TEMPLATE = "templates:\n  go:\n    steps:\n      - run: go vet\n      - run: go test\n"


@pytest.mark.parametrize("name", ["ci.yaml", "src/app/ci.yaml", "/tmp/app/ci.yaml"])
def test_a_plan_says_where_each_step_begins_wherever_the_file_is_read(name: str) -> None:
    ci, found = reader.read(INCLUDING, name, {"ci/go.yaml": TEMPLATE.encode()}.get)
    assert ci is not None, found
    made, _ = plan(ci, push(), PLATFORM, TREE)
    assert made is not None
    notes = {note.id: note for note in metadata.decode_plan(metadata.encode_plan(made, {}))}
    assert {name: [note.place(number + 1) for number in range(len(note.steps))] for name, note in notes.items()} == {
        "one": ["ci.yaml:6"],
        "many[go=1.25]": ["ci.yaml:3", "ci.yaml:14"],
        "many[go=1.26]": ["ci.yaml:3", "ci.yaml:11", "ci.yaml:14"],
        "built": ["ci/go.yaml:4", "ci/go.yaml:5"],
    }
    assert notes["many[go=1.25]"].place(0) == notes["many[go=1.25]"].place(9) == "ci.yaml:7"


def test_a_plan_of_before_steps_had_lines_is_read() -> None:
    old = {"v": 1, "jobs": [{"id": "a", "job": "a", "line": 4, "steps": ["step 1"], "task": "job-a", "why": "x"}]}
    (note,) = metadata.decode_plan(base64.b64encode(gzip.compress(json.dumps(old).encode())).decode())
    assert note.place(1) == "ci.yaml:4"


def test_a_plan_says_which_jobs_may_fail_and_which_wait_for_failures() -> None:
    made = planned(push())
    jobs = (dataclasses.replace(made.jobs[0], allow_failure=True), dataclasses.replace(made.jobs[1], when=When.FAILURE))
    notes = metadata.decode_plan(metadata.encode_plan(dataclasses.replace(made, jobs=jobs), {}))
    assert [(note.allowed, note.after_failure) for note in notes] == [(True, False), (False, True)]


def test_jobs_that_do_not_run_are_in_the_plan_without_a_task() -> None:
    notes = metadata.decode_plan(metadata.encode_plan(planned(push(message="[skip ci]")), {}))
    assert [(note.id, note.task, note.why) for note in notes] == [
        ("lint", "", "the commit's message says [skip ci]"),
        ("test", "", "the commit's message says [skip ci]"),
    ]


def test_the_plans_annotation_is_base64_gzip_json() -> None:
    value = json.loads(gzip.decompress(base64.b64decode(metadata.encode_plan(planned(push()), {"lint": "job-lint"}))))
    assert value["v"] == 1
    assert value["jobs"][0] == {
        "id": "lint",
        "job": "lint",
        "line": 4,
        "lines": [4],
        "steps": ["step 1"],
        "task": "job-lint",
        "why": "push to 'main'",
    }


def test_titles_of_steps_go_before_an_annotation_gets_too_long() -> None:
    made = planned(push())
    step = dataclasses.replace(made.jobs[0].steps[0], title="x" * 80)
    job = dataclasses.replace(made.jobs[0], steps=(step,) * 100)
    names = [f"j{number}" for number in range(199)]
    many = dataclasses.replace(made, jobs=tuple(dataclasses.replace(job, id=name, job=name) for name in names))
    text = metadata.encode_plan(many, {})
    notes = metadata.decode_plan(text)
    assert len(text) < 128 * 1024
    assert len(notes) == 199
    assert notes[0].steps == ()
    assert len(notes[0].lines) == 100
    longest = dataclasses.replace(job, steps=(dataclasses.replace(step, file="x" * 400),) * 100)
    jobs = tuple(dataclasses.replace(longest, id=name, job=name) for name in names)
    text = metadata.encode_plan(dataclasses.replace(many, jobs=jobs), {})
    assert len(text) < 128 * 1024
    assert metadata.decode_plan(text)[0].place(1) == "ci.yaml:4"


@pytest.mark.parametrize("text", ["", "x", "e30=", base64.b64encode(gzip.compress(b'{"v": 2, "jobs": []}')).decode()])
def test_what_is_no_plan_of_a_known_version_is_an_error(text: str) -> None:
    with pytest.raises(metadata.AnnotationError):
        metadata.decode_plan(text)


@pytest.mark.parametrize("text", ["", "x", base64.b64encode(b'{"kind": "nonsense"}').decode()])
def test_what_is_no_event_is_an_error(text: str) -> None:
    with pytest.raises(metadata.AnnotationError):
        metadata.decode_event(text)


def test_the_digest_is_that_of_the_object_without_it() -> None:
    workflow = run_workflow(planned(push()), PLATFORM)
    digest = workflow["metadata"]["annotations"].pop("argosy.dev/digest")
    assert metadata.with_digest(workflow)["metadata"]["annotations"]["argosy.dev/digest"] == digest
    workflow["spec"]["entrypoint"] = "other"
    assert metadata.with_digest(workflow)["metadata"]["annotations"]["argosy.dev/digest"] != digest
