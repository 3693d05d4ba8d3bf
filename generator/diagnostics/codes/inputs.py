"""Codes of what a manual run is given."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, manual
from generator.diagnostics.diagnostic import Severity

INPUTS = Group(
    "Inputs of manual runs",
    "What a manual run is given has to fit `on.manual.inputs` of the commit that it runs. The place is where the file "
    "declares it; nothing is started, and the commit shows nothing.",
    (
        Code(
            "unknown-input",
            Severity.ERROR,
            "The run is given an input that the file does not declare.",
            bad=manual("""
                # argosy run --input levle=debug
                on: {manual: {inputs: {level: {default: info}}}}
                jobs:
                  test: {run: make test}
            """),
            good=manual("""
                # argosy run --input level=debug
                on: {manual: {inputs: {level: {default: info}}}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "bad-input",
            Severity.ERROR,
            "The run is given a value that the input cannot have. A choice is one of its options, letter by letter, a "
            "boolean `true` or `false`.",
            bad=manual("""
                # argosy run --input level=loud
                on: {manual: {inputs: {level: {type: choice, options: [debug, info], default: info}}}}
                jobs:
                  test: {run: make test}
            """),
            good=manual("""
                # argosy run --input level=debug
                on: {manual: {inputs: {level: {type: choice, options: [debug, info], default: info}}}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "missing-input",
            Severity.ERROR,
            "The run is not given an input that has no default. An input that may be left out has one: `default: ''`.",
            bad=manual("""
                # argosy run
                on: {manual: {inputs: {version: {description: What to release}}}}
                jobs:
                  release: {run: make release}
            """),
            good=manual("""
                # argosy run --input version=1.10
                on: {manual: {inputs: {version: {description: What to release}}}}
                jobs:
                  release: {run: make release}
            """),
        ),
    ),
)
