"""Makes a bare Debian host ready: the packages that are missing, and podman's settings for this cache.

Go is not installed here, since Debian's is too old: it has to be on PATH.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from string import Template

from tests.e2e.cluster.commands import CommandFailed, run, say
from tests.e2e.cluster.settings import HERE

CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_FILES = HERE / "engines" / "podman"
_PACKAGES = (
    *(
        "podman",
        "runc",
        "containernetworking-plugins",
        "iptables",
        "conntrack",
        "jq",
    ),  # the engine and its runtime shim
    *("mmdebstrap", "busybox-static", "ca-certificates"),  # what images are made of
    *("git", "gcc", "libc6-dev", "libsqlite3-dev"),  # what Gitea and the pause program are compiled with
)


def install_packages() -> None:
    """Installs the Debian packages that are missing. Raises CommandFailed, also where there is no Go."""
    if shutil.which("go") is None:
        raise CommandFailed("there is no go on PATH; install Go 1.26 or newer from https://go.dev/dl")
    missing = [package for package in _PACKAGES if not _is_installed(package)]
    if missing:
        say(f"apt-get install {' '.join(missing)}")
        environment = {"DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "-qq", "update", log="apt", env=environment)
        run("apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing, log="apt", env=environment)
    Path("/lib/modules").mkdir(exist_ok=True)  # kind mounts it into the node; an empty one does


def write_settings(folder: Path) -> dict[str, str]:
    """Writes podman's settings and its runtime into the cache; gives the environment variables that point to them."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime = folder / "runc-without-limits"
    shutil.copy2(_FILES / runtime.name, runtime)
    for name in ("containers.conf", "storage.conf"):
        text = Template((_FILES / name).read_text(encoding="utf-8"))
        values = {"run": str(run_folder(folder)), "runtime": str(runtime), "storage": str(folder / "storage")}
        (folder / name).write_text(text.substitute(values), encoding="utf-8")
    return {
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "STORAGE_DRIVER": "overlay",
    }


def run_folder(folder: Path) -> Path:
    """Where podman keeps what a reboot may empty; it wants a short path."""
    return Path(f"/run/argosy-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}")


def _is_installed(package: str) -> bool:
    try:
        return "ok installed" in run("dpkg-query", "-W", "-f=${Status}", package)
    except CommandFailed:
        return False
