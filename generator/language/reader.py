"""The text of a ci.yaml -> its meaning, or everything that is wrong with it, all at once and in the order of the file.

The keys are declared in file.py, triggers.py and jobs.py; what no single key can tell stands in rules/.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar

from generator.diagnostics import Severity, has_errors
from generator.document import Mapping, parse
from generator.fields import Placed, Reading
from generator.fields.reading import MOST_TOLD
from generator.language.artifacts import artifact_of, download_of
from generator.language.caches import cache_of
from generator.language.file import CI_FILE
from generator.language.including import Files, Included, included, no_files
from generator.language.matrix import matrix_of
from generator.language.model import (
    COMMIT_ALONE,
    DEFAULT_PULL_REQUEST_TYPES,
    CiFile,
    Concurrency,
    FileSet,
    Job,
    Narrowing,
    Need,
    Outline,
    Paths,
    PullRequestTrigger,
    PushTrigger,
    Schedule,
    SecretUse,
    Service,
    Step,
    Text,
    Triggers,
    Variable,
    When,
)
from generator.language.needs import with_all_named
from generator.language.rules import RULES
from generator.language.rules.timeout_limit import MAX_SECONDS
from generator.language.steps import DEFAULT_SHELL
from generator.language.templates import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping as Map

    from generator.diagnostics import Diagnostic, Span
    from generator.expressions import Condition, Template
    from generator.fields import Named
    from generator.language.draft import (
        ConcurrencyDraft,
        ConditionDraft,
        DefaultsDraft,
        FileDraft,
        JobDraft,
        NarrowingDraft,
        NeedDraft,
        PathsDraft,
        PullRequestDraft,
        PushDraft,
        ScheduleDraft,
        SecretDraft,
        ServiceDraft,
        StepDraft,
        TemplateDraft,
    )

    Sets = Map[str, tuple[str, ...]]

ONLY_SCHEDULE = "schedule"

T = TypeVar("T")


def read(text: bytes | str, file: str, files: Files = no_files) -> tuple[CiFile | None, list[Diagnostic]]:
    """The file's meaning and what was found; without a meaning there is at least one error.

    `file` is the name that places carry; `files` gives the others of the same commit that it includes.
    """
    draft, found = _draft(text, file, files)
    if draft is None or has_errors(found):
        return None, found
    return _ci_file(draft, file), found


def read_outline(text: bytes | str, file: str, files: Files = no_files) -> tuple[Outline | None, list[Diagnostic]]:
    """What the file asks of a platform, whatever else is wrong with it, and what was found.

    None where too little could be read, or so much is wrong that no more is told.
    """
    draft, found = _draft(text, file, files)
    if draft is None or len(found) >= MOST_TOLD:
        return None, found
    if has_errors(found):
        return _outline(draft, found), found
    ci = _ci_file(draft, file)
    return Outline(ci.jobs, ci.triggers, complete=True), found


def _draft(text: bytes | str, file: str, files: Files) -> tuple[FileDraft | None, list[Diagnostic]]:
    node, found = parse(text, file)
    if node is None:
        return None, found
    reading = Reading()
    reading.add(*found)
    others = included(node, files, reading) if isinstance(node, Mapping) else Included([])
    if isinstance(node, Mapping):
        node = resolve(node, others, reading)
    draft = CI_FILE.read(node, reading)
    if draft is not None:
        draft = dataclasses.replace(draft, whole=draft.whole and others.whole)
        for check in RULES:
            check(draft, reading)
    return draft, reading.found()


def _outline(draft: FileDraft, found: list[Diagnostic]) -> Outline:
    """What was told by the file itself is left out, so that nothing is told twice."""
    errors = [one for one in found if one.severity is Severity.ERROR]
    too_large = {one.span for one in errors if one.code == "script-size"}
    bare = (_bare(job, draft.defaults, too_large) for job in draft.jobs)
    return Outline(
        jobs=tuple(_job(job, (), draft.defaults, {}) for job in bare),
        triggers=_triggers_alone(draft, errors),
        complete=len(draft.jobs) == len(draft.names) and all(one.code != "too-many-jobs" for one in errors),
    )


def _bare(job: JobDraft, defaults: DefaultsDraft, too_large: set[Span]) -> JobDraft:
    """The job without what other parts of the file decide on, and without what is over the language's own limits."""
    timeout = job.own.timeout or defaults.timeout
    is_too_long = timeout is not None and timeout.value > MAX_SECONDS
    within = Placed(1, job.key.span) if is_too_long else timeout
    return dataclasses.replace(
        job,
        on=None,
        condition=None,
        allow_failure=None,
        matrix=None,
        own=dataclasses.replace(job.own, timeout=within),
        env=(),
        services=(),
        steps=() if job.key.span in too_large else job.steps,
    )


def _triggers_alone(draft: FileDraft, errors: list[Diagnostic]) -> Triggers | None:
    """`on` without paths, whose sets may be wrong; None where something of it is wrong by itself."""
    on = draft.on
    if on is None:
        return None if draft.may_have_on else _triggers(draft, {})
    if any(_is_within(one.span, on.span) for one in errors):
        return None
    value = dataclasses.replace(
        on.value,
        push=dataclasses.replace(on.value.push, paths=None) if on.value.push is not None else None,
        pull_request=dataclasses.replace(on.value.pull_request, paths=None) if on.value.pull_request else None,
    )
    return _triggers(dataclasses.replace(draft, on=Placed(value, on.span)), {})


def _is_within(inner: Span, outer: Span) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return inner.file == outer.file and starts and (inner.line, inner.column) < (outer.end_line, outer.end_column)


