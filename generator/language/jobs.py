"""The keys of a job, and `defaults`, which has some of them for every job."""

from __future__ import annotations

import dataclasses

from generator.document import Entry, Kind, Mapping, Scalar, Sequence
from generator.fields import At, Choice, Key, ListOf, Made, MapOf, Object, Record, duration
from generator.language import other_systems, texts
from generator.language.approval import APPROVAL
from generator.language.artifacts import ARTIFACTS, DOWNLOAD
from generator.language.caches import CACHE
from generator.language.checkout import CHECKOUT
from generator.language.draft import DefaultsDraft, JobDraft, StepDraft
from generator.language.matrix import MATRIX
from generator.language.model import When
from generator.language.narrowing import ON
from generator.language.needs import NEEDS
from generator.language.retry import RETRY
from generator.language.secrets import SECRETS
from generator.language.services import SERVICES
from generator.language.steps import SHELL, STEP
from generator.language.template_text import ConditionText
from generator.language.texts import no_expression

IMAGE = Key(
    "image",
    texts.IMAGE,
    "The image that the steps run in.",
    default="of `defaults`, else the platform's",
    example='image: "golang:1.26"',
)
RUNNER = Key(
    "runner",
    texts.RUNNER,
    "What the job's pod gets to run with, by the platform's name for it.",
    default="of `defaults`, else the platform's",
    example="runner: medium",
)
TIMEOUT = Key(
    "timeout",
    At(duration(rules=(no_expression,))),
    "How long the job may take, from its pod's start. Once that is over, the step that runs is ended as by a timeout "
    "of its own, and `when: failure` and `when: always` steps have a minute more.",
    default="of `defaults`, else the platform's",
    example="timeout: 20m",
)


def _own(record: Record) -> DefaultsDraft:
    """What a job says itself, or `defaults` for it."""
    return DefaultsDraft(
        image=record.get(IMAGE),
        runner=record.get(RUNNER),
        timeout=record.get(TIMEOUT),
        retry=record.get(RETRY),
        checkout=record.get(CHECKOUT),
    )


DEFAULTS = Object(
    "defaults",
    (IMAGE, RUNNER, TIMEOUT, SHELL, RETRY, CHECKOUT),
    lambda record: dataclasses.replace(_own(record), shell=record.get(SHELL)),
    title="defaults",
    doc="What jobs get that do not say it themselves.",
    foreign={"runs-on": "write runner", "container": "write image", **other_systems.DEFAULTS},
)

IF = Key(
    "if",
    ConditionText(),
    "Whether the job runs, decided when the run is planned. A job that does not takes those with it that need it.",
    default="it runs",
    example="if: branch == default_branch || 'full-test' in pull_request.labels",
)
JOB_RUN = Key(
    "run",
    At(texts.SCRIPT),
    "A job of one script: short for `steps` with one step. A job has `run` or `steps`.",
    example="run: make test",
)
STEPS = Key(
    "steps",
    ListOf(STEP, "a list of steps", one=False, minimum=1, spliced=True),
    "The job's scripts. A list inside the list is put in its place.",
    example="steps: [{name: unit tests, run: make test}]",
)
ENV = Key(
    "env",
    texts.ENV,
    "Variables of the job, on top of the file's; [`${{ }}`](#expressions) in the values.",
    example="env: {GOFLAGS: -mod=readonly}",
)
WHEN = Key(
    "when",
    Made(Choice(tuple(When), foreign=other_systems.WHEN), When),
    "After what the job runs: `success` of all that it needs; `failure` of one of them, or of one that kept one of "
    "them from running, unless that may fail; `always`, when they have ended in any way.",
    default="`success`",
    example="when: always",
)
ALLOW_FAILURE = Key(
    "allow-failure",
    ConditionText(),
    "Whether the job may fail: the run goes on and ends as if it had not. It is decided when the run is planned.",
    default="`false`",
    example="allow-failure: true",
)


def _holds_something(entry: Entry | None) -> bool:
    """Whether the key is there and not empty, be it right or wrong."""
    if entry is None or (isinstance(entry.value, Scalar) and entry.value.is_null):
        return False
    return not isinstance(entry.value, Sequence) or bool(entry.value.items)


LOCK = Key(
    "lock",
    texts.LOCK,
    "Only one job at a time holds a lock of this name, in this run and in all others of the repository. Its time "
    "begins when it has the lock.",
    default="none",
    example="lock: publish",
)


def _job(record: Record) -> JobDraft:
    if record.has(JOB_RUN) and record.has(STEPS):
        entry = record.entry(STEPS)
        place = entry.key.span if entry else record.place
        record.reading.error(place, "run-or-steps", "a job has 'run' or 'steps', not both", "make the script a step")
    elif not (record.has(JOB_RUN) or record.has(STEPS) or record.has_strange_keys or _extends_more(record)):
        record.reading.error(
            record.place, "run-or-steps", f"job '{record.name}' has nothing to run", "give it 'run' or 'steps'"
        )
    return _draft(record)


