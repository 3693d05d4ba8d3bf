"""The page docs/reference/ci-yaml.md: `python -m generator.language.reference` writes it to standard output."""

from __future__ import annotations

import sys

from generator.document.text import MAX_BYTES
from generator.expressions.checking import MAX_CHARACTERS, MAX_MACROS, MAX_PLUSES
from generator.expressions.evaluating import MAX_RESULT
from generator.expressions.event_names import EVENT_NAMES
from generator.expressions.scope import FUNCTIONS, GLOB_FUNCTIONS, MACROS, ValueType
from generator.fields.reference import sections
from generator.language.file import CI_FILE
from generator.language.including import INCLUDED, MAX_INCLUDES
from generator.language.rules.env_size import MAX_BYTES as MAX_ENV_BYTES
from generator.language.rules.env_size import MAX_VARIABLE_BYTES
from generator.language.rules.script_size import MAX_BYTES as MAX_SCRIPT_BYTES
from generator.language.rules.timeout_limit import MAX_SECONDS, in_words
from generator.language.rules.too_many_jobs import MAX_JOBS
from generator.language.rules.too_many_schedules import MAX_SCHEDULES
from generator.language.rules.too_many_steps import MAX_STEPS

_OPENING = """\
# ci.yaml

<!-- Made by `python -m generator.language.reference` from the definitions of the keys. Change those, not this page. -->

One file, `ci.yaml`, at the root of a repository, says what runs for which event. This page has every key that works
today; what the language knows and comes later is named at the end of each section, and using it is an error that says
so. `argosy lint` tells everything that is wrong with a file at once; [diagnostics](diagnostics.md) explains its codes.

```yaml
on:
  push: {branches: [main], tags: "v*"}
  pull_request:
defaults: {image: "golang:1.26", timeout: 30m}
jobs:
  lint:
    run: go vet ./...
  test:
    needs: lint
    runner: medium
    secrets: {TOKEN: CODECOV_TOKEN}
    steps:
      - name: unit tests
        run: go test -cover ./...
      - name: coverage
        env: {LEVEL: info}
        run: ./coverage.sh "$TOKEN" "$CI_SHA"
```

"""

_RULES = """\
## How a file is read

- YAML 1.2, UTF-8, one document. `on`, `off`, `yes` and `no` are plain texts. Duplicate and unknown keys, tabs in the
  indentation and tags are errors; a text that starts with `!` is taken for a tag unless it is quoted.
- **Text stays text.** Where a text is expected, `1.10` is "1.10", `0123` is "0123" and `yes` is "yes"; nothing is the
  empty text.
- **One is a list of one.** Where a list is expected, a single item will do: `needs: lint`.
- Anchors, aliases and `<<` work. Keys at the top that start with `x-` are homes for anchors and mean nothing.
- A **script** reaches the shell byte for byte: nothing in it is evaluated, whatever braces or dollar signs it has.
- **Environment**: the run's inputs, then the file's `env`, the job's, and the step's; the later one wins. Names that
  start with `CI_` or `MATRIX_` are the run's own. Nothing in a value is expanded.
- A **duration** is written like `90s`, `30m` or `1h30m`.
"""

