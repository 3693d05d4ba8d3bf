"""Images that are packed without a Dockerfile: the node with its control plane, and what upstream would have us pull.

In: compiled programs and Debian roots of the cache, and a folder to work in. Out: an OCI folder for podman, an archive
for the node. Images carry the names and tags that upstream's manifests ask for, so the manifests need no change.
"""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cluster.commands import run
from tests.e2e.cluster.engines.podman import debian, oci
from tests.e2e.cluster.engines.podman.host import CA_BUNDLE
from tests.e2e.cluster.engines.podman.oci import Image, Layer
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import BUSYBOX_IMAGE, HERE

_FILES = HERE / "engines" / "podman"
SOURCES = (Path(__file__), Path(oci.__file__), _FILES / "pause.c")
"""What the images' content depends on beside programs and roots."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENV = {"Env": [f"PATH={PATH}"]}
_BIN = "/usr/local/bin"
_PASSWD = """\
root:x:0:0:root:/root:/bin/sh
argo:x:8737:8737::/tmp:/bin/sh
nobody:x:65534:65534::/tmp:/bin/sh
"""
# Names and tags that kubeadm 1.34.3 asks for, whatever the program inside: cmd/kubeadm/app/constants/constants.go.
_CONTROL_PLANE = {
    "registry.k8s.io/kube-apiserver:{kubernetes}": ("kubernetes", "kube-apiserver"),
    "registry.k8s.io/kube-controller-manager:{kubernetes}": ("kubernetes", "kube-controller-manager"),
    "registry.k8s.io/kube-scheduler:{kubernetes}": ("kubernetes", "kube-scheduler"),
    "registry.k8s.io/etcd:3.6.5-0": ("etcd", "etcd"),
    "registry.k8s.io/coredns/coredns:v1.12.1": ("coredns", "coredns"),
}
_PAUSE = ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10.1")
# Their sources are not published as modules; both only wait. The bus itself is real.
_STAND_INS = ("docker.io/natsio/nats-server-config-reloader:0.14.0", "docker.io/natsio/prometheus-nats-exporter:0.14.0")


def node_layout(name: str, parts: Path) -> Path:
    """The node image as an OCI folder: Debian, kind's files, kubelet, kubeadm, the control plane's images within."""
    control_plane = oci.write_archive(parts / "control-plane.tar", _control_plane(parts), prefix="kind/images/")
    config = {
        "Entrypoint": ["/usr/local/bin/entrypoint", "/sbin/init"],
        "Env": [*_ENV["Env"], "container=docker"],
        "StopSignal": "SIGRTMIN+3",
    }
    layers = (debian.node_root().path, control_plane, _node_layer(parts))
    return oci.write_folder(parts / "node-layout", [Image(name, layers, config)])


def workloads_archive(target: Path, parts: Path) -> None:
    """Everything that runs on the cluster under upstream's names, but for Gitea."""
    base = _small_root(parts)
    workflows, events, nats = program("argo-workflows"), program("argo-events"), program("nats")
    registry, controller = "quay.io/argoproj", workflows.path("workflow-controller")
    images = [
        _program_image(f"{registry}/workflow-controller:{workflows.version}", base, controller, "/bin", User="8737"),
        _program_image(f"{registry}/argoexec:{workflows.version}", base, workflows.path("argoexec"), "/bin"),
        _program_image(f"{registry}/argo-events:{events.version}", base, events.path(), "/bin"),
        _program_image(f"docker.io/library/nats:{nats.version.removeprefix('v')}", base, nats.path(), "/"),
        *(_pause_image(name, parts) for name in _STAND_INS),
        Image(BUSYBOX_IMAGE, (base, _busybox_layer(parts)), {**_ENV, "Cmd": ["sh"]}),
    ]
    oci.write_archive(target, images)


def _control_plane(parts: Path) -> list[Image]:
    base, kubernetes = _small_root(parts), program("kubernetes")
    proxy = _single_file(parts, kubernetes.path("kube-proxy"), _BIN)
    proxy_name = f"registry.k8s.io/kube-proxy:{kubernetes.version}"
    return [
        *(
            _program_image(template.format(kubernetes=kubernetes.version), base, program(group).path(binary), _BIN)
            for template, (group, binary) in _CONTROL_PLANE.items()
        ),
        Image(proxy_name, (debian.kube_proxy_root(), proxy), _ENV),
        *(_pause_image(name, parts) for name in _PAUSE),
    ]


def _program_image(name: str, base: Path, binary: Path, folder: str, **config: str) -> Image:
    """A program above the small root, in whose folder its layer is written."""
    entrypoint = f"{folder.rstrip('/')}/{binary.name}"
    layer = _single_file(base.parent, binary, folder)
    return Image(name, (base, layer), {**_ENV, "Entrypoint": [entrypoint], **config})


def _pause_image(name: str, parts: Path) -> Image:
    pause = parts / "pause"
    run("gcc", "-Os", "-static", "-s", "-o", pause, _FILES / "pause.c")
    return Image(name, (_single_file(parts, pause, "/"),), {"Entrypoint": ["/pause"]})


def _single_file(parts: Path, binary: Path, folder: str) -> Path:
    layer = Layer(parts / f"program-{binary.name}.tar")
    layer.file(f"{folder.rstrip('/')}/{binary.name}", binary)
    return layer.write()


def _small_root(parts: Path) -> Path:
    layer = Layer(parts / "small-root.tar")
    layer.folder("/tmp", 0o1777)
    layer.text("/etc/passwd", _PASSWD)
    layer.text("/etc/nsswitch.conf", "hosts: files dns\n")
    layer.file("/etc/ssl/certs/ca-certificates.crt", CA_BUNDLE, 0o644)
    return layer.write()


def _busybox_layer(parts: Path) -> Path:
    layer = Layer(parts / "busybox.tar")
    busybox = Path("/bin/busybox")
    layer.file("/bin/busybox", busybox)
    for command in run(busybox, "--list").split():
        if command != "busybox":
            layer.link(f"/bin/{command}", "busybox")
    return layer.write()


def _node_layer(parts: Path) -> Path:
    """kind's own files and the programs that run outside of pods, to lie above node_root()."""
    files = program("kind").shared / "images/base/files"
    layer = Layer(parts / "node-programs.tar")
    layer.tree("/", files)
    for binary in ("kubeadm", "kubelet", "kubectl"):
        layer.file(f"/usr/bin/{binary}", program("kubernetes").path(binary))
    containerd = (files / "etc/containerd/config.toml").read_text(encoding="utf-8")
    containerd = containerd.replace("restrict_oom_score_adj = false", "restrict_oom_score_adj = true")
    # The file ends within the CRI plugin's table.
    layer.text("/etc/containerd/config.toml", f"{containerd}  disable_apparmor = true\n")
    layer.text("/kind/version", program("kubernetes").version)
    layer.tree("/", _FILES / "node")
    for unit in ("containerd", "kubelet", "undo-mount-hacks", "import-images"):
        path = f"/etc/systemd/system/{unit}.service"
        layer.link(f"/etc/systemd/system/multi-user.target.wants/{unit}.service", path)
    return layer.write()
