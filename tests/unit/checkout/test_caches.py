"""Caches in a job's pod: what is put back before the first step, and what is stored after the last one."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from generator.manifests import storage
from generator.manifests.given import numbered
from generator.manifests.payload import job_payload
from generator.planning.planner import plan
from tests.unit.checkout.conftest import NOWHERE, SCRIPTS, Pod
from tests.unit.samples import PLATFORM, TREE, ci_file, push

if TYPE_CHECKING:
    import pathlib

    from generator.events.event import Event


def payload(pod: Pod, script: str, keys: str = "", event: Event | None = None) -> str:
    """The payload of a job with the cache `it`, of the folder `cached` of the pod; `keys` are further ones of it."""
    text = f"jobs:\n  job:\n    run: {script!r}\n    cache: {{it: {{paths: [{pod.folder / 'cached'}]{keys}}}}}\n"
    made, found = plan(ci_file(text), event or push(), PLATFORM, TREE)
    assert made is not None, found
    (job,) = made.jobs
    return job_payload([job], NOWHERE, {}, numbered([job]), storage.cache_files(made, job))


def arrive(pod: Pod, place: int, text: str) -> None:
    """What Argo fetches from that place."""
    made = pod.folder / "x"
    made.write_text(text)
    with tarfile.open(pod.root / f"cache-001-{place}", "w:gz") as archive:
        archive.add(made, f"{str(pod.folder).strip('/')}/cached/x")


@dataclasses.dataclass(frozen=True)
class Ended:
    """A job with a cache that has ended: its exit code, what it printed, the archives for Argo by their places."""

    code: int
    said: str
    stored: dict[str, list[str]]


def ran(pod: Pod, text: str) -> Ended:
    """The job between the two parts of the first container, of which the second is told what to publish."""
    store, new = pod.folder / "argosy-store", pod.folder / "argosy-new"
    pod.lay_down(text)
    places = "root=$1; . /dev/stdin; make_places"
    functions = (SCRIPTS / "checkout.sh").read_text()
    start, end = functions.index("make_places() {"), functions.index("lay_down() {")
    command = [pod.busybox, "sh", "-euc", places, "sh", str(pod.root)]
    subprocess.run(command, input=functions[start:end], text=True, check=True)
    new.symlink_to(store / "in")
    return _publishing(pod, store)


def _publishing(pod: Pod, store: pathlib.Path) -> Ended:
    if not (store / "in" / ".caches").exists():
        done = pod.run()
        return Ended(done.returncode, done.stdout, {})
    publish = subprocess.Popen(
        [pod.busybox, "sh", str(SCRIPTS / "publish.sh"), str(store)], env={"PATH": os.environ["PATH"]}
    )
    done = pod.run()
    assert publish.wait(20) == 0
    stored = {}
    for path in sorted((store / "out").iterdir()):
        with tarfile.open(path) as archive:
            stored[path.name] = [one.name.rpartition("/")[2] for one in archive if one.isfile()]
    return Ended(done.returncode, done.stdout, stored)


def cached(pod: Pod) -> str:
    return str(pod.folder / "cached")


def test_a_cache_that_is_not_there_yet_is_stored_after_success(pod: Pod) -> None:
    ended = ran(pod, payload(pod, f"mkdir {cached(pod)}; touch {cached(pod)}/a"))
    assert ended.code == 0
    assert ended.said.startswith("==> cache it: none yet\n")
    assert ended.stored == {"cache.001.1": ["a"]}


def test_one_with_a_key_is_stored_in_two_places(pod: Pod) -> None:
    ended = ran(pod, payload(pod, f"mkdir {cached(pod)}; touch {cached(pod)}/a", ", key: k"))
    assert ended.stored == {"cache.001.1": ["a"], "cache.001.2": ["a"]}


@pytest.mark.parametrize(("keys", "stored"), [("", False), (", save: always", True)])
def test_after_a_failure_it_is_stored_only_if_it_always_is(pod: Pod, keys: str, stored: bool) -> None:
    ended = ran(pod, payload(pod, f"mkdir {cached(pod)}; touch {cached(pod)}/a; exit 3", keys))
    assert ended.code == 3
    assert bool(ended.stored) is stored


def test_the_newest_is_restored_and_stored_again(pod: Pod) -> None:
    text = payload(pod, f"cat {cached(pod)}/x; touch {cached(pod)}/y")
    pod.root.mkdir()
    arrive(pod, 1, "kept\n")
    ended = ran(pod, text)
    assert ended.said.startswith("==> cache it: restored, the newest\n==> [1/1] step 1\nkept\n")
    assert sorted(ended.stored["cache.001.1"]) == ["x", "y"]


def test_one_of_the_same_key_comes_before_the_newest_and_is_not_stored_again(pod: Pod) -> None:
    text = payload(pod, f"cat {cached(pod)}/x", ", key: k")
    pod.root.mkdir()
    arrive(pod, 1, "same key\n")
    arrive(pod, 2, "newest\n")
    ended = ran(pod, text)
    assert ended.said.endswith("==> cache it: restored, of the same key\n==> [1/1] step 1\nsame key\n")
    assert ended.stored == {}


def test_with_another_key_the_newest_is_where_it_starts_from(pod: Pod) -> None:
    text = payload(pod, f"cat {cached(pod)}/x", ", key: k")
    pod.root.mkdir()
    arrive(pod, 2, "newest\n")
    ended = ran(pod, text)
    assert "newest\n" in ended.said
    assert set(ended.stored) == {"cache.001.1", "cache.001.2"}


def test_an_archive_that_is_broken_stops_nobody(pod: Pod) -> None:
    text = payload(pod, "echo on")
    pod.root.mkdir()
    (pod.root / "cache-001-1").write_text("no archive")
    ended = ran(pod, text)
    assert ended.code == 0
    assert "==> cache it: not all of it could be restored; going on\n" in ended.said
    assert ended.said.endswith("==> cache it: not stored: none of its paths is there\n")


def test_what_is_not_under_its_paths_is_not_taken_from_an_archive(pod: Pod) -> None:
    """Whoever wrote the archive was a job, and what it wrote there is the job's own business."""
    text = payload(pod, f"cat {cached(pod)}/x; ls {pod.folder}")
    pod.root.mkdir()
    top = str(pod.folder).strip("/")
    made = pod.folder / "x"
    made.write_text("kept\n")
    with tarfile.open(pod.root / "cache-001-1", "w:gz") as archive:
        for name in ("cached/x", "cached-not/x", "argosy/bin/run.sh", "outside"):
            archive.add(made, f"{top}/{name}")
    before = (SCRIPTS / "run.sh").read_text()
    ended = ran(pod, text)
    assert "restored, the newest\n==> [1/1] step 1\nkept\n" in ended.said
    assert not (pod.folder / "outside").exists()
    assert not (pod.folder / "cached-not").exists()
    assert (pod.root / "bin/run.sh").read_text() == before