_RUNNING = """\
## When jobs run

- A job starts when all that it needs has ended in the way that its `when` says. A run fails if a job of it does that
  has no `allow-failure`.
- **What a run is planned without**, skips those that need it, and a status says why. An optional need does not, and
  neither does any need of a job with `when: always` or `needs: all`, unless all of them are skipped.
- A job that **may fail** lets those that need it start in any case, and is no failure for `when: failure`.
- A job with `when: failure` whose needs have all succeeded is left out, and so are those that need it for success;
  nothing has failed by that.
- A **cancelled** run starts nothing more, `when: always` or not.
- With **`[skip ci]`** or `[ci skip]` in the message of its head commit, a branch or a pull request runs nothing, and
  its status is a success that says so. Tags, schedules and runs by hand do not look at it.

## While a job runs

A job's steps run one after the other in one container, each script in a process of its own; what they leave in the
workspace, or running in the background, is there for the next one. A script has no standard input.

- A job whose step has failed has failed, with that step's exit code. Steps for `failure` and `always` still run, and
  what they do changes neither, unless they are the first to fail. A step with `continue-on-error` fails for itself.
- A **cancelled** job gets SIGTERM. Its script has 15 s to end, steps for `always` run after it, and after 30 s nothing
  of the job is left.
- A job whose **time is over** has failed. Its script has 15 s to end, and steps for `failure` and `always` run for
  another minute at most.
- `$CI_ENV` is a file. Lines of the form NAME=value in it become **variables of later steps**, as they stand, between
  the job's `env` and a step's own; at most 131,072 bytes in all. A line that is none, or whose name starts with `CI_`
  or `MATRIX_` or is that of a secret of the job, fails the step.
- A **secret** is in the job's container alone: in its environment or, with `file: true`, in a folder that nobody can
  write to. A file follows the Secret when that is changed, a variable does not. Every step of the job sees it, and
  what a script prints is in the log: nothing is masked. A job whose secret is not granted to the event and ref fails
  before any pod, one whose secret is not in the run namespace before its first step, and the status of both says
  which; with `optional: true` it runs, with the variable unset.
- A job that no node has room for waits; after a minute its status says so, as the scheduler does: `waiting for a node:
  0/3 nodes are available: 3 Insufficient cpu`. Its time has not begun.
- An **image that cannot be pulled** is asked for again and again until the job's time is over, and a minute more; the
  job's status says so from the first time on: `does not start: image 'golang:1.62' cannot be pulled: not found`.
- **Services** are started in the order of the file, and the first step once all are ready: 180 s later at the
  latest, or the job has failed, and its status and log say which is not ready and why. Images are pulled before the
  job's time begins. A service that ends is started again, without what it had; the status of a job that fails names it.
  One that ends as soon as it starts keeps the job pending, for minutes or until its time is over; the job's status
  says so within seconds.
  After the last step each gets SIGTERM, and 30 s to end, for which those that need the job wait.

| variable | what it holds |
| --- | --- |
| `CI` | `true` |
| `CI_EVENT` | `push`, `tag`, `pull_request`, `schedule` or `manual` |
| `CI_REPOSITORY`, `CI_DEFAULT_BRANCH` | `owner/name`, and the name of its default branch |
| `CI_SHA`, `CI_REF` | the commit, and the ref that it was found at |
| `CI_BRANCH`, `CI_TAG` | the name of the branch or the tag; no branch in a pull request |
| `CI_PULL_REQUEST` | the number |
| `CI_BASE_SHA` | the commit before the push; of a pull request its base |
| `CI_ACTOR`, `CI_SCHEDULE` | who did it, or which entry of `on.schedule` it was |
| `MATRIX_<KEY>` | each key of the job's [combination](#jobsmatrix), in capitals |
| `CI_MATRIX_INDEX`, `CI_MATRIX_TOTAL` | its place among those that run, from 1, and their number; else 1 and 1 |
| `CI_JOB`, `CI_RUN`, `CI_RUN_URL` | the job, the run, and where that is shown |
| `CI_WORKSPACE` | the folder of the source, `/workspace` |
| `CI_ENV` | the file for variables of later steps |
| `CI_OUTPUT` | the file for the job's [outputs](#jobs) |
| `CI_SUMMARY` | the file for the job's [summary](#summaries), Markdown about what it found |
| `INPUT_<KEY>` | each [input](#onmanualinputs), its name in capitals; of a boolean `true` or `false` |
| `CI_STATUS` | `success` or `failure`, in steps for `failure` and `always` only |

What does not apply is empty.

## Summaries

What a job writes to `$CI_SUMMARY`, in one step or several, ends its log. Of a pull request it is shown to everybody
who sees that: **one comment** has the summaries of the newest run, a heading for each job or combination, the commit
and the run's link. It is written when the run has ended, and made anew by each newer one; an older run that ends later
does not come in between. Where no job has written anything there is none. Runs of other events have the log only.

- A job hands its summary on if a script of it **mentions `CI_SUMMARY`**, in ci.yaml itself: for a script of the
  repository that asks for the variable, mention it, as in `./report.sh "$CI_SUMMARY"`.
- The comment has the first 4,096 bytes of each, in whole lines, and says how many more the log has; beyond 60,000
  bytes of all it says how many summaries are missing. Room for them is kept in the run's size: about 170 in all, fewer
  with `retry`.
- The text stands in a quotation, so that it ends what it began and no forge takes a line of it for a command. Control
  characters are replaced; everything else is the forge's to show. Nothing is hidden in it: a secret that a job writes
  there is told.
- The forge decides who may: where the platform's token must not comment there is no comment, and all else is the same.
"""

