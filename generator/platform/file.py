"""The keys at the top of a platform.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.document import Mapping
from generator.fields import At, Choice, Flag, Integer, Key, ListOf, Object, duration
from generator.platform.artifacts import ARTIFACTS
from generator.platform.draft import ImagesDraft, PlatformDraft
from generator.platform.forges import FORGES
from generator.platform.model import Limits, Report
from generator.platform.runners import DEFAULTS, RUNNERS
from generator.platform.tenants import SECRETS, TENANTS
from generator.platform.texts import BYTES, IMAGE, LABEL_VALUE, LINK, OBJECT_NAME

if TYPE_CHECKING:
    from generator.fields import Record

_STANDARD = Limits()
REPORTED_JOBS = ("all", "failed-and-required", "none")

VERSION = Key("version", Integer(1, 1), "The version of this language.", example="version: 1", required=True)

ARGOSY_IMAGE = Key(
    "argosy", At(IMAGE), "Expander and reporter.", example="argosy: registry.example/argosy@sha256:...", required=True
)
CHECKOUT_IMAGE = Key(
    "checkout",
    At(IMAGE),
    "The checkout container of every job.",
    example="checkout: registry.example/argosy-checkout@sha256:...",
    required=True,
)


def _images(record: Record) -> ImagesDraft | None:
    argosy, checkout = record.get(ARGOSY_IMAGE), record.get(CHECKOUT_IMAGE)
    return None if argosy is None or checkout is None else ImagesDraft(argosy, checkout)


IMAGES = Key(
    "images",
    Object(
        "the images",
        (ARGOSY_IMAGE, CHECKOUT_IMAGE),
        _images,
        title="images",
        doc="argosy's own images, by digest: what a tag names may change under your feet, which is worth a warning.",
    ),
    "argosy's own images.",
    example="images: {argosy: registry.example/argosy@sha256:..., checkout: registry.example/checkout@sha256:...}",
    required=True,
)

TASKS = Key(
    "tasks", Integer(1, _STANDARD.tasks), "Jobs of one run.", default=f"`{_STANDARD.tasks}`", example="tasks: 500"
)
LONGEST = Key(
    "timeout", duration(), "The longest `timeout` that a job may ask for.", default="`24h`", example="timeout: 6h"
)
SCRIPT = Key("script", BYTES, "A job's scripts, compressed.", default="`64Ki`", example="script: 32Ki")


def _limits(record: Record) -> Limits:
    for key, most in ((LONGEST, _STANDARD.timeout), (SCRIPT, _STANDARD.script)):
        if (record.get(key) or 0) > most:
            message = f"{key.name} is above the language's own limit, {key.default.strip('`')}"
            record.reading.error(record.span_of(key), "bad-value", message, "a platform's limits only ever lower it")
    return Limits(
        record.get(TASKS) or _STANDARD.tasks,
        record.get(LONGEST) or _STANDARD.timeout,
        record.get(SCRIPT) or _STANDARD.script,
    )


LIMITS = Key(
    "limits",
    Object("limits", (TASKS, LONGEST, SCRIPT), _limits, title="limits", doc="How large a run may be."),
    "How large a run may be; only ever below the language's own limits.",
    default="the language's own",
    example="limits: {tasks: 500, timeout: 6h}",
)

JOBS = Key(
    "jobs",
    Choice(REPORTED_JOBS),
    "Which jobs have a status of their own beside the run's: all, those that failed, or none.",
    default="`all`; on github.com `failed-and-required`",
    example="jobs: all",
)
RUN_LINK = Key(
    "link",
    LINK,
    "The address of a run's page, with `{namespace}` and `{name}` in it; it ends in the name.",
    default="statuses have no link, and a redelivery after the Workflow is gone runs again",
    example='link: "https://argo.example/workflows/{namespace}/{name}"',
)
REPORT = Key(
    "report",
    Object(
        "report",
        (JOBS, RUN_LINK),
        lambda record: Report(record.get(JOBS) or "", record.get(RUN_LINK) or ""),
        title="report",
        doc="What stands on commits.",
    ),
    "What stands on commits.",
    example="report: {jobs: all}",
)
CREDENTIALS = Key(
    "registry-credentials",
    ListOf(OBJECT_NAME, "a list of Secrets' names", unique=True),
    "The `imagePullSecrets` of job pods, in each run namespace.",
    default="none",
    example="registry-credentials: [registry-pull]",
)
INSTANCE = Key(
    "instance-id",
    LABEL_VALUE,
    "The instance id of the Argo controller that is to run argosy's Workflows.",
    default="empty: the controller without one",
    example="instance-id: argosy",
)
ARGO = Key(
    "argo",
    Object(
        "argo",
        (INSTANCE,),
        lambda record: record.get(INSTANCE) or "",
        title="argo",
        doc="The Argo Workflows installation.",
    ),
    "The Argo Workflows installation.",
    example="argo: {instance-id: argosy}",
)
PAUSED = Key(
    "paused",
    Flag(),
    "While true, events are taken and nothing is started.",
    default="`false`",
    example="paused: true",
)


def _names(record: Record, key: Key[Any]) -> tuple[str, ...]:
    entry = record.entry(key)
    entries = entry.value.entries if entry is not None and isinstance(entry.value, Mapping) else ()
    return tuple(entry.key.text for entry in entries)


def _platform(record: Record) -> PlatformDraft:
    return PlatformDraft(
        forge_names=_names(record, FORGES),
        tenant_names=_names(record, TENANTS),
        runner_names=_names(record, RUNNERS),
        images=record.get(IMAGES),
        forges=record.get(FORGES) or (),
        tenants=record.get(TENANTS) or (),
        runners=record.get(RUNNERS) or (),
        defaults=record.get(DEFAULTS),
        secrets=record.get(SECRETS) or (),
        limits=record.get(LIMITS) or _STANDARD,
        report=record.get(REPORT) or Report("", ""),
        registry_credentials=record.get(CREDENTIALS) or (),
        artifacts=record.get(ARTIFACTS),
        instance_id=record.get(ARGO) or "",
        paused=record.get(PAUSED) or False,
    )


PLATFORM_FILE = Object(
    "a platform.yaml",
    (
        VERSION,
        IMAGES,
        FORGES,
        TENANTS,
        RUNNERS,
        DEFAULTS,
        SECRETS,
        LIMITS,
        REPORT,
        CREDENTIALS,
        ARTIFACTS,
        ARGO,
        PAUSED,
    ),
    _platform,
    title="The file",
    doc="One file, `platform.yaml`, in the operator's repository.",
    later=("untrusted", "images-allowed"),
    foreign={"repositories": "each forge has its own list", "forge": "write forges"},
    homes="x-",
)
