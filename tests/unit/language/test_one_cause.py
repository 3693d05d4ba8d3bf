"""One mistake is told once, and hides no other one: what follows from it is not told, and what does not is."""

from __future__ import annotations

import pytest

from generator.language import reader


def told(text: str) -> list[str]:
    """Places and codes of all that is found."""
    return [f"{one.span.line}:{one.span.column} {one.code}" for one in reader.read(text, "ci.yaml")[1]]


def hints(text: str) -> list[str]:
    return [one.hint for one in reader.read(text, "ci.yaml")[1]]


RUN = "jobs: {it: {run: make}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"concurrency: {{cancel-in-progress: evnt == 'x'}}\n{RUN}", ["1:1 missing-key", "1:35 unknown-name"]),
        ("jobs: {it: {run: x, cache: {c: {key: '${{ x }}'}}}}", ["1:29 missing-key", "1:43 unknown-name"]),
        (
            "jobs: {it: {run: x, services: {db: {env: {A: '${{ x }}'}, if: y}}}}",
            ["1:32 missing-key", "1:51 unknown-name", "1:63 unknown-name"],
        ),
        (
            "jobs: {it: {steps: [{if: x, name: '${{ y }}'}]}}",
            ["1:21 missing-key", "1:26 unknown-name", "1:40 unknown-name"],
        ),
        ("jobs: {it: {run: x, artifacts: {'a${{ x }}': {}}}}", ["1:33 missing-key", "1:39 unknown-name"]),
        (f"on: {{schedule: {{timezone: Mars}}}}\n{RUN}", ["1:16 missing-key", "1:27 bad-timezone"]),
        ("defaults: {timeout: 48h}", ["1:1 missing-key", "1:21 timeout-limit"]),
    ],
    ids=["concurrency", "cache", "service", "step", "artifact", "schedule", "file"],
)
def test_a_missing_key_hides_nothing_else_of_its_mapping(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {it: {run: x, matrix: {include: [{}]}}}",
        "jobs: {it: {run: x, matrix: {include: 1}}}",
        "jobs: {it: {run: x, matrix: {include: [{}], go: {dirs: 'a/*'}, exclude: [{go: a/b}]}}}",
        "jobs: {it: {run: x, matrix: {go: {}, exclude: [{go: a}]}}}",
        "jobs: {it: {run: 'x $MATRIX_GO', matrix: {go: [1], inclde: [{go: 2}, {go: 3}]}}}",
        "jobs: {it: {run: [echo, $MATRIX_GO], matrix: {go: [1]}}}",
        "jobs: {it: {run: x, env: {A: '${{ matrix.oss }}'}, matrix: {os: [1]}}}",
        "jobs: {it: {run: x, env: {A: '${{ martix.os }}'}, matrix: {os: [1]}}}",
        "jobs: {it: {matirx: {os: [1]}, run: x, if: matrix.os == '1'}}",
        "jobs: {it: {strategy: {matrix: {os: [1]}}, run: x, if: matrix.os == '1'}}",
        "jobs: {it: {matrix: {os: []}, run: x, if: matrix.os == '1'}}",
        "jobs: {it: {matrix: {os: [1]}, env: {A: b}}}",
        "jobs: {it: {matrix: {os: [1], include: [{os: []}]}, run: echo $MATRIX_OS}}",
        "jobs: {it: {matrix: {include: [{os: 1}, {os: {}}]}, run: echo $MATRIX_OS}}",
    ],
)
def test_of_a_wrong_matrix_nothing_follows(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "templates: {test: {image: x}}\njobs: {it: {run: x, extends: tset}}",
        "templates: {test: {image: x}}\njobs: {it: {run: x, exends: test}}",
        "templates: {test: {image: x}}\njobs: {it: {run: x, extends: {test: 1}}}",
        "templates: {test: {image: x}}\njbos: {it: {run: x, extends: test}}",
        "tempaltes: {test: {image: x}}\njobs: {it: {run: x, extends: test}}",
        "templates: [x]\njobs: {it: {run: x, extends: test}}",
        "inlcude: ci/x.yaml\njobs: {it: {extends: test}}",
        "templates: {test: {matrx: {go: [1]}}}\njobs: {it: {run: x, extends: test, if: matrix.go == '1'}}",
    ],
)
def test_of_a_template_that_cannot_be_found_nothing_follows(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "on: {psuh: {tags: 'v*'}, pull_request: {}}\njobs: {it: {run: x, on: {push: {tags: 'v1*'}}}}",
        "on: {push: {tgas: 'v*'}}\njobs: {it: {run: x, on: {push: {tags: 'v1*'}}}}",
        "on: {push: {}, schdeule: {name: late, cron: '0 3 * * *'}}\njobs: {it: {run: x, on: {schedule: late}}}",
        "on: {push: {}, schedule: {nmae: late, cron: '0 3 * * *'}}\njobs: {it: {run: x, on: {schedule: late}}}",
        "on: push\njobs: {it: {run: x, on: {schedule: late}}}",
        "on: {schedule: [{nmae: a, cron: '0 3 * * *'}, {name: b, cron: '0 4 * * *'}]}\njobs: {it: {run: x}}",
        "on: {push: {}, maunal: {inputs: {dry: {type: boolean}}}}\njobs: {it: {run: x, if: inputs.dry}}",
        "no: {manual: {inputs: {dry: {type: boolean}}}}\njobs: {it: {run: x, if: inputs.dry}}",
        "on: {manual: {inputs: {dry: {tpye: boolean}}}}\njobs: {it: {run: x, if: inputs.dry}}",
        "on: {manual: {inputs: {dry: {tpye: choice, options: [a]}}}}\njobs: {it: {run: x}}",
        "on: {manual: {inputs: {way: {type: choice, options: [a, []], default: b}}}}\njobs: {it: {run: x}}",
        "on: 7\njobs: {it: {run: x, if: inputs.dry}}",
        "flies: {code: ['**']}\njobs: {it: {run: x, if: changed(files.code)}}",
        "flies: {code: ['**']}\non: {push: {paths: code}}\njobs: {it: {run: x}}",
    ],
)
def test_of_a_misspelt_event_or_set_nothing_follows(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {a: {run: x}, it: {run: x, when: failure, env: {A: '${{ needs.a.result }}'}}}",
        "jobs: {a: {run: x}, it: {run: x, need: a, when: failure, env: {A: '${{ needs.a.result }}'}}}",
        "jobs: {a: {run: x}, it: {run: x, needs: [{optional: true}], env: {A: '${{ needs.a.result }}'}}}",
        "jobs: {a: {run: x}, it: {run: x, needs: [b], env: {A: '${{ needs.a.result }}'}}}",
        "jobs: {a: {run: x, ouputs: [v]}, it: {run: x, needs: a, env: {A: '${{ needs.a.outputs.v }}'}}}",
        "jobs: {a: {run: x, artifcats: {v: [v]}}, it: {run: x, needs: a, download: a.v}}",
        "jobs: {a: {run: x, matrx: {b: 1}, artifacts: {v: v}}, c: {run: x, needs: a, download: {from: a.v, same: b}}}",
        "jobs: {a: {run: x}, it: {run: x, needs: all, wehn: always}}",
        "jobs: {a: 7, it: {run: x, needs: all, when: always, env: {A: '${{ needs.a.result }}'}}}",
        "jobs: {it: {run: x, services: {db: {image: x, prot: 80, ready: {http: /}}}}}",
        "jobs: {it: {env: {A: b}, steps: [{run: x, env: {A: c}}, {run: [x]}]}}",
        "jobs: {it: {uses: ./build.yaml, with: {level: debug}}}",
    ],
)
def test_of_what_a_job_says_wrongly_nothing_follows(text: str) -> None:
    assert len(told(text)) == 1


