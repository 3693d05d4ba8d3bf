"""Gitea as a developer uses it: repositories, pushes, pull requests, hooks, and what a commit shows.

All over its REST API and git itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    import pathlib

_TIMEOUT = 30


@dataclasses.dataclass(frozen=True)
class Status:
    """The last status of a context on a commit."""

    state: str
    description: str
    url: str


class Gitea:
    """The forge, as one user with a token."""

    def __init__(self, url: str, user: str, token: str) -> None:
        self.url = url.rstrip("/")
        self.user = user
        self.token = token
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"token {token}"

    def ask(self, method: str, path: str, value: Any = None, *, missing_ok: bool = False) -> Any:
        """One call of /api/v1; None for a 404 where that is fine."""
        answer = self._session.request(method, f"{self.url}/api/v1{path}", json=value, timeout=_TIMEOUT)
        if missing_ok and answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def organisation(self, name: str) -> None:
        """Makes sure that the organisation is there."""
        if self.ask("GET", f"/orgs/{name}", missing_ok=True) is None:
            self.ask("POST", "/orgs", {"username": name})

    def repository(self, full_name: str, *, private: bool = False) -> dict[str, Any]:
        """Makes sure that the repository is there, empty if it is new."""
        owner, name = full_name.split("/")
        there = self.ask("GET", f"/repos/{full_name}", missing_ok=True)
        if there is None:
            there = self.ask(
                "POST", f"/orgs/{owner}/repos", {"name": name, "private": private, "default_branch": "main"}
            )
        return dict(there)

    def delete_repository(self, full_name: str) -> None:
        """Removes the repository, if it is there."""
        self.ask("DELETE", f"/repos/{full_name}", missing_ok=True)

    def large_file(self, full_name: str, content: bytes) -> str:
        """Stores a file in the repository's LFS; the pointer that stands for it in a commit.

        As git-lfs would (docs/api/basic-transfers.md of git-lfs 3.3.0), without what Gitea gives no answer to use for.
        """
        name = hashlib.sha256(content).hexdigest()
        address = f"{self.url}/{full_name}.git/info/lfs/objects/{name}/{len(content)}"
        headers = {"Accept": "application/vnd.git-lfs"}
        answer = requests.put(address, content, headers=headers, auth=(self.user, self.token), timeout=_TIMEOUT)
        assert answer.ok, f"{address}: {answer.status_code} {answer.text[:500]}"
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize {len(content)}\n"

    def organisation_hook(self, name: str, url: str, secret: str) -> None:
        """One webhook for all repositories of an organisation.

        One that is there keeps its secret: Gitea's API (1.26.0, routers/api/v1/utils/hook.go, editHook) has no other.
        """
        wanted = _hook(url, secret)
        for hook in self.ask("GET", f"/orgs/{name}/hooks"):
            if hook["config"]["url"] == url:
                self.ask("PATCH", f"/orgs/{name}/hooks/{hook['id']}", wanted)
                return
        self.ask("POST", f"/orgs/{name}/hooks", wanted)

    def forget_organisation_hook(self, name: str, url: str) -> None:
        """Removes the organisation's webhooks to this address."""
        for hook in self.ask("GET", f"/orgs/{name}/hooks"):
            if hook["config"]["url"] == url:
                self.ask("DELETE", f"/orgs/{name}/hooks/{hook['id']}")

    def repository_hook(self, full_name: str, url: str, secret: str) -> int:
        """A webhook of one repository; its id."""
        return int(self.ask("POST", f"/repos/{full_name}/hooks", _hook(url, secret))["id"])

    def statuses(self, full_name: str, sha: str) -> dict[str, Status]:
        """The last status of each context on the commit."""
        found: dict[str, Status] = {}
        for item in self.history(full_name, sha):
            found.setdefault(item["context"], Status(item["status"], item["description"], item["target_url"]))
        return found

    def history(self, full_name: str, sha: str) -> list[dict[str, Any]]:
        """Every status ever posted on the commit, the newest first."""
        items: list[dict[str, Any]] = []
        page = 1
        while True:
            more = self.ask("GET", f"/repos/{full_name}/commits/{sha}/statuses?sort=recentupdate&limit=50&page={page}")
            items += more
            if len(more) < 50:
                return sorted(items, key=lambda item: int(item["id"]), reverse=True)
            page += 1

    def pull_request(self, full_name: str, head: str, base: str = "main", title: str = "A change") -> int:
        """Opens a pull request; its number."""
        return int(
            self.ask("POST", f"/repos/{full_name}/pulls", {"head": head, "base": base, "title": title})["number"]
        )

    def comments(self, full_name: str, number: int) -> list[dict[str, Any]]:
        """The comments on a pull request, oldest first."""
        found: list[dict[str, Any]] = self.ask("GET", f"/repos/{full_name}/issues/{number}/comments")
        return sorted(found, key=lambda item: int(item["id"]))

    def clone(self, full_name: str, folder: pathlib.Path) -> WorkingCopy:
        """A working copy of the repository on branch main, which need not exist yet."""
        folder.mkdir(parents=True)
        copy = WorkingCopy(folder, f"{self.url}/{full_name}.git", self.token)
        copy.git("init", "--quiet", "--initial-branch=main")
        copy.git("remote", "add", "origin", copy.url)
        if copy.git("ls-remote", "--heads", "origin", "main"):
            copy.git("pull", "--quiet", "origin", "main")
        return copy


class WorkingCopy:
    """A developer's checkout."""

    def __init__(self, folder: pathlib.Path, url: str, token: str) -> None:
        self.folder = folder
        self.url = url
        self._environment = {
            **os.environ,
            # What a machine sets for all its users, git-lfs' filters among it, is none of a test's business.
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: token {token}",
            "GIT_CONFIG_KEY_1": "user.name",
            "GIT_CONFIG_VALUE_1": "Ann Author",
            "GIT_CONFIG_KEY_2": "user.email",
            "GIT_CONFIG_VALUE_2": "ann@example.invalid",
        }

    def git(self, *arguments: str) -> str:
        """One git command; its output without the last newline."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.rstrip("\n")

    def commit(self, files: dict[str, str | bytes], message: str = "a change") -> str:
        """Writes the files and commits everything; the commit's sha."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self, *refs: str, force: bool = False) -> None:
        """Pushes refs (HEAD to the branch of its name when none is given)."""
        self.git("push", "--quiet", *(["--force"] if force else []), "origin", *(refs or ("HEAD",)))


def _hook(url: str, secret: str) -> dict[str, Any]:
    return {
        "type": "gitea",
        "active": True,
        "events": ["push", "pull_request", "pull_request_sync", "pull_request_label"],
        "config": {"url": url, "content_type": "json", "secret": secret},
    }
