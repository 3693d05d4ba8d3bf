"""Codes of what only the platform can say about a ci.yaml."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, bare, ci, platform
from generator.diagnostics.diagnostic import Severity

GRANTS = Group(
    "What the platform knows",
    "These need a platform.yaml: the one that `--platform` names, or the nearest one upwards.",
    (
        Code(
            "unknown-runner",
            Severity.ERROR,
            "The platform has no runner of this name, or not for this repository.",
            bad=ci("""
                jobs:
                  test: {runner: larg, run: make test}
            """),
            good=ci("""
                jobs:
                  test: {runner: large, run: make test}
            """),
        ),
        Code(
            "unknown-secret",
            Severity.ERROR,
            "The platform grants no secret of this name to this repository.",
            bad=ci("""
                jobs:
                  publish: {secrets: NPM_TOKN, run: ./publish.sh}
            """),
            good=ci("""
                jobs:
                  publish: {secrets: NPM_TOKEN, run: ./publish.sh}
            """),
        ),
        Code(
            "no-storage",
            Severity.ERROR,
            "A job has something to store, and the platform has no place for that: its `artifacts` says where.",
            bad=bare("""
                jobs:
                  test: {run: make test, artifacts: {report: [report.json]}}
            """),
            good=ci("""
                jobs:
                  test: {run: make test, artifacts: {report: [report.json]}}
            """),
        ),
        Code(
            "never-granted",
            Severity.WARNING,
            "The platform grants a secret or a runner to other events than those that the file lets start something. "
            "The job would fail in every run, or go without what is `optional`. In the example the platform gives "
            "`NPM_TOKEN` to tags and to pushes to `main`.",
            bad=ci("""
                on: {push: {branches: ["release/**"]}}
                jobs:
                  publish: {secrets: NPM_TOKEN, run: ./publish.sh}
            """),
            good=ci("""
                on: {push: {tags: "v*"}}
                jobs:
                  publish: {secrets: NPM_TOKEN, run: ./publish.sh}
            """),
        ),
        Code(
            "no-tenant",
            Severity.ERROR,
            "No tenant in platform.yaml has this repository, so there is no namespace where it could run. Whoever runs "
            "the platform can change that, the file cannot.",
            bad=platform("""
                tenants:
                  web: {repositories: ["work/acme/web-*"]}
            """),
            good=platform("""
                tenants:
                  web: {repositories: ["work/acme/web-*"]}
                  others: {repositories: ["**"]}
            """),
        ),
    ),
)
