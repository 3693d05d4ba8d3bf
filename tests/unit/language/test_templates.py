"""`templates`, `extends` and `include`: a job is what it builds on and what it says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagnostics import headline
from generator.language import reader
from generator.language.including import UnfitFileError

if TYPE_CHECKING:
    from generator.language.model import CiFile, Job

LIBRARY = """\
env: {SHARED: library, LEVEL: info}
templates:
  go: {image: "golang:1.26", env: {GOFLAGS: -mod=readonly}, runner: small}
  slow: {timeout: 1h, runner: large}
"""


def read(text: str, **files: str | Exception) -> tuple[CiFile | None, list[str]]:
    """The file and the headlines of what was found; `library` stands for ci/library.yaml."""

    def beside(path: str) -> bytes | None:
        content = files.get(path.removeprefix("ci/").removesuffix(".yaml"))
        if isinstance(content, Exception):
            raise content
        return None if content is None else content.encode()

    ci, found = reader.read(text, "ci.yaml", beside)
    return ci, [headline(one) for one in found]


def job(text: str, **files: str) -> Job:
    """The file's job `it`."""
    ci, found = read(text, **files)
    assert ci is not None, found
    return next(one for one in ci.jobs if one.name == "it")


def test_a_job_has_what_its_templates_have_and_the_later_one_wins() -> None:
    found = job(f"{LIBRARY}jobs: {{it: {{extends: [go, slow], env: {{A: b}}, run: make}}}}")
    assert found.image is not None
    assert found.image.source == "golang:1.26"
    assert found.runner is not None
    assert found.runner.source == "large"
    assert {variable.name: variable.value.source for variable in found.env} == {"GOFLAGS": "-mod=readonly", "A": "b"}
    assert found.timeout == 3600


def test_nothing_takes_away_what_a_template_has() -> None:
    text = "templates: {t: {run: one, env: {A: b, C: d}}}\n"
    found = job(f"{text}jobs: {{it: {{extends: t, run: null, steps: [{{run: two}}], env: {{A: null}}}}}}")
    assert [step.run for step in found.steps] == ["two"]
    assert [variable.name for variable in found.env] == ["C"]


def test_a_template_gives_way_to_defaults_no_more_than_a_job_does() -> None:
    text = "defaults: {image: 'debian:12', runner: small}\ntemplates: {t: {image: 'golang:1.26'}}\n"
    found = job(f"{text}jobs: {{it: {{extends: t, run: x}}}}")
    assert found.image is not None
    assert (found.image.source, found.runner and found.runner.source) == ("golang:1.26", "small")


def test_included_files_give_templates_and_variables_under_the_files_own() -> None:
    text = "include: [ci/library.yaml]\nenv: {LEVEL: debug}\njobs: {it: {extends: go, run: make}}"
    ci, found = read(text, library=LIBRARY)
    assert ci is not None, found
    assert {variable.name: variable.value.source for variable in ci.env} == {"SHARED": "library", "LEVEL": "debug"}
    assert ci.jobs[0].image is not None
    assert ci.jobs[0].image.source == "golang:1.26"


def test_sets_of_an_included_file_are_the_files_own() -> None:
    library = "files: {web: [web/**]}\ntemplates: {t: {if: changed(files.web) || changed(files.docs), run: x}}\n"
    text = "include: ci/library.yaml\non: {push: {paths: web}}\nfiles: {docs: [docs/**]}\njobs: {it: {extends: t}}"
    ci, found = read(text, library=library)
    assert ci is not None, found
    assert {one.name: one.globs for one in ci.sets} == {"web": ("web/**",), "docs": ("docs/**",)}
    alone, found = read(text.replace("files: {docs: [docs/**]}\n", ""), library=library)
    assert (alone, found) == (
        None,
        ["ci/library.yaml:2:57: error: 'files' has no 'docs' [unknown-name]"],
    )


def test_an_expression_of_a_template_that_no_job_uses_is_checked_too() -> None:
    ci, found = read("templates: {t: {env: {A: '${{ brnch }}'}, run: x}}\njobs: {it: {run: x}}")
    assert ci is None
    assert "ci.yaml:1:31: error: unknown name 'brnch' [unknown-name]" in found


def test_an_expression_of_a_template_is_told_once_however_many_jobs_use_it() -> None:
    _, found = read("templates: {t: {if: brnch == 'x', run: x}}\njobs: {it: {extends: t}, b: {extends: t}}")
    assert found == ["ci.yaml:1:21: error: unknown name 'brnch' [unknown-name]"]


