"""Whose repository an address is that git fetches from or pushes to: a forge of the platform and `owner/name`."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from generator.platform.grants import granted

if TYPE_CHECKING:
    from generator.platform.model import Forge, Platform

# git-clone(1): `user@host:path`, where no slash stands before the colon.
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>\[[^\]]+\]|[^@/:\[\]]+):(?P<path>(?!//).+)")
_PORTS = {"http": 80, "https": 443}


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """What an address says without its credentials; `port` is None where it says nothing about the forge's own."""

    host: str
    port: int | None
    path: str


def address_of(url: str) -> Address | None:
    """The parts of a remote's address; None for a folder, and for what is no address."""
    if "://" in url:
        parts = _split(url)
        if parts is None or parts.scheme == "file" or not parts.hostname:
            return None
        return Address(parts.hostname.lower(), _port(parts), _trimmed(parts.path))
    match = _SCP.fullmatch(url)
    # A single letter is a drive of Windows.
    if match is None or len(match["host"]) == 1:
        return None
    return Address(match["host"].strip("[]").lower(), None, _trimmed(match["path"]))


def repository_of(platform: Platform, url: str) -> tuple[Forge, str] | None:
    """The forge, and `owner/name` there; None where the address is no forge's of the platform.

    Where several forges have one host, that one which serves the repository.
    """
    address = address_of(url)
    if address is None:
        return None
    found = [
        (forge, name) for forge in platform.forges if (name := _name_at(forge, address)) and "/" in name.strip("/")
    ]
    served = [(forge, name) for forge, name in found if granted(platform, forge.id, name)]
    return next(iter(served or found), None)


def _name_at(forge: Forge, address: Address) -> str:
    """The repository's name at a forge, empty where the address is not there."""
    parts = urlsplit(forge.url)
    if parts.hostname is None or parts.hostname.lower() != address.host:
        return ""
    # Over SSH the port and the folder of the forge's pages mean nothing.
    if address.port is None:
        return address.path
    prefix = parts.path.strip("/")
    if address.port != _port(parts) or not f"{address.path}/".startswith(f"{prefix}/" if prefix else ""):
        return ""
    return address.path[len(prefix) :].lstrip("/")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult) -> int | None:
    return (parts.port or _PORTS[parts.scheme]) if parts.scheme in _PORTS else None


def _trimmed(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")
