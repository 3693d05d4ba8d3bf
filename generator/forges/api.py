"""A forge's REST API over HTTP: what the forges' modules ask through.

Here, and nowhere else, an answer becomes a ForgeError.

urllib3 alone, for its import's sake (docs/decisions/0016-forge-clients.md has the figures). Connections are kept; every
wait has a limit; answers are bounded; a redirect is followed only on the forge's own host, since the token goes with
it; a 401 tries the other token.
"""

from __future__ import annotations

import email.utils
import functools
import json
import ssl
import time
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import urllib3

import generator
from generator.forges.forge import ForgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Answered = tuple[int, Mapping[str, str], bytes]
    Send = Callable[[str, str, bytes | None, str], Answered]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_TIMEOUT = urllib3.Timeout(connect=5.0, read=15.0)
_AGENT = f"argosy/{generator.__version__}"  # GitHub refuses who has no name
_ANSWER_BYTES = 4 * 1024 * 1024  # a hundred statuses are 200 kB
_REDIRECTS = 3
_PAGES = 50  # of a list: five thousand entries on GitHub and GitLab

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_TOO_MANY = 429
_SECONDARY_LIMIT = 60.0  # seconds; GitHub's documentation asks for a minute where it does not say how long
_REDIRECT_STATUSES = (301, 302, 307, 308)
# What is no better the next time. 401 is not here: a token may be put right while we wait.
_LASTING_STATUSES = (400, 403, 404, 405, 409, 410, 413, 422)


class RefusedError(ForgeError):
    """The forge's clear no: `status` is HTTP's."""

    def __init__(self, status: int, message: str, *, lasting: bool, retry_after: float = 0.0) -> None:
        super().__init__(message, lasting=lasting, retry_after=retry_after)
        self.status = status


