"""Codes of what a job's services say about themselves and each other."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, ci, too_long
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      test:
        services:
          db: {image: "postgres:17", port: 5432}
        run: make test
""")

SERVICES = Group(
    "Services",
    "What a job's services say about themselves and each other.",
    (
        Code(
            "port-or-ports",
            Severity.ERROR,
            "A service has `port` and `ports`. `port: 80` is short for `ports: [80]`.",
            bad=ci("""
                jobs:
                  test:
                    services:
                      mail: {image: greenmail, port: 25, ports: [143]}
                    run: make test
            """),
            good=ci("""
                jobs:
                  test:
                    services:
                      mail: {image: greenmail, ports: [25, 143]}
                    run: make test
            """),
        ),
        Code(
            "same-port",
            Severity.ERROR,
            "Two services of a job have the same port. They share one network with each other and with the job, so "
            "that only one of them can listen there. Found when a run is planned where one of them has an `if`.",
            bad=ci("""
                jobs:
                  test:
                    services:
                      db: {image: "postgres:17", port: 5432}
                      old: {image: "postgres:13", port: 5432}
                    run: make test
            """),
            good=ci("""
                jobs:
                  test:
                    services:
                      db: {image: "postgres:17", port: 5432}
                      old: {image: "postgres:13", args: [-p, "5433"], port: 5433}
                    run: make test
            """),
        ),
        Code(
            "too-many-services",
            Severity.ERROR,
            "A job has more than 8 services in one run. They all are containers of one pod.",
            bad=too_long(
                ci("""
                    jobs:
                      test:
                        services:
                          cache-1: {image: "redis:7", args: [--port, "7001"], port: 7001}    # and 8 more
                        run: make test
                """),
                lambda: (
                    "jobs:\n  test:\n    run: make test\n    services:\n"
                    + "".join(f"      c{number}: {{image: 'redis:7', port: {7000 + number}}}\n" for number in range(9))
                ),
            ),
            good=_GOOD,
        ),
    ),
)
