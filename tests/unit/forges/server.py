"""A web server on loopback that stands in for a forge: it gives recorded answers and remembers what it was asked."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked. `path` has the query, as it was sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclasses.dataclass(frozen=True)
class Answer:
    """What is answered: a JSON value, or bytes as they are. `breaks`: the connection ends without an answer."""

    status: int = 200
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    breaks: bool = False


class Server:
    """`answers` are by method and path (with the query, or without), each a list whose last one is repeated."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[tuple[str, str], list[Answer]] = {}
        self.requests: list[Request] = []
        self.connections = 0

    def get(self, path: str, *answers: Any) -> None:
        """What a GET of the path gives: JSON values, or whole answers."""
        self._set("GET", path, answers)

    def post(self, path: str, *answers: Any) -> None:
        """What a POST to the path gives."""
        self._set("POST", path, answers)

    def change(self, method: str, path: str, *answers: Any) -> None:
        """What a request with another method gives."""
        self._set(method, path, answers)

    def answer(self, request: Request) -> Answer:
        """The next answer to a request, 404 where there is none."""
        self.requests.append(request)
        for path in (request.path, request.path.partition("?")[0]):
            answers = self.answers.get((request.method, path))
            if answers:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return Answer(404, {"message": "not found"})

    def _set(self, method: str, path: str, answers: tuple[Any, ...]) -> None:
        self.answers[method, path] = [one if isinstance(one, Answer) else Answer(200, one) for one in answers]


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server that runs while the context lasts."""
    httpd = _Quiet(("127.0.0.1", 0), _Handler)
    httpd.told = server = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class _Quiet(http.server.ThreadingHTTPServer):
    """A client that hangs up in the middle is part of the tests."""

    daemon_threads = True
    told: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nobody reads it."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Quiet

    def setup(self) -> None:
        super().setup()
        self.server.told.connections += 1

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class calls it so)
        """Nobody reads it."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.told.answer(Request(self.command, self.path, headers, body))
        if answer.breaks:
            self.close_connection = True
            return
        data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in (*answer.headers, ("Content-Length", str(len(data)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
