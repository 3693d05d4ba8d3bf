"""The checkout container: the commit in the workspace, the job's files beside it, and nothing of the token anywhere."""

from __future__ import annotations

import base64
import dataclasses
import os
import stat
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from generator.manifests.payload import Source, job_payload
from generator.planning.plan import Given, PlannedVariable
from tests.unit.checkout.conftest import Pod, payload, steps
from tests.unit.checkout.git_server import GitServer, git

if TYPE_CHECKING:
    import pathlib

JOB = steps("cat greeting")
TOKEN = {"ARGOSY_TOKEN": "sesame\n", "ARGOSY_TOKEN_SECRET": "forge-work-checkout (key token)"}


@dataclasses.dataclass(frozen=True)
class Project:
    """A repository with two commits on main."""

    bare: pathlib.Path
    work: pathlib.Path
    first: str
    second: str
    url: str

    def payload(self, sha: str, ref: str = "refs/heads/main") -> str:
        return payload(JOB, Source(self.url, "oauth2", sha, ref))


@pytest.fixture
def project(git_server: GitServer, tmp_path: pathlib.Path) -> Project:
    return make_project(git_server, tmp_path, "sha1")


def make_project(git_server: GitServer, tmp_path: pathlib.Path, object_format: str) -> Project:
    bare = git_server.create("acme/app", object_format)
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "--quiet", f"--object-format={object_format}", "--initial-branch=main")
    shas = []
    for text in ("hello", "hello again"):
        (work / "greeting").write_text(f"{text}\n")
        (work / "tool").write_text("#!/bin/sh\n")
        (work / "tool").chmod(0o755)
        git(work, "add", ".")
        git(work, "commit", "--quiet", "--message", text)
        git(work, "push", "--quiet", str(bare), "main")
        shas.append(git(work, "rev-parse", "HEAD"))
    return Project(bare, work, shas[0], shas[1], f"{git_server.url}/acme/app.git")


def test_the_job_runs_on_its_commit_and_not_on_the_newest(pod: Pod, project: Project) -> None:
    done = pod.check_out(project.payload(project.first))
    assert done.returncode == 0, done.stderr
    assert pod.run().stdout == "==> [1/1] step 1\nhello\n"


def test_a_repository_with_longer_names_of_commits_is_checked_out_too(
    pod: Pod, git_server: GitServer, tmp_path: pathlib.Path
) -> None:
    project = make_project(git_server, tmp_path, "sha256")
    done = pod.check_out(project.payload(project.first))
    assert done.returncode == 0, done.stderr
    assert pod.run().stdout == "==> [1/1] step 1\nhello\n"


def test_whoever_the_job_runs_as_may_keep_variables_beside_its_steps(pod: Pod, project: Project) -> None:
    pod.check_out(project.payload(project.first))
    assert stat.S_IMODE((pod.root / "job").stat().st_mode) == 0o777


def test_the_jobs_time_begins_with_the_checkout(pod: Pod, project: Project) -> None:
    before = int(time.time())
    pod.check_out(project.payload(project.first))
    # busybox asks a clock that ticks some milliseconds behind.
    assert before - 1 <= int((pod.root / "started").read_text()) <= time.time()


def test_argo_is_told_at_once_that_the_job_may_start(pod: Pod, project: Project) -> None:
    told = pod.argo / "ctr/checkout/exitcode"
    told.parent.mkdir(parents=True)
    pod.check_out(project.payload(project.first))
    assert told.read_text() == "0"


def test_argo_is_told_nothing_of_a_checkout_that_failed(pod: Pod, project: Project) -> None:
    told = pod.argo / "ctr/checkout/exitcode"
    told.parent.mkdir(parents=True)
    assert pod.check_out(project.payload("c0ffee" + "0" * 34)).returncode == 1
    assert not told.exists()


def test_one_commit_is_fetched_and_not_its_history(pod: Pod, project: Project) -> None:
    pod.check_out(project.payload(project.second))
    assert git(pod.workspace, "rev-list", "--count", "HEAD") == "1"
    assert git(pod.workspace, "status", "--porcelain") == ""


def test_any_user_may_write_in_the_workspace(pod: Pod, project: Project) -> None:
    pod.check_out(project.payload(project.second))
    folders = [pod.workspace, pod.workspace / ".git", pod.root]
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o777 for folder in folders)
    assert stat.S_IMODE((pod.workspace / "greeting").stat().st_mode) == 0o666
    assert stat.S_IMODE((pod.workspace / "tool").stat().st_mode) == 0o777
    assert stat.S_IMODE((pod.root / "bin" / "busybox").stat().st_mode) == 0o755


