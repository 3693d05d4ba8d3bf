"""Artifacts in a job's pod: what is packed, and what of others' comes into the workspace."""

from __future__ import annotations

import dataclasses
import shutil
import tarfile
from typing import TYPE_CHECKING

import pytest

from generator.planning.plan import PlannedArtifact, PlannedDownload
from tests.unit.checkout.conftest import Pod, each, payload, steps

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from generator.planning.plan import PlannedJob


def storing(script: str, *globs: str, may_be_empty: bool = False) -> PlannedJob:
    """A job that stores what the globs take in as the artifact `it`."""
    return dataclasses.replace(steps(script), artifacts=(PlannedArtifact("it", globs, may_be_empty),))


def getting(script: str, *sources: tuple[int, str], to: str = "", needed: bool = True) -> PlannedJob:
    """A job that gets the artifact `build.it`."""
    return dataclasses.replace(steps(script), downloads=(PlannedDownload("build", "it", to, sources, needed),))


def place(pod: Pod) -> pathlib.Path:
    """The file that the artifact goes to, as checkout.sh makes it."""
    made = pod.folder / "argosy-new"
    made.mkdir(exist_ok=True)
    (made / "it").touch()
    return made / "it"


def stored(pod: Pod) -> list[str]:
    """The files that were stored."""
    with tarfile.open(place(pod)) as archive:
        return [one.name.removeprefix("./") for one in archive]


def arrive(pod: Pod, number: int, files: Mapping[str, str], links: Mapping[str, str] | None = None) -> None:
    """What Argo fetches of one combination."""
    folder = pod.folder / "made"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name, target in (links or {}).items():
        (folder / name).symlink_to(target)
    (pod.root / "in-001").mkdir(exist_ok=True)
    with tarfile.open(pod.root / "in-001" / f"{number}.tar.gz", "w:gz") as archive:
        for name in (*files, *(links or ())):
            archive.add(folder / name, f"./{name}")
    shutil.rmtree(folder)


def test_the_last_glob_that_matches_a_file_decides(pod: Pod) -> None:
    script = "mkdir -p a/b .c; touch a/x a/b/y a/b/z .c/w v; ln -s x a/link"
    pod.lay_down(payload(storing(script, "a/**", "!**/b/*", "a/b/z", "**/w")))
    place(pod)
    assert pod.run().returncode == 0
    assert stored(pod) == [".c/w", "a/b/z", "a/link", "a/x"]


def test_a_list_that_starts_with_an_exclamation_mark_starts_from_everything(pod: Pod) -> None:
    pod.lay_down(payload(storing("touch a b c", "!b")))
    place(pod)
    assert pod.run().returncode == 0
    assert stored(pod) == ["a", "c"]


