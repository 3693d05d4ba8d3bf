"""The key `cache` of a job: folders that its later runs find again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import Choice, Key, ListOf, Made, MapOf, Object
from generator.language import texts
from generator.language.draft import CacheDraft
from generator.language.model import Cache, Save

if TYPE_CHECKING:
    from generator.fields import Named, Record

PATHS = Key(
    "paths",
    ListOf(texts.CACHED_PATH, "a list of paths", minimum=1),
    "Files and folders, from the workspace on or absolute. They are no globs.",
    example="paths: [/go/pkg/mod]",
    required=True,
)
CACHE_KEY = Key(
    "key",
    texts.CACHE_KEY,
    "What the contents depend on. With the same key the cache is restored as it is, and not stored again; with another "
    "one, the newest of the name is where the job starts from.",
    default="none: the newest is restored, and stored again after the job",
    example="key: \"${{ hash('go.sum') }}\"",
)
SAVE = Key(
    "save",
    Made(Choice(tuple(Save)), Save),
    "After what it is stored: `success` of the job, `always`, also when it has failed, or `never`.",
    default="`success`",
    example="save: never",
)


def _cache(record: Record) -> CacheDraft:
    return CacheDraft(record.get(PATHS) or (), record.get(CACHE_KEY), record.get(SAVE) or Save.SUCCESS)


CACHE = Key(
    "cache",
    MapOf(
        texts.CACHE_NAME,
        Object(
            "a cache",
            (PATHS, CACHE_KEY, SAVE),
            _cache,
            title="jobs.cache",
            doc="A cache belongs to a job, in a matrix to the combination, and to a branch, a tag or a pull request. "
            "What is restored is that of the run's own ref, else of a pull request's base, else of the default branch; "
            "with a `key`, one of the same key is looked for in all of them before the newest is. It is stored for the "
            "own ref, and by an untrusted pull request for none. A miss is no failure.",
            foreign={"path": "write paths", "restore-keys": "the newest of the name is restored without it"},
        ),
        "a mapping of names to caches",
    ),
    "Folders that are restored before the first step, after the downloads, and stored after the last one, by names.",
    default="none",
    example="cache: {go: {paths: [/go/pkg/mod], key: \"${{ hash('go.sum') }}\"}}",
)


def cache_of(named: Named[CacheDraft]) -> Cache:
    """What the entry means."""
    draft = named.value
    key = draft.key.value if draft.key is not None else None
    return Cache(named.name, draft.paths, key, draft.save, named.key.span)
