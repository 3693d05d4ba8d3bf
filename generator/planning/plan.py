"""What a run does and why: every job of the file, those that do not run included, before anything is laid out on pods.

The planner makes a `Plan` from a CiFile, an Event and a Platform; the compiler turns it into a Workflow,
`argosy plan` into text. Which pods there are, and what is in them, is the compiler's business alone.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.language.model import COMMIT_ALONE, Checkout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.events.event import Event
    from generator.language.model import Approval, Ready, Retry, Save, Schedule, When
    from generator.placement import Placement
    from generator.platform.model import Runner, SecretKey


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """What another job of the run gives when it has ended: one of its outputs, or with an empty `output` its result."""

    job: str
    output: str


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedVariable:
    """One environment variable with its value in this run.

    With what other jobs give in it, `parts` are its texts and these, in order, and `value` is it as it is written.
    """

    name: str
    value: str
    parts: tuple[str | Given, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedStep:
    """One script, byte for byte.

    `number` is its place in the job as the file has it, from 1; steps that an `if` leaves out have theirs too. `title`
    is its name, or `step 2`. `command` is what the script's path is put behind; `working_directory` is
    relative to the workspace, empty for that itself. `may_fail`: its failure is not the job's. `timeout` is in
    seconds, 0 for none of its own. `env` is the step's own, on top of the job's. It begins at `line` of `file`, which
    is a path from the repository's root, empty for the ci.yaml itself.
    """

    number: int
    title: str
    script: str
    command: tuple[str, ...]
    working_directory: str
    when: When
    may_fail: bool
    timeout: int
    env: tuple[PlannedVariable, ...]
    line: int
    file: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedSecret:
    """The job's variable `variable` comes from this key of a Secret in the run namespace.

    With `is_file` it holds the path of a file with the value. One that is `optional` may be missing, and `source` is
    None where the run is not granted it.
    """

    variable: str
    source: SecretKey | None
    is_file: bool = False
    optional: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedService:
    """One server beside a job; without `args` the image's own hold. All texts are verbatim."""

    name: str
    image: str
    args: tuple[str, ...]
    env: tuple[PlannedVariable, ...]
    ports: tuple[int, ...]
    aliases: tuple[str, ...]
    ready: Ready


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedArtifact:
    """Files of the workspace that a job stores, those that the globs take in. `may_be_empty`: there may be none.

    `is_evaluated`: an expression gave the name, and may give another combination another one.
    """

    name: str
    globs: tuple[str, ...]
    may_be_empty: bool
    is_evaluated: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedDownload:
    """An artifact of another job that runs.

    `sources` are that job's combinations by their index, each with the folder below `to` that its files get; that is
    empty for `to` itself, which is relative to the workspace. `needed`: it is an error where one has stored nothing.
    """

    job: str
    artifact: str
    to: str
    sources: tuple[tuple[int, str], ...]
    needed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedCache:
    """Files and folders that a job finds again.

    `key` is empty for a cache of which only the newest counts; paths are relative to the workspace, or absolute.
    """

    name: str
    paths: tuple[str, ...]
    key: str
    save: Save


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job.

    `id` is the job's name, with its combination where it has a matrix: one of these is planned for each. `matrix` are
    the combination's values, `index` its place among those that run, from 1, and `total` how many these are; 1 and 1
    without a matrix. Of those that run at most `max_parallel` do at once, 0 for no limit, and with `fail_fast` no more
    start once one has failed. `needs` and `causes` are names of jobs, all of whose combinations are meant.

    One that runs needs only such that run too. `causes` are, of one that runs `when: failure`, the jobs whose failure
    that is. `why` says why it runs or does not. `denied` is not empty for a job that runs only to fail: it needs a
    secret which is not granted to this event and ref. `env` is the run's inputs, the file's and the job's, later wins;
    `timeout` is in seconds; `line` is the job's in ci.yaml; `lock` is empty for none; `approval` is None for
    a job that waits for nobody, as one that is denied; `outputs` are names; `summary`: what it writes to CI_SUMMARY is
    shown to somebody. Of a job that does not run, texts with expressions are as they are written.
    """

    id: str
    job: str
    runs: bool
    why: str
    denied: str
    needs: tuple[str, ...]
    when: When
    causes: tuple[str, ...]
    allow_failure: bool
    image: str
    runner: Runner
    env: tuple[PlannedVariable, ...]
    secrets: tuple[PlannedSecret, ...]
    steps: tuple[PlannedStep, ...]
    timeout: int
    retry: Retry | None
    line: int
    lock: str = ""
    approval: Approval | None = None
    outputs: tuple[str, ...] = ()
    artifacts: tuple[PlannedArtifact, ...] = ()
    downloads: tuple[PlannedDownload, ...] = ()
    caches: tuple[PlannedCache, ...] = ()
    matrix: tuple[tuple[str, str], ...] = ()
    index: int = 1
    total: int = 1
    max_parallel: int = 0
    fail_fast: bool = False
    services: tuple[PlannedService, ...] = ()
    checkout: Checkout = COMMIT_ALONE
    summary: bool = False

    @property
    def attempts(self) -> int:
        """How often it is tried at most."""
        return 1 + (self.retry.limit if self.retry is not None else 0)


def asks_somebody(jobs: Iterable[PlannedJob]) -> bool:
    """Whether a run of these jobs waits for an approval. It does not hold its group then: that may take days."""
    return any(job.runs and job.approval is not None for job in jobs)


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedConcurrency:
    """The run's group, and whether the run cancels the older runs of it."""

    group: str
    cancel: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """A whole run.

    `runs` False: nothing is created, and `why` is what the run's status says. `concurrency` is None for a run that
    waits for no other one.
    """

    event: Event
    run_name: str
    placement: Placement
    runs: bool
    why: str
    jobs: tuple[PlannedJob, ...]
    schedules: tuple[Schedule, ...]
    concurrency: PlannedConcurrency | None = None


def by_job(planned: Iterable[PlannedJob]) -> dict[str, list[PlannedJob]]:
    """The combinations of each job, by its name, in the order of the plan."""
    groups: dict[str, list[PlannedJob]] = {}
    for job in planned:
        groups.setdefault(job.job, []).append(job)
    return groups
