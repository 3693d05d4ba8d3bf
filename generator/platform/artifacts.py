"""The key `artifacts`: the store for what jobs hand on to each other and find again, and for how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import Key, Object
from generator.platform.model import Artifacts
from generator.platform.texts import CONFIG_MAP_KEY, DAYS, OBJECT_NAME

if TYPE_CHECKING:
    from generator.fields import Record

DEFAULT_DAYS = 14

CONFIG_MAP = Key(
    "config-map", OBJECT_NAME, "The ConfigMap's name.", example="config-map: artifact-repositories", required=True
)
CONFIG_KEY = Key("key", CONFIG_MAP_KEY, "The key in its `data`.", example="key: ci", required=True)


def _repository(record: Record) -> tuple[str, str] | None:
    config_map, key = record.get(CONFIG_MAP), record.get(CONFIG_KEY)
    return None if config_map is None or key is None else (config_map, key)


REPOSITORY = Key(
    "repository",
    Object(
        "a reference to an artifact repository",
        (CONFIG_MAP, CONFIG_KEY),
        _repository,
        title="artifacts.repository",
        doc="A ConfigMap in each run namespace that says in Argo's words which bucket it is and which Secret opens it: "
        "[Artifacts and caches](../operations.md#artifacts-and-caches) has one. Buckets are S3, or speak its language.",
        foreign={"name": "write config-map", "bucket": "the ConfigMap names the bucket"},
    ),
    "Argo's description of the bucket.",
    example="repository: {config-map: artifact-repositories, key: ci}",
    required=True,
)
KEEP = Key(
    "keep",
    DAYS,
    "For how long the bucket keeps what was stored. argosy deletes nothing: the bucket's own rules do, and "
    "`argosy render --list` says which it needs.",
    default=f"`{DEFAULT_DAYS}d`",
    example="keep: 30d",
)


def _artifacts(record: Record) -> Artifacts | None:
    repository = record.get(REPOSITORY)
    return None if repository is None else Artifacts(*repository, record.get(KEEP) or DEFAULT_DAYS)


ARTIFACTS = Key(
    "artifacts",
    Object(
        "artifacts",
        (REPOSITORY, KEEP),
        _artifacts,
        title="artifacts",
        doc="Where `artifacts` and `cache` of a ci.yaml are kept.",
    ),
    "Where `artifacts` and `cache` of a ci.yaml are kept.",
    default="nowhere: a ci.yaml that uses them is refused",
    example="artifacts: {repository: {config-map: artifact-repositories, key: ci}, keep: 14d}",
)
