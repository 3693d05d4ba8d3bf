"""What hash() and changed() are on a laptop: the clone's answers, and what is said where it has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.commands.test_working_copy import Clone

if TYPE_CHECKING:
    import pathlib

JOBS = """\
on: {push: {branches: "**", tags: "**"}, pull_request: {}}
jobs:
  web: {if: changed('web/**'), run: make web}
  docs: {if: "changed(['**/*.md', '!web/**'])", run: make docs}
  rest: {run: make}
"""
FIRST, OTHER = "1" * 40, "2" * 40


@pytest.fixture
def clone(tmp_path: pathlib.Path) -> Clone:
    made = Clone(tmp_path / "app")
    (made.path / "ci.yaml").write_text(JOBS)
    made.commit("Jobs")
    made.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return made


def change(clone: Clone, path: str, text: str = "x\n") -> str:
    file = clone.path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return clone.commit(f"Change {path}")


def running(clone: Clone, *arguments: str) -> list[str]:
    return [job["id"] for job in clone.planned(*arguments)["jobs"] if job["runs"]]


def event_file(clone: Clone, **fields: object) -> str:
    event = {"kind": "push", "forge": "work", "repository": "acme/app", "branch": "main", "default_branch": "main"}
    path = clone.path.parent / "event.json"
    path.write_text(json.dumps({**event, **fields}))
    return str(path)


def complaint(clone: Clone, *arguments: str) -> str:
    done = clone.run("plan", *arguments)
    assert done.exit_code == 1
    return done.stderr


def test_a_push_is_compared_with_what_the_remote_has(clone: Clone) -> None:
    assert running(clone) == ["rest"]
    change(clone, "web/a.js")
    assert running(clone) == ["web", "rest"]
    change(clone, "README.md")
    assert running(clone) == ["web", "docs", "rest"]


def test_a_file_that_is_moved_away_was_changed_there_and_here(clone: Clone) -> None:
    change(clone, "web/a.md", "a long text\n" * 20)
    clone.git("update-ref", "refs/remotes/origin/main", "HEAD")
    (clone.path / "docs").mkdir()
    (clone.path / "web/a.md").rename(clone.path / "docs/a.md")
    clone.commit("Move")
    assert running(clone) == ["web", "docs", "rest"]


def test_a_new_branch_is_compared_with_the_default_branch(clone: Clone) -> None:
    clone.git("switch", "--quiet", "--create", "topic")
    change(clone, "web/a.js")
    clone.git("switch", "--quiet", "main")
    change(clone, "README.md")
    clone.git("update-ref", "refs/remotes/origin/main", "HEAD")
    clone.git("switch", "--quiet", "topic")
    assert running(clone) == ["web", "rest"]
    assert running(clone, "--pull-request", "main") == ["web", "rest"]


def test_tags_change_everything(clone: Clone) -> None:
    assert running(clone, "--tag", "v1") == ["web", "docs", "rest"]


def test_a_first_push_changes_everything(clone: Clone) -> None:
    clone.git("update-ref", "-d", "refs/remotes/origin/main")
    assert running(clone, "--default-branch", "main") == ["web", "docs", "rest"]


def test_a_digest_is_that_of_the_commit(clone: Clone) -> None:
    (clone.path / "ci.yaml").write_text("jobs: {it: {run: x, image: \"app:${{ hash('lock') }}\"}}")
    change(clone, "lock")
    first = clone.planned()["jobs"][0]["image"]
    change(clone, "other")
    assert clone.planned()["jobs"][0]["image"] == first
    (clone.path / "lock").write_text("not committed")
    assert clone.planned()["jobs"][0]["image"] == first
    change(clone, "lock", "y\n")
    assert clone.planned()["jobs"][0]["image"] != first


def test_a_ci_yaml_in_a_folder_is_asked_about_the_whole_repository(clone: Clone) -> None:
    change(clone, "sub/ci.yaml", "jobs: {it: {run: x, image: \"app:${{ hash('platform.yaml') }}\"}}")
    assert len(clone.planned("sub/ci.yaml")["jobs"][0]["image"]) == 4 + 64


def test_an_event_file_is_asked_about_its_own_commits(clone: Clone) -> None:
    before = clone.git("rev-parse", "HEAD")
    sha = change(clone, "web/a.js")
    change(clone, "README.md")
    assert running(clone, "--event", event_file(clone, sha=sha, base_sha=before)) == ["web", "rest"]
    assert running(clone, "--event", event_file(clone, base_sha=before)) == ["web", "docs", "rest"]
    assert running(clone, "--event", event_file(clone, sha=OTHER, changed=["README.md"])) == ["docs", "rest"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sha": OTHER}, ("commit 222222222222 of the event is not in this clone", "git fetch origin 2222", "'sha'")),
        ({"base_sha": FIRST}, ("commit 111111111111, the base, is not in this clone", "git fetch origin 1111")),
        ({"branch": "topic", "default_branch": "trunk"}, ("no branch 'trunk'", "git fetch origin")),
        ({"sha": "--help"}, ("commit --help of the event is not in this clone",)),
    ],
)
def test_commits_that_are_not_there_are_told_with_a_way_to_get_them(
    clone: Clone, fields: dict[str, str], words: tuple[str, ...]
) -> None:
    said = complaint(clone, "--event", event_file(clone, **fields))
    assert "ci.yaml:3:13: error: " in said
    assert "[unknown-tree]" in said
    for word in words:
        assert word in said
    assert "'changed'" in said or "'sha'" in said


def test_without_a_clone_it_is_told_where_the_file_asks(clone: Clone, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "loose"
    folder.mkdir()
    (folder / "ci.yaml").write_text(JOBS)
    event = event_file(clone)
    said = complaint(clone, str(folder / "ci.yaml"), "--event", event, "--platform", str(clone.path / "platform.yaml"))
    assert "ci.yaml:3:13: error: what was changed is not known" in said
    assert "run this in a git clone" in said
    listed = event_file(clone, changed=["web/a"])
    told = clone.planned(str(folder / "ci.yaml"), "--event", listed, "--platform", str(clone.path / "platform.yaml"))
    assert [job["id"] for job in told["jobs"] if job["runs"]] == ["web", "rest"]


def test_a_clone_that_was_cut_short_is_told_as_such(clone: Clone, tmp_path: pathlib.Path) -> None:
    clone.git("switch", "--quiet", "--create", "topic")
    head = change(clone, "web/a.js")
    clone.git("switch", "--quiet", "main")
    base = change(clone, "README.md")
    short = Clone(tmp_path / "short")
    (short.path / "ci.yaml").write_text(JOBS)
    short.git("fetch", "--quiet", "--depth=1", f"file://{clone.path}", "topic", "main")
    said = complaint(short, "--event", event_file(clone, branch="topic", sha=head, base_sha=base))
    assert "this clone is shallow" in said
    assert "git fetch --unshallow" in said


def test_expand_and_plan_ask_the_same(clone: Clone) -> None:
    change(clone, "web/a.js")
    done = clone.run("expand", "--repository", "work/acme/app", "-o", "json")
    assert done.exit_code == 0
    tasks = json.loads(done.stdout)["spec"]["templates"][0]["dag"]["tasks"]
    assert [task["name"] for task in tasks] == ["job-web", "job-rest"]
