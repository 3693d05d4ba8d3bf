"""What only the platform can say about a ci.yaml: runners and secrets that it has, and limits that it lowers.

A file, or as much of it as could be read, and a Platform go in, findings at the file's lines come out. Without a
repository only what holds for every one is checked. A secret that is granted, but not to the event or ref of a run, is
none of this: such a job runs to fail, which is the planner's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, error, in_order
from generator.globs import matches
from generator.language.model import Outline
from generator.language.never_granted import never_granted
from generator.language.rules.script_size import packed_size
from generator.language.rules.timeout_limit import in_words
from generator.platform.tenancy import tenants
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Span
    from generator.language.model import CiFile, Job, Text
    from generator.platform.model import Platform


def check_against_platform(
    ci: CiFile, platform: Platform, forge: str | None = None, repository: str | None = None
) -> list[Diagnostic]:
    """What a right file makes, in its order.

    `forge` is the forge's id and `repository` its `owner/name`; None where nobody said.
    """
    name = f"{forge}/{repository}" if forge is not None and repository is not None else None
    return check_outline(Outline(ci.jobs, ci.triggers, complete=True), platform, name)


def check_outline(outline: Outline, platform: Platform, repository: str | None = None) -> list[Diagnostic]:
    """What can be said of a file that may have errors, in its order; `repository` is `forge/owner/name`."""
    found = list(_tasks(outline.jobs, platform)) if outline.complete else []
    for job in outline.jobs:
        # What an expression gives is checked when the run is planned.
        if job.runner is not None and job.runner.is_literal:
            found += check_runner(job.runner.source, job.runner.span, platform, repository)
        for secret in job.secrets:
            found += _secret(secret.name, platform, repository)
        found += _limits(job, platform)
        found += _storage(job, platform)
    if outline.triggers is not None:
        found += never_granted(outline.jobs, outline.triggers, platform)
    return in_order(found)


def check_runner(wanted: str, span: Span, platform: Platform, repository: str | None) -> Iterator[Diagnostic]:
    """What keeps a repository (`forge/owner/name`, None for any) from a runner, at the place that names it."""
    runner = platform.runner(wanted)
    if runner is None:
        hint = suggestion(wanted, [known.name for known in platform.runners])
        yield error(span, "unknown-runner", f"unknown runner {quoted(wanted)}", hint)
        return
    if repository is None or not runner.tenants:
        return
    tenant = next((tenant.id for tenant in tenants(platform) if matches(tenant.repositories, repository)), None)
    if tenant not in runner.tenants:
        message = f"the platform does not give runner {quoted(wanted)} to this repository"
        yield error(span, "unknown-runner", message)


def _secret(wanted: Text, platform: Platform, repository: str | None) -> Iterator[Diagnostic]:
    grant = platform.secret(wanted.value)
    if grant is not None and (repository is None or matches(grant.repositories, repository)):
        return
    # The names of secrets that other repositories are granted are theirs to know.
    known = [one.name for one in platform.secrets if repository is None or matches(one.repositories, repository)]
    message = f"the platform grants no secret {quoted(wanted.value)}" + (" to this repository" if repository else "")
    yield error(wanted.span, "unknown-secret", message, suggestion(wanted.value, known))


def _limits(job: Job, platform: Platform) -> Iterator[Diagnostic]:
    limits = platform.limits
    if job.timeout is not None and job.timeout > limits.timeout:
        message = f"a timeout of {in_words(job.timeout)} is longer than the {in_words(limits.timeout)} of this platform"
        yield error(job.span, "timeout-limit", message, "shorten it, or ask whoever runs the platform")
    scripts = [step.run for step in job.steps]
    if 4 * sum(map(len, scripts)) < limits.script // 2:
        return
    size = packed_size(scripts)
    if size > limits.script:
        over = size - limits.script
        message = (
            f"the scripts of job {quoted(job.name)} have {size:,} bytes after gzip, {over:,} too many on this platform"
        )
        yield error(job.span, "script-size", message, "put them into files of the repository")


def _storage(job: Job, platform: Platform) -> Iterator[Diagnostic]:
    if platform.artifacts is not None:
        return
    for kind, found in (("artifacts", job.artifacts), ("caches", job.caches)):
        if found:
            message = f"job {quoted(job.name)} has {kind}, and this platform no place for them"
            yield error(found[0].span, "no-storage", message, "ask whoever runs the platform")


def _tasks(jobs: tuple[Job, ...], platform: Platform) -> Iterator[Diagnostic]:
    over = len(jobs) - platform.limits.tasks
    if over > 0:
        message = f"the file has {len(jobs):,} jobs, {over:,} more than the {platform.limits.tasks:,} of this platform"
        yield error(
            jobs[platform.limits.tasks].span, "too-many-jobs", message, "let a matrix or one script do what several do"
        )
