"""Packs layers (plain tars) and a little configuration into an OCI image layout; no engine or registry is needed.

In: files and Debian roots of the cache. Out: a tar for `kind load image-archive` and containerd, or a folder for
podman. Several images may share one layout; a layer that two of them use is in it once.
Source of the format: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_Put = Callable[[str, "bytes | Path"], None]
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Image:
    """An image to pack: its full name (registry/path:tag), its layers, lowest first, and the OCI image config."""

    name: str
    layers: tuple[Path, ...]
    config: dict[str, Any] = field(default_factory=dict)


def write_archive(target: Path, images: list[Image], prefix: str = "") -> Path:
    """Writes the layout as one tar. With a prefix the tar is itself a layer that puts the layout into that folder."""
    part = target.with_suffix(".part")
    with tarfile.open(part, "w") as archive:

        def put(name: str, content: bytes | Path) -> None:
            _add_to(archive, tarfile.TarInfo(prefix + name), content)

        _write(put, images)
    return part.rename(target)


def write_folder(target: Path, images: list[Image]) -> Path:
    """Writes the layout as a folder whose layers are hard links to the given tars: nothing is copied."""
    shutil.rmtree(target, ignore_errors=True)

    def put(name: str, content: bytes | Path) -> None:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            path.hardlink_to(content)
        else:
            path.write_bytes(content)

    _write(put, images)
    return target


class Layer:
    """A tar of files put together here: programs, links, small texts. Owned by root, times zero.

    A name that is given twice holds what was given last, since podman refuses a layer that names a path twice.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._entries: dict[str, tuple[tarfile.TarInfo, bytes | Path]] = {}

    def folder(self, name: str, mode: int = 0o755) -> None:
        self._add(name, tarfile.DIRTYPE, mode)

    def text(self, name: str, content: str, mode: int = 0o644) -> None:
        self._add(name, tarfile.REGTYPE, mode, content.encode())

    def file(self, name: str, source: Path, mode: int = 0o755) -> None:
        self._add(name, tarfile.REGTYPE, mode, source)

    def link(self, name: str, to: str) -> None:
        self._add(name, tarfile.SYMTYPE, 0o777).linkname = to

    def tree(self, name: str, source: Path) -> None:
        """Everything under `source`. A module zip keeps no modes: files in a folder named bin become executable."""
        for path in sorted(source.rglob("*")):
            inside = f"{name.rstrip('/')}/{path.relative_to(source)}"
            if path.is_dir():
                self.folder(inside)
            else:
                self.file(inside, path, 0o755 if path.parent.name == "bin" else 0o644)

    def write(self) -> Path:
        """Writes the tar and gives its path."""
        part = self._target.with_suffix(".part")
        with tarfile.open(part, "w") as archive:
            for entry, content in self._entries.values():
                _add_to(archive, entry, content)
        return part.rename(self._target)

    def _add(self, name: str, kind: bytes, mode: int, content: bytes | Path = b"") -> tarfile.TarInfo:
        entry = tarfile.TarInfo(name.strip("/"))
        entry.type, entry.mode = kind, mode
        self._entries[entry.name] = (entry, content)
        return entry


def _add_to(archive: tarfile.TarFile, entry: tarfile.TarInfo, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
        return
    entry.size = content.stat().st_size
    with content.open("rb") as stream:
        archive.addfile(entry, stream)


def _write(put: _Put, images: list[Image]) -> None:
    blobs = _Blobs(put)
    index = {"schemaVersion": 2, "manifests": [_manifest(blobs, image) for image in images]}
    put("oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
    put("index.json", _json(index))


def _manifest(blobs: _Blobs, image: Image) -> dict[str, Any]:
    layers = [blobs.add(path, "application/vnd.oci.image.layer.v1.tar") for path in image.layers]
    config = {
        "architecture": _ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
    }
    media_type = "application/vnd.oci.image.manifest.v1+json"
    content = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": blobs.add(_json(config), "application/vnd.oci.image.config.v1+json"),
        "layers": layers,
    }
    # containerd takes the name from the first annotation, podman from the second.
    names = {"io.containerd.image.name": image.name, "org.opencontainers.image.ref.name": image.name}
    return blobs.add(_json(content), media_type) | {"annotations": names}


class _Blobs:
    """Puts each content once, under its digest, and describes it."""

    def __init__(self, put: _Put) -> None:
        self._put = put
        self._written: set[str] = set()
        self._digests: dict[Path, str] = {}

    def add(self, content: bytes | Path, media_type: str) -> dict[str, Any]:
        digest = self._digest(content)
        if digest not in self._written:
            self._written.add(digest)
            self._put(f"blobs/sha256/{digest}", content)
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": size}

    def _digest(self, content: bytes | Path) -> str:
        if isinstance(content, bytes):
            return hashlib.sha256(content).hexdigest()
        if content not in self._digests:
            with content.open("rb") as stream:
                self._digests[content] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._digests[content]


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()
