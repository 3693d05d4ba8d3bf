"""Codes of what jobs take from others."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      build: {outputs: [version], run: ./build.sh}
      publish:
        needs: build
        env: {VERSION: "${{ needs.build.outputs.version }}"}
        run: ./publish.sh "$VERSION"
""")

REFERENCES = Group(
    "Outputs and results",
    "What a job takes from those that it needs.",
    (
        Code(
            "unknown-need",
            Severity.ERROR,
            "A variable takes something from a job that the file has not, or that is not surely over by then. It must "
            "be one that `needs` reaches, directly or through other jobs.",
            bad=ci("""
                jobs:
                  build: {outputs: [version], run: ./build.sh}
                  publish:
                    env: {VERSION: "${{ needs.build.outputs.version }}"}
                    run: ./publish.sh "$VERSION"
            """),
            good=_GOOD,
        ),
        Code(
            "unknown-output",
            Severity.ERROR,
            "A variable takes an output from a job that does not list it under `outputs`.",
            bad=ci("""
                jobs:
                  build: {outputs: [version], run: ./build.sh}
                  publish:
                    needs: build
                    env: {VERSION: "${{ needs.build.outputs.versoin }}"}
                    run: ./publish.sh "$VERSION"
            """),
            good=_GOOD,
        ),
        Code(
            "matrix-outputs",
            Severity.ERROR,
            "A job with a matrix has outputs. Nobody could say which combination's they are.",
            bad=ci("""
                jobs:
                  build:
                    matrix: {os: [linux, bsd]}
                    outputs: [version]
                    run: ./build.sh "$MATRIX_OS"
            """),
            good=_GOOD,
        ),
    ),
)