def test_git_works_in_the_workspace_for_a_user_who_does_not_own_it(pod: Pod, project: Project) -> None:
    pod.check_out(project.payload(project.second))
    # git's own switch for its tests: behave as if the folder belonged to somebody else.
    env = {**os.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_CONFIG_SYSTEM": str(pod.root / "gitconfig")}
    command = ["git", "-C", str(pod.workspace), "log", "--format=%s"]
    assert subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout == "hello again\n"
    del env["GIT_CONFIG_SYSTEM"]
    assert subprocess.run(command, env=env, capture_output=True, check=False).returncode != 0


def test_a_private_repository_is_fetched_with_the_token_which_stays_nowhere(
    pod: Pod, project: Project, git_server: GitServer
) -> None:
    git_server.password = "sesame"
    done = pod.check_out(project.payload(project.second), TOKEN)
    assert done.returncode == 0, done.stderr
    files = [path for path in pod.folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert not [path for path in files if b"sesame" in path.read_bytes()]
    assert "sesame" not in done.stdout + done.stderr + pod.termination_message


def test_the_token_is_for_the_forge_alone(pod: Pod, project: Project, git_server: GitServer) -> None:
    """A forge that sends git elsewhere does not send the token along."""
    with_other_name = project.url.replace("127.0.0.1", "localhost")
    git_server.moved = with_other_name.removesuffix("/acme/app.git")
    git_server.password = "sesame"
    done = pod.check_out(project.payload(project.second), TOKEN)
    assert done.returncode == 1
    assert not [said for said in git_server.seen if said]


def test_without_its_secret_the_message_names_it(pod: Pod, project: Project, git_server: GitServer) -> None:
    git_server.password = "sesame"
    done = pod.check_out(project.payload(project.second), {**TOKEN, "ARGOSY_TOKEN": ""})
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("checkout: the forge refuses ")
    assert "Secret forge-work-checkout (key token) is not in this namespace" in last
    assert pod.termination_message == f"{last}\n"


def test_a_run_that_is_given_no_token_says_whose_it_is(pod: Pod, project: Project, git_server: GitServer) -> None:
    git_server.password = "sesame"
    assert pod.check_out(project.payload(project.second), {"ARGOSY_NO_TOKEN": "an outsider's run"}).returncode == 1
    assert "without a token, and an outsider's run is given none" in pod.termination_message


def test_a_token_that_the_forge_does_not_take_is_said(pod: Pod, project: Project, git_server: GitServer) -> None:
    git_server.password = "other"
    done = pod.check_out(project.payload(project.second), TOKEN)
    assert done.returncode == 1
    assert "to the token of Secret forge-work-checkout (key token)" in pod.termination_message


def test_a_forge_that_gives_out_no_commits_by_name_is_asked_for_the_ref(
    pod: Pod, project: Project, git_server: GitServer
) -> None:
    _refuse_commits_by_name(project, git_server)
    done = pod.check_out(project.payload(project.first))
    assert done.returncode == 0, done.stderr
    assert pod.run().stdout.endswith("hello\n")


def test_a_replaced_commit_is_said(pod: Pod, project: Project) -> None:
    done = pod.check_out(project.payload("0" * 39 + "1"))
    assert done.returncode == 1
    assert pod.termination_message.startswith(
        "checkout: commit 0000000000000000000000000000000000000001 is not in refs/heads/main"
    )


def test_a_deleted_branch_is_said(pod: Pod, project: Project, git_server: GitServer) -> None:
    _refuse_commits_by_name(project, git_server)
    done = pod.check_out(project.payload(project.first, "refs/heads/gone"))
    assert done.returncode == 1
    assert "is not in refs/heads/gone any more" in pod.termination_message


@pytest.mark.parametrize("url", ["file:///etc", "ssh://git.example/acme/app.git", "ext::sh -c id"])
def test_only_https_and_http_are_spoken(pod: Pod, url: str) -> None:
    done = pod.check_out(payload(JOB, Source(url, "oauth2", "a" * 40, "refs/heads/main")))
    assert done.returncode == 1
    assert "starts with https:// or http://" in pod.termination_message


def test_nothing_runs_when_the_files_are_written(pod: Pod, project: Project) -> None:
    hook = project.work / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch '{pod.folder}/hooked'\n")
    hook.chmod(0o755)
    (pod.folder / ".gitconfig").write_text(f"[core]\n\thooksPath = {hook.parent}\n")
    git(project.work, "config", "core.hooksPath", str(hook.parent))
    git(project.work, "checkout", "--quiet", "--detach")
    assert (pod.folder / "hooked").exists(), "the hook is one that git runs"
    (pod.folder / "hooked").unlink()
    assert pod.check_out(project.payload(project.second), {"HOME": str(pod.folder)}).returncode == 0
    assert not (pod.folder / "hooked").exists()


def _refuse_commits_by_name(project: Project, git_server: GitServer) -> None:
    git_server.protocol_2 = False
    for name in ("allowTipSHA1InWant", "allowReachableSHA1InWant", "allowAnySHA1InWant"):
        git(project.bare, "config", f"uploadpack.{name}", "false")


def given_by(*lines: tuple[str, str]) -> str:
    """The base64 that Argo makes of a job's outputs."""
    texts = "".join(f"{name}={base64.b64encode(value.encode()).decode()}\n" for name, value in lines)
    return base64.b64encode(texts.encode()).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.10", "1.10"),
        ('it\'s "$(id)" {{workflow.name}} \\ * ~', 'it\'s "$(id)" {{workflow.name}} \\ * ~'),
        ("one\ntwo", "one"),
        ("x" * 5000, "x" * 4096),
    ],
)
def test_what_other_jobs_gave_is_in_variables_as_it_was(pod: Pod, project: Project, value: str, expected: str) -> None:
    parts = ("v", Given("build", "version"), " '\"' ", Given("build", ""), Given("lost", "any"), Given("late", ""))
    variable = PlannedVariable("A", "written", parts)
    job = dataclasses.replace(steps("printf '<%s>' \"$A\""), env=(variable,))
    handed = {
        "ARGOSY_GIVEN_1": given_by(("version", "old"), ("other", "x"), ("version", value)),
        "ARGOSY_GIVEN_2": "Succeeded",
        "ARGOSY_GIVEN_3": "",
        "ARGOSY_GIVEN_4": "Omitted",
    }
    assert (
        pod.check_out(payload(job, Source(project.url, "oauth2", project.first, "refs/heads/main")), handed).returncode
        == 0
    )
    assert pod.run().stdout == f"==> [1/1] step 1\n<v{expected} '\"' successskipped>"


