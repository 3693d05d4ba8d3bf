"""Artifacts in a job's pod: what is packed, and what of others' comes into the workspace."""

from __future__ import annotations

import dataclasses
import io
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
    (made / "artifact.001").touch()
    return made / "artifact.001"


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
    names = ["-x", "a b", f"{'l' * 200}/{'m' * 250}", "q'\"$(id)\\n", "*", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
    script = (
        f"mkdir {'l' * 200}\n"
        + "".join("touch -- '" + name.replace("'", "'\\''") + "'\n" for name in names)
        + "touch 'no\nname'"
    )
    pod.lay_down(payload(storing(script, "**")))
    place(pod)
    done = pod.run()
    assert done.returncode == 0
    assert "==> artifacts: paths with a line break in them are in none\n" in done.stdout
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


def pack(pod: Pod, number: int, *entries: tuple[str, bytes, str]) -> None:
    """An archive that no store.sh makes: names, types and what links lead to or files hold."""
    (pod.root / "in-001").mkdir(exist_ok=True)
    with tarfile.open(pod.root / "in-001" / f"{number}.tar.gz", "w:gz") as archive:
        for name, kind, text in entries:
            entry = tarfile.TarInfo(name)
            entry.type = kind
            if kind == tarfile.REGTYPE:
                entry.size = len(text)
            else:
                entry.linkname = text
            archive.addfile(entry, io.BytesIO(text.encode()))


def outside(pod: Pod) -> pathlib.Path:
    """A folder beside the workspace, with a file."""
    made = pod.folder / "outside"
    made.mkdir()
    made.chmod(0o700)
    (made / "kept").write_text("kept\n")
    return made


def is_as_it_was(folder: pathlib.Path) -> bool:
    kept = folder / "kept"
    mode = folder.stat().st_mode & 0o777
    return [*folder.iterdir()] == [kept] and kept.read_text() == "kept\n" and mode == 0o700


FILE, LINK, HARD, FOLDER = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE


@pytest.mark.parametrize(
    "archives",
    [
        [[("link", LINK, "OUT"), ("link/new", FILE, "x")]],
        [[("link", LINK, "OUT")], [("link/new", FILE, "x")]],
        [[("link", LINK, "OUT")], [("link/kept", FILE, "x")]],
        [[("link", LINK, "OUT")], [("near", LINK, "link"), ("near/new", FILE, "x")]],
        [[("link", LINK, "OUT")], [("link", FOLDER, "")]],
        [[("link", LINK, "OUT/kept")], [("link", FILE, "x")]],
        [[("link", LINK, "../outside"), ("link/new", FILE, "x")]],
        [[("a\nlink", LINK, "OUT")], [("a\nlink/new", FILE, "x")]],
        [[("../outside/new", FILE, "x")]],
        [[("OUT/new", FILE, "x")]],
        [[("hard", HARD, "OUT/kept"), ("hard", FILE, "x")]],
        [[("hard", HARD, "../../outside/kept")], [("hard", FILE, "x")]],
    ],
)
@pytest.mark.parametrize("is_split", [False, True])
def test_no_archive_reaches_outside_of_the_workspace(
    pod: Pod, archives: list[list[tuple[str, bytes, str]]], is_split: bool
) -> None:
    """One of several combinations, or of downloads of the same folder one after another."""
    there = outside(pod)

    def named(text: str) -> str:
        return text.replace("OUT", str(there))

    sources = [(number, "same" if is_split else "") for number, _ in enumerate(archives, 1)]
    pod.lay_down(payload(getting("true", *sources)))
    for number, entries in enumerate(archives, 1):
        pack(pod, number, *((named(name), kind, named(to)) for name, kind, to in entries))
    pod.run()
    assert is_as_it_was(there)
    assert not (pod.workspace / ".argosy-download").exists()


def test_an_archive_with_a_pipe_is_refused(pod: Pod) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""))))
    pack(pod, 1, ("it", tarfile.FIFOTYPE, ""))
    done = pod.run()
    assert done.returncode == 1
    assert "never" not in done.stdout
    assert not (pod.workspace / "it").exists()


