"""The way without Docker and without an image registry: Debian's podman, programs compiled, images packed on the spot.

Everything that podman keeps lies in the cache, apart from any other podman on the host: its storage, its locks, its
settings. Nodes stand on podman's ordinary bridge, which the host can reach; a fence keeps them from reaching further.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster.commands import CommandFailed, run, say, succeeds, timed
from tests.e2e.cluster.engines.podman import debian, fence, gitea_page, packing
from tests.e2e.cluster.engines.podman.host import CA_BUNDLE, install_packages, run_folder, write_settings
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.own_images import BuiltImage
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import CACHE, HERE, IMAGES, TOOLS, debian_suite, node_name

if TYPE_CHECKING:
    from tests.e2e.cluster.handle import Cluster

_FILES = HERE / "engines" / "podman"
_SETTINGS = CACHE / "engine"
_STORAGE = _SETTINGS / "storage"
_TO_NODE = ("kubernetes", "kind", "etcd", "coredns")
_PACKED = ("argo-workflows", "nats", "argo-events")  # into one archive; the others have a Dockerfile each
_TO_CLUSTER = (*_PACKED, "gitea", "versitygw")


class Podman:
    """See Engine."""

    program = "podman"
    _building = threading.Lock()

    def prepare(self) -> None:
        install_packages()
        os.environ.update(write_settings(_SETTINGS))
        # pytest-kind starts kind with this process' environment, so the settings go there.
        os.environ.update(KIND_EXPERIMENTAL_PROVIDER="podman", KIND_EXPERIMENTAL_PODMAN_NETWORK=fence.NETWORK)

    def node_image(self) -> str:
        with ThreadPoolExecutor() as beside:
            making = beside.submit(debian.node_root)
            for name in _TO_NODE:
                program(name).build()
            _link_tools(kind=program("kind").path(), kubectl=program("kubernetes").path("kubectl"))
            root = making.result()
        key = content_key(root.key, *(program(name).key for name in _TO_NODE), _FILES / "node", *packing.SOURCES)
        image = f"localhost/argosy/node:{key}"
        if not succeeds("podman", "image", "exists", image):
            with timed("node image"), _parts() as parts:
                _import_layout(packing.node_layout(image, Path(parts)), image)
        return image

    def kind_configuration(self) -> dict[str, Any]:
        # cgroup v1 is refused by default from Kubernetes 1.35 on, and warned of before. KubeletInUserNamespace makes
        # the kubelet tolerate what a node without CAP_SYS_RESOURCE may not do: oom_score_adj and some sysctls.
        kubelet = {
            "kind": "KubeletConfiguration",
            "failCgroupV1": False,
            "featureGates": {"KubeletInUserNamespace": True},
        }
        return {
            "networking": {
                "disableDefaultCNI": True,
                "podSubnet": "10.244.0.0/16",
            },  # the node image has a CNI of its own
            "kubeadmConfigPatches": [json.dumps(kubelet)],
        }

    def connect(self, cluster: Cluster) -> None:
        fence.raise_around(node_name())
        fence.refuse_foreign_names(cluster, node_name())

    def disconnect(self) -> None:
        fence.lower()

    def workloads(self) -> tuple[Path, str]:
        for name in _TO_CLUSTER:
            program(name).build(niceness=10)
        _link_tools(argo=program("argo-workflows").path("argo"))
        key = content_key(*(program(name).key for name in _PACKED), *packing.SOURCES)
        archive, stamp = IMAGES / "workloads.tar", IMAGES / "workloads.key"
        if not (is_fresh(stamp, key) and archive.exists()):
            with timed("images of Argo, NATS and busybox"), _parts() as parts:
                packing.workloads_archive(archive, Path(parts))
            write_stamp(stamp, key)
        return archive, key

    def own_images(self) -> tuple[BuiltImage, ...]:
        gitea, dockerfile = program("gitea"), _FILES / "gitea.Dockerfile"
        gitea_page.build_if_wanted(gitea)
        name = f"docker.io/gitea/gitea:{gitea.version.removeprefix('v')}"
        inputs = (dockerfile, gitea.folder / "key", gitea_page.stamp(gitea))
        return (BuiltImage(name, dockerfile, "", gitea.folder, inputs), self._s3_image())

    def _s3_image(self) -> BuiltImage:
        server, dockerfile = program("versitygw"), _FILES / "versitygw.Dockerfile"
        name = f"ghcr.io/versity/versitygw:{server.version}"
        return BuiltImage(name, dockerfile, "", server.folder, (dockerfile, server.folder / "key"))

    def build(self, image: BuiltImage) -> str:
        # One at a time: pruning fails over an image that another build has just begun to write.
        with self._building:
            return self._build(image)

    def _build(self, image: BuiltImage) -> str:
        _import_slim_root()
        run(
            *("podman", "build", "--isolation=chroot", "--network=host", "--pull=never", "--layers"),
            *(f"--volume={CA_BUNDLE}:/run/host-ca.crt:ro", "--build-arg=PIP_CERT=/run/host-ca.crt"),
            *image.arguments(debian_suite()),
            image.context,
            log=image.log,
        )
        # Layers of stages have no name and would pile up; those of the last week are what the next build begins from.
        run("podman", "image", "prune", "--force", "--filter=until=168h")
        return run("podman", "image", "inspect", "--format", "{{.Id}}", image.name).strip()

    def load(self, _cluster: Cluster, name: str) -> None:
        # What `kind load` does, but without a file between the two, which would take as long again.
        save = f"podman save --quiet --format=docker-archive {name}"
        import_ = f"podman exec --interactive {node_name()} ctr --namespace=k8s.io images import --digests -"
        run("bash", "-o", "pipefail", "-c", f"{save} | {import_}", log="load")

    def purge(self) -> None:
        run("podman", "rm", "--all", "--force", "--volumes")
        run("podman", "rmi", "--all", "--force")
        for mount in (_STORAGE / "overlay", _STORAGE):
            if os.path.ismount(mount):
                run("umount", mount)
        shutil.rmtree(run_folder(_SETTINGS), ignore_errors=True)


def _parts() -> tempfile.TemporaryDirectory[str]:
    """A folder for layers on their way; in the cache, since they are hard-linked."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="parts-", dir=IMAGES)


