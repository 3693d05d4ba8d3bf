"""Where a forge's webhooks arrive: one point of entry, or two while the secret is changed.

An EventSource knows one secret per endpoint and reads it when it starts, so two secrets need two endpoints. The older
secret keeps the forge's own point, whose objects stay as they are; the newer one gets a point beside it, with an
EventSource and Sensors of its own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.placement import CONTROL_NAMESPACE

if TYPE_CHECKING:
    from generator.platform.model import Forge, SecretKey

PORT = 12000
NEXT = "-next"


@dataclasses.dataclass(frozen=True, slots=True)
class Hook:
    """`name` names EventSource and Sensor; `url` is what the forge is told, `endpoint` its path."""

    name: str
    url: str
    endpoint: str
    secret: SecretKey

    @property
    def service(self) -> str:
        """The name of the Service in front of the EventSource."""
        return _service(self.name)


def hooks(forge: Forge) -> tuple[Hook, ...]:
    """The forge's points of entry, its lasting one first."""
    lasting = Hook(forge.id, forge.hook_url, _path(forge.hook_url), forge.hook_secrets[-1])
    if len(forge.hook_secrets) == 1:
        return (lasting,)
    url = _next_url(lasting)
    return lasting, Hook(forge.id + NEXT, url, _path(url), forge.hook_secrets[0])


def _next_url(lasting: Hook) -> str:
    """The address beside the lasting one.

    A forge in the same cluster may call the Service itself, which has no paths: then the other Service is called.
    """
    parts = urlsplit(lasting.url)
    path = f"{parts.path}{NEXT}" if parts.path.strip("/") else f"/{NEXT[1:]}"
    host = parts.netloc
    if f"{parts.hostname}.".startswith(f"{lasting.service}.{CONTROL_NAMESPACE}."):
        host = host.replace(lasting.service, _service(lasting.name + NEXT), 1)
    return parts._replace(netloc=host, path=path).geturl()


def _service(name: str) -> str:
    return f"{name}-eventsource"


def _path(url: str) -> str:
    return urlsplit(url).path or "/"