def test_no_device_comes_out_of_an_archive(pod: Pod) -> None:
    """It is refused where a job's user may make one, and else not made."""
    pod.lay_down(payload(getting("ls", (1, ""))))
    pack(pod, 1, ("it", tarfile.CHRTYPE, ""))
    pod.run()
    assert not [path for path in pod.folder.rglob("*") if path.is_char_device()]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_that_leads_out_of_the_workspace_is_refused(pod: Pod, is_there: bool) -> None:
    there = outside(pod)
    pod.lay_down(payload(getting("echo never", (1, ""), to="link/below")))
    (pod.workspace / "link").symlink_to(there)
    if is_there:
        (there / "below").mkdir()
    arrive(pod, 1, {"x": "1\n"})
    done = pod.run()
    assert done.returncode == 1
    assert "==> download build.it: link/below leads out of the workspace\n" in done.stdout
    assert (there / "below").exists() is is_there
    assert not is_there or not any((there / "below").iterdir())


@pytest.mark.parametrize("target", ["nowhere", "file"])
def test_a_folder_that_cannot_be_one_is_an_error(pod: Pod, target: str) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""), to="link/below")))
    (pod.workspace / "file").touch()
    (pod.workspace / "link").symlink_to(target)
    arrive(pod, 1, {"x": "1\n"})
    done = pod.run()
    assert done.returncode == 1
    assert "==> download build.it: link/below cannot be made: there is no folder link\n" in done.stdout


def test_links_in_an_artifact_may_lead_anywhere(pod: Pod) -> None:
    pod.lay_down(payload(getting("readlink python", (1, ""))))
    arrive(pod, 1, {"x": ""}, {"python": "/usr/bin/python3"})
    assert pod.run().stdout.endswith("\n/usr/bin/python3\n")


def test_a_download_goes_over_what_is_there(pod: Pod) -> None:
    pod.lay_down(payload(getting("cat a/x a/y", (1, ""))))
    (pod.workspace / "a").mkdir()
    (pod.workspace / "a/x").write_text("of the commit\n")
    (pod.workspace / "a/y").write_text("of the commit\n")
    arrive(pod, 1, {"a/x": "of the job\n"})
    assert pod.run().stdout.endswith("\nof the job\nof the commit\n")


def test_a_path_that_is_a_file_here_and_a_folder_there_is_an_error(pod: Pod) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""), (2, ""))))
    arrive(pod, 1, {"x": "1"})
    arrive(pod, 2, {"x/y": "2"})
    done = pod.run()
    assert done.returncode == 1
    assert "download build.it: a path is a file in one combination and a folder in another" in done.stdout


def test_many_files_that_combinations_share_are_compared(pod: Pod) -> None:
    pod.lay_down(payload(getting("ls many | wc -l", (1, ""), (2, ""))))
    for number in (1, 2):
        arrive(pod, number, {f"many/{name}": str(name) for name in range(3000)} | {f"own-{number}": ""})
    assert pod.run().stdout.endswith("\n3000\n")


def test_an_archive_that_is_cut_off_is_an_error(pod: Pod) -> None:
    pod.lay_down(payload(getting("echo never", (1, ""))))
    arrive(pod, 1, {"x": "1" * 9999})
    path = pod.root / "in-001" / "1.tar.gz"
    path.write_bytes(path.read_bytes()[:-20])
    done = pod.run()
    assert done.returncode == 1
    assert "download build.it: its files could not be unpacked" in done.stdout


def test_the_checkout_makes_a_file_with_two_names_for_each_artifact(pod: Pod) -> None:
    pod.check_out(payload(storing("true", "x")))
    store = pod.folder / "argosy-store"
    assert (store / "in" / "artifact.001").samefile(store / "out" / "artifact.001")
    assert (store / "in" / "artifact.001").stat().st_mode & 0o777 == 0o666
