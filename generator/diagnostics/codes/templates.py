"""Codes of templates and of the files that hold them."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci, repository, too_long
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    templates:
      go: {image: "golang:1.26"}
    jobs:
      test: {extends: go, run: go test ./...}
""")
_INCLUDED = repository("""
    mkdir ci
    cat > ci/templates.yaml <<END
    templates:
      go: {image: "golang:1.26"}
    END
    cat > ci.yaml <<END
    include: [ci/templates.yaml]
    jobs:
      test: {extends: go, run: go test ./...}
    END
""")
_LONG = "templates:\n  long: {env: {" + ", ".join(f"A{number}: x" for number in range(1_000)) + "}}\njobs:\n"
_LONG += "".join(f"  j{number}: {{extends: long, run: x}}\n" for number in range(60))

TEMPLATES = Group(
    "Templates",
    "What jobs build on, and the files that it comes from.",
    (
        Code(
            "unknown-template",
            Severity.ERROR,
            "A job extends a template that neither the file nor an included one has.",
            bad=ci("""
                templates:
                  go: {image: "golang:1.26"}
                jobs:
                  lint: {extends: go, run: go vet ./...}
                  test: {extends: golang, run: go test ./...}
            """),
            good=_GOOD,
        ),
        Code(
            "unused-template",
            Severity.WARNING,
            "No job of the file extends this template. Templates of included files are not looked at: they may serve "
            "other repositories.",
            bad=ci("""
                templates:
                  go: {image: "golang:1.26"}
                jobs:
                  test: {image: "golang:1.26", run: go test ./...}
            """),
            good=_GOOD,
        ),
        Code(
            "duplicate-name",
            Severity.ERROR,
            "Two files define the same template or variable. Only variables of the ci.yaml itself may replace those of "
            "an included file.",
            bad=repository("""
                mkdir ci
                cat > ci/templates.yaml <<END
                templates:
                  go: {image: "golang:1.25"}
                END
                cat > ci.yaml <<END
                include: [ci/templates.yaml]
                templates:
                  go: {image: "golang:1.26"}
                jobs:
                  test: {extends: go, run: go test ./...}
                END
            """),
            good=_INCLUDED,
        ),
        Code(
            "no-such-file",
            Severity.ERROR,
            "The commit has no file of this name to be included. Paths start at the root of the repository.",
            bad=ci("""
                include: [templates.yaml]
                jobs:
                  test: {run: go test ./...}
            """),
            good=_INCLUDED,
        ),
        Code(
            "idle-null",
            Severity.WARNING,
            "In a job that builds on templates, nothing takes away what these have, and here they have nothing of the "
            "key. Elsewhere an event without a value is one without filters, and a variable without one is empty: that "
            "is `{}` and `''` in such a job.",
            bad=ci("""
                on: {push: {}, manual: {}}
                templates:
                  go: {image: "golang:1.26"}
                jobs:
                  test: {extends: go, on: {push: {branches: main}, manual: }, run: go test ./...}
            """),
            good=ci("""
                on: {push: {}, manual: {}}
                templates:
                  go: {image: "golang:1.26"}
                jobs:
                  test: {extends: go, on: {push: {branches: main}, manual: {}}, run: go test ./...}
            """),
        ),
        Code(
            "too-many-includes",
            Severity.ERROR,
            "A ci.yaml includes more than 20 files.",
            bad=too_long(
                ci("""
                    include: [ci/one.yaml, ci/two.yaml, ci/three.yaml]   # and so on
                    jobs:
                      test: {run: go test ./...}
                """),
                lambda: f"include: [{', '.join(f'ci/{number}.yaml' for number in range(21))}]\njobs: {{a: {{run: x}}}}",
            ),
            good=_INCLUDED,
        ),
        Code(
            "templates-size",
            Severity.ERROR,
            "The jobs with all that they extend hold more than 100,000 keys and values. Few jobs need a long template: "
            "put what is long into a script of the repository.",
            bad=too_long(
                ci("""
                    templates:
                      long: {env: {A0: x, A1: x}}   # and so on
                    jobs:
                      one: {extends: long, run: make}   # and so on
                """),
                lambda: _LONG,
            ),
            good=_GOOD,
        ),
    ),
)
