"""The Kubernetes API as the expander and the reporter use it: raw JSON objects by path, nothing watched or cached here.

Inside the cluster this is urllib3 and the pod's own token, because the client library's import alone would cost the
expander more than everything that it asks (docs/decisions has the figures); on a laptop the client library reads the
kubeconfig, with every way to log in.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import ssl
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

import urllib3

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
_ACCOUNT = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
_CONNECT_TIMEOUT = 5.0
_READ_TIMEOUT = 30.0
_MERGE_PATCH = "application/merge-patch+json"

NOT_FOUND = 404
CONFLICT = 409
GONE = 410


class ClusterError(Exception):
    """The API server refused (`status` is its HTTP status) or could not be reached (`status` is 0)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Credentials(Protocol):
    """What is sent along with each request; asked anew each time, since a pod's token is replaced while it runs."""

    def __call__(self) -> dict[str, str]:
        """The headers that say who asks."""


class Cluster:
    """One API server.

    Paths are absolute (`/apis/argoproj.io/v1alpha1/namespaces/argosy/workflows`); every method raises ClusterError.
    """

    def __init__(self, host: str, pool: urllib3.PoolManager, credentials: Credentials) -> None:
        self._host = host.rstrip("/")
        self._pool = pool
        self._credentials = credentials

    @classmethod
    def inside(cls) -> Cluster:
        """The cluster whose pod this is. Raises ClusterError outside of one."""
        host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
        if not host or not (_ACCOUNT / "token").exists():
            raise ClusterError(0, "not in a pod with a service account's token")
        address = f"[{host}]" if ":" in host else host
        pool = urllib3.PoolManager(ssl_context=ssl.create_default_context(cafile=str(_ACCOUNT / "ca.crt")), maxsize=4)
        return cls(f"https://{address}:{port}", pool, _pod_token)

    @classmethod
    def from_kubeconfig(cls, path: str | None = None, context: str | None = None) -> Cluster:
        """A context of a kubeconfig, by default the current one (None: KUBECONFIG or the usual place)."""
        from kubernetes import client, config  # noqa: PLC0415  (0.3 s that a pod does not pay)

        try:
            config.load_kube_config(path, context)  # type: ignore[no-untyped-call]
            _refuse_impersonation(path, context)
        except config.ConfigException as failure:
            raise ClusterError(0, f"kubeconfig: {failure}") from failure
        settings = client.Configuration.get_default_copy()
        return cls(settings.host, _pool(settings), lambda: _bearer(settings.get_api_key_with_prefix("BearerToken")))

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """One object, or one page of a list."""
        return self._ask("GET", path, query)

    def create(self, path: str, value: Mapping[str, Any], query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Creates an object in the collection at `path`."""
        return self._ask("POST", path, query, value)

    def replace(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Puts an object in place of the one that is there; its resourceVersion must still be the current one."""
        return self._ask("PUT", path, None, value)

    def patch(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Merges `value` into the object (RFC 7396)."""
        return self._ask("PATCH", path, None, value, _MERGE_PATCH)

    def delete(self, path: str, version: str = "") -> dict[str, Any]:
        """Deletes one object; with a resourceVersion only if that is still the current one."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"resourceVersion": version}}
        return self._ask("DELETE", path, None, options if version else None)

    def find(self, path: str) -> dict[str, Any] | None:
        """One object, None where there is none."""
        try:
            return self.get(path)
        except ClusterError as failure:
            if failure.status == NOT_FOUND:
                return None
            raise

    def stream(self, path: str, query: Mapping[str, str], read_timeout: float) -> Iterator[dict[str, Any]]:
        """A watch's events as they come, until the server ends it.

        `read_timeout`: seconds of silence after which it counts as broken.
        """
        response = self._send("GET", path, query, None, "", read_timeout, stream=True)
        try:
            yield from (_object(line, f"watch of {path}") for line in _lines(response))
        except urllib3.exceptions.HTTPError as failure:
            raise ClusterError(0, f"watch of {path}: {failure}") from failure
        finally:
            with contextlib.suppress(urllib3.exceptions.HTTPError):
                response.close()
            response.release_conn()

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        value: Mapping[str, Any] | None = None,
        kind: str = "application/json",
    ) -> dict[str, Any]:
        response = self._send(method, path, query, value, kind, _READ_TIMEOUT)
        return _object(response.data, f"{method} {path}")

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        value: Mapping[str, Any] | None,
        kind: str,
        read_timeout: float,
        *,
        stream: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        url = f"{self._host}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json", **self._credentials()}
        body = None
        if value is not None:
            headers["Content-Type"] = kind
            body = json.dumps(value).encode()
        timeout = urllib3.Timeout(connect=_CONNECT_TIMEOUT, read=read_timeout)
        try:
            response = self._pool.request(
                method, url, body=body, headers=headers, timeout=timeout, retries=False, preload_content=not stream
            )
        except urllib3.exceptions.HTTPError as failure:
            raise ClusterError(0, f"{method} {path}: {failure}") from failure
        if response.status >= 400:  # noqa: PLR2004
            message = _message(response.data)
            response.release_conn()
            raise ClusterError(response.status, f"{method} {path}: {message}")
        return response


