"""Codes of what stands under `on`."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci
from generator.diagnostics.diagnostic import Severity

TRIGGERS = Group(
    "Triggers",
    "What stands under `on`.",
    (
        Code(
            "never-matches",
            Severity.WARNING,
            "A list of patterns lets no branch or tag through that Git could have. The last pattern that matches "
            "decides, and `!` takes back what patterns before it took in. Or a pattern over paths, in `changed()` and "
            "`hash()` too, ends with `/`, which no path does: `docs/**` is what is in a folder.",
            bad=ci("""
                on: {push: {branches: ["release/*", "!release/**"]}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {push: {branches: ["release/**", "!release/*-wip"]}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "set-as-glob",
            Severity.WARNING,
            "A list under `paths` has the name of a set of `files`. In a list it is a glob, of a file of that name; a "
            "set is named alone.",
            bad=ci("""
                files: {code: ["**", "!docs/**"]}
                on: {push: {paths: [code]}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                files: {code: ["**", "!docs/**"]}
                on: {push: {paths: code}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "idle-pattern",
            Severity.WARNING,
            "A pattern changes nothing in its list. Others take in all that it takes in, or it takes back what none "
            "before it took in.",
            bad=ci("""
                on: {push: {branches: ["!wip/**", main]}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {push: {branches: ["!wip/**", wip/keep]}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "unknown-set",
            Severity.ERROR,
            "`paths` names a set that the file does not have under `files`. Globs are a list, one of them too.",
            bad=ci("""
                on: {push: {paths: code}}
                files: {source: ["src/**"]}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {push: {paths: source}}
                files: {source: ["src/**"]}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "bad-cron",
            Severity.ERROR,
            "Not five fields, or a field with a value that it cannot have.",
            bad=ci("""
                on: {schedule: {cron: "0 24 * * *"}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {schedule: {cron: "0 0 * * *"}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "cron-never-fires",
            Severity.WARNING,
            "No month that the expression names has such a day.",
            bad=ci("""
                on: {schedule: {cron: "0 3 31 4,6 *"}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {schedule: {cron: "0 3 30 4,6 *"}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "bad-timezone",
            Severity.ERROR,
            "A time zone that the IANA database does not have.",
            bad=ci("""
                on: {schedule: {cron: "0 3 * * *", timezone: Europe/Berln}}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on: {schedule: {cron: "0 3 * * *", timezone: Europe/Berlin}}
                jobs:
                  test: {run: make test}
            """),
        ),
        Code(
            "never-runs",
            Severity.WARNING,
            "A job's `on` names none of the events that the file's `on` starts anything for. A job's `on` narrows the "
            "file's and cannot widen it, nor can it add types to those of `on.pull_request`.",
            bad=ci("""
                on: {push: {branches: [main]}}
                jobs:
                  test: {run: make test}
                  publish: {on: {push: {tags: ["v*"]}}, run: ./publish.sh}
            """),
            good=ci("""
                on: {push: {branches: [main], tags: ["v*"]}}
                jobs:
                  test: {run: make test}
                  publish: {on: {push: {tags: ["v*"]}}, run: ./publish.sh}
            """),
        ),
        Code(
            "schedule-name",
            Severity.ERROR,
            "Several schedules of which one has no name, or two have the same one. A single schedule may go without.",
            bad=ci("""
                on:
                  schedule:
                    - {cron: "0 3 * * *"}
                    - {cron: "0 5 * * SUN"}
                jobs:
                  test: {run: make test}
            """),
            good=ci("""
                on:
                  schedule:
                    - {name: nightly, cron: "0 3 * * *"}
                    - {name: weekly, cron: "0 5 * * SUN"}
                jobs:
                  test: {run: make test}
            """),
        ),
    ),
)
