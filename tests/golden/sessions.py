"""A page's terminal, played: its files are written and its commands run, from top to bottom, in a clone of acme/shop.

What a page shows after `$ command` is what the command printed. `argosy` runs in this process, the rest in a shell that
knows nothing of the machine's own settings of git. A block with a command that asks a cluster is left as it is.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING
from unittest import mock

from generator.__main__ import command_line
from tests.pages import blocks

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

REMOTE = "https://git.example/acme/shop.git"
# What is in the repository before the page begins; nothing looks into most of it.
FILES = {
    "Makefile": "test:\n\tgo test ./...\n",
    "README.md": "# Shop\n",
    "go.mod": "module git.example/acme/shop\n\ngo 1.26\n",
    "go.sum": "",
    "docs/owners.md": "# Owners\n",
    "libs/money/money.go": "package money\n",
    "services/cart/Dockerfile": "FROM scratch\n",
    "services/cart/main.go": "package main\n",
    "services/cart/main_test.go": "package main\n",
    "services/catalog/Dockerfile": "FROM scratch\n",
    "services/catalog/main.go": "package main\n",
    "services/catalog/store_test.go": "package main\n",
    "web/package.json": "{}\n",
    "web/pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "web/src/app.ts": "export {}\n",
}
_COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)
_OF_A_CLUSTER = ("argosy run ", "argosy approve ", "kubectl ")


class Session:
    """One terminal in one clone, below `folder`."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.clone = folder / "src" / "shop"
        home = folder / "home"
        home.mkdir()
        origin = folder / "forge" / "acme" / "shop.git"
        settings = {"user.name": "ann", "user.email": "ann@git.example", "init.defaultBranch": "main"}
        # Pushes go to a folder, while the remote's address is that of the forge.
        settings[f"url.{folder / 'forge'}/.pushInsteadOf"] = "https://git.example/"
        self._environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.clone.mkdir(parents=True)
        for name, value in settings.items():
            self._shell(f"git config --global {shlex.quote(name)} {shlex.quote(value)}")
        self._shell(f"git init --quiet --bare {origin} && git init --quiet && git remote add origin {REMOTE}")
        for path, text in FILES.items():
            self.write(path, text)
        self._shell("git add . && git commit --quiet -m Shop && git push --quiet origin main")
        self._shell("git remote set-head origin main")

    def write(self, path: str, text: str) -> None:
        """A file by its path from the clone on; `..` is what lies beside the clones."""
        target = self.clone / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def run(self, command: str) -> str:
        """What one line of the terminal prints, on either stream."""
        words = shlex.split(command)
        if words[0] != "argosy":
            return self._shell(command)
        printed = io.StringIO()
        # One stream for both, so that lines stand in the order in which a terminal shows them.
        both = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed)
        with self._here(), both[0], both[1], contextlib.suppress(SystemExit):
            command_line(words[1:])(words[1:], prog_name="argosy")
        return printed.getvalue()

    @contextlib.contextmanager
    def _here(self) -> Iterator[None]:
        """This process in the clone, with the terminal's variables."""
        with contextlib.chdir(self.clone), mock.patch.dict(os.environ, self._environment, clear=True):
            yield

    def _shell(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.clone,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}"
        return done.stdout


def played(page: pathlib.Path, folder: pathlib.Path) -> str:
    """The page, with what its commands print today."""
    session = Session(folder)
    text = page.read_text(encoding="utf-8")
    parts, done = [], 0
    for block in blocks(page):
        if block.path:
            session.write(block.path, block.text)
        elif block.language == "console":
            parts += [text[done : block.start], _answered(block.text, session)]
            done = block.end
    return "".join((*parts, text[done:]))


def _answered(console: str, session: Session) -> str:
    commands = _COMMAND.findall(console)
    if any(command.startswith(_OF_A_CLUSTER) for command in commands):
        return console
    return "".join(f"$ {command}\n{session.run(command)}" for command in commands)
