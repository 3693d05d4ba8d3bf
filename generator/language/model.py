"""What a ci.yaml means, right by construction: the reader makes these objects only from a file without errors.

Names are the language's own words. Texts are verbatim, templates wait for an event; durations are whole seconds; what
the file leaves out is None or empty, and the planner puts the platform's value in its place. The reference for every
key is docs/reference/ci-yaml.md.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span
    from generator.expressions import Condition, Template

PULL_REQUEST_TYPES = (
    "opened",
    "synchronize",
    "reopened",
    "ready_for_review",
    "retargeted",
    "labeled",
    "unlabeled",
    "closed",
)
DEFAULT_PULL_REQUEST_TYPES = PULL_REQUEST_TYPES[:5]


@dataclasses.dataclass(frozen=True, slots=True)
class FileSet:
    """One entry of `files`: a name for globs over paths."""

    name: str
    globs: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Paths:
    """`paths`, the name of a set being its globs already: of what was changed, something has to match."""

    globs: tuple[str, ...]
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class PushTrigger:
    """`on.push`. None: the file does not name this kind, which shuts it out where the other one is named.

    `paths` filter branches, and never tags.
    """

    branches: tuple[str, ...] | None
    tags: tuple[str, ...] | None
    paths: Paths | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class PullRequestTrigger:
    """`on.pull_request`. `branches` are globs over the target branch, None for any."""

    branches: tuple[str, ...] | None
    types: tuple[str, ...]
    paths: Paths | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """One entry of `on.schedule`.

    `cron` has five fields and numbers only, as Argo's pattern wants; `timezone` is an IANA name or empty (UTC).
    """

    name: str
    cron: str
    timezone: str
    span: Span


class InputType(enum.StrEnum):
    """What an input of a manual run may be."""

    STRING = "string"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """One entry of `on.manual.inputs`.

    `default` is what it is where no run says it, `true` or `false` for a boolean; `required`: the file gives none, so a
    manual run has to say it. `options` are a choice's.
    """

    name: str
    type: InputType
    options: tuple[str, ...]
    default: str
    required: bool
    description: str
    span: Span

    @property
    def variable(self) -> str:
        """The environment variable that every job gets it in."""
        return f"INPUT_{self.name.upper()}"


@dataclasses.dataclass(frozen=True, slots=True)
class ManualTrigger:
    """`on.manual`. `span` is where its inputs are declared, or could be."""

    inputs: tuple[Input, ...]
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Triggers:
    """`on`.

    `default_branch_only` stands for a file without `on`: pushes to the default branch, whatever its name, and pull
    requests.
    """

    push: PushTrigger | None
    pull_request: PullRequestTrigger | None
    schedule: tuple[Schedule, ...]
    default_branch_only: bool
    span: Span
    manual: ManualTrigger | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that the file declares, in its order."""
        return self.manual.inputs if self.manual is not None else ()


@dataclasses.dataclass(frozen=True, slots=True)
class Narrowing:
    """A job's `on`: of the events that the file runs for, those that the job does.

    None for a kind that it does not name, and so does not run for; `schedule` are names of entries, none for any.
    """

    push: PushTrigger | None
    pull_request: PullRequestTrigger | None
    schedule: tuple[str, ...] | None
    manual: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A text whose place matters later: a secret that only the platform can judge."""

    value: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; names are unique within one `env`, in the order of the file."""

    name: str
    value: Template


@dataclasses.dataclass(frozen=True, slots=True)
class SecretUse:
    """One entry of a job's `secrets`: the platform's secret `name` as the variable `variable`.

    With `is_file` the variable holds the path of a file with the value. One that is `optional` may be missing.
    """

    variable: str
    name: Text
    is_file: bool = False
    optional: bool = False


class When(enum.StrEnum):
    """After what a step or a job runs: success of all before it, a failure among them, or either."""

    SUCCESS = "success"
    FAILURE = "failure"
    ALWAYS = "always"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One script of a job, byte for byte.

    `name` is None where the file gives none, and so is `condition`, its `if`. `shell` is a command that the script's
    path is put behind; `working_directory` is relative to the workspace, empty for that itself. `may_fail`: its failure
    is not the job's.
    """

    name: Template | None
    condition: Condition | None
    run: str
    shell: tuple[str, ...]
    working_directory: str
    when: When
    may_fail: bool
    timeout: int | None
    env: tuple[Variable, ...]
    span: Span


class RetryOn(enum.StrEnum):
    """Which failures a job is tried again after: what came from outside, from the job itself, or either."""

    INFRASTRUCTURE = "infrastructure"
    FAILURE = "failure"
    ALWAYS = "always"


@dataclasses.dataclass(frozen=True, slots=True)
class Retry:
    """A job's `retry`; `limit` are further attempts, one at least."""

    limit: int
    on: RetryOn


class Submodules(enum.StrEnum):
    """Which submodules are fetched: none, the repository's, or theirs too."""

    NONE = "none"
    DIRECT = "direct"
    RECURSIVE = "recursive"


