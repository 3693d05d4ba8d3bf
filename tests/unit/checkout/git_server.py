"""A Git server on the loopback, by git's own CGI program, that can ask for a password and refuse fetches by commit."""

from __future__ import annotations

import base64
import contextlib
import http.server
import os
import subprocess
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator


class GitServer:
    """Serves the bare repositories below `folder`.

    `password` empty lets everybody in; `moved` is where every request is sent on to; without `protocol_2` the
    repository's settings decide which commits are given out by name. `seen` has each request's Authorization header.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.password = ""
        self.moved = ""
        self.protocol_2 = True
        self.seen: list[str] = []
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
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
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


def _handler(server: GitServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *arguments: object) -> None:
            """Nothing on the test's output."""

        def _answer(self) -> None:
            said = self.headers.get("Authorization", "")
            if server.moved and self.headers["Host"] not in server.moved:
                self.send_response(302)
                self.send_header("Location", f"{server.moved}{self.path}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            server.seen.append(said)
            if server.password and _password(said) != server.password:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._cgi()

        def _cgi(self) -> None:
            parts = urlsplit(self.path)
            environment = {
                **os.environ,
                "GIT_PROJECT_ROOT": str(server.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", "") if server.protocol_2 else "",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            }
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            done = subprocess.run(
                ["git", "http-backend"], env=environment, input=body, capture_output=True, check=False
            )
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n") if line)
            self.send_response(int(headers.pop("Status", "200 OK").split()[0]))
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


def _password(header: str) -> str:
    kind, _, encoded = header.partition(" ")
    return base64.b64decode(encoded).decode().partition(":")[2] if kind == "Basic" else ""
