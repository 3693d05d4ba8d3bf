"""Codes of the table of tests beside a ci.yaml."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, repository
from generator.diagnostics.diagnostic import Severity

_GOOD = repository("""
    cat > ci.yaml <<END
    on: {push: {branches: [main], tags: ["v*"]}}
    jobs:
      test: {run: make test}
      publish: {needs: test, if: "tag != ''", run: make publish}
    END
    cat > ci.test.yaml <<END
    tests:
      a push is tested: {event: {push: main}, starts: [test]}
      a tag is published: {event: {tag: v1.2.0}, starts: [test, publish]}
    END
""")

PLAN_TESTS = Group(
    "ci.test.yaml",
    "What the table of tests says about a ci.yaml, and the ci.yaml does not do.",
    (
        Code(
            "test-failed",
            Severity.ERROR,
            "An event starts other jobs than the table says. The lines below tell of each job that differs why it "
            "starts, or does not; correct whichever of the two files is wrong.",
            bad=repository("""
                cat > ci.yaml <<END
                on: {push: {branches: [main]}}
                jobs:
                  test: {run: make test}
                  publish: {needs: test, if: "tag != ''", run: make publish}
                END
                cat > ci.test.yaml <<END
                tests:
                  a push is tested: {event: {push: main}, starts: [test]}
                  a tag is published: {event: {tag: v1.2.0}, starts: [test, publish]}
                END
            """),
            good=_GOOD,
        ),
        Code(
            "table-size",
            Severity.ERROR,
            "The table has more than 200 events, or more than 10,000 jobs are planned for them. Every run waits for "
            "its answers.",
            bad=repository("""
                echo 'jobs: {test: {run: make test}}' > ci.yaml
                (echo 'tests:'; seq 201 | sed 's/.*/  number &: {event: push, starts: all}/') > ci.test.yaml
            """),
            good=_GOOD,
        ),
    ),
)
