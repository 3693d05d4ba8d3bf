"""Codes of what jobs say about themselves and each other."""

from __future__ import annotations

import hashlib

from generator.diagnostics.codes.code import Code, Group, ci, too_long
from generator.diagnostics.diagnostic import Severity

_GOOD = ci("""
    jobs:
      test: {run: make test}
""")
# Text that gzip makes no smaller than half.
_NOISE = hashlib.shake_256(b"").hexdigest(80_000)
_SCHEDULES = "".join(f"    - {{name: s{number}, cron: '0 3 * * *'}}\n" for number in range(51))

JOBS = Group(
    "Jobs",
    "What jobs say about themselves and each other.",
    (
        Code(
            "run-or-steps",
            Severity.ERROR,
            "A job has `run`, which is one script, or `steps`; it has both, or neither.",
            bad=ci("""
                jobs:
                  test:
                    run: make build
                    steps: [{run: make test}]
            """),
            good=ci("""
                jobs:
                  test:
                    steps: [{run: make build}, {run: make test}]
            """),
        ),
        Code(
            "unknown-job",
            Severity.ERROR,
            "A need or a test names a job that is not in the file, or a test an axis that the matrix has not.",
            bad=ci("""
                jobs:
                  build: {run: make}
                  test: {needs: biuld, run: make test}
            """),
            good=ci("""
                jobs:
                  build: {run: make}
                  test: {needs: build, run: make test}
            """),
        ),
        Code(
            "unknown-artifact",
            Severity.ERROR,
            "A download names an artifact that the job does not store.",
            bad=ci("""
                jobs:
                  build: {run: make, artifacts: {binary: [bin/app]}}
                  test: {needs: build, download: build.binaries, run: make test}
            """),
            good=ci("""
                jobs:
                  build: {run: make, artifacts: {binary: [bin/app]}}
                  test: {needs: build, download: build.binary, run: make test}
            """),
        ),
        Code(
            "artifact-name",
            Severity.WARNING,
            "An artifact is called `paths`, like the key that says what an artifact holds. Under `artifacts` there are "
            "names first, and what belongs to each under it.",
            bad=ci("""
                jobs:
                  build:
                    run: make
                    artifacts:
                      paths: [bin/app]
            """),
            good=ci("""
                jobs:
                  build:
                    run: make
                    artifacts:
                      binary: {paths: [bin/app]}
            """),
        ),
        Code(
            "same-artifact",
            Severity.ERROR,
            "Expressions give two artifacts of a job the same name. It is found when a run is planned.",
            bad=ci("""
                jobs:
                  test:
                    run: make test
                    artifacts: {report: [report.json], "${{ event == 'push' ? 'report' : 'log' }}": [log]}
            """),
            good=ci("""
                jobs:
                  test:
                    run: make test
                    artifacts: {report: [report.json], "${{ event == 'push' ? 'push' : 'other' }}-log": [log]}
            """),
        ),
        Code(
            "download-combinations",
            Severity.ERROR,
            "A download has `split` or `same`, and the jobs have no such combinations: the one that stores needs a "
            "matrix for it, and `same` names axes of both.",
            bad=ci("""
                jobs:
                  build: {matrix: {os: [linux, bsd]}, run: make $MATRIX_OS, artifacts: {binary: [bin/app]}}
                  test: {needs: build, download: {from: build.binary, same: os}, run: make test}
            """),
            good=ci("""
                jobs:
                  build: {matrix: {os: [linux, bsd]}, run: make $MATRIX_OS, artifacts: {binary: [bin/app]}}
                  test:
                    needs: build
                    matrix: {os: [linux, bsd]}
                    download: {from: build.binary, same: os}
                    run: make test
            """),
        ),
        Code(
            "needs-cycle",
            Severity.ERROR,
            "Jobs wait for each other, so that none of them could ever start. The message names them in the order of "
            "their needs.",
            bad=ci("""
                jobs:
                  build: {needs: test, run: make}
                  test: {needs: build, run: make test}
            """),
            good=ci("""
                jobs:
                  build: {run: make}
                  test: {needs: build, run: make test}
            """),
        ),
        Code(
            "needs-all",
            Severity.ERROR,
            "All jobs are needed where that has no meaning. `needs: all` is every job that does not say so itself. It "
            "is for jobs that run after the others, whatever came of them, and so only beside `when: failure` or "
            "`when: always`; and it stands alone.",
            bad=ci("""
                jobs:
                  test: {run: make test}
                  report: {needs: all, run: make report}
            """),
            good=ci("""
                jobs:
                  test: {run: make test}
                  report: {needs: all, when: always, run: make report}
            """),
        ),
        Code(
            "when-without-needs",
            Severity.ERROR,
            "A job waits for the failure of jobs that it needs, and needs none. It would never start.",
            bad=ci("""
                jobs:
                  test: {run: make test}
                  report: {when: failure, run: make report}
            """),
            good=ci("""
                jobs:
                  test: {run: make test}
                  report: {when: failure, needs: test, run: make report}
            """),
        ),
        Code(
            "approval-and-group",
            Severity.WARNING,
            "The file has `concurrency`, and a job without a lock waits for an approval. A run that waits for a person "
            "does not keep others from running, so a run with such a job neither waits for its group nor holds it. "
            "What has to go alone gets a `lock`, which is held only while the job runs; with "
            "`cancel-in-progress: true` newer runs end the older ones all the same.",
            bad=ci("""
                concurrency: {group: release}
                jobs:
                  release: {approval: {message: Release?}, run: ./release.sh}
            """),
            good=ci("""
                jobs:
                  release: {approval: {message: Release?}, lock: release, run: ./release.sh}
            """),
        ),
        Code(
            "unknown-schedule",
            Severity.ERROR,
            "A job's `on` names a schedule that the file's `on` does not have.",
            bad=ci("""
                on: {schedule: {name: nightly, cron: "0 3 * * *"}}
                jobs:
                  soak: {on: {schedule: nigthly}, run: ./soak.sh}
            """),
            good=ci("""
                on: {schedule: {name: nightly, cron: "0 3 * * *"}}
                jobs:
                  soak: {on: {schedule: nightly}, run: ./soak.sh}
            """),
        ),
        Code(
            "env-and-secrets",
            Severity.ERROR,
            "A variable has a secret and a text or an input at once; one of them would hide the other.",
            bad=ci("""
                jobs:
                  publish:
                    env: {TOKEN: none}
                    secrets: {TOKEN: NPM_TOKEN}
                    run: ./publish.sh
            """),
            good=ci("""
                jobs:
                  publish:
                    secrets: {TOKEN: NPM_TOKEN}
                    run: ./publish.sh
            """),
        ),
        Code(
            "hidden-variable",
            Severity.WARNING,
            "A variable reaches nothing, because everything that it is for sets its own. The file's `env` is for all "
            "jobs, a job's for all its steps.",
            bad=ci("""
                env: {LEVEL: info}
                jobs:
                  test:
                    env: {LEVEL: debug}
                    run: make test
            """),
            good=ci("""
                env: {LEVEL: info}
                jobs:
                  lint: {run: make lint}
                  test:
                    env: {LEVEL: debug}
                    run: make test
            """),
        ),
        Code(
            "unused-default",
            Severity.WARNING,
            "A key of `defaults` is of no use, because every job has that key.",
            bad=ci("""
                defaults: {timeout: 30m}
                jobs:
                  test: {timeout: 10m, run: make test}
            """),
            good=ci("""
                defaults: {timeout: 30m}
                jobs:
                  lint: {run: make lint}
                  test: {timeout: 10m, run: make test}
            """),
        ),
        Code(
            "reserved-variable",
            Severity.ERROR,
            "Names that start with `CI_` or `MATRIX_` are set by the run.",
            bad=ci("""
                jobs:
                  test:
                    env: {CI_BRANCH: main}
                    run: make test
            """),
            good=ci("""
                jobs:
                  test:
                    env: {BRANCH: main}
                    run: make test
            """),
        ),
        Code(
            "too-many-jobs",
            Severity.ERROR,
            "Argo takes 200 templates in one Workflow: one for the run and one for each of at most 199 jobs; "
            "198, if one of them may fail, since the run then needs one more to tell how it ended. A platform may "
            "allow fewer.",
            bad=too_long(
                ci("""
                    jobs:
                      test-1: {run: make test}    # and 199 more
                """),
                lambda: "jobs:\n" + "".join(f"  test-{number}: {{run: make test}}\n" for number in range(200)),
            ),
            good=_GOOD,
        ),
        Code(
            "too-many-schedules",
            Severity.ERROR,
            "The file has more than 50 entries under `on.schedule`. Each is an object that the cluster keeps.",
            bad=too_long(
                ci("""
                    on:
                      schedule:
                        - {name: s1, cron: "0 3 * * *"}    # and 50 more
                    jobs:
                      test: {run: make test}
                """),
                lambda: f"on:\n  schedule:\n{_SCHEDULES}jobs:\n  test: {{run: make test}}\n",
            ),
            good=_GOOD,
        ),
        Code(
            "too-many-steps",
            Severity.ERROR,
            "A job has more than 100 steps.",
            bad=too_long(
                ci("""
                    jobs:
                      test:
                        steps:
                          - run: make test    # and 100 more
                """),
                lambda: "jobs: {test: {steps: [" + "{run: make test}, " * 101 + "]}}\n",
            ),
            good=_GOOD,
        ),
        Code(
            "script-size",
            Severity.ERROR,
            "A job's scripts have more than 64 KiB after gzip, or more than the platform allows.",
            bad=too_long(
                ci("""
                    jobs:
                      test:
                        run: "..."    # 160,000 characters of base64
                """),
                lambda: f"jobs: {{test: {{run: {_NOISE}}}}}\n",
            ),
            good=ci("""
                jobs:
                  test: {run: ./ci/test.sh}
            """),
        ),
        Code(
            "env-size",
            Severity.ERROR,
            "Variables that no program could be started with: Linux takes 128 KiB as one variable, its name counted "
            "in, and not much more than 1 MiB for all that a step has. Long texts belong into files of the repository.",
            bad=too_long(
                ci("""
                    jobs:
                      test:
                        env: {TABLE: "..."}    # 131,070 characters
                        run: make test
                """),
                lambda: f"jobs: {{test: {{run: make test, env: {{TABLE: {'x' * 131_070}}}}}}}\n",
            ),
            good=ci("""
                jobs:
                  test:
                    env: {TABLE: ci/table.txt}
                    run: make test
            """),
        ),
        Code(
            "timeout-limit",
            Severity.ERROR,
            "A job may take a day, or less where the platform says so.",
            bad=ci("""
                jobs:
                  soak: {timeout: 72h, run: ./soak.sh}
            """),
            good=ci("""
                jobs:
                  soak: {timeout: 24h, run: ./soak.sh}
            """),
        ),
    ),
)
