"""Images packed without an engine are what the OCI image layout says: every digest is that of its content."""

from __future__ import annotations

import hashlib
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.cluster.engines.podman.oci import Image, Layer, write_archive, write_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    made = Layer(tmp_path / "layer.tar")
    made.folder("/tmp", 0o1777)
    made.text("/etc/motd", "first")
    made.text("/etc/motd", "second")
    made.link("/bin/sh", "busybox")
    return made.write()


def _files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {entry.name: stream.read() for entry in tar if (stream := tar.extractfile(entry)) is not None}


def _blob(files: dict[str, bytes], descriptor: dict[str, Any]) -> bytes:
    content = files["blobs/" + descriptor["digest"].replace(":", "/")]
    assert "sha256:" + hashlib.sha256(content).hexdigest() == descriptor["digest"]
    assert len(content) == descriptor["size"]
    return content


def test_a_layer_holds_what_was_given_last_under_a_name(layer: Path) -> None:
    with tarfile.open(layer) as tar:
        names = tar.getnames()
        motd = tar.extractfile("etc/motd")
        assert motd is not None
        assert motd.read() == b"second"
        assert tar.getmember("tmp").mode == 0o1777
        assert tar.getmember("bin/sh").linkname == "busybox"
    assert len(names) == len(set(names))


def test_an_archive_leads_from_the_name_to_every_layer(layer: Path, tmp_path: Path) -> None:
    image = Image("example.org/tool:1", (layer,), {"Entrypoint": ["/tool"]})
    files = _files(write_archive(tmp_path / "images.tar", [image]))
    (entry,) = json.loads(files["index.json"])["manifests"]
    assert entry["annotations"]["io.containerd.image.name"] == "example.org/tool:1"
    manifest = json.loads(_blob(files, entry))
    config = json.loads(_blob(files, manifest["config"]))
    assert config["config"] == {"Entrypoint": ["/tool"]}
    assert [_blob(files, found) for found in manifest["layers"]] == [layer.read_bytes()]
    assert config["rootfs"]["diff_ids"] == [found["digest"] for found in manifest["layers"]]


def test_a_shared_layer_is_packed_once(layer: Path, tmp_path: Path) -> None:
    images = [Image(f"example.org/{name}:1", (layer,)) for name in ("one", "two")]
    with tarfile.open(write_archive(tmp_path / "images.tar", images)) as tar:
        digest = hashlib.sha256(layer.read_bytes()).hexdigest()
        assert tar.getnames().count(f"blobs/sha256/{digest}") == 1


def test_a_prefix_makes_the_archive_a_layer_of_another_image(layer: Path, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "images.tar", [Image("example.org/tool:1", (layer,))], prefix="kind/images/")
    assert all(name.startswith("kind/images/") for name in _files(archive))


def test_a_folder_has_the_same_files_as_an_archive(layer: Path, tmp_path: Path) -> None:
    images = [Image("example.org/tool:1", (layer,))]
    folder = write_folder(tmp_path / "folder", images)
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert found == _files(write_archive(tmp_path / "images.tar", images))
