"""Codes of what is found when a run is planned."""

from __future__ import annotations

import hashlib

from generator.diagnostics.codes.code import Code, Group, ci, repository, too_long
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      test: {run: ./ci/test.sh}
""")
# Text that gzip makes no smaller than half.
_NOISE = hashlib.shake_256(b"").hexdigest(80_000)
_TABLES = ", ".join(f"TABLE_{number}: {_NOISE[number * 40_000 :][:40_000]}" for number in range(4))

_VALUES = "[" + ", ".join(f"v{number}" for number in range(28)) + "]"

SIZES = Group(
    "What fits",
    "These are found when a run is planned: by `argosy plan`, `argosy expand` and in the cluster.",
    (
        Code(
            "job-size",
            Severity.ERROR,
            "The scripts and variables of one job have more than 64 KiB after gzip. They are handed to the job's pod "
            "in one piece.",
            bad=too_long(
                ci("""
                    jobs:
                      test:
                        env: {TABLE_0: "...", TABLE_1: "...", TABLE_2: "...", TABLE_3: "..."}
                        run: make test    # each has 40,000 characters
                """),
                lambda: f"jobs: {{test: {{run: make test, env: {{{_TABLES}}}}}}}\n",
            ),
            good=_GOOD,
        ),
        Code(
            "run-size",
            Severity.ERROR,
            "All jobs together make a Workflow that Kubernetes does not take. Long texts belong into files of the "
            "repository. In a pull request room is kept for the summary of each job whose scripts mention CI_SUMMARY. "
            "A run in which a job waits for an approval may have about 500 jobs and combinations, as Argo packs what "
            "it keeps of a larger one, and the cluster could not see who answers.",
            bad=too_long(
                ci("""
                    x-long: &long "..."    # 100,000 characters of base64
                    jobs:
                      test-1: {run: *long}    # and 15 more
                """),
                lambda: (
                    f"x-long: &long {_NOISE[:100_000]}\njobs:\n"
                    + "".join(f"  test-{number}: {{run: *long}}\n" for number in range(16))
                ),
            ),
            good=_GOOD,
        ),
        Code(
            "too-many-tasks",
            Severity.ERROR,
            "The jobs of a run have more than 2,000 combinations together, or more than the platform allows. Each is a "
            "task of Argo.",
            bad=ci(f"""
                jobs:
                  one: &many
                    matrix:
                      a: &values {_VALUES}
                      b: *values
                    run: ./ci/test.sh "$MATRIX_A" "$MATRIX_B"
                  two: *many
                  three: *many
            """),
            good=_GOOD,
        ),
        Code(
            "too-many-templates",
            Severity.ERROR,
            "The jobs of a run need more than Argo's 200 templates. A job takes one, a matrix two, and one more for "
            "each further runner that its combinations name.",
            bad=too_long(
                ci("""
                    jobs:
                      test-1: &job    # and 99 more like it
                        matrix: {go: ["1.25", "1.26"]}
                        image: golang:${{ matrix.go }}
                        run: make test
                """),
                lambda: (
                    'jobs:\n  test-0: &job {matrix: {go: ["1.25", "1.26"]}, image: "golang:${{ matrix.go }}", run: x}\n'
                    + "".join(f"  test-{number}: *job\n" for number in range(1, 100))
                ),
            ),
            good=_GOOD,
        ),
        Code(
            "not-a-file",
            Severity.ERROR,
            "What is called ci.yaml at that commit is a folder, a submodule or a symbolic link. A link is not "
            "followed: it could lead anywhere.",
            bad=repository("ln -s ci/pipeline.yaml ci.yaml"),
            good=repository("""
                cat > ci.yaml <<END
                jobs:
                  test: {run: make test}
                END
            """),
        ),
    ),
)
