"""`argosy plan` and `argosy expand` about a working copy: what would start, and what is said if git cannot know."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from generator.commands.expand import expand
from generator.commands.plan import plan
from generator.working_copy import WorkingCopy, WorkingCopyError
from tests.unit.checkout.git_server import git
from tests.unit.platform import written

if TYPE_CHECKING:
    import pathlib

    from typer.testing import Result

CI = """\
on:
  push: {branches: ["**"], tags: "v*"}
  pull_request: {branches: main}
  schedule: {name: nightly, cron: "0 3 * * *"}
jobs:
  test: {run: make test}
"""

app = typer.Typer()
app.command()(plan)
app.command()(expand)


class Clone:
    """A working copy on branch `main` with one commit, as it would be after a clone."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "--quiet", "--initial-branch=main", ".")
        self.git("config", "user.name", "Ann")
        self.git("remote", "add", "origin", "https://git.example/acme/app.git")
        (path / "ci.yaml").write_text(CI)
        (path / "platform.yaml").write_text(written.SMALLEST)
        self.commit("Add it")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")

    def git(self, *arguments: str) -> str:
        return git(self.path, *arguments)

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def run(self, command: str, *arguments: str) -> Result:
        with contextlib.chdir(self.path):
            return CliRunner().invoke(app, [command, *arguments], env={"COLUMNS": "300"})

    def planned(self, *arguments: str) -> dict[str, Any]:
        done = self.run("plan", *arguments, "-o", "json")
        assert done.exit_code == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def refused(self, *arguments: str) -> str:
        done = self.run("plan", *arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        return done.stderr


@pytest.fixture
def clone(tmp_path: pathlib.Path) -> Clone:
    return Clone(tmp_path / "app")


def test_without_a_word_it_is_a_push_of_the_current_branch(clone: Clone) -> None:
    told = clone.planned()
    head = clone.git("rev-parse", "HEAD")
    assert told["event"] == {"kind": "push", "repository": "acme/app", "ref": "refs/heads/main", "sha": head}
    assert (told["runs"], told["tier"], told["run"]) == (True, "protected", "")


def test_another_branch_is_trusted_and_no_more(clone: Clone) -> None:
    clone.git("switch", "--quiet", "--create", "topic")
    assert (clone.planned()["event"]["ref"], clone.planned()["tier"]) == ("refs/heads/topic", "trusted")


@pytest.mark.parametrize(
    ("option", "value", "kind", "ref", "why"),
    [
        ("--push", "release/1", "push", "refs/heads/release/1", "push to 'release/1'"),
        ("--tag", "v1", "tag", "refs/tags/v1", "tag 'v1'"),
        ("--pull-request", "main", "pull_request", "refs/pull/0", "a pull request into 'main'"),
        ("--schedule", "nightly", "schedule", "refs/heads/main", "schedule 'nightly'"),
    ],
)
def test_other_events_by_option(clone: Clone, option: str, value: str, kind: str, ref: str, why: str) -> None:
    told = clone.planned(option, value)
    assert (told["event"]["kind"], told["event"]["ref"], told["runs"], told["why"]) == (kind, ref, True, why)


def test_what_would_not_start_is_told_with_the_reason(clone: Clone) -> None:
    assert clone.run("plan", "--tag", "1.0").stdout.startswith(
        "no run starts: tag '1.0' matches none of on.push.tags\n"
    )
    assert clone.planned("--pull-request", "dev")["runs"] is False


def test_the_commits_message_counts(clone: Clone) -> None:
    clone.commit("Typo [skip ci]")
    assert clone.planned()["why"] == "the commit's message says [skip ci]"


def test_it_is_about_the_file_on_the_disk_and_says_so(clone: Clone) -> None:
    assert clone.run("plan").stderr == ""
    (clone.path / "ci.yaml").write_text("on: pull_request\njobs: {other: {run: x}}\n")
    done = clone.run("plan")
    assert done.stdout.startswith("no run starts: `on` has no push\n")
    assert "ci.yaml is not as it was committed" in done.stderr


def test_the_file_may_lie_in_another_working_copy_than_one_stands_in(clone: Clone, tmp_path: pathlib.Path) -> None:
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(app, ["plan", f"{clone.path.name}/ci.yaml"])
    assert done.exit_code == 0
    assert "a run in argosy-runs-default starts: push to 'main'" in done.stdout


def test_expand_makes_the_same_event(clone: Clone) -> None:
    done = clone.run("expand", "--tag", "v1")
    assert done.exit_code == 0
    workflow = yaml.safe_load(done.stdout)
    assert workflow["metadata"]["labels"]["argosy.dev/kind"] == "tag"
    assert "not those of the cluster" in done.stderr


BY_HAND = """\
on: {manual: {inputs: {level: {type: choice, options: [debug, info]}, note: {default: none}}}}
jobs: {test: {if: inputs.level == 'debug', run: make test}}
"""


def test_a_manual_run_of_the_current_branch_with_its_inputs(clone: Clone) -> None:
    (clone.path / "ci.yaml").write_text(BY_HAND)
    clone.git("switch", "--quiet", "--create", "topic")
    clone.commit("Take inputs")
    told = clone.planned("--manual", "--input", "level=debug", "--input", "note=a=b")
    assert (told["event"]["kind"], told["event"]["ref"], told["tier"]) == ("manual", "refs/heads/topic", "trusted")
    assert told["why"] == "manual run of 'topic'"
    assert not clone.planned("--manual", "--input", "level=info")["runs"]
    done = clone.run("plan", "--manual", "--input", "level=loud")
    assert done.exit_code == 1
    assert "the input 'level' cannot be 'loud' [bad-input]" in done.stderr
    assert "known: debug, info" in done.stderr


def test_inputs_that_are_none(clone: Clone) -> None:
    assert "'level' is no input: write --input KEY=VALUE" in clone.refused("--manual", "--input", "level")
    assert "'a' is given twice" in clone.refused("--manual", "--input", "a=1", "--input", "a=2")
    assert "only a manual run is given inputs" in clone.refused("--push", "main", "--input", "a=1")
    clone.git("checkout", "--quiet", "--detach")
    assert "HEAD is on no branch" in clone.refused("--manual")


def test_options_that_do_not_go_together(clone: Clone) -> None:
    assert "--push and --tag are different events" in clone.refused("--push", "a", "--tag", "b")
    assert "--event and --schedule" in clone.refused("--event", "e.json", "--schedule", "b")
    assert "--tag and --manual are" in clone.refused("--tag", "b", "--manual")
    assert "--tag is empty" in clone.refused("--tag", "")
    assert "an event file and a payload say" in clone.refused("--event", "e.json", "--repository", "a/b")


def test_outside_of_a_working_copy(tmp_path: pathlib.Path) -> None:
    (tmp_path / "ci.yaml").write_text(CI)
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(
            app, ["plan"], env={"COLUMNS": "300", "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
        )
    assert done.exit_code == 2
    assert "not a git repository" in done.stderr
    assert "--event" in done.stderr


def test_before_the_first_commit(tmp_path: pathlib.Path) -> None:
    git(tmp_path, "init", "--quiet", ".")
    with pytest.raises(WorkingCopyError, match="no commit"):
        WorkingCopy(tmp_path).head()


def test_on_no_branch(clone: Clone) -> None:
    clone.git("checkout", "--quiet", "--detach")
    assert "HEAD is on no branch: say with --push" in clone.refused()
    assert clone.planned("--push", "main")["runs"] is True
    assert clone.planned("--tag", "v1")["runs"] is True


def test_without_a_known_default_branch(clone: Clone) -> None:
    clone.git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    said = clone.refused()
    assert "--default-branch" in said
    assert "git remote set-head origin --auto" in said
    assert clone.planned("--default-branch", "main")["tier"] == "protected"


def test_a_remote_of_no_forge(clone: Clone) -> None:
    clone.git("remote", "set-url", "origin", "https://ann:secret@elsewhere.example/acme/app.git")
    said = clone.refused()
    assert "no forge of platform.yaml is at 'elsewhere.example', where remote 'origin' is" in said
    assert "--repository owner/name; known: work (https://git.example)" in said
    assert "secret" not in said
    assert clone.planned("--repository", "acme/app")["event"]["repository"] == "acme/app"


@pytest.mark.parametrize(
    ("written", "instead", "there"),
    [
        ("work:acme/app", "work:", "https://git.example/"),
        ("https://git.example/acme/app.git", "https://git.example/", "https://mirror.example/of/"),
    ],
)
def test_an_address_that_git_writes_anew(clone: Clone, written: str, instead: str, there: str) -> None:
    clone.git("remote", "set-url", "origin", written)
    clone.git("config", f"url.{there}.insteadOf", instead)
    assert clone.planned()["event"]["repository"] == "acme/app"


def test_without_a_remote(clone: Clone) -> None:
    clone.git("remote", "remove", "origin")
    assert "there is no remote" in clone.refused("--default-branch", "main")
    assert clone.planned("--default-branch", "main", "--repository", "acme/app")["runs"] is True


def test_the_branchs_own_remote_counts(clone: Clone) -> None:
    clone.git("remote", "add", "fork", "git@git.example:acme/fork.git")
    clone.git("config", "branch.main.remote", "fork")
    assert clone.planned("--default-branch", "main")["event"]["repository"] == "acme/fork"


def test_a_repository_that_the_platform_does_not_serve(clone: Clone) -> None:
    clone.git("remote", "set-url", "origin", "git@git.example:other/app.git")
    done = clone.run("plan")
    assert done.exit_code == 0
    assert "no glob of forge 'work' in platform.yaml names 'other/app': nothing would be started" in done.stderr


@pytest.mark.parametrize(("written_as", "named"), [("work/acme/app", "acme/app"), ("acme/app", "acme/app")])
def test_the_forge_may_be_named_too(clone: Clone, written_as: str, named: str) -> None:
    assert clone.planned("--repository", written_as)["event"]["repository"] == named


def test_with_several_forges_one_must_be_named(clone: Clone) -> None:
    (clone.path / "platform.yaml").write_text(written.WHOLE)
    assert "write forge/owner/name; known: work, lab" in clone.refused("--repository", "acme/app")
    assert "'app' is no repository" in clone.refused("--repository", "app")


def test_without_a_platform_the_address_names_the_repository(clone: Clone) -> None:
    (clone.path / "platform.yaml").unlink()
    assert clone.planned()["event"]["repository"] == "acme/app"