@pytest.mark.parametrize("name", ["[a]*?", "back\\\\slash", "-x", "a b"])
def test_a_path_of_a_cache_is_no_glob(pod: Pod, name: str) -> None:
    folder = str(pod.folder).strip("/")
    pod.lay_down(payload(pod, "true"))
    (pod.root / "job/caches/001/paths").write_text(f"{folder}/{name}\n{folder}/not-there\n")
    (pod.folder / "x").write_text("it")
    with tarfile.open(pod.root / "cache-001-1", "w:gz") as archive:
        archive.add(pod.folder / "x", f"{folder}/{name}/x")
        archive.add(pod.folder / "x", f"{folder}/a/x")
    assert "==> cache it: restored, the newest\n" in pod.run().stdout
    assert (pod.folder / name / "x").read_text() == "it"
    assert not (pod.folder / "a").exists()


def test_folders_that_nobody_may_write_to_can_be_filled_again(pod: Pod) -> None:
    script = f"mkdir -p {cached(pod)}/m; touch {cached(pod)}/m/a; chmod 555 {cached(pod)}/m {cached(pod)}"
    ran(pod, payload(pod, script))
    with tarfile.open(pod.folder / "argosy-store/out/cache.001.1") as archive:
        assert all(one.mode & 0o200 for one in archive if one.isdir())


@pytest.mark.parametrize("said", ["002", "../out", "*", "001 ", "[0-9]", "001/../001", "", "$(id)"])
def test_whatever_a_job_says_only_a_caches_number_publishes_it(pod: Pod, said: str) -> None:
    store = pod.folder / "argosy-store"
    for folder in ("in", "held", "out"):
        (store / folder).mkdir(parents=True)
    (store / "held" / "cache.001.1").touch()
    os.mkfifo(store / "in" / ".caches")
    publish = subprocess.Popen([pod.busybox, "sh", str(SCRIPTS / "publish.sh"), str(store)])
    (store / "in" / ".caches").write_text(f"{said}\n")
    assert publish.wait(20) == 0
    assert [one.name for one in (store / "held").iterdir()] == ["cache.001.1"]
    assert not any((store / "out").iterdir())


def test_where_nothing_may_be_stored_nobody_waits_for_it(pod: Pod) -> None:
    assert ran(pod, payload(pod, f"touch {cached(pod)}", ", save: never")).stored == {}
