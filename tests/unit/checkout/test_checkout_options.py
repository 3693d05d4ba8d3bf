"""How much of a repository the checkout brings: history, tags, the base, submodules, large files, or nothing at all."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from generator.language.model import Checkout, Submodules
from generator.manifests.payload import Source, job_payload
from tests.unit.checkout.conftest import Pod, steps
from tests.unit.checkout.git_server import GitServer, git

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

TOKEN = {"ARGOSY_TOKEN": "sesame", "ARGOSY_TOKEN_SECRET": "forge-work-checkout (key token)"}
JOB = steps("true")
FORMS = "filter=lfs diff=lfs merge=lfs -text\n"


@dataclasses.dataclass
class Project:
    """A repository on the server, and a working copy of it whose commits are pushed as they are made."""

    server: GitServer
    name: str
    bare: pathlib.Path
    work: pathlib.Path

    @property
    def url(self) -> str:
        return f"{self.server.url}/{self.name}.git"

    @property
    def elsewhere(self) -> str:
        """The same under another host's name."""
        return self.url.replace("127.0.0.1", "localhost")

    def commit(self, branch: str = "main", **files: str) -> str:
        for name, content in files.items():
            (self.work / name).write_text(content)
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", "change")
        git(self.work, "push", "--quiet", "--force", str(self.bare), f"HEAD:refs/heads/{branch}")
        return git(self.work, "rev-parse", "HEAD")

    def history(self, length: int, branch: str = "main") -> list[str]:
        return [self.commit(branch, **{f"{branch}.txt": str(number)}) for number in range(length)]

    def link(self, path: str, url: str, sha: str) -> str:
        """A commit with a submodule, as git would never make some of them."""
        section = f'[submodule "{path}"]\n\tpath = {path}\n\turl = {url}\n'
        with (self.work / ".gitmodules").open("a") as file:
            file.write(section)
        git(self.work, "add", ".gitmodules")
        git(self.work, "update-index", "--add", "--cacheinfo", f"160000,{sha},{path}")
        git(self.work, "commit", "--quiet", "--message", "link")
        git(self.work, "push", "--quiet", "--force", str(self.bare), "HEAD:refs/heads/main")
        return git(self.work, "rev-parse", "HEAD")

    def large(self, name: str, content: bytes, *, stored: bool = True) -> str:
        """A commit with a file that LFS keeps."""
        oid = hashlib.sha256(content).hexdigest()
        if stored:
            self.server.large[oid] = content
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"
        (self.work / ".gitattributes").write_text(f"{name} {FORMS}")
        return self.commit(**{name: pointer})

    def payload(self, sha: str, *bases: str, ref: str = "refs/heads/main", **options: Any) -> str:
        source = Source(self.url, "oauth2", sha, ref, Checkout(**options), bases)
        return job_payload([JOB], source, {}, {})


@pytest.fixture
def create(git_server: GitServer, tmp_path: pathlib.Path) -> Callable[[str], Project]:
    def made(name: str) -> Project:
        work = tmp_path / "works" / name
        work.mkdir(parents=True)
        git(work, "init", "--quiet", "--initial-branch=main")
        return Project(git_server, name, git_server.create(name), work)

    return made


@pytest.fixture
def project(create: Callable[[str], Project]) -> Project:
    return create("acme/app")


@pytest.fixture
def library(create: Callable[[str], Project]) -> Project:
    return create("acme/library")


def commits(pod: Pod, *revisions: str) -> int:
    return int(git(pod.workspace, "rev-list", "--count", *(revisions or ("HEAD",))))


def checked_out(pod: Pod, payload: str, env: dict[str, str] | None = None) -> None:
    done = pod.check_out(payload, env)
    assert done.returncode == 0, done.stderr


def complaint(pod: Pod, payload: str, env: dict[str, str] | None = None) -> str:
    assert pod.check_out(payload, env).returncode == 1
    return pod.termination_message


@pytest.mark.parametrize(("depth", "there"), [(1, 1), (3, 3), (0, 5), (50, 5)])
def test_a_depth_is_how_many_commits_there_are(pod: Pod, project: Project, depth: int, there: int) -> None:
    checked_out(pod, project.payload(project.history(6)[-2], depth=depth))
    assert commits(pod) == there


@pytest.mark.parametrize("depth", [0, 1, 3, 70])
def test_a_forge_that_gives_out_no_commits_by_name_gives_some_more(pod: Pod, project: Project, depth: int) -> None:
    sha = project.history(6)[-2]
    _give_by_name(project, allowed=False)
    checked_out(pod, project.payload(sha, depth=depth))
    assert commits(pod) == 5