def test_names_are_taken_as_they_are(pod: Pod) -> None:
    names = ["-x", "a b", "q'\"$(id)\\n", "*", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
    script = "".join("touch -- '" + name.replace("'", "'\\''") + "'\n" for name in names) + "touch 'no\nname'"
    pod.lay_down(payload(storing(script, "**")))
    place(pod)
    assert pod.run().returncode == 0
    assert sorted(stored(pod)) == sorted(names)


def test_many_files_are_one_archive(pod: Pod) -> None:
    pod.lay_down(
        payload(storing("mkdir d; for i in $(seq 9999); do echo $i >d/a-file-with-a-longer-name-$i; done", "d/**"))
    )
    place(pod)
    assert "==> artifact it: stored, files: 9999, bytes: " in pod.run().stdout
    assert len(stored(pod)) == 9999


def test_what_is_stored_keeps_its_file(pod: Pod) -> None:
    """Argo uploads what has the file's other name."""
    pod.lay_down(payload(storing("echo it >x", "x")))
    before = place(pod).stat().st_ino
    pod.run()
    assert place(pod).stat().st_ino == before


def test_an_artifact_without_a_file_fails_the_job_unless_it_may_be_empty(pod: Pod) -> None:
    pod.lay_down(payload(storing("true", "x")))
    place(pod)
    done = pod.run()
    assert done.returncode == 1
    assert "==> artifact it: its paths match no file" in done.stdout
    assert pod.result == '{"step":0,"code":1,"reason":"no-artifact"}'
    assert place(pod).stat().st_size == 0


def test_one_that_may_be_empty_is_an_archive_of_nothing(pod: Pod) -> None:
    pod.lay_down(payload(storing("true", "x", may_be_empty=True)))
    place(pod)
    assert pod.run().returncode == 0
    assert stored(pod) == []


def test_a_failed_job_stores_what_there_is_and_keeps_its_failure(pod: Pod) -> None:
    job = dataclasses.replace(
        each(s="echo it >x; exit 3"),
        artifacts=(
            PlannedArtifact("it", ("x",), may_be_empty=False),
            PlannedArtifact("no", ("y",), may_be_empty=False),
        ),
    )
    pod.lay_down(payload(job))
    place(pod)
    assert pod.run().returncode == 3
    assert pod.result == '{"step":1,"code":3}'
    assert stored(pod) == ["x"]


def test_a_job_that_puts_a_link_in_the_files_place_is_told_so(pod: Pod) -> None:
    target = place(pod)
    pod.lay_down(payload(storing(f"rm {target}; ln -s nowhere/x {target}; echo it >x", "x")))
    done = pod.run()
    assert done.returncode == 1
    assert "==> artifact it: it could not be packed" in done.stdout
    assert pod.result == '{"step":0,"code":1,"reason":"not-stored"}'


def test_files_come_into_the_workspace_before_the_first_step(pod: Pod) -> None:
    pod.lay_down(payload(getting("cat bin/app; readlink bin/link", (1, ""))))
    arrive(pod, 1, {"bin/app": "app\n"}, {"bin/link": "app"})
    done = pod.run()
    assert (done.returncode, done.stdout) == (0, "==> download build.it\n==> [1/1] step 1\napp\napp\n")
    assert not (pod.root / "in-001").exists()


def test_combinations_are_put_together_where_they_agree(pod: Pod) -> None:
    pod.lay_down(payload(getting("cat all/same all/a all/b; readlink all/link", (1, ""), (2, ""), to="all")))
    arrive(pod, 1, {"same": "same\n", "a": "1\n"}, {"link": "same"})
    arrive(pod, 2, {"same": "same\n", "b": "2\n"}, {"link": "same"})
    assert pod.run().stdout == "==> download build.it to all\n==> [1/1] step 1\nsame\n1\n2\nsame\n"


@pytest.mark.parametrize("links", [{}, {"a b/x": "y"}], ids=["text", "link"])
def test_the_same_path_with_other_content_is_an_error(pod: Pod, links: dict[str, str]) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""), (2, ""), (3, ""))))
    arrive(pod, 1, {"z": "1"})
    arrive(pod, 2, {"a b/x": "1\n"})
    arrive(pod, 3, {"a b/y": "1\n"} if links else {"a b/x": "2\n"}, links)
    done = pod.run()
    assert done.returncode == 1
    assert "download build.it: a b/x is not the same file in all combinations" in done.stdout
    assert "never" not in done.stdout
    assert pod.result == '{"step":0,"code":1,"reason":"download-failed"}'


def test_split_combinations_get_folders(pod: Pod) -> None:
    pod.lay_down(payload(getting("cat logs/go=1/x logs/go=2/x", (1, "go=1"), (2, "go=2"), to="logs")))
    arrive(pod, 1, {"x": "1\n"})
    arrive(pod, 2, {"x": "2\n"})
    assert pod.run().stdout.endswith("step 1\n1\n2\n")


def test_only_the_sources_that_are_asked_for_are_taken(pod: Pod) -> None:
    pod.lay_down(payload(getting("cat x", (2, ""))))
    arrive(pod, 1, {"x": "1\n"})
    arrive(pod, 2, {"x": "2\n"})
    assert pod.run().stdout.endswith("step 1\n2\n")


def test_what_was_never_stored_is_an_error_where_it_is_needed(pod: Pod) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""))))
    done = pod.run()
    assert (done.returncode, done.stdout) == (1, "==> download build.it: the job ended without storing it\n")


def test_what_was_never_stored_is_told_where_it_is_not_needed(pod: Pod) -> None:
    pod.lay_down(payload(getting("echo on", (1, ""), needed=False)))
    (pod.root / "in-001").mkdir()
    (pod.root / "in-001" / "1.tar.gz").touch()
    done = pod.run()
    assert done.returncode == 0
    assert done.stdout.startswith("==> download build.it: not there, ")
    assert done.stdout.endswith("\non\n")


def test_the_checkout_makes_a_file_with_two_names_for_each_artifact(pod: Pod) -> None:
    pod.check_out(payload(storing("true", "x")))
    store = pod.folder / "argosy-store"
    assert (store / "in" / "it").samefile(store / "out" / "it")
    assert (store / "in" / "it").stat().st_mode & 0o777 == 0o666
