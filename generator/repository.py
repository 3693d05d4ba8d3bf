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

from generator import git_listings
from generator.language.including import UnfitFileError

if TYPE_CHECKING:
    import pathlib

CI_FILE = "ci.yaml"
TEST_FILE = "ci.test.yaml"
_FETCH_TIMEOUT = 120.0
# Commits: what a push or a branch is ahead of its base, as a rule. What is further away costs a fetch of all history.
_NEAR = 100
_SHA_256 = 64  # characters of a commit's name in a repository that uses SHA-256
_FILE_MODES = (b"100644", b"100755")
_OTHER_MODES = {b"120000": "a symbolic link", b"040000": "a folder", b"160000": "a submodule"}
_MISSING_REF_MARKS = ("not our ref", "couldn't find remote ref", "unadvertised object")
_REFUSED_MARKS = (
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "returned error: 403",
    "' not found",
)


class RepositoryError(Exception):
    """git could not fetch; the message is git's last line.

    `gone` means that the commit is not there (any more), `refused` that the forge does not let us: in both, trying
    again is no use.
    """

    def __init__(self, message: str, *, gone: bool = False, refused: bool = False) -> None:
        super().__init__(message)
        self.gone = gone
        self.refused = refused


@dataclasses.dataclass(frozen=True, slots=True)
class Remote:
    """Where to fetch from: `url` without credentials; the next token is tried where the forge refuses one."""

    url: str
    user: str
    tokens: tuple[str, ...]


