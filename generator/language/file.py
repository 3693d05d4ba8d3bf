"""The keys at the top of a ci.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.document import Mapping
from generator.fields import At, Key, ListOf, MapOf, Object
from generator.language import other_systems, texts
from generator.language.concurrency import FILE_CONCURRENCY
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
    "Files of the same commit that hold templates, sets of paths and variables.",
    default="none",
    example="include: [ci/templates.yaml]",
)
FILE_DEFAULTS = Key(
    "defaults",
    DEFAULTS,
    "What jobs get that do not say it themselves.",
    example="defaults: {image: debian:12, runner: small}",
)
FILES = Key(
    "files",
    MapOf(
        texts.SET_NAME, ListOf(texts.PATH_GLOB, "a list of globs", minimum=1), "a mapping of names to lists of globs"
    ),
    "Named sets of paths, for `paths`, and as `files.name` in [`changed()` and `hash()`](#expressions).",
    default="none",
    example='files: {code: ["**", "!docs/**"], web: ["web/**", pnpm-lock.yaml]}',
)


def _names(record: Record, key: Key[Any]) -> tuple[str, ...]:
    """The names in a mapping, those included whose values could not be read."""
    entry = record.entry(key)
    entries = entry.value.entries if entry is not None and isinstance(entry.value, Mapping) else ()
    return tuple(one.key.text for one in entries)


def _file(record: Record) -> FileDraft:
    return FileDraft(
        names=_names(record, JOBS),
        set_names=_names(record, FILES),
        on=record.get(ON),
        sets=record.get(FILES) or (),
        env=record.get(FILE_ENV) or (),
        defaults=record.get(FILE_DEFAULTS) or DefaultsDraft(),
        jobs=tuple(job.value for job in record.get(JOBS) or ()),
        templates=tuple(template.value for template in record.get(TEMPLATES) or ()),
        span=record.span,
        concurrency=record.get(FILE_CONCURRENCY),
        may_have_on=record.has(ON) or not record.knows(ON),
        knows_on=record.knows(ON),
        whole=record.get(FILES) is not None if record.has(FILES) else record.knows(FILES),
    )


CI_FILE = Object(
    "a ci.yaml",
    (ON, FILES, INCLUDE, FILE_ENV, FILE_DEFAULTS, FILE_CONCURRENCY, TEMPLATES, JOBS),
    _file,
    title="The file",
    doc="One file, `ci.yaml`, at the root of a repository.",
    later=("identity", "reports"),
    foreign=other_systems.FILE,
    strays="a job belongs under 'jobs', a template under 'templates'",
    homes="x-",
)
