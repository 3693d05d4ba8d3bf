"""What expander and reporter read, as one volume of files: platform.yaml, word for word, and their tokens.

One projected volume, since a mount inside a read-only ConfigMap mount cannot be made, and a `subPath` mount is never
updated: a pod that is running sees a new platform.yaml within a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.objects import PLATFORM_CONFIG_MAP, PLATFORM_KEY, Object, part_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.platform.model import SecretKey

_MODE = 0o444


def platform_config_map(namespace: str, platform_text: str) -> Object:
    """The ConfigMap with the operator's file."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": PLATFORM_CONFIG_MAP, "namespace": namespace, "labels": part_of()},
        "data": {PLATFORM_KEY: platform_text},
    }


def configuration_volume(name: str, tokens: Iterable[tuple[str, tuple[SecretKey, ...]]]) -> Object:
    """The volume: `platform.yaml`, and `tokens/<forge>/<n>` with the forges' tokens, the newest first."""
    sources: list[Object] = [
        {"configMap": {"name": PLATFORM_CONFIG_MAP, "items": [{"key": PLATFORM_KEY, "path": PLATFORM_KEY}]}},
    ]
    for forge, keys in tokens:
        for number, secret in enumerate(keys):
            item = {"key": secret.key, "path": f"tokens/{forge}/{number}"}
            sources.append({"secret": {"name": secret.name, "items": [item]}})
    return {"name": name, "projected": {"defaultMode": _MODE, "sources": sources}}