def test_what_does_not_follow_is_told_beside_it() -> None:
    text = "jobs: {a: {run: x, outputs: [v]}, it: {run: x, needs: [b, a], env: {A: '${{ needs.a.outputs.w }}'}}}"
    assert told(text) == ["1:56 unknown-job", "1:73 unknown-output"]
    text = "jobs: {it: {runs-on: x, run: x, matrix: {os: [1]}, if: matrix.arch == '1'}}"
    assert told(text) == ["1:13 unknown-key", "1:63 unknown-name"]
    text = "on: {push: {}}\nflies: {}\njobs: {it: {run: x, if: inputs.dry}}"
    assert told(text) == ["2:1 unknown-key", "3:25 unknown-name"]


UNINDENTED = """\
on:
push:
  branches: [main]
pull_request:
env:
A: b
jobs:
  lint:
    run: make lint
  test:
  run: make test
  needs: lint
  more:
    matrix:
      db: [a]
    go: [1]
    max-parallel: 2
    if: matrix.db == 'a' && matrix.go == '1' && matrix.os == 'x'
    run: make
  last:
    image: x
  env: {A: b}
  steps: [{run: [make]}]
"""


def test_lines_that_are_not_indented_are_told_as_that_and_once() -> None:
    _, found = reader.read(UNINDENTED, "ci.yaml")
    assert [(one.span.line, one.message) for one in found] == [
        (2, "'push' stands beside 'on', and seems to belong into it"),
        (6, "'A' stands beside 'env', and seems to belong into it"),
        (11, "'run' stands beside 'test', and seems to belong into it"),
        (16, "'go' stands beside 'matrix', and seems to belong into it"),
        (18, "'matrix' has no 'os'"),
        (22, "'env' stands beside 'last', and seems to belong into it"),
        (23, "'run' must be a script, not a list"),
    ]
    assert found[0].hint == "indent it further than 'on'"


def test_jobs_beside_jobs_are_told_as_that() -> None:
    assert told("jobs:\na:\n  run: make\nb:\n  run: make\n  oops: 1\n") == ["2:1 unknown-key", "6:3 unknown-key"]


