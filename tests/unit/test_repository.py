"""Git as the expander uses it, on a loopback server: ci.yaml at a commit, and nothing of the token elsewhere."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from generator import repository as repository_module
from generator.language.including import UnfitFileError
from generator.repository import CI_FILE, Remote, Repository, RepositoryError
from tests.unit.checkout.git_server import GitServer, git, serve

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

MOST = 1024 * 1024
JOBS = "jobs: {one: {run: make}}\n"


@dataclasses.dataclass
class Project:
    """A working copy whose commits are pushed to the server as they are made."""

    server: GitServer
    bare: pathlib.Path
    work: pathlib.Path
    tries: pathlib.Path

    def commit(self, message: str = "change", branch: str = "main", **files: str | bytes) -> str:
        """Commits and pushes; `ci` stands for ci.yaml. Returns the commit's name."""
        for name, content in files.items():
            path = self.work / name.replace("ci", CI_FILE)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.push(message, branch)

    def write(self, path: str, content: bytes) -> None:
        """Puts a file into the working copy."""
        (self.work / path).parent.mkdir(parents=True, exist_ok=True)
        (self.work / path).write_bytes(content)

    def push(self, message: str = "change", branch: str = "main") -> str:
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", message)
        git(self.work, "push", "--quiet", "--force", str(self.bare), f"HEAD:refs/heads/{branch}")
        return git(self.work, "rev-parse", "HEAD")

    def at(self, sha: str, *tokens: str, url: str = "") -> Repository:
        folder = self.tries / str(len(list(self.tries.iterdir()))) / "git"
        folder.mkdir(parents=True)
        return Repository(folder, Remote(url or f"{self.server.url}/acme/app.git", "argosy", tokens), sha)