class Repository:
    """One commit of a remote, in a bare repository of our own in `folder` (which must be empty)."""

    def __init__(self, folder: pathlib.Path, remote: Remote, sha: str) -> None:
        self.sha = sha
        self._folder = folder
        self._remote = remote
        self._tokens = list(remote.tokens)
        self._store = folder.parent / "credentials"
        self._environment = _environment(folder, remote, self._store)
        self._use_next_token()
        self._git("init", "--quiet", "--bare", f"--object-format={'sha256' if len(sha) == _SHA_256 else 'sha1'}", ".")
        self._git("remote", "add", "origin", remote.url)
        # Known to be partial from the start, so that a missing blob is fetched when it is asked for.
        self._git("config", "remote.origin.promisor", "true")
        self._git("config", "remote.origin.partialclonefilter", "blob:none")
        self._fetch: subprocess.Popen[bytes] | None = self._start_fetch()

    def text(self, path: str, most: int) -> bytes | None:
        """A file's bytes at the commit, None where it is not there.

        Raises UnfitFileError, also for a file of more than `most` bytes, which is not read; RepositoryError.
        """
        self._wait()
        listed = self._git("ls-tree", self.sha, "--", path)
        if not listed:
            return None
        mode = listed.split()[0]
        if mode not in _FILE_MODES:
            raise UnfitFileError("not-a-file", f"{path} is {_OTHER_MODES.get(mode, 'no file')}")
        name = f"{self.sha}:{path}"
        size = int(self._git("cat-file", "-s", name))
        if size > most:
            raise UnfitFileError("file-size", f"the file has {size:,} bytes, {size - most:,} more than it may have")
        return self._git("cat-file", "blob", name)

    def message(self) -> str:
        """The commit's message. Raises RepositoryError."""
        self._wait()
        return self._git("log", "-1", "--format=%B", self.sha).decode(errors="replace").rstrip("\n")

    def is_ancestor_of(self, head: str) -> bool:
        """Whether the commit is `head` or one that it builds on.

        Fetches the history without its files. Raises RepositoryError.
        """
        self._wait()
        self._fetch_history(head)
        done = self._run("merge-base", "--is-ancestor", self.sha, head)
        if done.returncode not in (0, 1):
            raise _failure(done.stderr)
        return done.returncode == 0

    def blobs(self) -> dict[str, str]:
        """Every file of the commit by its path, with the name of its content; no content is fetched.

        Raises RepositoryError.
        """
        self._wait()
        return git_listings.blobs(self._git(*git_listings.TREE, self.sha))

    def changed_since(self, base: str) -> frozenset[str] | None:
        """The paths that differ between the commit and where it left `base`'s history; None where it has none of it.

        Fetches commits, and the folders of the one where they part. Raises RepositoryError.
        """
        self._wait()
        start = self._merge_base(base)
        # The folders that are missing come in one fetch, which diff-tree starts itself.
        return git_listings.paths(self._git(*git_listings.CHANGES, start, self.sha)) if start else None

    def _merge_base(self, base: str) -> str:
        """Where the commit's history and `base`'s part, empty where they have nothing of each other."""
        self._git("fetch", "--quiet", "--no-tags", f"--depth={_NEAR}", "--filter=tree:0", "origin", self.sha, base)
        near = self._common(base)
        if near and not self._boundary() & set(self._lines("rev-list", self.sha, base, f"^{near}")):
            return near
        self._fetch_history(base)
        return self._common(base)

    def _common(self, base: str) -> str:
        done = self._run("merge-base", base, self.sha)
        if done.returncode not in (0, 1):
            raise _failure(done.stderr)
        return done.stdout.decode("ascii").strip()

    def _boundary(self) -> set[str]:
        """The commits whose parents were not fetched: history that goes on below one of them may hold anything."""
        shallow = self._folder / "shallow"
        return set(shallow.read_text().split()) if shallow.exists() else set()

    def _fetch_history(self, other: str) -> None:
        """All commits that the commit and another one build on, without what is in them."""
        # A commit without parents comes whole, and git refuses to deepen what is.
        deepen = ["--unshallow"] if self._boundary() else []
        self._git("fetch", "--quiet", "--no-tags", *deepen, "--filter=tree:0", "origin", self.sha, other)

    def close(self) -> None:
        """Ends a fetch that nobody waits for any more."""
        process, self._fetch = self._fetch, None
        if process is not None:
            process.kill()
            process.communicate()

    def _wait(self) -> None:
        while self._fetch is not None:
            process, self._fetch = self._fetch, None
            try:
                self._end(process)
            except RepositoryError as failure:
                if not failure.refused or not self._use_next_token():
                    raise
                self._fetch = self._start_fetch()

    def _use_next_token(self) -> bool:
        """Whether there was one: during a rotation a forge may know the older token alone."""
        if not self._tokens:
            return False
        parts = urlsplit(self._remote.url)
        login = f"{quote(self._remote.user, safe='')}:{quote(self._tokens.pop(0), safe='')}"
        self._store.touch(0o600)
        self._store.write_text(urlunsplit((parts.scheme, f"{login}@{parts.netloc}", "", "", "")) + "\n")
        return True

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        try:
            _, errors = process.communicate(timeout=_FETCH_TIMEOUT)
        except subprocess.TimeoutExpired as failure:
            process.kill()
            process.communicate()
            raise RepositoryError(f"git fetch took longer than {_FETCH_TIMEOUT:.0f} s") from failure
        if process.returncode != 0:
            raise _failure(errors)

    def _lines(self, *arguments: str) -> list[str]:
        return self._git(*arguments).decode("ascii").split()

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

    def _start_fetch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", self.sha],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )


def _environment(folder: pathlib.Path, remote: Remote, store: pathlib.Path) -> dict[str, str]:
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
        # Larger files are streamed through, not held in memory.
        "core.bigFileThreshold": "1m",
    }
    if remote.tokens:
        host = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        settings[f"credential.{host}.helper"] = f"store --file={store}"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder.parent),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        # A path is a path, whatever characters it starts with.
        "GIT_LITERAL_PATHSPECS": "1",
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
    gone, refused = (
        any(mark in line for line in lines for mark in marks) for marks in (_MISSING_REF_MARKS, _REFUSED_MARKS)
    )
    return RepositoryError(text, gone=gone, refused=refused and not gone)
