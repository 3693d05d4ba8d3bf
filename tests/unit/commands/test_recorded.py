"""`--payload`: webhooks as forges really sent them, asked about before or after the fact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from generator.commands.plan import plan
from tests.unit.checkout.git_server import git
from tests.unit.events.webhooks import recorded

if TYPE_CHECKING:
    import pathlib

    from typer.testing import Result

CI = """\
on: {push: {branches: "**", tags: "**"}, pull_request: {types: [opened, synchronize, labeled, retargeted, closed]}}
jobs: {it: {run: x}}
"""
app = typer.Typer()
app.command()(plan)
BODIES = {one.name: one.body for one in recorded()}
STARTED = {
    "gitea-push": "push",
    "gitea-tag": "tag",
    "gitea-pull-request-opened": "pull_request",
    "gitea-pull-request-fork": "pull_request",
    "gitea-pull-request-synchronized": "pull_request",
    "github-push": "push",
    "github-tag": "tag",
    "github-pull-request-opened": "pull_request",
    "github-pull-request-synchronize": "pull_request",
    "gitlab-push": "push",
    "gitlab-tag": "tag",
    "gitlab-merge-request-open": "pull_request",
    "gitlab-merge-request-commits": "pull_request",
}
NOTHING = [
    name for name in BODIES if name not in STARTED and ("deleted" in name or "comment" in name or "ping" in name)
]


@pytest.fixture
def clone(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A clone with a commit, in which the recorded ones can be replaced by its own."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main", ".")
    (tmp_path / "ci.yaml").write_text(CI)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "the first")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(clone: pathlib.Path, body: Any) -> Result:
    (clone / "payload.txt").write_text(json.dumps(body))
    return CliRunner().invoke(app, ["--payload", "payload.txt", "--output", "json"])


def of_this_clone(body: Any, sha: str) -> Any:
    """The body with every commit in it the clone's own."""
    match body:
        case dict():
            return {key: of_this_clone(value, sha) for key, value in body.items()}
        case list():
            return [of_this_clone(value, sha) for value in body]
        case str() if len(body) == len(sha) and body.strip("0") and all(char in "0123456789abcdef" for char in body):
            return sha
        case _:
            return body


@pytest.mark.parametrize("name", STARTED)
def test_a_payload_is_the_event_that_it_told_of(clone: pathlib.Path, name: str) -> None:
    sha = git(clone, "rev-parse", "HEAD")
    done = asked(clone, of_this_clone(BODIES[name], sha))
    assert done.exit_code == 0, done.output
    event = json.loads(done.stdout)["event"]
    assert (event["kind"], event["sha"]) == (STARTED[name], sha)


@pytest.mark.parametrize("name", NOTHING)
def test_a_payload_that_starts_nothing_is_told(clone: pathlib.Path, name: str) -> None:
    done = asked(clone, BODIES[name])
    assert done.exit_code == 2
    assert "payload.txt: " in done.stderr


def test_a_commit_that_the_clone_has_not_got_is_to_be_fetched(clone: pathlib.Path) -> None:
    done = asked(clone, BODIES["gitea-push"])
    assert done.exit_code == 2
    assert "is not in this clone: git fetch REMOTE " in done.stderr


def test_a_pull_request_of_a_fork_is_one(clone: pathlib.Path) -> None:
    (clone / "ci.yaml").write_text("on: pull_request\njobs: {it: {if: pull_request.from_fork, run: x}}\n")
    done = asked(clone, of_this_clone(BODIES["gitea-pull-request-fork"], git(clone, "rev-parse", "HEAD")))
    assert json.loads(done.stdout)["jobs"][0]["runs"], done.output


@pytest.mark.parametrize("body", [[], 1, {}, {"repository": 3}, {"ref": {}, "after": []}, {"pull_request": {}}])
def test_what_is_no_webhook_is_refused(clone: pathlib.Path, body: Any) -> None:
    done = asked(clone, body)
    assert done.exit_code == 2, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