def _link_tools(**paths: Path) -> None:
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name, path in paths.items():
        link = TOOLS / name
        link.unlink(missing_ok=True)
        link.symlink_to(path)


def _import_layout(layout: Path, name: str) -> None:
    """Gives podman an OCI folder under a name, and drops older images of that repository that nothing uses."""
    # podman names what it reads from an OCI folder after the folder's path: it is relative, and the name is changed.
    run("podman", "pull", "--quiet", f"oci:{layout.name}", cwd=layout.parent)
    run("podman", "tag", f"localhost/{layout.name}:latest", name)
    # Two arguments: with one, untag would remove every name.
    run("podman", "untag", f"localhost/{layout.name}", f"localhost/{layout.name}:latest")
    repository = name.rpartition(":")[0]
    for other in run("podman", "images", "--format={{.Repository}}:{{.Tag}}", repository).split():
        if other != name:
            _forget(other)


def _forget(image: str) -> None:
    try:
        run("podman", "rmi", image)
    except CommandFailed:
        say(f"{image} is still in use and stays")


def _import_slim_root() -> None:
    """Makes the name that Dockerfiles begin FROM stand for a root made here, once for each content of it."""
    root = debian.slim_root()
    name = f"docker.io/library/debian:{debian_suite()}-slim"
    stamp = _SETTINGS / "slim.key"
    if is_fresh(stamp, root.key) and succeeds("podman", "image", "exists", name):
        return
    run("podman", "import", "--quiet", '--change=CMD ["bash"]', f"--change=ENV PATH={packing.PATH}", root.path, name)
    write_stamp(stamp, root.key)