_WAITING = """\
## Runs and jobs that wait

- Runs of one [group](#concurrency) come one after the other; each waits until every job of the one before has ended,
  and its status says so.
- With **`cancel-in-progress`** a new run ends the older ones of its group: a run that has begun is cancelled, one that
  waits is deleted, and the statuses of both say `cancelled: a newer run of its group`. The file of the new run decides.
  Of a branch, a tag or a pull request the run of its newest commit is the newest, whichever was started first: a run of
  an older commit that comes late is cancelled itself. Elsewhere the newest is the one that was started last.
- A run never ends one of a higher tier: what a pull request's file says does not end runs of protected branches and
  tags. Runs of untrusted pull requests have groups and locks of their own.
- A job with a **`lock`** starts when no other job of the repository has the lock, and keeps it over all its attempts.
  Meanwhile its status says `waiting for its lock`. Whatever it is called, a lock is no group.
- A job with an **[`approval`](#approval)** starts when a person has said yes. It is asked for when its needs let it
  start, and not at all where they do not; then its status has the command that answers: `waits for approval (argosy
  approve run-t-s3i4j7pbfaa9ilickqi9avmdss deploy) for production: Release?`. Meanwhile it has no pod. Its time, its
  attempts and its lock begin after the answer.
- Its status says who approved, after how the job went: `succeeded; approved by ann`. A job that is refused (`failure:
  refused by ann: not on a Friday`), or that nobody answers in time (`failure: expired: nobody approved it in time`),
  has failed for the run and for the jobs that need it. If it is approved and fails, its outputs are empty.
- A run in which a job waits for an approval neither waits for its group nor holds it, whatever `concurrency` says;
  with `cancel-in-progress` it ends older runs, and a newer one ends it.
"""

