"""What no single key can tell: a module per code, each with `check(file, reading)` that reports what it finds.

A new rule is a new module here, its place in `RULES`, its code in generator/diagnostics/codes and a pair of files in
tests/golden/errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.rules import (
    approval_and_group,
    artifact_names,
    cron_never_fires,
    downloads,
    env_and_secrets,
    env_size,
    expressions,
    hidden_variable,
    matrix,
    needs_all,
    needs_cycle,
    never_runs,
    references,
    repeated_needs,
    schedule_names,
    script_size,
    services,
    timeout_limit,
    too_many_jobs,
    too_many_schedules,
    too_many_steps,
    unknown_job,
    unknown_schedule,
    unknown_set,
    unused_default,
    when_without_needs,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.fields import Reading
    from generator.language.draft import FileDraft

RULES: tuple[Callable[[FileDraft, Reading], None], ...] = (
    approval_and_group.check,
    artifact_names.check,
    cron_never_fires.check,
    downloads.check,
    env_and_secrets.check,
    env_size.check,
    expressions.check,
    hidden_variable.check,
    matrix.check,
    needs_all.check,
    needs_cycle.check,
    references.check,
    repeated_needs.check,
    never_runs.check,
    schedule_names.check,
    script_size.check,
    services.check,
    timeout_limit.check,
    too_many_jobs.check,
    too_many_schedules.check,
    too_many_steps.check,
    unknown_job.check,
    unknown_schedule.check,
    unknown_set.check,
    unused_default.check,
    when_without_needs.check,
)
