"""A ci.yaml between its nodes and its meaning: what the keys gave, with places, for the rules that look across keys.

A draft may come from a file with errors and then lacks what was wrong; only the reader turns a draft without errors
into a CiFile.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.diagnostics import Span
    from generator.document import Scalar
    from generator.expressions import Condition, Template
    from generator.fields import Named, Placed
    from generator.language.model import PullRequestTrigger, PushTrigger, When


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ScheduleDraft:
    """One entry of `on.schedule`. `cron` is normalized; it and `name` are None where they are wrong or left out."""

    name: Placed[str] | None
    has_name: bool
    cron: Placed[str] | None
    timezone: str
    span: Span


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TriggersDraft:
    """`on`, in any of its shapes."""

    push: PushTrigger | None
    pull_request: PullRequestTrigger | None
    schedule: tuple[ScheduleDraft, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DefaultsDraft:
    """`defaults`, and the same keys of a job."""

    image: Template | None = None
    runner: Template | None = None
    timeout: Placed[int] | None = None
    shell: tuple[str, ...] | None = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SecretDraft:
    """A job's secret: the variable that it becomes, and its name on the platform."""

    variable: Placed[str]
    name: Placed[str]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StepDraft:
    """One step, or a job's `run`. What is None the step does not say."""

    run: Placed[str]
    span: Span
    name: Template | None = None
    shell: tuple[str, ...] | None = None
    working_directory: str | None = None
    when: When | None = None
    may_fail: bool | None = None
    timeout: Placed[int] | None = None
    env: tuple[Named[Template], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class JobDraft:
    """One job. `key` is its name in the file."""

    key: Scalar
    needs: tuple[Placed[str], ...]
    condition: Condition | None
    own: DefaultsDraft
    env: tuple[Named[Template], ...]
    secrets: tuple[SecretDraft, ...]
    steps: tuple[StepDraft, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FileDraft:
    """A whole file.

    `names` are all jobs, those included that could not be read; `on` is None where the file has none.
    """

    names: tuple[str, ...]
    on: Placed[TriggersDraft] | None
    env: tuple[Named[Template], ...]
    defaults: DefaultsDraft
    jobs: tuple[JobDraft, ...]
    span: Span
