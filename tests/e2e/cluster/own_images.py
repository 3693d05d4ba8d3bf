"""The project's own images, from the project's own Dockerfile, and the images that tests run jobs in.

An image is built again when its inputs in the checkout changed; the engine's layer cache then makes a change of the
sources a matter of seconds, since dependencies lie in a layer of their own. On the cluster names stay the same: an
image with a new id is loaded again, and the Deployments that run it are restarted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.e2e.cluster.commands import succeeds, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.settings import (
    ARGOSY_IMAGE,
    CHECKOUT,
    CHECKOUT_IMAGE,
    CI_IMAGE,
    HERE,
    IMAGES,
    PYTHON_IMAGE,
    debian_suite,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.cluster.engines import Engine
    from tests.e2e.cluster.handle import Cluster


@dataclass(frozen=True)
class BuiltImage:
    """An image that has a Dockerfile: its name, the target in it, the build context, and which files it is made
    from."""

    name: str
    dockerfile: Path
    target: str
    context: Path
    inputs: tuple[Path, ...]

    @property
    def log(self) -> str:
        """The name of its log in the cache."""
        return f"build-{self.short_name}"

    @property
    def short_name(self) -> str:
        """The last part of the name, without its tag."""
        return self.name.rpartition("/")[2].partition(":")[0]

    def arguments(self, suite: str) -> tuple[str, ...]:
        """What `docker build` and `podman build` are told alike."""
        target = (f"--target={self.target}",) if self.target else ()
        return (f"--file={self.dockerfile}", f"--tag={self.name}", f"--build-arg=DEBIAN={suite}", *target)


def _of_project(name: str, target: str, *inputs: str) -> BuiltImage:
    dockerfile = CHECKOUT / "Dockerfile"
    return BuiltImage(name, dockerfile, target, CHECKOUT, (dockerfile, *(CHECKOUT / path for path in inputs)))


def _for_jobs(name: str, target: str, *inputs: str) -> BuiltImage:
    dockerfile = HERE / "jobs.Dockerfile"
    return BuiltImage(name, dockerfile, target, CHECKOUT, (dockerfile, *(CHECKOUT / path for path in inputs)))


def wanted() -> tuple[BuiltImage, ...]:
    """Every image of the project and its tests, in the order in which they are built."""
    locks = ("requirements/runtime.txt", "requirements/build.txt")
    sources = ("pyproject.toml", "README.md", "LICENSE", "generator", "templates")
    return (
        _of_project(CHECKOUT_IMAGE, "argosy-checkout", "checkout", "deploy/image"),
        _of_project(ARGOSY_IMAGE, "argosy", *locks, *sources),
        _for_jobs(PYTHON_IMAGE, "python"),
        _for_jobs(CI_IMAGE, "ci", "requirements/dev.txt", "requirements/build.txt"),
    )


def build(engine: Engine, images: tuple[BuiltImage, ...]) -> dict[str, str]:
    """Builds what is out of date; gives the id of each image by its name."""
    return {image.name: _build_one(engine, image) for image in images}


def load(engine: Engine, cluster: Cluster, ids: dict[str, str]) -> None:
    """Brings images onto the node whose id is not the one that was loaded last, and restarts the Deployments on
    them."""
    record = cluster.state / "loaded.json"
    loaded = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    changed = [name for name, image_id in ids.items() if loaded.get(name) != image_id]
    for name in changed:
        with timed(f"load {name}"):
            engine.load(cluster, name)
        loaded[name] = ids[name]
        record.write_text(json.dumps(loaded, indent=1), encoding="utf-8")
    _restart_users(cluster, set(changed))


def _build_one(engine: Engine, image: BuiltImage) -> str:
    key = content_key(engine.program, debian_suite(), image.name, image.target, *image.inputs)
    stamp, record = IMAGES / f"{image.short_name}.key", IMAGES / f"{image.short_name}.id"
    if is_fresh(stamp, key) and record.exists():
        image_id = record.read_text(encoding="utf-8")
        if succeeds(engine.program, "image", "inspect", image_id):
            return image_id
    with timed(f"build {image.name}"):
        image_id = engine.build(image)
    write_stamp(record, image_id)
    write_stamp(stamp, key)
    return image_id


def _restart_users(cluster: Cluster, names: set[str]) -> None:
    if not names:
        return
    deployments = json.loads(cluster.kubectl("get", "deployments", "--all-namespaces", "-o", "json"))["items"]
    for deployment in deployments:
        if names & _images_of(deployment):
            metadata = deployment["metadata"]
            name = f"deployment/{metadata['name']}"
            cluster.kubectl("-n", metadata["namespace"], "rollout", "restart", name)


def _images_of(deployment: dict[str, Any]) -> set[str]:
    pod = deployment["spec"]["template"]["spec"]
    return {container["image"] for container in (*pod.get("initContainers", []), *pod["containers"])}
