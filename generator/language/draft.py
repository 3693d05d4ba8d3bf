"""A ci.yaml between its nodes and its meaning: what the keys gave, with places, for the rules that look across keys.

A draft may come from a file with errors and then lacks what was wrong; only the reader turns a draft without errors
into a CiFile.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.language.model import ManualTrigger

if TYPE_CHECKING:
    from generator.diagnostics import Span
    from generator.document import Scalar
    from generator.expressions import Condition, Template
    from generator.fields import Named, Placed
    from generator.language.model import (
        Approval,
        Checkout,
        Input,
        PullRequestTrigger,
        PushTrigger,
        Ready,
        Retry,
        Save,
        When,
    )


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ScheduleDraft:
    """One entry of `on.schedule`. `cron` is normalized; it and `name` are None where they are wrong or left out."""

    name: Placed[str] | None
    has_name: bool
    cron: Placed[str] | None
    timezone: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PathsDraft:
    """`paths`: globs, or the name of a set that the file has or has not."""

    globs: tuple[str, ...]
    named: Placed[str] | None
    span: Span


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PushDraft:
    """`on.push`; the trigger's own `paths` come with the sets."""

    trigger: PushTrigger
    paths: PathsDraft | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PullRequestDraft:
    """`on.pull_request`; the trigger's own `paths` come with the sets."""

    trigger: PullRequestTrigger
    paths: PathsDraft | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ManualDraft:
    """`on.manual`. `whole` False: some of its inputs could not be read."""

    trigger: ManualTrigger
    whole: bool = True


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TriggersDraft:
    """`on`, in any of its shapes."""

    push: PushDraft | None
    pull_request: PullRequestDraft | None
    schedule: tuple[ScheduleDraft, ...]
    manual: ManualDraft | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TemplateDraft:
    """A text that may hold `${{ }}`, with the scalar that tells where in the file each character stands."""

    value: Template
    scalar: Scalar

    @property
    def span(self) -> Span:
        """Where the whole text stands."""
        return self.value.span


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ConditionDraft:
    """An `if`, or a flag that CEL decides, with its scalar."""

    value: Condition
    scalar: Scalar


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NarrowingDraft:
    """A job's `on`. `schedule` are names, none of them for any; what is None is not there."""

    push: PushDraft | None
    pull_request: PullRequestDraft | None
    schedule: tuple[Placed[str], ...] | None
    manual: bool = False


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ConcurrencyDraft:
    """`concurrency`. `group` is None where it is wrong."""

    group: TemplateDraft | None
    cancel: bool | ConditionDraft


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DefaultsDraft:
    """`defaults`, and the same keys of a job."""

    image: TemplateDraft | None = None
    runner: TemplateDraft | None = None
    timeout: Placed[int] | None = None
    shell: tuple[str, ...] | None = None
    retry: Placed[Retry] | None = None
    checkout: Placed[Checkout] | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NamedSecretDraft:
    """A secret by its name on the platform; `is_file`: it comes as a file, `optional`: the job runs without it too."""

    name: Placed[str]
    is_file: bool = False
    optional: bool = False


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SecretDraft:
    """A job's secret: the variable that it becomes, and what becomes one."""

    variable: Placed[str]
    secret: NamedSecretDraft


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StepDraft:
    """One step, or a job's `run`. What is None the step does not say; `run` is None where it is wrong."""

    run: Placed[str] | None
    span: Span
    name: TemplateDraft | None = None
    condition: ConditionDraft | None = None
    shell: tuple[str, ...] | None = None
    working_directory: str | None = None
    when: When | None = None
    may_fail: bool | None = None
    timeout: Placed[int] | None = None
    env: tuple[Named[TemplateDraft], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NeedDraft:
    """A job that another one needs; its name is `all` where every job is meant."""

    name: Placed[str]
    optional: bool = False


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class AxisDraft:
    """One axis of a matrix: its `values`, or None and where in the tree they come from: folders, or a file."""

    values: tuple[str, ...] | None
    dirs: tuple[str, ...]
    changed: bool
    file: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PartialDraft:
    """An entry of `exclude`, `extend` or `include`: keys with values. `written` are all keys, right or wrong."""

    entries: tuple[Named[str], ...]
    span: Span
    written: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """The values by key."""
        return {entry.name: entry.value for entry in self.entries}


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class MatrixDraft:
    """A job's `matrix`. With `include` alone there are no `axes`; those that are wrong are `written` all the same."""

    axes: tuple[Named[AxisDraft], ...]
    exclude: tuple[PartialDraft, ...]
    extend: tuple[PartialDraft, ...]
    include: tuple[PartialDraft, ...]
    max_parallel: int | None
    fail_fast: bool
    span: Span
    written: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ServiceDraft:
    """One service. `image` is None where it is wrong."""

    condition: ConditionDraft | None
    image: TemplateDraft | None
    args: tuple[str, ...]
    env: tuple[Named[TemplateDraft], ...]
    ports: tuple[int, ...]
    ports_place: Span
    aliases: tuple[str, ...]
    ready: Ready


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ArtifactDraft:
    """What one artifact is made of; of no `globs` where they are wrong. `bare`: there is nothing but globs."""

    globs: tuple[str, ...]
    may_be_empty: bool
    bare: bool = False


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DownloadDraft:
    """One entry of `download`: `source` is JOB.ARTIFACT, `to` a folder, empty for the workspace itself."""

    source: Placed[str]
    to: str
    split: bool
    same: Placed[tuple[str, ...]] | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CacheDraft:
    """One cache, of the newest where it has no `key`. `paths` are empty where they are wrong."""

    paths: tuple[str, ...]
    key: TemplateDraft | None
    save: Save


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class JobDraft:
    """One job.

    `key` is its name in the file; `has_needs`: there are some, right or wrong; so are the names in `stored`. `whole`
    False: something in it could not be read, be it what uses the rest of it; `unsure` are
    the keys of which more may be meant to be there than could be read.
    """

    key: Scalar
    needs: tuple[NeedDraft, ...]
    has_needs: bool
    on: Placed[NarrowingDraft] | None
    condition: ConditionDraft | None
    matrix: MatrixDraft | None
    when: When | None
    allow_failure: ConditionDraft | None
    own: DefaultsDraft
    env: tuple[Named[TemplateDraft], ...]
    outputs: tuple[str, ...]
    secrets: tuple[SecretDraft, ...]
    steps: tuple[StepDraft, ...]
    lock: TemplateDraft | None = None
    services: tuple[Named[ServiceDraft], ...] = ()
    artifacts: tuple[Named[ArtifactDraft], ...] = ()
    stored: tuple[str, ...] = ()
    downloads: tuple[DownloadDraft, ...] = ()
    caches: tuple[Named[CacheDraft], ...] = ()
    approval: Approval | None = None
    whole: bool = True
    unsure: frozenset[str] = frozenset()

    def knows(self, key: str) -> bool:
        """Whether all that is meant to stand under the key could be read."""
        return key not in self.unsure


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FileDraft:
    """A whole file.

    `names` are all jobs, `set_names` all sets, those included that could not be read; `on` is None where the file has
    none; `may_have_on`: it has one, right or wrong, or a key that may be meant for one. `templates` are the file's own,
    by themselves; in the jobs they are already. `knows_on` False: something of it could not be read. `whole` False:
    there may be further sets, in an included file that could not be read or under a misspelt key.
    """

    names: tuple[str, ...]
    set_names: tuple[str, ...]
    on: Placed[TriggersDraft] | None
    sets: tuple[Named[tuple[str, ...]], ...]
    env: tuple[Named[TemplateDraft], ...]
    defaults: DefaultsDraft
    jobs: tuple[JobDraft, ...]
    templates: tuple[JobDraft, ...]
    span: Span
    concurrency: ConcurrencyDraft | None = None
    may_have_on: bool = False
    knows_on: bool = True
    whole: bool = True

    @property
    def manual(self) -> ManualDraft | None:
        """`on.manual`, None where the file has none."""
        manual = self.on.value.manual if self.on is not None else None
        if manual is None and not self.knows_on:
            return ManualDraft(ManualTrigger((), self.span), whole=False)
        return manual

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that could be read, in the order of the file."""
        return self.manual.trigger.inputs if self.manual is not None else ()
