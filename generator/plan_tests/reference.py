"""The page docs/reference/ci-test-yaml.md: `python -m generator.plan_tests.reference` writes it to standard output."""

from __future__ import annotations

import sys

from generator.document.text import MAX_BYTES
from generator.fields.reference import sections
from generator.plan_tests.file import TABLE_FILE
from generator.plan_tests.judging import MAX_PLANNED
from generator.plan_tests.reader import MAX_EVENTS

_OPENING = """\
# ci.test.yaml

<!-- Made by `python -m generator.plan_tests.reference` from the keys' definitions. Change those, not this page. -->

A table of events, and of the jobs that each of them must start: the tests of a [ci.yaml](ci-yaml.md). Triggers, globs
and conditions are easily a little wrong, and a job that never starts again makes no noise. `argosy test` asks the table
on a laptop, and every run asks it before anything is created: a table that is not met makes the run fail with what
differs, and why.

```yaml
tests:
  a push builds and tests:
    event: {push: main, changed: src/main.go}
    starts: [lint, test, image]
  documents alone start nothing:
    event:
      - {push: main, changed: [docs/index.md, README.md]}
      - {pull_request: main, changed: docs/index.md}
    starts: []
  a draft is linted:
    event: {pull_request: {base: main, draft: true}}
    starts: [lint]
  only a release is published:
    event: {tag: v1.2.0}
    starts: {with: publish}
  strangers publish nothing:
    event: {pull_request: {from_fork: true, labels: [publish]}}
    starts: {without: publish}
  the nightly run is complete:
    event: {schedule: nightly}
    starts: all
```

"""

_RULES = f"""\
## What is asked

- The file lies at the root of the repository, and is that of the same commit as the ci.yaml. A repository without one
  is asked nothing.
- It is read as [ci.yaml](ci-yaml.md#how-a-file-is-read) is: YAML 1.2, strictly, text stays text, and one is a list of
  one.
- What an event does not say is not the real repository's, but always the same: the default branch is `main`, and a push
  or pull request without `changed` changes everything. So a table has one answer, on every machine and for every event.
- `hash()` takes the files of the commit; Git is not asked what was changed.
- **To start** is to be part of the run: so does a job for `when: failure`, though it may have nothing to do, and one
  that waits for an approval.
- The platform is not asked. Whether a runner or a secret is there and granted is for
  [`argosy lint` and `argosy plan`](commands.md).
- A run whose head commit says `[skip ci]` does not ask.

## Limits

| what | at most |
| --- | --- |
| the file | {MAX_BYTES:,} bytes |
| events | {MAX_EVENTS} |
| jobs of all its plans together | {MAX_PLANNED:,} |
"""


def page() -> str:
    """The whole page."""
    return f"{_OPENING}{sections(TABLE_FILE)}\n{_RULES}"


if __name__ == "__main__":
    sys.stdout.write(page())
