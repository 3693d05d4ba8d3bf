"""Makes Debian roots as tars by mmdebstrap: one for the node, and a slim one that Dockerfiles build on.

Only where images are made on the spot. Out: IMAGES/NAME.tar, made again only when the packages or the scripts change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import run, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.settings import CHECKOUT, HERE, IMAGES, debian_suite

if TYPE_CHECKING:
    from pathlib import Path

_LEFT_OUT = ("doc", "man", "locale", "info")
_NODE_SCRIPT = HERE / "engines" / "podman" / "node-root.sh"
_CLOSURE = CHECKOUT / "deploy" / "image" / "closure.sh"
_NODE_PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "iproute2", "iptables", "nftables", "kmod", "mount", "procps", "conntrack"),
    *("ethtool", "socat", "util-linux", "containerd", "runc", "containernetworking-plugins", "ca-certificates", "curl"),
    *("jq", "libseccomp2", "hostname", "bash"),
)


@dataclass(frozen=True)
class Root:
    """A tar of the cache and the key that it was made with."""

    path: Path
    key: str


def node_root() -> Root:
    """What the node image stands on; makes kube_proxy_root() as well."""
    environment = {"CLOSURE": str(_CLOSURE), "KUBE_PROXY_LAYER": str(kube_proxy_root())}
    return _root("node-root", _NODE_PACKAGES, _NODE_SCRIPT, environment)


def kube_proxy_root() -> Path:
    """iptables, nft and conntrack with just the libraries that they need: the layer below kube-proxy."""
    return IMAGES / "kube-proxy-root.tar"


def slim_root() -> Root:
    """What stands in for docker.io/library/debian:SUITE-slim."""
    return _root("debian-slim", ())


def _root(name: str, packages: tuple[str, ...], script: Path | None = None, env: dict[str, str] | None = None) -> Root:
    target = IMAGES / f"{name}.tar"
    suite = debian_suite()
    key = content_key(suite, *packages, *_LEFT_OUT, *([script, _CLOSURE] if script else []))
    stamp = IMAGES / f"{name}.key"
    if is_fresh(stamp, key) and target.exists():
        return Root(target, key)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with timed(f"Debian root {name}"):
        part = target.with_suffix(".part")
        run(
            *("mmdebstrap", "--quiet", "--format=tar", "--variant=minbase", "--dpkgopt=force-unsafe-io"),
            *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in _LEFT_OUT),
            *([f"--include={','.join(packages)}"] if packages else []),
            *([f"--customize-hook={script}"] if script else []),
            *(suite, part),
            env=env,
            log=name,
        )
        part.rename(target)
        write_stamp(stamp, key)
    return Root(target, key)
