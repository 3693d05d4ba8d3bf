"""Runs programs, and tells a person how far things are: one line with the time on stderr for each step, the rest in a
log of the cache.

A failure carries the end of what the program said. Children run in sessions of their own, so that an interrupt
reaches this process alone, which then ends them all; otherwise a compiler would go on after its parent is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from tests.e2e.cluster.settings import LOGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TAIL = 30
_children: set[subprocess.Popen[str]] = set()
_lock = threading.Lock()


class CommandFailed(Exception):  # noqa: N818 - what it says when it is raised
    """A program ended with something else than 0; the message holds its command line and its last words."""


def say(message: str) -> None:
    """One line of progress on stderr, with the time."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")
    sys.stderr.flush()


@contextmanager
def timed(message: str) -> Iterator[None]:
    """Says what begins, and afterwards how many seconds it took."""
    say(message)
    start = time.monotonic()
    yield
    say(f"{message}: done in {time.monotonic() - start:.0f} s")


def run(
    *command: str | Path,
    stdin: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: str | None = None,
) -> str:
    """Runs a program to its end and gives what it printed on stdout.

    With `log` both of its outputs are appended to that file of the cache instead, and the result is empty. `env` is
    added to this process' own environment. Raises CommandFailed.
    """
    if log is not None:
        return _run_logged(command, LOGS / f"{log}.log", cwd=cwd, env=env)
    child = _start(command, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with _tracked(child):
        out, err = child.communicate(stdin)
    if child.returncode != 0:
        raise _failure(command, child.returncode, err or out)
    return out


def succeeds(*command: str | Path) -> bool:
    """Whether a program ends with 0; its output is dropped. A program that is not there does not succeed."""
    try:
        run(*command)
    except (CommandFailed, FileNotFoundError):
        return False
    return True


def stop_all() -> None:
    """Ends every program that is still running."""
    with _lock:
        running = list(_children)
    for child in running:
        try:
            os.killpg(child.pid, signal.SIGTERM)
        except ProcessLookupError:
            continue


def _run_logged(command: tuple[str | Path, ...], log: Path, *, cwd: Path | None, env: Mapping[str, str] | None) -> str:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as output:
        print(f"\n{time.strftime('%Y-%m-%d %H:%M:%S')} $ {_line(command)}", file=output, flush=True)
        child = _start(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        with _tracked(child):
            child.wait()
    if child.returncode != 0:
        raise _failure(
            command, child.returncode, f"{log.read_text(encoding='utf-8', errors='replace')}\n(all of it in {log})"
        )
    return ""


def _start(
    command: tuple[str | Path, ...],
    *,
    cwd: Path | None,
    env: Mapping[str, str] | None,
    stdin: int,
    stdout: int | IO[str],
    stderr: int,
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


@contextmanager
def _tracked(child: subprocess.Popen[str]) -> Iterator[None]:
    with _lock:
        _children.add(child)
    try:
        yield
    finally:
        with _lock:
            _children.discard(child)


def _failure(command: tuple[str | Path, ...], code: int, output: str) -> CommandFailed:
    tail = "\n".join(output.strip().splitlines()[-_TAIL:])
    return CommandFailed(f"`{_line(command)}` ended with {code}:\n{tail}")


def _line(command: tuple[str | Path, ...]) -> str:
    return " ".join(str(word) for word in command)