@dataclasses.dataclass(frozen=True, slots=True)
class Checkout:
    """A job's `checkout`.

    Without `source` the workspace is empty. `depth` are commits, 0 for all; `base`: history up to where it left that of
    the event's base.
    """

    source: bool = True
    depth: int = 1
    tags: bool = False
    base: bool = False
    submodules: Submodules = Submodules.NONE
    lfs: bool = False


# What a job gets that does not say anything else.
COMMIT_ALONE = Checkout()


@dataclasses.dataclass(frozen=True, slots=True)
class Approval:
    """A job's `approval`. `environment` is empty for none; `timeout` is how many seconds it waits for an answer."""

    message: str
    environment: str
    timeout: int


@dataclasses.dataclass(frozen=True, slots=True)
class Need:
    """A job that another one waits for. `optional`: where it does not run, the other one goes on without it."""

    name: str
    optional: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a matrix.

    Its `values` are None where the tree gives them: the paths of folders that the globs `dirs` take in (with `changed`
    only those in which something was changed), or the list in the file of the commit `file`.
    """

    name: str
    values: tuple[str, ...] | None
    dirs: tuple[str, ...]
    changed: bool
    file: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Matrix:
    """A job's `matrix`.

    `names` are the axes that tell combinations apart, also where `include` alone makes them and `axes` is empty;
    `extras` are the keys that only some combinations may have. The entries of the three lists are pairs of a key and a
    value.
    """

    axes: tuple[Axis, ...]
    names: tuple[str, ...]
    extras: tuple[str, ...]
    exclude: tuple[tuple[tuple[str, str], ...], ...]
    extend: tuple[tuple[tuple[str, str], ...], ...]
    include: tuple[tuple[tuple[str, str], ...], ...]
    max_parallel: int | None
    fail_fast: bool
    span: Span

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a combination may have."""
        return self.names + self.extras


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """When a service is: once `command` succeeds in it, once `path` is answered on its first port.

    At most one of them is there; without any, once its ports are open.
    """

    command: str = ""
    path: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A server beside a job.

    `condition` is its `if`; without `args` the image's own hold; `ports_span` is where the ports stand.
    """

    name: str
    condition: Condition | None
    image: Template
    args: tuple[str, ...]
    env: tuple[Variable, ...]
    ports: tuple[int, ...]
    aliases: tuple[str, ...]
    ready: Ready
    span: Span
    ports_span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Artifact:
    """One entry of a job's `artifacts`: the files of the workspace that its globs take in."""

    name: Template
    globs: tuple[str, ...]
    may_be_empty: bool
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Download:
    """One entry of a job's `download`.

    `to` is relative to the workspace, empty for that itself. `split`: each combination of the other job gets a folder;
    `same` are the axes whose values have to agree.
    """

    job: str
    artifact: str
    to: str
    split: bool
    same: tuple[str, ...]
    span: Span


class Save(enum.StrEnum):
    """After what of a job a cache is stored."""

    SUCCESS = "success"
    ALWAYS = "always"
    NEVER = "never"


@dataclasses.dataclass(frozen=True, slots=True)
class Cache:
    """One entry of a job's `cache`. Paths are relative to the workspace, or absolute."""

    name: str
    paths: tuple[str, ...]
    key: Template | None
    save: Save
    span: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One job; `run: x` is one step without a name. Needs are other jobs of the file, without cycles.

    `condition` is its `if`; `allow_failure` says whether it may fail, None for no.
    """

    name: str
    on: Narrowing | None
    needs: tuple[Need, ...]
    condition: Condition | None
    matrix: Matrix | None
    when: When
    allow_failure: Condition | None
    image: Template | None
    runner: Template | None
    env: tuple[Variable, ...]
    outputs: tuple[str, ...]
    secrets: tuple[SecretUse, ...]
    steps: tuple[Step, ...]
    timeout: int | None
    retry: Retry | None
    span: Span
    lock: Template | None = None
    services: tuple[Service, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    downloads: tuple[Download, ...] = ()
    caches: tuple[Cache, ...] = ()
    approval: Approval | None = None
    checkout: Checkout = COMMIT_ALONE


@dataclasses.dataclass(frozen=True, slots=True)
class Concurrency:
    """`concurrency`. `cancel`: a newer run ends the older ones of its group."""

    group: Template
    cancel: bool | Condition


@dataclasses.dataclass(frozen=True, slots=True)
class Outline:
    """What a file asks of a platform, as far as it could be read: enough to check it against one, not to plan a run.

    The `jobs` of a file with errors are without needs, conditions, matrix, variables and services. `triggers` are None
    where they have errors of their own. `complete`: no job is missing, and there are not too many for the language.
    """

    jobs: tuple[Job, ...]
    triggers: Triggers | None
    complete: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CiFile:
    """A whole ci.yaml.

    Jobs stand in the order of the file; what `defaults` says is already in them.
    """

    file: str
    triggers: Triggers
    sets: tuple[FileSet, ...]
    env: tuple[Variable, ...]
    jobs: tuple[Job, ...]
    concurrency: Concurrency | None = None
