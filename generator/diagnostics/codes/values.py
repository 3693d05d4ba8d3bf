"""Codes of keys and values: what the definition of a single key can tell."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci
from generator.diagnostics.diagnostic import Severity

VALUES = Group(
    "Keys and values",
    "What a key may hold is in [the reference](ci-yaml.md).",
    (
        Code(
            "unknown-key",
            Severity.ERROR,
            "The key is not one of the language, or stands in the wrong place.",
            bad=ci("""
                jobs:
                  test:
                    step: [{run: make test}]
            """),
            good=ci("""
                jobs:
                  test:
                    steps: [{run: make test}]
            """),
        ),
        Code(
            "not-yet",
            Severity.ERROR,
            "The language has this, and this version does not do it yet. It is an error, so that no file seems to work "
            "that does not.",
            bad=ci("""
                jobs:
                  test:
                    reports: {junit: report.xml}
                    run: make test
            """),
            good=ci("""
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "missing-key",
            Severity.ERROR,
            "A key that must be there is not.",
            bad=ci("""
                on: {schedule: {name: nightly}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {schedule: {name: nightly, cron: "0 3 * * *"}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "wrong-type",
            Severity.ERROR,
            "A list where a mapping is expected, a mapping where a text is expected, and so on.",
            bad=ci("""
                jobs:
                  test:
                    run: [make build, make test]
            """),
            good=ci("""
                jobs:
                  test:
                    run: |
                      make build
                      make test
            """),
        ),
        Code(
            "empty-value",
            Severity.ERROR,
            "A value is there and empty where it must say something.",
            bad=ci("""
                jobs:
                  test:
                    run:
            """),
            good=ci("""
                jobs:
                  test:
                    run: make test
            """),
        ),
        Code(
            "bad-value",
            Severity.ERROR,
            "A value that its key cannot have: a duration without a unit, an image with a space in it, a word that is "
            "none of a few.",
            bad=ci("""
                jobs:
                  test:
                    timeout: 30
                    run: make test
            """),
            good=ci("""
                jobs:
                  test:
                    timeout: 30m
                    run: make test
            """),
        ),
        Code(
            "bad-name",
            Severity.ERROR,
            "A name with characters that it cannot have, or one that means something else.",
            bad=ci("""
                jobs:
                  unit tests: {run: make test}
            """),
            good=ci("""
                jobs:
                  unit-tests: {run: make test}
            """),
        ),
        Code(
            "duplicate-value",
            Severity.ERROR,
            "A list names the same thing twice.",
            bad=ci("""
                jobs:
                  lint: {run: make lint}
                  test: {needs: [lint, lint], run: make test}
            """),
            good=ci("""
                jobs:
                  lint: {run: make lint}
                  test: {needs: [lint], run: make test}
            """),
        ),
        Code(
            "bad-glob",
            Severity.ERROR,
            "A glob or a regular expression that is none. A bracket is never closed, a range runs backwards, or "
            "nothing is in it; a `/regex/` has RE2's syntax, without look-ahead and back references.",
            bad=ci("""
                on: {push: {branches: ["release/{1,2"]}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {push: {branches: ["release/{1,2}"]}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "expression-place",
            Severity.ERROR,
            "`${{ }}` stands where nothing is ever evaluated, or around an `if`, which is an expression already. "
            "`changed()` belongs into an `if` alone.",
            bad=ci("""
                jobs:
                  lint: {run: make lint}
                  test: {needs: ["${{ lint }}"], run: make test}
            """),
            good=ci("""
                jobs:
                  lint: {run: make lint}
                  test: {needs: [lint], run: make test}
            """),
        ),
        Code(
            "script-expression",
            Severity.WARNING,
            "`${{ }}` in a script is not evaluated; the shell gets it as it stands. What a run knows is in its "
            "variables, which no branch name or title can break out of.",
            bad=ci("""
                jobs:
                  test:
                    run: echo "testing ${{ github.sha }}"
            """),
            good=ci("""
                jobs:
                  test:
                    run: echo "testing $CI_SHA"
            """),
        ),
    ),
)
