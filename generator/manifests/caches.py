"""Where in the bucket a job's caches lie: which of them a pod is given, and which it may store.

A key is `caches/<repository and ref>/<job>/<combination>/<cache>/<what it depends on>.tar.gz`, with hashes of all that
may be any text. Refs are the run's own business: no job has a say in them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.identity import digest
from generator.language.model import Save
from generator.manifests.storage_keys import CACHES_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.events.event import Event
    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedCache, PlannedJob

COMBINATION_PLACE = "place"
_ONLY = "1"
_NEWEST = "newest"
# Of a hash's 26 characters, below the scope, where all that is chosen is the repository's own; each task has some.
_SHORT = 16


@dataclasses.dataclass(frozen=True, slots=True)
class CachePlaces:
    """The keys of one cache.

    `restored` are looked at in this order, and the first `exact` of them are of its own key; it is stored as `saved`,
    which is none where it may not be.
    """

    restored: tuple[str, ...]
    exact: int
    saved: tuple[str, ...]


def cache_places(event: Event, job: PlannedJob) -> list[CachePlaces]:
    """The keys of each of a job's caches; a combination's parameters stand in them."""
    return [_places(event, job, number, cache) for number, cache in enumerate(job.caches, 1)]


def cache_arguments(job: PlannedJob) -> list[Object]:
    """The values of these parameters."""
    if not job.matrix or not job.caches:
        return []
    keys = [(number, cache.key) for number, cache in enumerate(job.caches, 1) if cache.key]
    return [
        {"name": COMBINATION_PLACE, "value": _short(job.id)},
        *({"name": _parameter(number), "value": _short(key)} for number, key in keys),
    ]


def cache_parameters(job: PlannedJob) -> list[str]:
    """Their names."""
    return [argument["name"] for argument in cache_arguments(job)]


def _places(event: Event, job: PlannedJob, number: int, cache: PlannedCache) -> CachePlaces:
    combination = _parameter_value(COMBINATION_PLACE) if job.matrix else _ONLY
    folders = [f"{CACHES_PREFIX}{scope}/{job.job}/{combination}/{cache.name}" for scope in _scopes(event)]
    newest = [f"{folder}/{_NEWEST}.tar.gz" for folder in folders]
    contents = _parameter_value(_parameter(number)) if job.matrix else _short(cache.key)
    exact = [f"{folder}/{contents}.tar.gz" for folder in folders] if cache.key else []
    is_saved = cache.save is not Save.NEVER and event.tier != "untrusted"
    return CachePlaces((*exact, *newest), len(exact), (*exact[:1], newest[0]) if is_saved else ())


def _scopes(event: Event) -> Iterator[str]:
    """Hashes of the refs whose caches count: the own one, a pull request's base, the default branch."""
    refs = [event.ref]
    if event.kind == "pull_request":
        refs.append(f"refs/heads/{event.pull_request.base}")
    refs.append(f"refs/heads/{event.default_branch}")
    for ref in dict.fromkeys(refs):
        yield digest("cache", event.forge, event.repository_id, ref)


def _parameter(number: int) -> str:
    return f"cache-{number}"


def _parameter_value(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def _short(text: str) -> str:
    return digest("cache", text)[:_SHORT]