def test_variables_of_an_included_file_count_in_a_file_without_its_own() -> None:
    ci, found = read("include: ci/library.yaml\njobs: {it: {run: make}}", library=LIBRARY)
    assert ci is not None, found
    assert [variable.name for variable in ci.env] == ["SHARED", "LEVEL"]


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        (
            "jobs: {it: {extends: goo, run: x}}",
            ["ci.yaml:1:22: error: no template 'goo' [unknown-template]"],
        ),
        (
            "jobs: {it: {extends: goo}, other: {extends: [goo], steps: []}}",
            [
                "ci.yaml:1:22: error: no template 'goo' [unknown-template]",
                "ci.yaml:1:46: error: no template 'goo' [unknown-template]",
                "ci.yaml:1:59: error: 'steps' is empty [empty-value]",
            ],
        ),
        (
            "templates: {go: {image: x}}\njobs: {it: {extends: goo, run: x}}",
            ["ci.yaml:2:22: error: no template 'goo' [unknown-template]"],
        ),
        (
            "templates: {go: {image: x}}\njobs: {it: {extends: [go, goo]}, two: {extends: .base}}",
            [
                "ci.yaml:2:27: error: no template 'goo' [unknown-template]",
                "ci.yaml:2:49: error: '.base' is not a template's name [bad-name]",
            ],
        ),
        (
            "include: [ci/none.yaml]\njobs: {it: {extends: go, on: {push: {paths: web}}, if: changed(files.web)}}",
            ["ci.yaml:1:11: error: there is no file 'ci/none.yaml' [no-such-file]"],
        ),
        (
            "include: [ci/broken.yaml, ci/bad.yaml]\njobs: {it: {extends: [go]}}",
            [
                "ci/bad.yaml:1:1: error: unknown key 'jobs' in an included file [unknown-key]",
                "ci/broken.yaml:1:12: error: a list that is not closed by ']' [yaml-syntax]",
            ],
        ),
        (
            "include: [/ci/x.yaml]\njobs: {it: {extends: [go]}}",
            ["ci.yaml:1:11: error: '/ci/x.yaml' is not a path [bad-value]"],
        ),
        (
            "include: [ci/env.yaml, ci/env.yaml]\njobs: {it: {run: x}}",
            ["ci.yaml:1:24: error: 'ci/env.yaml' stands here twice [duplicate-value]"],
        ),
        (
            "templates: {go: {imag: x}}\njobs: {one: {extends: go, run: x}, two: {extends: go, run: x}}",
            ["ci.yaml:1:18: error: unknown key 'imag' in a job [unknown-key]"],
        ),
        (
            "templates: {a: {image: x}, b: {extends: a}}\njobs: {it: {extends: [a, b], run: x}}",
            ["ci.yaml:1:32: error: unknown key 'extends' in a job [unknown-key]"],
        ),
        (
            "templates: {a: {run: x}}\njobs: {it: {extends: a, steps: [{run: y}]}}",
            ["ci.yaml:2:25: error: a job has 'run' or 'steps', not both [run-or-steps]"],
        ),
        (
            "templates: {a: {image: x}}\njobs: {it: {extends: a}}",
            ["ci.yaml:2:8: error: job 'it' has nothing to run [run-or-steps]"],
        ),
        (
            "templates: {a: {image: x, env: {A: b}}}\njobs: {it: {extends: a, env: {A: , B: }, image: , run: x}}",
            ["ci.yaml:2:36: warning: 'B' takes nothing away: no template of the job has it [idle-null]"],
        ),
        (
            "on: manual\ntemplates: {a: {image: x}}\njobs: {it: {extends: a, on: {manual: }, run: x}}",
            [
                "ci.yaml:3:25: error: 'on' is empty: the job would never run [empty-value]",
                "ci.yaml:3:30: warning: 'manual' takes nothing away: no template of the job has it [idle-null]",
            ],
        ),
        (
            "include: [ci/none.yaml]\njobs: {it: {run: x}}",
            ["ci.yaml:1:11: error: there is no file 'ci/none.yaml' [no-such-file]"],
        ),
        (
            "include: [ci/bad.yaml]\njobs: {it: {run: x}}",
            ["ci/bad.yaml:1:1: error: unknown key 'jobs' in an included file [unknown-key]"],
        ),
        (
            "include: [ci/link.yaml]\njobs: {it: {run: x}}",
            ["ci.yaml:1:11: error: ci/link.yaml is a symbolic link [not-a-file]"],
        ),
        (
            "include: [ci/broken.yaml]\njobs: {it: {run: x}}",
            ["ci/broken.yaml:1:12: error: a list that is not closed by ']' [yaml-syntax]"],
        ),
    ],
)
def test_what_is_wrong_is_told_once_at_its_place(text: str, headlines: list[str]) -> None:
    files: dict[str, str | Exception] = {
        "bad": "jobs: {it: {run: x}}",
        "broken": "templates: [a",
        "env": "env: {A: b}",
        "link": UnfitFileError("not-a-file", "ci/link.yaml is a symbolic link"),
    }
    _, found = read(text, **files)
    assert found == headlines


def test_a_job_is_no_template() -> None:
    _, (found,) = reader.read("jobs: {it: {extends: base}, base: {run: x}}", "ci.yaml")
    assert (found.code, found.hint.partition(":")[0]) == ("unknown-template", "a job cannot be built on")


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.yaml", "ci/../../x", "./x", "a//b", "ci/", "a\\b", "a\x00b"])
def test_a_path_stays_inside_of_the_repository(path: str) -> None:
    asked: list[str] = []

    def beside(name: str) -> bytes | None:
        asked.append(name)
        return b"{}"

    ci, _ = reader.read(
        f'include: ["{path.replace(chr(92), chr(92) * 2).replace(chr(0), chr(92) + "0")}"]\njobs: {{a: {{run: x}}}}',
        "ci.yaml",
        beside,
    )
    assert ci is None
    assert asked == []


def test_included_names_are_those_of_the_ci_yamls_folder() -> None:
    _, found = reader.read("include: [ci/x.yaml]\njobs: {a: {run: x}}", "sub/ci.yaml", lambda _path: b"jobs: 1")
    assert [one.span.file for one in found] == ["sub/ci/x.yaml"]