def _extends_more(record: Record) -> bool:
    """Whether the job builds on a template that could not be found, which may be the one that has its script."""
    entry = record.entry(EXTENDS) if record.has(EXTENDS) else None
    held = entry.value if entry is not None else None
    names = held.items if isinstance(held, Sequence) else (held,)
    return any(isinstance(name, Scalar) and name.broken for name in names)


def _draft(record: Record) -> JobDraft:
    script = record.get(JOB_RUN)
    steps = record.get(STEPS) or ()
    extends_more = _extends_more(record)
    if script is not None:
        steps = (StepDraft(script, script.span),)
    return JobDraft(
        key=record.key or Scalar(record.span, "", Kind.STR, "plain", ""),
        needs=record.get(NEEDS) or (),
        on=record.get(ON),
        has_needs=_holds_something(record.entry(NEEDS)),
        condition=record.get(IF),
        matrix=record.get(MATRIX),
        when=record.get(WHEN),
        allow_failure=record.get(ALLOW_FAILURE),
        own=_own(record),
        env=record.get(ENV) or (),
        outputs=record.get(OUTPUTS) or (),
        secrets=record.get(SECRETS) or (),
        steps=steps,
        lock=record.get(LOCK),
        services=record.get(SERVICES) or (),
        artifacts=record.get(ARTIFACTS) or (),
        stored=_written_names(record.entry(ARTIFACTS)),
        downloads=record.get(DOWNLOAD) or (),
        caches=record.get(CACHE) or (),
        approval=record.get(APPROVAL),
        whole=record.whole and not extends_more,
        unsure=frozenset(
            key.name for key in JOB.keys if not record.knows(key) or (extends_more and not record.has(key))
        ),
    )


def _written_names(entry: Entry | None) -> tuple[str, ...]:
    """The names under the key, be they right or wrong."""
    value = entry.value if entry is not None else None
    return tuple(one.key.text for one in value.entries) if isinstance(value, Mapping) else ()


OUTPUTS = Key(
    "outputs",
    ListOf(texts.OUTPUT_NAME, "a list of outputs' names", unique=True),
    "What the job hands to those that need it, as [`needs.<job>.outputs.<name>`](#expressions): of each name the last "
    "line `NAME=VALUE` that its steps wrote to `$CI_OUTPUT`. A value has at most 4 KiB, and is empty where there is no "
    "line. A longer one, or a line that is none of these, fails its step. A job with a matrix has none.",
    default="none",
    example="outputs: [version]",
)
EXTENDS = Key(
    "extends",
    ListOf(At(texts.TEMPLATE), "a list of templates' names", unique=True),
    "Templates that the job builds on, in this order; what the job says itself comes last.",
    default="none",
    example="extends: [go]",
)

JOB = Object(
    "a job",
    (
        EXTENDS,
        ON,
        NEEDS,
        IF,
        MATRIX,
        WHEN,
        ALLOW_FAILURE,
        IMAGE,
        RUNNER,
        ENV,
        SECRETS,
        SERVICES,
        CHECKOUT,
        JOB_RUN,
        STEPS,
        ARTIFACTS,
        DOWNLOAD,
        CACHE,
        OUTPUTS,
        TIMEOUT,
        RETRY,
        LOCK,
        APPROVAL,
    ),
    _job,
    title="jobs",
    doc="One pod. The key is the job's name: a letter, then letters, digits, `_` and `-`, at most 63 in all.",
    also={
        "anyOf": [
            {"required": [EXTENDS.name]},
            {"oneOf": [{"required": [JOB_RUN.name]}, {"required": [STEPS.name]}]},
        ]
    },
    builds_on=EXTENDS,
    later=(
        "identity",
        "reports",
    ),
    foreign=other_systems.JOB,
    together=other_systems.TOGETHER,
)
JOBS = Key(
    "jobs",
    MapOf(texts.JOB_NAME, JOB, "a mapping of names to jobs", minimum=1),
    "The jobs, by name.",
    example="jobs: {test: {run: make test}}",
    required=True,
)

# Labelled as a job, so that what is wrong in a template is told once, though it is read again in each job.
TEMPLATE = Object(
    JOB.label,
    tuple(key for key in JOB.keys if key is not EXTENDS),
    _draft,
    title="templates",
    doc="What jobs have in common: every key that a job has but `extends`.",
    later=JOB.later,
    together=JOB.together,
    foreign={**JOB.foreign, "extends": "a template builds on no other one; a job may extend several"},
)
TEMPLATES = Key(
    "templates",
    MapOf(texts.TEMPLATE, TEMPLATE, "a mapping of names to templates"),
    "What jobs can build on with `extends`, by name.",
    default="none",
    example='templates: {go: {image: "golang:1.26", env: {CGO_ENABLED: "0"}}}',
)
