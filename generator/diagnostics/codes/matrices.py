"""Codes of matrices."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci, repository
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      test:
        matrix: {go: ["1.25", "1.26"], db: [postgres, none]}
        image: golang:${{ matrix.go }}
        run: ./ci/test.sh "$MATRIX_DB"
""")

MATRICES = Group(
    "Matrices",
    "What is found where a job runs for combinations of values.",
    (
        Code(
            "empty-matrix",
            Severity.ERROR,
            "A matrix has no axis, or `exclude` leaves no combination of it. An axis from the tree may be empty: then "
            "the job is skipped.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25"], exclude: [{go: "1.25"}]}
                    run: ./ci/test.sh "$MATRIX_GO"
            """),
            good=_GOOD,
        ),
        Code(
            "axis-source",
            Severity.ERROR,
            "An axis from the tree says neither `dirs` nor `file`, or both of them. `changed` goes with `dirs`.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {service: {changed: true}}
                    run: make -C "$MATRIX_SERVICE" test
            """),
            good=ci("""
                jobs:
                  test:
                    matrix: {service: {dirs: "services/*", changed: true}}
                    run: make -C "$MATRIX_SERVICE" test
            """),
        ),
        Code(
            "bad-axis-file",
            Severity.ERROR,
            "The file that an axis takes its values from is not there, or is no list of values. It is read from the "
            "commit that runs.",
            bad=repository("""
                mkdir ci
                echo '{"go": "1.26"}' > ci/versions.json
                echo 'jobs: {test: {matrix: {go: {file: ci/versions.json}}, run: ./test.sh "$MATRIX_GO"}}' > ci.yaml
            """),
            good=repository("""
                mkdir ci
                echo '["1.25", "1.26"]' > ci/versions.json
                echo 'jobs: {test: {matrix: {go: {file: ci/versions.json}}, run: ./test.sh "$MATRIX_GO"}}' > ci.yaml
            """),
        ),
        Code(
            "bad-axis-folder",
            Severity.ERROR,
            "A folder that an axis takes in has a name that no variable and no status could show: a line break in it, "
            "or bytes that are no UTF-8.",
            bad=repository("""
                folder="services/$(printf 'a\\nb')"
                mkdir -p "$folder"
                touch "$folder/Makefile"
                echo 'jobs: {test: {matrix: {dir: {dirs: "services/*"}}, run: make -C "$MATRIX_DIR"}}' > ci.yaml
            """),
            good=repository("""
                mkdir -p services/a-b
                touch services/a-b/Makefile
                echo 'jobs: {test: {matrix: {dir: {dirs: "services/*"}}, run: make -C "$MATRIX_DIR"}}' > ci.yaml
            """),
        ),
        Code(
            "unknown-axis",
            Severity.ERROR,
            "An entry of `exclude` has a key that is no axis of the matrix.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25", "1.26"], exclude: [{og: "1.25"}]}
                    run: ./ci/test.sh "$MATRIX_GO"
            """),
            good=_GOOD,
        ),
        Code(
            "incomplete-combination",
            Severity.ERROR,
            "An entry of `include` does not name every axis. It is one more combination, not more for some: that is "
            "`extend`.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25"], db: [none], include: [{go: 1.27rc1}]}
                    run: ./ci/test.sh "$MATRIX_GO" "$MATRIX_DB"
            """),
            good=_GOOD,
        ),
        Code(
            "duplicate-combination",
            Severity.ERROR,
            "An entry of `include` is a combination that is there already. Or two have one name, since their values "
            "hold what stands between values. With an axis from the tree, an entry of `include` that is there already "
            "gives its further keys to that one.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25"], include: [{go: "1.25", race: "yes"}]}
                    run: ./ci/test.sh "$MATRIX_GO" "$MATRIX_RACE"
            """),
            good=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25"], extend: [{go: "1.25", race: "yes"}]}
                    run: ./ci/test.sh "$MATRIX_GO" "$MATRIX_RACE"
            """),
        ),
        Code(
            "idle-extend",
            Severity.ERROR,
            "An entry of `extend` agrees with no combination, so that its keys reach none.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25"], extend: [{go: "1.26", race: "yes"}]}
                    run: ./ci/test.sh "$MATRIX_GO" "$MATRIX_RACE"
            """),
            good=_GOOD,
        ),
        Code(
            "idle-exclude",
            Severity.WARNING,
            "An entry of `exclude` agrees with no combination, so that it leaves none out.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25", "1.26"], exclude: [{go: "1.24"}]}
                    run: ./ci/test.sh "$MATRIX_GO"
            """),
            good=_GOOD,
        ),
        Code(
            "unused-axis",
            Severity.WARNING,
            "No expression and no script of a job mentions a key of its matrix. A program that it starts may read the "
            "variable all the same; then mention it in a comment of the script.",
            bad=ci("""
                jobs:
                  test:
                    matrix: {go: ["1.25", "1.26"]}
                    run: make test
            """),
            good=_GOOD,
        ),
        Code(
            "too-many-combinations",
            Severity.ERROR,
            "A job has more than 1,000 combinations, or its `exclude` or `extend` more entries than that.",
            bad=ci("""
                jobs:
                  test:
                    matrix:
                      a: &ten ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
                      b: *ten
                      c: *ten
                      d: ["0", "1"]
                    run: ./ci/test.sh "$MATRIX_A" "$MATRIX_B" "$MATRIX_C" "$MATRIX_D"
            """),
            good=_GOOD,
        ),
    ),
)
