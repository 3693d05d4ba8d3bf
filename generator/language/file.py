"""The keys at the top of a ci.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.document import Mapping
from generator.fields import At, Key, ListOf, Object
from generator.language import texts
from generator.language.draft import DefaultsDraft, FileDraft
from generator.language.jobs import DEFAULTS, JOBS, TEMPLATES
from generator.language.triggers import ON

if TYPE_CHECKING:
    from generator.fields import Record

FILE_ENV = Key(
    "env",
    texts.ENV,
    "Variables of every job. Their values may hold [`${{ }}`](#expressions).",
    example="env: {GOFLAGS: -mod=readonly}",
)
INCLUDE = Key(
    "include",
    ListOf(At(texts.PATH), "a list of paths", unique=True),
    "Files of the same commit that hold templates and variables.",
    default="none",
    example="include: [ci/templates.yaml]",
)
FILE_DEFAULTS = Key(
    "defaults",
    DEFAULTS,
    "What jobs get that do not say it themselves.",
    example="defaults: {image: debian:12, runner: small}",
)


def _file(record: Record) -> FileDraft:
    jobs = record.entry(JOBS)
    names = jobs.value.entries if jobs is not None and isinstance(jobs.value, Mapping) else ()
    return FileDraft(
        names=tuple(entry.key.text for entry in names),
        on=record.get(ON),
        env=record.get(FILE_ENV) or (),
        defaults=record.get(FILE_DEFAULTS) or DefaultsDraft(),
        jobs=tuple(job.value for job in record.get(JOBS) or ()),
        span=record.span,
    )


CI_FILE = Object(
    "a ci.yaml",
    (ON, INCLUDE, FILE_ENV, FILE_DEFAULTS, TEMPLATES, JOBS),
    _file,
    title="The file",
    doc="One file, `ci.yaml`, at the root of a repository.",
    later=("files", "concurrency", "identity", "reports"),
    foreign={
        "name": "a file has no name",
        "variables": "write env",
        "stages": "order comes from the jobs' needs",
        "image": "write it under defaults",
        "runner": "write it under defaults",
        "timeout": "write it under defaults",
        "steps": "steps belong to a job, under jobs",
        "permissions": "the platform decides what a job may do",
        "triggers": "write on",
    },
    homes="x-",
)
