"""A git working copy on somebody's machine: what it knows of the commit, branch and remote of a push.

Nothing is fetched and nothing is written.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

from generator import git_listings

if TYPE_CHECKING:
    import pathlib

_USUAL_REMOTE = "origin"
_SHA = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


class WorkingCopyError(Exception):
    """There is no working copy, or it has no commit; the message says which."""


class WorkingCopy:
    """The working copy that a folder is in. Raises WorkingCopyError where it is in none."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        done = self._run("rev-parse", "--show-toplevel")
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise WorkingCopyError(lines[-1] if lines else "git found no working copy")

    def head(self) -> str:
        """The commit that is checked out. Raises WorkingCopyError where there is none yet."""
        sha = self._line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if not sha:
            raise WorkingCopyError("there is no commit yet")
        return sha

    def branch(self) -> str:
        """The branch that is checked out, empty where HEAD is on none."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    def message(self, sha: str = "HEAD") -> str:
        """A commit's message; without one, that of what is checked out."""
        return self._run("log", "-1", "--format=%B", sha, "--").stdout.rstrip("\n")

    def actor(self) -> str:
        """Who commits here, by git's `user.name`; empty where git was never told."""
        return self._line("config", "user.name")

    def remote(self) -> str:
        """The branch's own remote, else origin, else the only one; empty where there is none of these."""
        names = self._run("remote").stdout.split("\n")[:-1]
        own = self._line("config", f"branch.{self.branch()}.remote")
        if own in names:
            return own
        return _USUAL_REMOTE if _USUAL_REMOTE in names else (names[0] if len(names) == 1 else "")

    def addresses(self) -> tuple[str, ...]:
        """Where the remote is: as git goes there, then as it is written, where git's `insteadOf` makes these two."""
        remote = self.remote()
        if not remote:
            return ()
        written = self._run("config", "--get-all", f"remote.{remote}.url").stdout.split("\n")[0]
        return tuple(dict.fromkeys(filter(None, (self._line("remote", "get-url", remote), written))))

    def default_branch(self) -> str:
        """The remote's default branch as git last heard of it, empty where it did not."""
        prefix = f"refs/remotes/{self.remote()}/"
        ref = self._line("symbolic-ref", "--quiet", f"{prefix}HEAD")
        return ref.removeprefix(prefix) if ref.startswith(prefix) else ""

    def remote_head(self, branch: str) -> str:
        """Where the remote's branch was when git last heard of it, empty where it did not."""
        return self._line("rev-parse", "--verify", "--quiet", f"refs/remotes/{self.remote()}/{branch}^{{commit}}")

    def local_head(self, branch: str) -> str:
        """Where a branch of this clone is, empty where it has none of that name."""
        return self._line("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")

    def has(self, sha: str) -> bool:
        """Whether the clone has a commit."""
        return bool(_SHA.fullmatch(sha)) and self._run("cat-file", "-e", f"{sha}^{{commit}}").returncode == 0

    def commit_of(self, sha: str) -> str:
        """The commit of a tag's object, or of a commit, empty where the clone has not got it."""
        return self._line("rev-parse", "--verify", "--quiet", f"{sha}^{{commit}}") if _SHA.fullmatch(sha) else ""

    def is_shallow(self) -> bool:
        """Whether history was cut when the clone was made."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def merge_base(self, one: str, other: str) -> str:
        """Where the histories of two commits part, empty where they have nothing of each other."""
        return self._line("merge-base", one, other)

    def blobs(self, sha: str) -> dict[str, str]:
        """Every file of a commit by its path, with the name of its content. Raises WorkingCopyError."""
        return git_listings.blobs(self._bytes(*git_listings.TREE, sha))

    def text(self, sha: str, path: str) -> bytes | None:
        """What a file of a commit holds, None where it has none of that path. Raises WorkingCopyError."""
        if path not in self.blobs(sha):
            return None
        return self._bytes("cat-file", "blob", f"{sha}:{path}")

    def changed_between(self, one: str, other: str) -> frozenset[str]:
        """The paths that differ between two commits, both names of a renamed file. Raises WorkingCopyError."""
        return git_listings.paths(self._bytes(*git_listings.CHANGES, one, other))

    def is_changed(self, file: pathlib.Path) -> bool:
        """Whether a file is another one on the disk than in the commit."""
        return bool(self._run("status", "--porcelain", "--", str(file.resolve())).stdout)

    def _line(self, *arguments: str) -> str:
        """The one line that git prints, empty where it fails."""
        done = self._run(*arguments)
        return done.stdout.rstrip("\n") if done.returncode == 0 else ""

    def _bytes(self, *arguments: str) -> bytes:
        """What git prints, as it is. Raises WorkingCopyError where it fails."""
        done = self._start(*arguments)
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise WorkingCopyError(lines[-1] if lines else f"git {arguments[0]} failed without a word")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._start(*arguments)
        texts = (output.decode("utf-8", "replace") for output in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, *texts)

    def _start(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        return subprocess.run(
            ["git", *arguments],
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