def workflows(namespace: str, name: str = "") -> str:
    """The path of a namespace's Workflows, or of one."""
    return _argo(namespace, "workflows", name)


def cron_workflows(namespace: str, name: str = "") -> str:
    """The path of a namespace's CronWorkflows, or of one."""
    return _argo(namespace, "cronworkflows", name)


def config_maps(namespace: str, name: str = "") -> str:
    """The path of a namespace's ConfigMaps, or of one."""
    return f"/api/v1/namespaces/{namespace}/configmaps" + (f"/{name}" if name else "")


def pods(namespace: str) -> str:
    """The path of a namespace's pods."""
    return f"/api/v1/namespaces/{namespace}/pods"


def _argo(namespace: str, plural: str, name: str) -> str:
    return f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/{plural}" + (f"/{name}" if name else "")


def _pool(settings: Any) -> urllib3.PoolManager:
    """Connections as a kubeconfig's cluster wants them, its certificate not looked at where it says so."""
    if not settings.verify_ssl:
        # Who keeps the kubeconfig knows.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    named = {"server_hostname": settings.tls_server_name} if settings.tls_server_name else {}
    unseen: dict[str, Any] = {} if settings.verify_ssl else {"cert_reqs": "CERT_NONE", "assert_hostname": False}
    return urllib3.PoolManager(
        ca_certs=settings.ssl_ca_cert,
        cert_file=settings.cert_file,
        key_file=settings.key_file,
        maxsize=4,
        **named,
        **unseen,
    )


def _refuse_impersonation(path: str | None, context: str | None) -> None:
    """Raises ClusterError where a context's user acts as another one: the client library would let it act as itself."""
    from kubernetes.config import kube_config  # noqa: PLC0415

    where = path or kube_config.KUBE_CONFIG_DEFAULT_LOCATION
    merged = kube_config.KubeConfigMerger(where).config.value  # type: ignore[no-untyped-call]
    used = context or merged["current-context"]
    contexts = (one["context"] for one in merged["contexts"] if one["name"] == used)
    names = {one["user"] for one in contexts if "user" in one}
    if any("as" in (one["user"] or ()) for one in merged.get("users") or () if one["name"] in names and "user" in one):
        raise ClusterError(0, "kubeconfig: the context's user acts as another one (`as`), which argosy cannot")


def _pod_token() -> dict[str, str]:
    return {"Authorization": f"Bearer {(_ACCOUNT / 'token').read_text().strip()}"}


def _bearer(value: str | None) -> dict[str, str]:
    return {"Authorization": value} if value else {}


def _object(data: bytes, what: str) -> dict[str, Any]:
    """A JSON object. Something between us and the API server may have sent anything else."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as failure:
        raise ClusterError(0, f"{what}: the answer is not JSON") from failure
    if not isinstance(value, dict):
        raise ClusterError(0, f"{what}: the answer is no object")
    return value


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    rest = b""
    for chunk in response.stream(None):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from filter(bytes.strip, lines)


def _message(data: bytes) -> str:
    """What a Kubernetes Status says, or the first bytes of what is none."""
    try:
        return str(json.loads(data)["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return data[:300].decode(errors="replace") or "no answer"
