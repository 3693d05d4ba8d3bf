"""A Git server on the loopback, by git's own CGI program, that can ask for a password and refuse fetches by commit."""

from __future__ import annotations

import base64
import contextlib
import http.server
import json
import os
import subprocess
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping


class GitServer:
    """Serves the bare repositories below `folder`.

    `password` empty lets everybody in; `moved` is where every request is sent on to; without `protocol_2` the
    repository's settings decide which commits are given out by name. `seen` has each request's Authorization header,
    `asked` its path. `large` are the contents that LFS keeps, by their SHA-256; `large_password` is for them alone,
    and without `has_lfs` there is no such store.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.password = ""
        self.moved = ""
        self.protocol_2 = True
        self.seen: list[str] = []
        self.asked: list[str] = []
        self.large: dict[str, bytes] = {}
        self.large_password = ""
        self.has_lfs = True
        self.url = ""

    def create(self, name: str, object_format: str = "sha1") -> pathlib.Path:
        """A bare repository that takes no anonymous pushes, by name (`acme/app`)."""
        path = self.folder / f"{name}.git"
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--bare", f"--object-format={object_format}", "--initial-branch=main", ".")
        return path


@contextlib.contextmanager
def serve(folder: pathlib.Path) -> Iterator[GitServer]:
    """A server for the time of the context."""
    server = GitServer(folder)
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"git": server}))
    server.url = f"http://127.0.0.1:{listener.server_port}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()


def git(folder: pathlib.Path, *arguments: str) -> str:
    """Runs git as a fixed author at a fixed time."""
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _WHO.items()}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


_WHO = {"NAME": "Ann", "EMAIL": "ann@example.com", "DATE": "2026-11-24T12:00:00Z"}


class _Handler(http.server.BaseHTTPRequestHandler):
    git: GitServer

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *arguments: object) -> None:
        """Nothing on the test's output."""

    def _answer(self) -> None:
        said = self.headers.get("Authorization", "")
        if self.git.moved and self.headers["Host"] not in self.git.moved:
            self.send_response(302)
            self.send_header("Location", f"{self.git.moved}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.git.seen.append(said)
        self.git.asked.append(self.path)
        is_large = "/info/lfs/objects/" in self.path
        password = (self.git.large_password if is_large else "") or self.git.password
        if password and _password(said) != password:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if is_large and not self.git.has_lfs:
            self.send_error(404)
        elif is_large:
            self._large()
        else:
            self._cgi()

    def _large(self) -> None:
        if self.command == "GET":
            self._send(self.git.large[self.path.rpartition("/")[2]])
            return
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        folder = f"{self.git.url}{self.path.removesuffix('/batch')}"
        self._send(_places(asked, folder, self.git.large), "application/vnd.git-lfs+json")

    def _send(self, content: bytes, kind: str = "application/octet-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _cgi(self) -> None:
        parts = urlsplit(self.path)
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.git.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", "") if self.git.protocol_2 else "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        done = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n") if line)
        self.send_response(int(headers.pop("Status", "200 OK").split()[0]))
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _places(asked: bytes, folder: str, large: Mapping[str, bytes]) -> bytes:
    """Where each of the objects is that were asked for: LFS' batch API."""
    found: list[dict[str, Any]] = []
    for one in json.loads(asked)["objects"]:
        if one["oid"] in large:
            found.append({**one, "actions": {"download": {"href": f"{folder}/{one['oid']}"}}})
        else:
            found.append({**one, "error": {"code": 404, "message": "Object does not exist"}})
    return json.dumps({"objects": found}).encode()


def _password(header: str) -> str:
    kind, _, encoded = header.partition(" ")
    return base64.b64decode(encoded).decode().partition(":")[2] if kind == "Basic" else ""