@pytest.mark.parametrize(
    ("combination", "said"),
    [
        ("1", "==> [1/2] step 2\ntwo 1 it's {{x}}\n==> [2/2] step 3\nthree\n"),
        ("2", "==> [1/3] step 1\none\n==> [2/3] step 2\ntwo 2 $(id)\n==> [3/3] step 3\nthree\n"),
    ],
)
def test_a_combination_has_its_own_values_and_steps(pod: Pod, project: Project, combination: str, said: str) -> None:
    job = steps("echo one", 'echo "two $MATRIX_A $B"', "echo three")
    each = [
        dataclasses.replace(
            job,
            matrix=(("a", str(index)),),
            index=index,
            env=(PlannedVariable("B", value),),
            steps=job.steps[2 - index :],
        )
        for index, value in ((1, "it's {{x}}"), (2, "$(id)"))
    ]
    source = Source(project.url, "oauth2", project.first, "refs/heads/main")
    assert pod.check_out(job_payload(each, source, {}, {}), {"ARGOSY_COMBINATION": combination}).returncode == 0
    assert pod.run().stdout == said
    assert not (pod.root / "job" / "combinations").exists()


@pytest.mark.parametrize("text", ["", "not base64 {{", base64.b64encode(b"version\nversion=%%%\n\xff=\n").decode()])
def test_a_job_that_wrote_nonsense_gave_nothing(pod: Pod, project: Project, text: str) -> None:
    job = dataclasses.replace(steps('echo "<$A>"'), env=(PlannedVariable("A", "", (Given("build", "version"),)),))
    assert (
        pod.check_out(
            payload(job, Source(project.url, "oauth2", project.first, "refs/heads/main")), {"ARGOSY_GIVEN_1": text}
        ).returncode
        == 0
    )
    assert pod.run().stdout == "==> [1/1] step 1\n<>\n"