def test_tags_are_there_with_the_history_that_the_depth_says(pod: Pod, project: Project) -> None:
    shas = project.history(6)
    git(project.work, "tag", "v1", shas[1])
    git(project.work, "tag", "--annotate", "--message", "two", "v2", shas[3])
    git(project.work, "push", "--quiet", str(project.bare), "--tags")
    checked_out(pod, project.payload(shas[-1], tags=True, depth=2))
    assert git(pod.workspace, "tag").split() == ["v1", "v2"]
    assert commits(pod) == 2
    assert commits(pod, "v2") == 2


def test_with_tags_and_all_history_git_describes_the_commit(pod: Pod, project: Project) -> None:
    shas = project.history(4)
    git(project.work, "tag", "--annotate", "--message", "one", "v1", shas[1])
    git(project.work, "push", "--quiet", str(project.bare), "--tags")
    checked_out(pod, project.payload(shas[-1], tags=True, depth=0))
    assert git(pod.workspace, "describe").startswith("v1-2-g")


def test_without_tags_there_are_none(pod: Pod, project: Project) -> None:
    sha = project.history(1)[0]
    git(project.work, "push", "--quiet", str(project.bare), f"{sha}:refs/tags/v1")
    checked_out(pod, project.payload(sha, depth=0))
    assert git(pod.workspace, "tag") == ""


def test_tags_of_a_repository_without_any_are_no_error(pod: Pod, project: Project) -> None:
    checked_out(pod, project.payload(project.history(1)[0], tags=True))


@pytest.mark.parametrize(("ours", "theirs"), [(1, 1), (1, 30), (30, 1), (60, 250), (5, 0)])
@pytest.mark.parametrize("by_name", [True, False])
def test_the_history_is_there_up_to_where_it_left_the_base(
    pod: Pod, project: Project, ours: int, theirs: int, *, by_name: bool
) -> None:
    base, head, parted = _parted(project, ours, theirs)
    _give_by_name(project, allowed=by_name)
    checked_out(pod, project.payload(head, base, "refs/heads/main", ref="refs/heads/ours", base=True))
    assert git(pod.workspace, "merge-base", "HEAD", "argosy/base") == parted
    assert commits(pod, "argosy/base..HEAD") == ours
    assert git(pod.workspace, "rev-parse", "argosy/base") == base


def test_a_way_that_is_shorter_does_not_hide_where_histories_part(pod: Pod, project: Project) -> None:
    """Both ends are near to the first commit by one way, and part later on the other, which is long."""
    parted = project.history(30)[-1]
    root = git(project.work, "rev-list", "--max-parents=0", "HEAD")
    for side in ("ours", "theirs"):
        git(project.work, "checkout", "--quiet", "-b", side, parted)
        project.history(4, side)
        git(project.work, "checkout", "--quiet", "-b", f"{side}-short", root)
        project.commit(f"{side}-short", **{f"{side}-short.txt": "1"})
        git(project.work, "merge", "--quiet", "--no-edit", "--strategy-option=theirs", side)
        project.commit(f"{side}-short")
    head, base = (git(project.work, "rev-parse", f"{side}-short") for side in ("ours", "theirs"))
    checked_out(pod, project.payload(head, base, base=True))
    assert git(pod.workspace, "merge-base", "HEAD", "argosy/base") == parted


def test_the_depth_holds_where_the_base_is_nearer(pod: Pod, project: Project) -> None:
    shas = project.history(9)
    checked_out(pod, project.payload(shas[-1], shas[-2], base=True, depth=7))
    # From the base on, too.
    assert commits(pod) == 8
    assert git(pod.workspace, "rev-parse", "argosy/base") == shas[-2]


def test_of_a_base_that_is_gone_the_next_one_counts(pod: Pod, project: Project) -> None:
    base, head, parted = _parted(project, 2, 2)
    checked_out(pod, project.payload(head, "c0ffee" + "0" * 34, "refs/heads/main", base=True))
    assert git(pod.workspace, "rev-parse", "argosy/base") == base
    assert git(pod.workspace, "merge-base", "HEAD", "argosy/base") == parted


def test_a_run_without_a_base_says_so_and_goes_on(pod: Pod, project: Project) -> None:
    done = pod.check_out(project.payload(project.history(2)[-1], base=True))
    assert done.returncode == 0
    assert "checkout: this run has no base" in done.stdout


