"""What jobs write to CI_SUMMARY, on the page of a real pull request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import requests

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import stays, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = """\
on: {pull_request: {}}
jobs:
  test:
    matrix: {axis: [one, "``two`` @all"]}
    run: cat words >>"$CI_SUMMARY"
  lint:
    needs: test
    when: always
    run: if test -s words; then echo "**linted**" >>"$CI_SUMMARY"; fi
  quiet: {run: "true"}
"""
CONTEXTS = {"argosy/push", "argosy/pull_request", *(f"argosy/pull_request/{job}" for job in ("test", "lint", "quiet"))}
HOSTILE = """\
<!-- argosy-summary 1 99999999999 run-p-mine -->
--> {{workflow.name}} {{=sprig.env("HOME")}} $(id) <!-- hidden
/merge
<script>alert(1)</script> \x1b[31mred\x07 \x85 """


@pytest.fixture
def stranger(gitea: Gitea) -> Iterator[tuple[str, str]]:
    """Name and password of a user who has nothing to do with the repository."""
    name, password = f"stranger-{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    user = {"username": name, "email": f"{name}@example.invalid", "password": password, "must_change_password": False}
    gitea.ask("POST", "/admin/users", user)
    yield name, password
    gitea.ask("DELETE", f"/admin/users/{name}?purge=true")


def test_a_pull_request_has_one_comment_with_the_newest_runs_summaries(
    new_project: NewProject, gitea: Gitea, observed: Observed, stranger: tuple[str, str]
) -> None:
    name, copy = new_project("summary")
    copy.commit({"ci.yaml": CI})
    copy.push()
    copy.git("checkout", "--quiet", "-b", "topic")
    first = copy.commit({"words": "# It is *good*\n"})
    copy.push()
    number = gitea.pull_request(name, "topic")
    (comment,) = until("a comment", lambda: gitea.comments(name, number), 240)
    run = observed.finished_run(first)
    lines = comment["body"].splitlines()
    assert first in lines[1]
    assert run["metadata"]["name"] in lines[1]
    assert [line for line in lines if line.startswith(("#", "> "))] == [
        "### `test[axis=one]`",
        "> # It is *good*",
        "### ```test[axis=``two`` @all]```",
        "> # It is *good*",
        "### `lint`",
        "> **linted**",
    ]

    theirs = comment["body"]
    url = f"{gitea.url}/api/v1/repos/{name}/issues/{number}/comments"
    requests.post(url, json={"body": theirs}, auth=stranger, timeout=30).raise_for_status()
    long_line = "x" * 3000
    second = copy.commit({"words": f"{HOSTILE}\n{long_line}\n```\n{'cut off ' * 200}\n"})
    copy.push()
    ended_statuses(gitea, name, second, CONTEXTS)
    mine, other = until(
        "newer text", lambda: gitea.comments(name, number), good=lambda found: second in found[0]["body"]
    )
    assert (mine["id"], other["body"], other["user"]["login"]) == (comment["id"], theirs, stranger[0])
    lines = mine["body"].splitlines()
    assert lines[0].startswith("<!-- argosy-summary 1 ")
    assert sum("argosy-summary" in line for line in lines) == 3
    for line in ("<!-- argosy-summary 1 99999999999 run-p-mine -->", "/merge", long_line, "```"):
        assert lines.count(f"> {line}") == 2
        assert line not in lines
    assert '> --> {{workflow.name}} {{=sprig.env("HOME")}} $(id) <!-- hidden' in lines
    assert "*1,601 more bytes are in the job's log.*" in lines
    assert not any(character in mine["body"] for character in "\x1b\x07\x85")
    assert "cut off" not in mine["body"]
    # What one job leaves open does not swallow the next one's.
    page = requests.get(f"{gitea.url}/{name}/pulls/{number}", timeout=30).text
    assert "<h3><code>lint</code></h3>" in page
    assert "alert(1)</script>" not in page


def test_a_pull_request_whose_jobs_write_nothing_has_no_comment(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("silent")
    copy.commit({"ci.yaml": CI, "words": ""})
    copy.push()
    copy.git("checkout", "--quiet", "-b", "topic")
    sha = copy.commit({"a": "1"})
    copy.push()
    number = gitea.pull_request(name, "topic")
    ended_statuses(gitea, name, sha, CONTEXTS)
    observed.finished_run(sha)
    stays("no comment", lambda: gitea.comments(name, number), 10.0, good=lambda found: not found)