@pytest.fixture
def server(tmp_path: pathlib.Path) -> Iterator[GitServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    with serve(folder) as running:
        yield running


@pytest.fixture
def project(server: GitServer, tmp_path: pathlib.Path) -> Project:
    return make_project(server, tmp_path, "sha1")


def make_project(server: GitServer, tmp_path: pathlib.Path, object_format: str) -> Project:
    bare = server.create("acme/app", object_format)
    work, tries = tmp_path / "work", tmp_path / "tries"
    work.mkdir()
    tries.mkdir()
    # As Gitea, GitHub and GitLab set it.
    git(bare, "config", "uploadpack.allowFilter", "true")
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(work, "init", "--quiet", f"--object-format={object_format}", "--initial-branch=main", ".")
    return Project(server, bare, work, tries)


def test_a_file_and_the_message_are_those_of_the_commit_and_not_of_the_newest(project: Project) -> None:
    first = project.commit("First \N{PILE OF POO}\n\n[skip ci]", ci=JOBS)
    project.commit("Second", ci="jobs: {}\n")
    repository = project.at(first)
    assert repository.message() == "First \N{PILE OF POO}\n\n[skip ci]"
    assert repository.text(CI_FILE, MOST) == JOBS.encode()


def test_a_commit_without_the_file_has_none(project: Project) -> None:
    assert project.at(project.commit(readme="hello")).text(CI_FILE, MOST) is None


def test_only_what_is_asked_for_is_fetched(project: Project) -> None:
    """The tree's other files stay on the server."""
    sha = project.commit(ci=JOBS, big=os.urandom(3_000_000))
    repository = project.at(sha)
    repository.text(CI_FILE, MOST)
    folder = next(project.tries.iterdir())
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 100_000


def test_a_repository_with_longer_names_of_commits_is_read_too(server: GitServer, tmp_path: pathlib.Path) -> None:
    project = make_project(server, tmp_path, "sha256")
    first = project.commit(ci=JOBS)
    head = project.commit(ci="jobs: {}\n")
    assert len(first) == 64
    repository = project.at(first)
    assert repository.text(CI_FILE, MOST) == JOBS.encode()
    assert repository.is_ancestor_of(head)


def test_a_file_of_more_than_its_limit_is_not_read(project: Project) -> None:
    sha = project.commit(ci=b"#" * 10_000_000)
    with pytest.raises(UnfitFileError, match="10,000,000 bytes, 8,951,424 more than it may have") as refused:
        project.at(sha).text(CI_FILE, MOST)
    assert refused.value.code == "file-size"


def test_a_link_is_no_file(project: Project) -> None:
    (project.work / CI_FILE).symlink_to("/etc/passwd")
    with pytest.raises(UnfitFileError, match=r"ci.yaml is a symbolic link"):
        project.at(project.push()).text(CI_FILE, MOST)


def test_a_folder_is_no_file(project: Project) -> None:
    (project.work / CI_FILE).mkdir()
    (project.work / CI_FILE / "x").touch()
    with pytest.raises(UnfitFileError, match=r"ci.yaml is a folder"):
        project.at(project.push()).text(CI_FILE, MOST)


def test_a_submodule_is_no_file(project: Project) -> None:
    sha = project.push()
    git(project.work, "update-index", "--add", "--cacheinfo", f"160000,{sha},{CI_FILE}")
    git(project.work, "commit", "--quiet", "--message", "submodule")
    git(project.work, "push", "--quiet", str(project.bare), "HEAD:refs/heads/main")
    with pytest.raises(UnfitFileError, match=r"ci.yaml is a submodule") as refused:
        project.at(git(project.work, "rev-parse", "HEAD")).text(CI_FILE, MOST)
    assert refused.value.code == "not-a-file"


def test_a_commit_that_is_not_there_is_gone(project: Project) -> None:
    project.commit(ci=JOBS)
    with pytest.raises(RepositoryError) as missing:
        project.at("0" * 39 + "1").message()
    assert missing.value.gone


def test_a_server_that_does_not_answer_is_trouble_that_may_be_over_the_next_time(project: Project) -> None:
    with pytest.raises(RepositoryError) as away:
        project.at("a" * 40, url="http://127.0.0.1:9/acme/app.git").message()
    assert not away.value.gone
    assert not away.value.refused


def test_a_later_push_builds_on_an_earlier_one(project: Project) -> None:
    project.commit()
    middle = project.commit(ci=JOBS)
    head = project.commit()
    assert project.at(middle).is_ancestor_of(head)


def test_a_first_commit_that_was_pushed_over_is_an_ancestor(project: Project) -> None:
    """A commit without parents comes whole, which git refuses to deepen."""
    first = project.commit(ci=JOBS)
    assert project.at(first).is_ancestor_of(project.commit())


def test_a_commit_that_was_replaced_is_no_ancestor(project: Project) -> None:
    project.commit()
    replaced = project.commit("replaced", ci=JOBS)
    git(project.work, "reset", "--quiet", "--hard", "HEAD^")
    assert not project.at(replaced).is_ancestor_of(project.commit("other", ci=JOBS))


def test_a_commit_of_another_branch_is_no_ancestor(project: Project) -> None:
    project.commit()
    head = project.commit()
    git(project.work, "checkout", "--quiet", "-b", "topic", "HEAD^")
    assert not project.at(project.commit("topic", branch="topic")).is_ancestor_of(head)


def test_the_files_of_a_commit_are_told_without_being_fetched(project: Project) -> None:
    project.write("docs/a.md", b"1")
    project.write("docs/deep/b c.md", b"2")
    project.write("\N{PILE OF POO}", b"3")
    (project.work / os.fsdecode(b"\xff")).write_bytes(os.urandom(3_000_000))
    sha = project.push()
    project.commit(later="x")
    repository = project.at(sha)
    blobs = repository.blobs()
    assert set(blobs) == {"docs/a.md", "docs/deep/b c.md", "\N{PILE OF POO}", "\udcff"}
    assert blobs["docs/a.md"] == git(project.work, "rev-parse", f"{sha}:docs/a.md")
    folder = next(project.tries.iterdir())
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 100_000


def test_a_submodule_is_a_file_with_the_commit_that_it_is_at(project: Project) -> None:
    at = project.push()
    git(project.work, "update-index", "--add", "--cacheinfo", f"160000,{at},vendor/lib")
    git(project.work, "commit", "--quiet", "--message", "submodule")
    git(project.work, "push", "--quiet", str(project.bare), "HEAD:refs/heads/main")
    sha = git(project.work, "rev-parse", "HEAD")
    assert project.at(sha).blobs() == {"vendor/lib": at}
    assert project.at(sha).changed_since(at) == frozenset({"vendor/lib"})


def test_a_push_changes_what_its_commits_do(project: Project) -> None:
    project.commit(same="1", gone="1", moved="a long text\n" * 20)
    before = project.commit(ci=JOBS)
    project.write("src/deep/a.py", b"1")
    project.commit(new="1")
    (project.work / "gone").unlink()
    (project.work / "moved").rename(project.work / "docs")
    head = project.commit()
    repository = project.at(head)
    assert repository.changed_since(before) == frozenset({"src/deep/a.py", "new", "gone", "moved", "docs"})
    assert repository.text(CI_FILE, MOST) == JOBS.encode()


def test_a_branch_changes_what_it_does_and_not_what_its_target_did_meanwhile(project: Project) -> None:
    project.commit(shared="1")
    git(project.work, "checkout", "--quiet", "-b", "topic")
    head = project.commit(branch="topic", ours="1")
    git(project.work, "checkout", "--quiet", "main")
    base = project.commit(theirs="1", shared="2")
    assert project.at(head).changed_since(base) == frozenset({"ours"})


def test_a_push_that_changes_nothing(project: Project) -> None:
    before = project.commit(a="1")
    assert project.at(project.commit()).changed_since(before) == frozenset()


def test_a_forced_push_is_compared_with_where_it_left_what_was_there(project: Project) -> None:
    project.commit(a="1")
    replaced = project.commit(b="1")
    git(project.work, "reset", "--quiet", "--hard", "HEAD^")
    assert project.at(project.commit(c="1")).changed_since(replaced) == frozenset({"c"})


def test_histories_that_have_nothing_of_each_other(project: Project) -> None:
    head = project.commit(a="1")
    git(project.work, "checkout", "--quiet", "--orphan", "other")
    other = project.commit(branch="other", b="1")
    assert project.at(head).changed_since(other) is None


def test_a_base_that_is_not_there_any_more_is_gone(project: Project) -> None:
    head = project.commit(a="1")
    with pytest.raises(RepositoryError) as missing:
        project.at(head).changed_since("0" * 39 + "1")
    assert missing.value.gone


@pytest.mark.parametrize("near", [1, 3, 4, 5, 50])
def test_it_does_not_matter_how_far_a_base_is_away(
    project: Project, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    """Both ends are near to the first commit by one way, and part later on the other, which is long."""
    monkeypatch.setattr(repository_module, "_NEAR", near)
    project.commit(root="1")
    parted = project.commit(parted="1")
    for side in ("ours", "theirs"):
        git(project.work, "checkout", "--quiet", "-b", side, parted)
        for number in range(4):
            project.commit(branch=side, **{f"{side}{number}": "1"})
        git(project.work, "checkout", "--quiet", "-b", f"{side}-short", "main~1")
        project.commit(branch=f"{side}-short", **{f"{side}short": "1"})
        git(project.work, "merge", "--quiet", "--no-edit", side)
        project.push(branch=f"{side}-short")
    head, base = (git(project.work, "rev-parse", f"{side}-short") for side in ("ours", "theirs"))
    ours = frozenset({*(f"ours{number}" for number in range(4)), "oursshort"})
    assert project.at(head).changed_since(base) == ours


def test_what_changed_is_told_of_a_first_commit_too(project: Project) -> None:
    first = project.commit(a="1")
    assert project.at(first).changed_since(first) == frozenset()


def test_a_private_repository_is_read_with_the_token(project: Project) -> None:
    sha = project.commit(ci=JOBS)
    project.server.password = "se/sa:me@"
    assert project.at(sha, "se/sa:me@").text(CI_FILE, MOST) == JOBS.encode()


def test_a_token_that_the_forge_does_not_know_gives_way_to_the_next(project: Project) -> None:
    """Two are in force during a rotation, and either may be the one that the forge takes."""
    sha = project.commit(ci=JOBS)
    project.server.password = "sesame"
    assert project.at(sha, "new", "sesame").text(CI_FILE, MOST) == JOBS.encode()


@pytest.mark.parametrize("tokens", [(), ("wrong",), ("wrong", "wrong too")])
def test_a_repository_that_no_token_opens_is_refused_and_nobody_is_asked(
    project: Project, tokens: tuple[str, ...]
) -> None:
    sha = project.commit(ci=JOBS)
    project.server.password = "sesame"
    with pytest.raises(RepositoryError) as refused:
        project.at(sha, *tokens).text(CI_FILE, MOST)
    assert refused.value.refused


def test_the_token_goes_to_the_forge_alone(project: Project) -> None:
    """Neither where the forge sends git on to, nor to another name."""
    sha = project.commit(ci=JOBS)
    project.server.password = "sesame"
    project.server.moved = project.server.url.replace("127.0.0.1", "localhost")
    with pytest.raises(RepositoryError):
        project.at(sha, "sesame").text(CI_FILE, MOST)
    assert not [said for said in project.server.seen if said]


def test_the_token_is_in_no_message_and_not_in_the_settings_that_git_keeps(project: Project) -> None:
    sha = project.commit(ci=JOBS)
    project.server.password = "other"
    with pytest.raises(RepositoryError) as refused:
        project.at(sha, "sesame").message()
    assert "sesame" not in str(refused.value)
    assert "sesame" not in next(project.tries.rglob("git/config")).read_text()


def test_the_tokens_file_is_for_its_owner_alone(project: Project) -> None:
    project.at(project.commit(ci=JOBS), "sesame").message()
    assert next(project.tries.rglob("credentials")).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["ext::sh -c 'touch $PWD/../ran'", "ssh://127.0.0.1:9/x", "git://127.0.0.1:9/x"])
def test_other_protocols_and_helpers_are_not_spoken(project: Project, url: str) -> None:
    with pytest.raises(RepositoryError):
        project.at("a" * 40, url=url).message()
    assert not list(project.tries.rglob("ran"))


def test_the_settings_of_whoever_runs_it_mean_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    sha = project.commit(ci=JOBS)
    home = project.tries.parent / "home"
    home.mkdir()
    (home / ".gitconfig").write_text('[url "http://127.0.0.1:9/"]\n\tinsteadOf = http://127.0.0.1\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(home))
    assert project.at(sha).text(CI_FILE, MOST) == JOBS.encode()


def test_a_fetch_that_nobody_waits_for_ends_and_leaves_its_folder_alone(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        repository = project.at("a" * 40, url=f"http://127.0.0.1:{silent.getsockname()[1]}/acme/app.git")
        repository.close()
    shutil.rmtree(project.tries)
    repository.close()