def test_histories_that_have_nothing_in_common_are_there_whole(pod: Pod, project: Project) -> None:
    base = project.history(25)[-1]
    git(project.work, "checkout", "--quiet", "--orphan", "other")
    head = project.history(25, "other")[-1]
    checked_out(pod, project.payload(head, base, base=True))
    assert commits(pod) == 25


def test_tags_do_not_cut_the_history_up_to_the_base(pod: Pod, project: Project) -> None:
    base, head, _ = _parted(project, 30, 3)
    git(project.work, "push", "--quiet", str(project.bare), f"{head}~10:refs/tags/v1")
    checked_out(pod, project.payload(head, base, base=True, tags=True))
    assert commits(pod, "argosy/base..HEAD") == 30


def test_no_source_is_an_empty_workspace_in_which_any_user_may_write(pod: Pod) -> None:
    done = pod.check_out(job_payload([steps("pwd; ls -A; touch made")], None, {}, {}))
    assert (done.returncode, done.stdout) == (0, "checkout: no source, as the job wants it\n")
    assert stat.S_IMODE(pod.workspace.stat().st_mode) == 0o777
    assert pod.run().stdout == f"==> [1/1] step 1\n{pod.workspace}\n"
    assert [path.name for path in pod.workspace.iterdir()] == ["made"]


def test_submodules_stay_out_unless_they_are_wanted(pod: Pod, project: Project, library: Project) -> None:
    sha = project.link("lib", "../library.git", library.commit(code="one"))
    checked_out(pod, project.payload(sha))
    assert list((pod.workspace / "lib").iterdir()) == []


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize(("depth", "there"), [(1, 1), (0, 4)])
def test_a_relative_submodule_is_fetched_with_the_runs_token_which_stays_nowhere(
    pod: Pod, project: Project, library: Project, depth: int, there: int, *, by_name: bool
) -> None:
    old = library.history(4)[-1]
    library.history(2)
    sha = project.link("a lib/ü", "../library.git", old)
    _give_by_name(library, allowed=by_name)
    project.server.password = "sesame"
    checked_out(pod, project.payload(sha, submodules=Submodules.DIRECT, depth=depth), TOKEN)
    assert git(pod.workspace / "a lib/ü", "rev-parse", "HEAD") == old
    if by_name:
        assert int(git(pod.workspace / "a lib/ü", "rev-list", "--count", "HEAD")) == there
    assert git(pod.workspace, "status", "--porcelain") == ""
    assert not [path for path in pod.folder.rglob("*") if path.is_file() and b"sesame" in path.read_bytes()]


def test_submodules_of_submodules_are_recursive_ones(
    pod: Pod, project: Project, library: Project, create: Callable[[str], Project]
) -> None:
    inner = library.link("inner", "../inner.git", create("acme/inner").commit(code="deep"))
    sha = project.link("lib", "../library.git", inner)
    checked_out(pod, project.payload(sha, submodules=Submodules.DIRECT))
    assert list((pod.workspace / "lib/inner").iterdir()) == []
    shutil.rmtree(pod.workspace)
    shutil.rmtree(pod.root)
    checked_out(pod, project.payload(sha, submodules=Submodules.RECURSIVE))
    assert (pod.workspace / "lib/inner/code").read_text() == "deep"


@pytest.mark.parametrize("form", ["git@127.0.0.1:acme/library.git", "ssh://git@127.0.0.1/acme/library.git"])
def test_the_forges_address_for_ssh_is_its_address(pod: Pod, project: Project, library: Project, form: str) -> None:
    sha = project.link("lib", form, library.commit(code="one"))
    project.server.password = "sesame"
    checked_out(pod, project.payload(sha, submodules=Submodules.DIRECT), TOKEN)
    assert (pod.workspace / "lib/code").read_text() == "one"


def test_another_host_is_never_shown_the_token(pod: Pod, project: Project, library: Project) -> None:
    sha = project.link("lib", library.elsewhere, library.commit(code="one"))
    checked_out(pod, project.payload(sha, submodules=Submodules.DIRECT), TOKEN)
    assert (pod.workspace / "lib/code").read_text() == "one"
    project.server.password = "sesame"
    project.server.seen.clear()
    project.server.asked.clear()
    shutil.rmtree(pod.workspace)
    shutil.rmtree(pod.root)
    said = complaint(pod, project.payload(sha, submodules=Submodules.DIRECT), TOKEN)
    assert f"checkout: submodule lib: {library.elsewhere} asks for a password" in said
    asked = zip(project.server.asked, project.server.seen, strict=True)
    assert {who for path, who in asked if path.startswith("/acme/library")} == {""}