class Api:
    """One forge's API at `base` (no slash at the end). `headers` makes a token into headers.

    Paths begin with a slash; values are JSON's.
    """

    def __init__(self, base: str, tokens: Sequence[str], headers: Callable[[str], dict[str, str]]) -> None:
        self.base = base
        self._tokens = list(tokens) or [""]
        self._headers = headers
        context = ssl.create_default_context() if base.startswith("https:") else None
        self._pool = urllib3.PoolManager(maxsize=4, ssl_context=context)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """What is at `path`, None for a 404. Raises ForgeError."""
        try:
            return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None)
        except RefusedError as refusal:
            if refusal.status == _NOT_FOUND:
                return None
            raise

    def post(self, path: str, value: Any, *, once: bool = False) -> Any:
        """The answer to a POST. Raises ForgeError, also for a 404. `once`: what may not arrive twice is not resent."""
        return self._ask("POST", path, value, once=once)

    def patch(self, path: str, value: Any) -> Any:
        """The answer to a PATCH. Raises ForgeError, also for a 404."""
        return self._ask("PATCH", path, value)

    def put(self, path: str, value: Any) -> Any:
        """The answer to a PUT. Raises ForgeError, also for a 404."""
        return self._ask("PUT", path, value)

    def delete(self, path: str) -> None:
        """Removes what is at `path`, if it is there. Raises ForgeError."""
        try:
            self._ask("DELETE", path, None)
        except RefusedError as refusal:
            if refusal.status != _NOT_FOUND:
                raise

    def pages(self, path: str, query: Mapping[str, str | int]) -> Iterator[Any]:
        """The pages of a list as they come, until the caller has enough; none for a 404. Raises ForgeError."""
        for number in range(1, _PAGES + 1):
            page = self.get(path, {**query, "page": number})
            if page is None:
                return
            yield page

    def _ask(self, method: str, path: str, value: Any, *, once: bool = False) -> Any:
        body = None if value is None else json.dumps(value).encode()
        send = self._send_only_once if once else self._send
        for token in list(self._tokens):
            status, headers, data = self._follow(send, method, self.base + path, body, token)
            if status != _UNAUTHORIZED:
                self._prefer(token)
                return _answer(f"{method} {self.base}{path}", status, headers, data)
        raise RefusedError(
            _UNAUTHORIZED, f"{method} {self.base}{path}: the forge does not take our token", lasting=False
        )

    def _prefer(self, token: str) -> None:
        """The token that was taken is the first to be tried from now on."""
        if self._tokens[0] != token:
            self._tokens = sorted(self._tokens, key=lambda other: other != token)

    def _follow(self, send: Send, method: str, url: str, body: bytes | None, token: str) -> Answered:
        """The answer behind redirects.

        Method and body stay: Gitea and GitHub redirect what they have renamed and expect the same again.
        """
        for _ in range(_REDIRECTS + 1):
            status, headers, data = send(method, url, body, token)
            if status not in _REDIRECT_STATUSES:
                return status, headers, data
            target = urljoin(url, headers.get("location", ""))
            if _origin(target) != _origin(url):
                raise ForgeError(
                    f"{method} {url}: redirected to {_origin(target)}, which does not get our token", lasting=True
                )
            url = target
        raise ForgeError(f"{method} {url}: redirected more than {_REDIRECTS} times", lasting=True)

    def _send(self, method: str, url: str, body: bytes | None, token: str) -> Answered:
        try:
            return self._exchange(method, url, body, token)
        except urllib3.exceptions.ProtocolError:
            # The forge closed a kept connection just when we used it. Most of what we send may arrive twice.
            pass
        except urllib3.exceptions.HTTPError as failure:
            raise ForgeError(f"{method} {url}: {_reason(failure)}") from failure
        return self._send_only_once(method, url, body, token)

    def _send_only_once(self, method: str, url: str, body: bytes | None, token: str) -> Answered:
        try:
            return self._exchange(method, url, body, token)
        except urllib3.exceptions.HTTPError as failure:
            raise ForgeError(f"{method} {url}: {_reason(failure)}") from failure

    def _exchange(self, method: str, url: str, body: bytes | None, token: str) -> Answered:
        headers = {
            "Accept": "application/json",
            "User-Agent": _AGENT,
            **self._headers(token),
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        response = self._pool.request(
            method,
            url,
            body=body,
            headers=headers,
            timeout=_TIMEOUT,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            data = response.read(_ANSWER_BYTES + 1, decode_content=True)
            if len(data) > _ANSWER_BYTES:
                response.close()
                raise ForgeError(f"{method} {url}: an answer of more than {_ANSWER_BYTES} bytes", lasting=True)
            return response.status, response.headers, data
        finally:
            response.release_conn()


def understood(method: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Makes an answer whose shape a client's method does not expect a ForgeError: another forge, or another version."""

    @functools.wraps(method)
    def asked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        try:
            return method(*args, **kwargs)
        except (KeyError, TypeError, AttributeError, ValueError) as failure:
            what = f"{method.__qualname__}: the answer is not as expected ({failure!r}); is this forge of another kind?"
            raise ForgeError(what, lasting=True) from failure

    return asked


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="", errors="replace")


def segments(text: str, count: int = 0) -> str:
    """A text with slashes as segments of a path, empty if it cannot be one: with `..` in it, it would be another path.

    `count` is how many there must be, 0 for any number.
    """
    parts = text.split("/")
    if any(part in ("", ".", "..") for part in parts) or count not in (0, len(parts)):
        return ""
    return "/".join(map(segment, parts))


def is_sha(text: str) -> bool:
    """Whether a text is a whole object name of Git, SHA-1 or SHA-256."""
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)


def _answer(what: str, status: int, headers: Mapping[str, str], data: bytes) -> Any:
    if status >= 400:  # noqa: PLR2004
        raise _refusal(what, status, headers, data)
    if not data:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as failure:
        raise ForgeError(f"{what}: the answer is not JSON; is this address the forge's?", lasting=True) from failure


def _refusal(what: str, status: int, headers: Mapping[str, str], data: bytes) -> RefusedError:
    wait, said = _retry_after(headers), _said(data)
    if status == _FORBIDDEN and not wait and "secondary rate limit" in said:
        wait = _SECONDARY_LIMIT
    limited = status == _TOO_MANY or (status == _FORBIDDEN and wait > 0)
    lasting = status in _LASTING_STATUSES and not limited
    return RefusedError(status, f"{what}: {status} {said}".rstrip(), lasting=lasting, retry_after=wait)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds until the forge wants to be asked again, 0 where it does not say.

    Retry-After (RFC 9110, seconds or a date), and what GitHub sends when the hour's calls are used up:
    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    if said:
        date = email.utils.parsedate_tz(said)
        return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else 0.0
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining", "").strip() == "0" and reset.isascii() and reset.isdecimal():
        return max(1.0, float(reset[:12]) - time.time())
    return 0.0


def _said(data: bytes) -> str:
    """The forge's own words, on one line and cut."""
    try:
        value = json.loads(data)
    except ValueError:
        return ""
    message = (value.get("message") or value.get("error") or "") if isinstance(value, dict) else ""
    return " ".join(str(message).split())[:300]


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _reason(failure: urllib3.exceptions.HTTPError) -> str:
    """What went wrong without the address of a Python object in it, so that the same trouble reads the same twice."""
    text = str(failure)
    return text.split(">: ", 1)[-1] if ">: " in text else text
