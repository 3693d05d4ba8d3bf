"""The steps of `up`, `down` and `images` in their order, and what runs beside what.

Cold, nearly all of the time goes into compiling. So what the cluster itself needs is compiled first, and what runs on
it beside that at low priority: it takes the processor whenever the other compiler downloads, links or waits, and goes
on alone while the node image is packed and the cluster starts. Images are built in a third row.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.e2e.cluster import argo, gitea, kind, storage
from tests.e2e.cluster import own_images as own
from tests.e2e.cluster.commands import say, stop_all, timed
from tests.e2e.cluster.engines import choose
from tests.e2e.cluster.keys import is_fresh, write_stamp
from tests.e2e.cluster.settings import CACHE, CLUSTER, GITEA_PORT, KUBECONFIG, STATE, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from tests.e2e.cluster.handle import Cluster


def up() -> Cluster:
    """Brings the cluster up, or up to date, and gives it. Raises CommandFailed, ValueError."""
    with _alone():
        engine = choose()
        engine.prepare()
        with _pool() as pool:
            ids = pool.submit(own.build, engine, own.wanted())
            workloads = pool.submit(engine.workloads)
            cluster = kind.create(engine, engine.node_image())
            engine.connect(cluster)
            crds = pool.submit(argo.apply_crds, cluster)
            _load_workloads(cluster, workloads)
            servers = own.build(engine, engine.own_images())
            own.load(engine, cluster, servers)
            crds.result()
            argo.install(cluster)
            gitea.install(cluster, servers.get(gitea.image(), ""))
            storage.install(cluster, servers.get(storage.image(), ""))
            own.load(engine, cluster, ids.result())
        write_stamp(STATE / "ready", "")
        say(f"the cluster is up: KUBECONFIG={KUBECONFIG}, Gitea at http://127.0.0.1:{GITEA_PORT}")
        return cluster


def running() -> Cluster | None:
    """The cluster, if `up` has completed and it answers; changes nothing."""
    if not (STATE / "ready").exists():
        return None
    cluster = kind.handle()
    return cluster if kind.answers(cluster) else None


def images() -> Cluster:
    """Builds the project's images from the checkout, loads what changed and restarts what runs on it.

    Raises RuntimeError where no cluster is up.
    """
    cluster = running()
    if cluster is None:
        raise RuntimeError(f"there is no cluster {CLUSTER!r}; bring it up first")
    with _alone():
        engine = choose()
        engine.prepare()
        own.load(engine, cluster, own.build(engine, own.wanted()))
    return cluster


def down(*, purge: bool = False) -> None:
    """Removes the cluster and what it did to the host; with `purge` the cache as well."""
    if not CACHE.exists():
        return
    with _alone():
        if TOOLS.exists() or (CACHE / "engine").exists():
            engine = choose()
            engine.prepare()
            engine.disconnect()
            if (TOOLS / "kind").exists():
                kind.delete(kind.handle())
            if purge:
                engine.purge()
        if purge:
            shutil.rmtree(CACHE)


def _load_workloads(cluster: Cluster, workloads: Future[tuple[Path, str] | None]) -> None:
    made = workloads.result()
    if made is None:
        return
    archive, key = made
    stamp = cluster.state / "workloads.key"
    if is_fresh(stamp, key):
        return
    with timed("load the images of Argo, NATS and busybox"):
        cluster.load_images(archive)
    write_stamp(stamp, key)


@contextlib.contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Threads for what runs beside the main row. When that fails, programs that still run are ended, not waited for."""
    pool = ThreadPoolExecutor()
    try:
        yield pool
    except BaseException:
        stop_all()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time on a cache, also from several processes: a second waits for the first."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waits for another process that works on this cache")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