def _ci_file(draft: FileDraft, file: str) -> CiFile:
    needs = with_all_named(draft.jobs)
    sets = {entry.name: entry.value for entry in draft.sets}
    return CiFile(
        file=file,
        triggers=_triggers(draft, sets),
        sets=tuple(FileSet(name, globs) for name, globs in sets.items()),
        env=_variables(draft.env),
        jobs=tuple(_job(job, needs[job.key.text], draft.defaults, sets) for job in draft.jobs),
        concurrency=_concurrency(draft.concurrency),
    )


def _triggers(draft: FileDraft, sets: Sets) -> Triggers:
    on = draft.on
    if on is None:
        any_pull_request = PullRequestTrigger(None, DEFAULT_PULL_REQUEST_TYPES)
        return Triggers(None, any_pull_request, (), default_branch_only=True, span=draft.span)
    return Triggers(
        push=_push(on.value.push, sets),
        pull_request=_pull_request(on.value.pull_request, sets),
        schedule=tuple(_schedule(entry) for entry in on.value.schedule),
        default_branch_only=False,
        span=on.span,
        manual=None if on.value.manual is None else on.value.manual.trigger,
    )


def _push(draft: PushDraft | None, sets: Sets) -> PushTrigger | None:
    return None if draft is None else dataclasses.replace(draft.trigger, paths=_paths(draft.paths, sets))


def _pull_request(draft: PullRequestDraft | None, sets: Sets) -> PullRequestTrigger | None:
    return None if draft is None else dataclasses.replace(draft.trigger, paths=_paths(draft.paths, sets))


def _paths(draft: PathsDraft | None, sets: Sets) -> Paths | None:
    if draft is None:
        return None
    return Paths(draft.globs if draft.named is None else sets[draft.named.value], draft.span)


def _schedule(draft: ScheduleDraft) -> Schedule:
    name = draft.name.value if draft.name is not None else ONLY_SCHEDULE
    cron = draft.cron.value if draft.cron is not None else ""
    return Schedule(name, cron, draft.timezone, draft.span)


def _job(draft: JobDraft, needs: tuple[NeedDraft, ...], defaults: DefaultsDraft, sets: Sets) -> Job:
    timeout, retry = draft.own.timeout or defaults.timeout, draft.own.retry or defaults.retry
    checkout = draft.own.checkout or defaults.checkout
    return Job(
        name=draft.key.text,
        on=_narrowing(draft.on.value, sets) if draft.on is not None else None,
        needs=tuple(Need(need.name.value, need.optional) for need in needs),
        condition=_condition(draft.condition),
        matrix=matrix_of(draft.matrix) if draft.matrix is not None else None,
        when=draft.when or When.SUCCESS,
        allow_failure=_condition(draft.allow_failure),
        image=_template(draft.own.image or defaults.image),
        runner=_template(draft.own.runner or defaults.runner),
        env=_variables(draft.env),
        outputs=draft.outputs,
        secrets=tuple(map(_secret, draft.secrets)),
        steps=tuple(_step(step, defaults) for step in draft.steps),
        timeout=timeout.value if timeout is not None else None,
        retry=retry.value if retry is not None else None,
        span=draft.key.span,
        lock=_template(draft.lock),
        artifacts=tuple(map(artifact_of, draft.artifacts)),
        downloads=tuple(map(download_of, draft.downloads)),
        caches=tuple(map(cache_of, draft.caches)),
        approval=draft.approval,
        services=tuple(_service(entry) for entry in draft.services),
        checkout=checkout.value if checkout is not None else COMMIT_ALONE,
    )


def _secret(draft: SecretDraft) -> SecretUse:
    secret = draft.secret
    return SecretUse(
        draft.variable.value,
        Text(secret.name.value, secret.name.span),
        is_file=secret.is_file,
        optional=secret.optional,
    )


def _service(entry: Named[ServiceDraft]) -> Service:
    draft = entry.value
    return Service(
        name=entry.name,
        condition=_condition(draft.condition),
        image=_there(draft.image).value,
        args=draft.args,
        env=_variables(draft.env),
        ports=draft.ports,
        aliases=draft.aliases,
        ready=draft.ready,
        span=entry.key.span,
        ports_span=draft.ports_place,
    )


def _there(value: T | None) -> T:
    """A required key's value, which is there in a file without errors."""
    if value is None:
        raise AssertionError("a required key is neither there nor reported")
    return value


def _condition(draft: ConditionDraft | None) -> Condition | None:
    return draft.value if draft is not None else None


def _narrowing(draft: NarrowingDraft, sets: Sets) -> Narrowing:
    schedule = tuple(name.value for name in draft.schedule) if draft.schedule is not None else None
    return Narrowing(_push(draft.push, sets), _pull_request(draft.pull_request, sets), schedule, draft.manual)


def _step(draft: StepDraft, defaults: DefaultsDraft) -> Step:
    return Step(
        name=_template(draft.name),
        condition=_condition(draft.condition),
        run=draft.run.value if draft.run is not None else "",
        shell=draft.shell or defaults.shell or DEFAULT_SHELL,
        working_directory=draft.working_directory or "",
        when=draft.when or When.SUCCESS,
        may_fail=draft.may_fail or False,
        timeout=draft.timeout.value if draft.timeout is not None else None,
        env=_variables(draft.env),
        span=draft.span,
    )


def _concurrency(draft: ConcurrencyDraft | None) -> Concurrency | None:
    if draft is None or draft.group is None:
        return None
    return Concurrency(draft.group.value, draft.cancel if isinstance(draft.cancel, bool) else draft.cancel.value)


def _template(draft: TemplateDraft | None) -> Template | None:
    return draft.value if draft is not None else None


def _variables(entries: tuple[Named[TemplateDraft], ...]) -> tuple[Variable, ...]:
    return tuple(Variable(entry.name, entry.value.value) for entry in entries)