def test_a_submodule_that_the_token_may_not_read_is_said(pod: Pod, project: Project, library: Project) -> None:
    sha = project.link("lib", "../gone.git", library.commit(code="one"))
    said = complaint(pod, project.payload(sha, submodules=Submodules.DIRECT), TOKEN)
    assert f"submodule lib ({project.server.url}/acme/gone.git)" in said
    assert "Secret forge-work-checkout (key token)" in said


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("file:///{folder}", "file"),
        ("/{folder}", "file"),
        ("ssh://git@elsewhere.example/acme/library.git", "ssh"),
        ("git@elsewhere.example:acme/library.git", "ssh"),
        ("git://127.0.0.1/acme/library.git", "git"),
        ("ext::sh -c 'touch {pod}/owned' %S", "ext"),
    ],
)
def test_no_other_way_than_http_is_gone(pod: Pod, project: Project, library: Project, url: str, transport: str) -> None:
    address = url.format(folder=str(library.bare).lstrip("/"), pod=pod.folder)
    sha = project.link("lib", address, library.commit(code="one"))
    said = complaint(pod, project.payload(sha, submodules=Submodules.RECURSIVE))
    assert said.startswith(f"checkout: submodule lib: transport '{transport}' not allowed: give it an https://")
    assert not (pod.folder / "owned").exists()


def test_a_submodule_without_an_address_is_said(pod: Pod, project: Project, library: Project) -> None:
    git(project.work, "update-index", "--add", "--cacheinfo", f"160000,{library.commit(code='one')},lib")
    git(project.work, "commit", "--quiet", "--message", "link")
    git(project.work, "push", "--quiet", str(project.bare), "HEAD:refs/heads/main")
    sha = git(project.work, "rev-parse", "HEAD")
    said = complaint(pod, project.payload(sha, submodules=Submodules.DIRECT))
    assert said == "checkout: submodule lib: .gitmodules has no address for it\n"


def test_a_submodules_commit_that_is_nowhere_is_said(pod: Pod, project: Project, library: Project) -> None:
    library.commit(code="one")
    sha = project.link("lib", "../library.git", "c0ffee" + "0" * 34)
    said = complaint(pod, project.payload(sha, submodules=Submodules.DIRECT))
    assert said == "checkout: submodule lib: its commit is not in its repository: push it there\n"


def test_what_a_repository_says_of_its_submodules_runs_nothing(pod: Pod, project: Project, library: Project) -> None:
    inner = library.commit(code="one", **{".gitattributes": "code filter=evil\n"})
    with (project.work / ".gitmodules").open("w") as file:
        file.write(f'[submodule "lib"]\n\tupdate = !touch {pod.folder}/owned\n\tbranch = main\n')
        file.write(f'[core]\n\thooksPath = /\n[filter "evil"]\n\tsmudge = touch {pod.folder}/owned\n')
    sha = project.link("lib", "../library.git", inner)
    pod.check_out(project.payload(sha, submodules=Submodules.RECURSIVE))
    assert not (pod.folder / "owned").exists()


def test_large_files_are_pointers_unless_they_are_wanted(pod: Pod, project: Project) -> None:
    checked_out(pod, project.payload(project.large("picture", b"\0" * 300_000)))
    assert (pod.workspace / "picture").read_text().startswith("version https://git-lfs")


@pytest.mark.usefixtures("lfs")
def test_large_files_are_fetched_with_the_token_which_stays_nowhere(pod: Pod, project: Project) -> None:
    content = bytes(range(256)) * 1000
    sha = project.large("picture", content)
    project.server.password = "sesame"
    checked_out(pod, project.payload(sha, lfs=True), TOKEN)
    assert (pod.workspace / "picture").read_bytes() == content
    assert stat.S_IMODE((pod.workspace / "picture").stat().st_mode) == 0o666
    files = [path for path in pod.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"sesame" in path.read_bytes()]
    hooks = pod.workspace / ".git" / "hooks"
    assert not hooks.exists() or list(hooks.iterdir()) == []
    folders = [path for path in (pod.workspace / ".git").rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o777 for path in folders} == {0o777}


@pytest.mark.usefixtures("lfs")
def test_files_from_lfs_count_as_unchanged_in_a_job_without_it(pod: Pod, project: Project) -> None:
    checked_out(pod, project.payload(project.large("picture", b"large"), lfs=True))
    assert git(pod.workspace, "status", "--porcelain") == ""