_NAMES = "\n".join(
    [
        *(f"| `{one.name}` | {one.type.value} | {one.doc} |" for one in EVENT_NAMES),
        f"| `files.name` | {ValueType.TEXTS.value} | The globs of a set of [`files`](#the-file). |",
        f"| `matrix.name` | {ValueType.TEXT.value} | A key of the [combination](#jobsmatrix), or empty. |",
        f"| `inputs.name` | {ValueType.TEXT.value}; a boolean {ValueType.FLAG.value} | An [input](#onmanualinputs). |",
    ]
)
_OF_CEL = [name for name in FUNCTIONS if name not in GLOB_FUNCTIONS]
_EXPRESSIONS = f"""\
## Expressions

An `if`, and what stands in `${{{{ }}}}` inside of an image, a runner, a value under `env`, a step's name, a group or a
lock, is [CEL](https://cel.dev): `branch == default_branch && !pull_request.draft`,
`'full-test' in pull_request.labels`, `branch.startsWith('release/')`,
`event == 'tag' ? 'release' : 'debug'`. Expressions are decided when the run is planned; `argosy plan` shows with which
result. They are typed: an unknown name, a comparison of a text with a number, or an `if` that is not true or false is
an error that `argosy lint` tells at its column.

| name | type | |
| --- | --- | --- |
{_NAMES}

Every name has a value in every event: `''`, `0`, `false` or the empty list where the event has nothing to say.

| function | gives | |
| --- | --- | --- |
{"".join(f"| `{one.name}(globs)` | {one.gives.value} | {one.doc} |" + chr(10) for one in GLOB_FUNCTIONS.values())}
Both take a glob over paths, a list of globs, or a set. What was changed, here and under `paths`, is what differs
between the head and the commit where it left its base: a push what was there before, a new branch the default branch, a
pull request its target. Both names of a renamed file count; the first push to a repository changes everything.

- Functions, as CEL has them: {", ".join(f"`{name}`" for name in _OF_CEL[:6])},
  {", ".join(f"`{name}`" for name in _OF_CEL[6:])}. `matches` takes RE2.
- In a text, an expression gives a text, a whole number, or `true` and `false`. What it gives is not looked at again,
  whatever braces or dollar signs are in it. With it, the text must be what its key takes: an image, a runner's name.
- To have `${{{{` in a text, write `${{{{ '${{{{' }}}}`. An `if` has no braces around it; one that starts with
  `!` or a quote, or has a `: ` in it, must be quoted as a whole.
- An expression that fails for an event (`pull_request.labels[0]` without labels) is an error of the run, and nothing is
  created. Those of jobs that do not run are not looked at.
- `${{{{ needs.<job>.outputs.<name> }}}}` and `${{{{ needs.<job>.result }}}}` stand in values of `env`
  alone, for jobs that this one needs, directly or through others. They are known while the run goes on and are no CEL:
  nothing else stands in their braces. A result is `success`, `failure` or `skipped`.
- In a **script** nothing is evaluated: give it the value by `env`.
- An expression has at most {MAX_CHARACTERS:,} characters, {MAX_PLUSES} `+`, and {MAX_MACROS} of
  {", ".join(f"`{name}`" for name in MACROS)}; it gives at most {MAX_RESULT:,} characters.
"""

_GLOBS = f"""\
## Globs

| pattern | matches |
| --- | --- |
| `*` | any characters but `/` |
| `**` | any characters, `/` too |
| `**/` | any folders, or none |
| `?` | one character, not `/` |
| `[a-z]`, `[!a-z]` | one character of these, or one of no such, not `/` |
| `{{a,b}}` | one of the alternatives |
| `\\` | the next character as it is |
| `!pattern` | takes back what patterns before it took in |

A pattern matches the whole name, letters' case counts, and a leading dot is nothing special. The last pattern that
matches decides; a list that starts with `!` starts from everything.

A path ends with a name, never with a slash, and is that of a file, or of a folder under `dirs`. So `docs/` matches no
path, wherever it stands (`paths`, `files`, `changed()`, `hash()`, `dirs`), and `argosy lint` warns of it: `docs/**` is
what is in the folder. Under [`artifacts`](#jobs) alone, where a folder may be stored, `docs/` is short for `docs/**`.

Branches and tags also take regular expressions, `/regex/` and `!/regex/`, in [RE2's](https://github.com/google/re2/wiki/Syntax)
syntax; they match the whole name, too.

## Limits

| what | at most |
| --- | --- |
| the file | {MAX_BYTES:,} bytes |
| included files | {MAX_INCLUDES} |
| jobs | {MAX_JOBS} |
| steps of a job | {MAX_STEPS} |
| scripts of a job, after gzip | {MAX_SCRIPT_BYTES:,} bytes |
| a variable with its name | {MAX_VARIABLE_BYTES:,} bytes |
| the variables of a step | {MAX_ENV_BYTES:,} bytes |
| schedules | {MAX_SCHEDULES} |
| timeout of a job or a step | {in_words(MAX_SECONDS)} |

A platform may set lower ones.
"""


def page() -> str:
    """The whole page."""
    parts = (
        sections(CI_FILE),
        sections(INCLUDED, but=CI_FILE),
        _RULES,
        _RUNNING,
        _WAITING,
        _EXPRESSIONS,
        _GLOBS,
    )
    return _OPENING + "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