def test_what_is_not_indented_is_built_on_and_used_where_it_was_meant_to_be() -> None:
    assert told("templates:\ngo:\n  run: make\njobs:\n  it:\n  extends: go\n") == ["2:1 unknown-key", "6:3 unknown-key"]
    matrix = "    matrix:\n    os: [a]\n    extend: [{os: a, x: b}]\n"
    assert told(f"jobs:\n  it:\n    run: echo $MATRIX_X\n{matrix}") == ["5:5 unknown-key"]


@pytest.mark.parametrize(
    "text",
    [
        "jobs:\n  build:\n    run: x\n  secrets:\n    urn: x\n",
        "jobs:\n  build:\n    run: x\n  lock: {image: 'A B', run: x}\n",
    ],
)
def test_a_job_that_is_called_like_a_key_is_a_job_with_whatever_is_wrong_in_it(text: str) -> None:
    _, (found,) = reader.read(text, "ci.yaml")
    assert "stands beside" not in found.message


@pytest.mark.parametrize(
    "text",
    [
        "on:\n  pull_request:\n  push: {}\njobs:\n  run:\n    run: make\n  env: {run: make}\n",
        "on: {push: , pull_request: }\njobs: {it: {env: , run: x}}\n",
        "jobs:\n  it:\n    env:\n      A: b\n    run: x\nx-a: 1\n",
    ],
)
def test_what_may_be_empty_takes_nothing_in(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("job", "hint"),
    [
        ("needs: 'a, b', run: x", "write [a, b]"),
        ("extends: 'a,b', run: x", "write [a,b]"),
        ("secrets: 'A, B', run: x", "write [A, B]"),
        ("secrets: inherit, run: x", "name those that it needs: secrets: [NPM_TOKEN]"),
        ("if: CI_BRANCH == 'main', run: x", "write branch"),
        ("if: '$CI_COMMIT_TAG == x', run: x", "write tag: a shell's variables are nothing here"),
        ("if: MATRIX_GO == 'x', matrix: {go: [1]}, run: x $MATRIX_GO", "write matrix.go"),
        ("if: changed(docs/**), run: x", "write changed('web/**') or changed(['web/**', '!web/docs/**'])"),
        ("if: branch == \u2018main\u2019, run: x", "quotes are straight ones: 'main'"),
        (
            "steps: [{uses: actions/checkout@v6, with: {depth: 0}}]",
            "the run's commit is there before the first step: leave this step out",
        ),
        (
            "steps: [{uses: acme/deploy@v1, with: {to: x}}]",
            "there are no actions: write a script in run, and the image that has what it needs",
        ),
        ("matrix: {go: [a, b], exclude: [{go: c}]}, run: x $MATRIX_GO", "go is never 'c': known: a, b"),
        (
            "matrix: {go: [one], extend: [{go: oen, x: y}]}, run: $MATRIX_GO $MATRIX_X",
            "go is never 'oen': did you mean 'one'? known: one",
        ),
    ],
)
def test_the_hint_says_what_to_write(job: str, hint: str) -> None:
    assert hints(
        f"templates: {{a: {{}}, b: {{}}}}\njobs: {{it: {{{job}}}}}" if "extends" in job else f"jobs: {{it: {{{job}}}}}"
    ) == [hint]


def test_what_is_wrong_inside_of_needless_braces_is_told_with_them() -> None:
    text = 'jobs: {it: {run: x, if: "${{ github.ref == 1 }}"}}'
    assert told(text) == ["1:26 expression-place", "1:30 unknown-name"]
    assert told('jobs: {it: {run: x, if: "${{ x }} && ${{ y }}"}}') == ["1:26 expression-place"]


def test_an_artifact_without_a_name_of_its_own_is_warned_of() -> None:
    assert told("jobs: {it: {run: x, artifacts: {paths: [dist/], expire_in: 1 week}}}") == ["1:33 artifact-name"]
    assert told("jobs: {it: {run: x, artifacts: {paths: {paths: [dist/]}}}}") == []


def test_a_secret_may_be_called_like_the_word_of_another_system() -> None:
    assert told("jobs: {it: {run: x, secrets: [inherit]}}") == []


def test_a_folder_with_a_slash_takes_in_nothing_wherever_globs_over_paths_stand() -> None:
    job = "{if: \"changed('docs/') && changed(['!a/', files.b])\", run: 'x $MATRIX_D', matrix: {d: {dirs: web/}}, "
    cache = "cache: {c: {paths: x/, key: \"${{ hash('go/') }}\"}}}"
    text = f"on: {{push: {{paths: [docs/]}}}}\nfiles: {{b: [b/]}}\njobs:\n  it: {job}{cache}\n"
    _, found = reader.read(text, "ci.yaml")
    assert {one.code for one in found} == {"never-matches"}
    assert [one.hint for one in found] == [
        "write 'docs/**' for what is in the folder",
        "write 'b/**' for what is in the folder",
        "write 'docs/**' for what is in the folder",
        "write '!a/**' for what is in the folder",
        "write 'web' for the folder, 'web/*' for those in it",
        "write 'go/**' for what is in the folder",
    ]