@pytest.mark.usefixtures("lfs")
def test_large_files_of_submodules_come_from_their_own_store(pod: Pod, project: Project, library: Project) -> None:
    sha = project.link("lib", "../library.git", library.large("picture", b"large"))
    checked_out(pod, project.payload(sha, lfs=True, submodules=Submodules.DIRECT))
    assert (pod.workspace / "lib/picture").read_bytes() == b"large"
    assert "/acme/library.git/info/lfs/objects/batch" in project.server.asked


@pytest.mark.usefixtures("lfs")
@pytest.mark.parametrize("url", ["https://elsewhere.example/lfs", "file:///etc", "ssh://elsewhere.example/x"])
def test_a_repository_does_not_choose_where_its_large_files_are(pod: Pod, project: Project, url: str) -> None:
    setting = f"[lfs]\n\turl = {url}\n\tpushurl = {url}\n"
    project.commit(**{".lfsconfig": f'{setting}[remote "origin"]\n\tlfsurl = {url}\n'})
    checked_out(pod, project.payload(project.large("picture", b"large"), lfs=True))
    assert (pod.workspace / "picture").read_bytes() == b"large"


@pytest.mark.usefixtures("lfs")
def test_a_large_file_that_the_forge_has_not_got_is_said(pod: Pod, project: Project) -> None:
    project.commit(**{".lfsconfig": "[lfs]\n\tskipdownloaderrors = true\n"})
    sha = project.large("picture", b"large", stored=False)
    said = complaint(pod, project.payload(sha, lfs=True))
    assert said.startswith(f"checkout: LFS of the repository: {project.url}/info/lfs has not got [")
    assert said.endswith(": push it there with git lfs push --all\n")


@pytest.mark.usefixtures("lfs")
def test_a_forge_without_lfs_is_said(pod: Pod, project: Project) -> None:
    sha = project.large("picture", b"large")
    project.server.has_lfs = False
    said = complaint(pod, project.payload(sha, lfs=True))
    assert said.startswith(f"checkout: LFS of the repository: nothing is at {project.url}/info/lfs: LFS must be on")


@pytest.mark.usefixtures("lfs")
def test_a_token_that_may_not_read_large_files_is_said(pod: Pod, project: Project) -> None:
    sha = project.large("picture", b"large")
    project.server.large_password = "other"
    said = complaint(pod, project.payload(sha, lfs=True), TOKEN)
    assert said.startswith(
        f"checkout: the forge refuses LFS of the repository ({project.url}/info/lfs) to the token of"
    )


@pytest.mark.usefixtures("lfs")
def test_a_repository_without_large_files_may_want_them(pod: Pod, project: Project) -> None:
    checked_out(pod, project.payload(project.commit(code="one"), lfs=True))
    assert (pod.workspace / "code").read_text() == "one"


@pytest.fixture(scope="session")
def lfs() -> None:
    """git-lfs on this machine, as it is in the image."""
    if shutil.which("git-lfs") is None:
        pytest.fail("these tests fetch large files: install git-lfs (Debian: git-lfs)")


def _give_by_name(project: Project, *, allowed: bool) -> None:
    """Whether the forge gives out commits by their name."""
    if allowed:
        return
    project.server.protocol_2 = False
    for name in ("allowTipSHA1InWant", "allowReachableSHA1InWant", "allowAnySHA1InWant"):
        git(project.bare, "config", f"uploadpack.{name}", "false")


def _parted(project: Project, ours: int, theirs: int) -> tuple[str, str, str]:
    """The heads of main and of a branch, with so many commits on each side of where they part."""
    parted = project.history(3)[-1]
    head = _grown(project, "ours", ours)
    git(project.work, "checkout", "--quiet", "main")
    base = _grown(project, "main", theirs) if theirs else parted
    return base, head, parted


def _grown(project: Project, branch: str, length: int) -> str:
    """Many commits at once."""
    if branch != "main":
        git(project.work, "checkout", "--quiet", "-b", branch)
    start = git(project.work, "rev-parse", "HEAD")
    lines = [f"commit refs/heads/{branch}\n"]
    for number in range(length):
        lines.append(f"committer Ann <ann@example.com> {1764000000 + number} +0000\ndata 2\nxx\n")
        lines.append(f"from {start}\n" if number == 0 else "")
        lines.append(f"M 644 inline {branch}.txt\ndata {len(str(number))}\n{number}\n")
        lines.append(f"commit refs/heads/{branch}\n" if number < length - 1 else "")
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"], cwd=project.work, input="".join(lines), text=True, check=True
    )
    git(project.work, "reset", "--quiet", "--hard", branch)
    git(project.work, "push", "--quiet", "--force", str(project.bare), f"HEAD:refs/heads/{branch}")
    return git(project.work, "rev-parse", "HEAD")
