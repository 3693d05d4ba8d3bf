"""The repository of an event.

Ci.yaml and facts of its commits, fetched with git by commit and as little of it as the plan needs.

The fetch starts as a child process and is awaited later, so that it runs while Python imports and the forge answers.
The token reaches git through a credential store scoped to the forge's host, so that nothing elsewhere (a submodule, a
redirect) can ask for it.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    import pathlib

CI_FILE = "ci.yaml"
_FETCH_TIMEOUT = 120.0
_MISSING_REF_MARKS = ("not our ref", "couldn't find remote ref", "unadvertised object")


class RepositoryError(Exception):
    """git could not fetch; the message is git's last line.

    `gone` means that the commit is not there (any more), so that trying again is no use.
    """

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


@dataclasses.dataclass(frozen=True, slots=True)
class Remote:
    """Where to fetch from: `url` without credentials; the token may be empty."""

    url: str
    user: str
    token: str


class Repository:
    """One commit of a remote, in a bare repository of our own in `folder` (which must be empty)."""

    def __init__(self, folder: pathlib.Path, remote: Remote, sha: str) -> None:
        self.sha = sha
        self._folder = folder
        self._environment = _environment(folder, remote)
        self._git("init", "--quiet", "--bare", ".")
        self._git("remote", "add", "origin", remote.url)
        # Known to be partial from the start, so that a missing blob is fetched when it is asked for.
        self._git("config", "remote.origin.promisor", "true")
        self._git("config", "remote.origin.partialclonefilter", "blob:none")
        self._fetch = self._start("fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", sha)

    def text(self, path: str) -> bytes | None:
        """A file's bytes at the commit, None where it is not there. Raises RepositoryError."""
        self._wait()
        listed = self._git("ls-tree", self.sha, "--", path)
        if not listed or listed.split()[1] != b"blob":
            return None
        return self._git("cat-file", "blob", f"{self.sha}:{path}")

    def message(self) -> str:
        """The commit's message. Raises RepositoryError."""
        self._wait()
        return self._git("log", "-1", "--format=%B", self.sha).decode(errors="replace").rstrip("\n")

    def is_ancestor_of(self, head: str) -> bool:
        """Whether the commit is `head` or one that it builds on.

        Fetches the history without its files. Raises RepositoryError.
        """
        self._wait()
        self._git("fetch", "--quiet", "--no-tags", "--unshallow", "--filter=tree:0", "origin", self.sha, head)
        return self._run("merge-base", "--is-ancestor", self.sha, head).returncode == 0

    def _wait(self) -> None:
        if self._fetch is None:
            return
        process, self._fetch = self._fetch, None
        try:
            _, errors = process.communicate(timeout=_FETCH_TIMEOUT)
        except subprocess.TimeoutExpired as failure:
            process.kill()
            process.communicate()
            raise RepositoryError(f"git fetch took longer than {_FETCH_TIMEOUT:.0f} s") from failure
        if process.returncode != 0:
            raise _failure(errors)

    def _git(self, *arguments: str) -> bytes:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise _failure(done.stderr)
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_FETCH_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as failure:
            raise RepositoryError(f"git {arguments[0]} took longer than {_FETCH_TIMEOUT:.0f} s") from failure

    def _start(self, *arguments: str) -> subprocess.Popen[bytes] | None:
        return subprocess.Popen(
            ["git", *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )


def _environment(folder: pathlib.Path, remote: Remote) -> dict[str, str]:
    """Git's environment: no configuration but this, no protocol but the remote's, no hooks, no prompt."""
    parts = urlsplit(remote.url)
    settings = {
        "protocol.allow": "never",
        f"protocol.{parts.scheme}.allow": "always",
        "core.hooksPath": os.devnull,
        "http.followRedirects": "false",
        "advice.detachedHead": "false",
        "init.defaultBranch": "main",
        "gc.auto": "0",
    }
    if remote.token:
        store = folder.parent / "credentials"
        host = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        login = f"{quote(remote.user, safe='')}:{quote(remote.token, safe='')}"
        store.touch(0o600)
        store.write_text(urlunsplit((parts.scheme, f"{login}@{parts.netloc}", "", "", "")) + "\n")
        settings[f"credential.{host}.helper"] = f"store --file={store}"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder.parent),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for index, (key, value) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{index}"] = key
        environment[f"GIT_CONFIG_VALUE_{index}"] = value
    return environment


def _failure(errors: bytes) -> RepositoryError:
    lines = errors.decode(errors="replace").strip().splitlines()
    text = lines[-1] if lines else "git failed without a word"
    return RepositoryError(text, gone=any(mark in line for line in lines for mark in _MISSING_REF_MARKS))
