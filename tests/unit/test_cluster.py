"""The Kubernetes API against a server on the loopback: what is asked, and what an answer that is none becomes."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from generator import cluster as cluster_module
from generator.cluster import (
    CONFLICT,
    NOT_FOUND,
    Cluster,
    ClusterError,
    config_maps,
    cron_workflows,
    pods,
    workflows,
)

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

THING = workflows("ns", "one")
OBJECT = {"metadata": {"name": "one", "resourceVersion": "7"}}
STATUS = {"kind": "Status", "message": 'workflows.argoproj.io "one" already exists', "code": 409}


class Server:
    """Answers everything with `status` and `body`; `chunks` are what a watch sends before the connection ends."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.body: Any = OBJECT
        self.chunks: list[bytes] = []
        self.requests: list[tuple[str, str, dict[str, str], Any]] = []


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.requests.append((self.command, self.path, headers, body))
            self.send_response(told.status)
            if told.chunks:
                self.send_header("Connection", "close")
                self.end_headers()
                for chunk in told.chunks:
                    self.wfile.write(chunk)
                    self.wfile.flush()
                self.close_connection = True
                return
            data = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Nothing on the test's output."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    told.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield told
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def cluster(server: Server) -> Cluster:
    tokens = iter(("first", "second", "third"))
    return Cluster(f"{server.url}/", urllib3.PoolManager(), lambda: {"Authorization": f"Bearer {next(tokens)}"})


def test_each_call_is_one_request_of_its_kind(server: Server) -> None:
    cluster = Cluster(server.url, urllib3.PoolManager(), dict)
    cluster.get(workflows("ns"), {"labelSelector": "a=b,c", "limit": "100"})
    cluster.create(workflows("ns"), OBJECT, {"dryRun": "All"})
    cluster.replace(THING, OBJECT)
    cluster.patch(THING, {"spec": {"shutdown": "Stop"}})
    cluster.delete(THING)
    cluster.delete(THING, version="7")
    path = "/apis/argoproj.io/v1alpha1/namespaces/ns/workflows"
    assert [(method, where, body) for method, where, _, body in server.requests] == [
        ("GET", f"{path}?labelSelector=a%3Db%2Cc&limit=100", None),
        ("POST", f"{path}?dryRun=All", OBJECT),
        ("PUT", f"{path}/one", OBJECT),
        ("PATCH", f"{path}/one", {"spec": {"shutdown": "Stop"}}),
        ("DELETE", f"{path}/one", None),
        (
            "DELETE",
            f"{path}/one",
            {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"resourceVersion": "7"}},
        ),
    ]
    kinds = [headers.get("content-type") for _, _, headers, _ in server.requests]
    json_kind = "application/json"
    assert kinds == [None, json_kind, json_kind, "application/merge-patch+json", None, json_kind]


def test_a_token_that_was_replaced_counts_from_the_next_call_on(server: Server, cluster: Cluster) -> None:
    cluster.get(THING)
    cluster.get(THING)
    assert [headers["authorization"] for _, _, headers, _ in server.requests] == ["Bearer first", "Bearer second"]


def test_what_is_not_there_is_none_where_that_is_asked(server: Server, cluster: Cluster) -> None:
    assert cluster.find(THING) == OBJECT
    server.status, server.body = NOT_FOUND, {"kind": "Status", "message": "not found"}
    assert cluster.find(THING) is None
    with pytest.raises(ClusterError) as missing:
        cluster.get(THING)
    assert missing.value.status == NOT_FOUND


def test_a_refusal_says_what_the_server_said(server: Server, cluster: Cluster) -> None:
    server.status, server.body = CONFLICT, STATUS
    with pytest.raises(ClusterError, match='"one" already exists') as refused:
        cluster.create(workflows("ns"), OBJECT)
    assert refused.value.status == CONFLICT


@pytest.mark.parametrize("body", [b"", b"<html>bad gateway</html>", b"[1]", b"\xff", b'{"message": {}}', b"[" * 5000])
def test_a_refusal_without_a_status_is_one_too(server: Server, cluster: Cluster, body: bytes) -> None:
    server.status, server.body = 502, body
    with pytest.raises(ClusterError) as refused:
        cluster.find(THING)
    assert refused.value.status == 502


@pytest.mark.parametrize("status", [200, 302])
@pytest.mark.parametrize("body", [b"", b"<html>welcome</html>", b"[1]", b"\xff", b'"x"', b"[" * 5000])
def test_an_answer_that_is_no_object_is_trouble(server: Server, cluster: Cluster, status: int, body: bytes) -> None:
    server.status, server.body = status, body
    with pytest.raises(ClusterError) as trouble:
        cluster.get(THING)
    assert trouble.value.status == 0


def test_a_server_that_is_away_is_trouble() -> None:
    with pytest.raises(ClusterError) as away:
        Cluster("http://127.0.0.1:9", urllib3.PoolManager(), dict).get(THING)
    assert away.value.status == 0


def test_a_watchs_events_come_as_they_are_sent(server: Server, cluster: Cluster) -> None:
    server.chunks = [
        b'{"type":"ADD',
        b'ED","object":{"a":"\xc3',
        b'\xa9"}}\n\n{"type":"MODIFIED","object":{}}\n{"type"',
    ]
    events = list(cluster.stream(workflows("ns"), {"watch": "true"}, 5.0))
    assert events == [{"type": "ADDED", "object": {"a": "é"}}, {"type": "MODIFIED", "object": {}}]


@pytest.mark.parametrize("line", [b"<html>\n", b"[1]\n", b"\xff\n", b"[" * 5000 + b"\n", b"3\n"])
def test_a_watch_that_sends_no_events_is_trouble(server: Server, cluster: Cluster, line: bytes) -> None:
    server.chunks = [line]
    with pytest.raises(ClusterError):
        list(cluster.stream(workflows("ns"), {"watch": "true"}, 5.0))


def test_a_watch_that_is_refused_says_so(server: Server, cluster: Cluster) -> None:
    server.status, server.body = 410, {"message": "too old resource version"}
    with pytest.raises(ClusterError, match="too old") as gone:
        list(cluster.stream(workflows("ns"), {"watch": "true"}, 5.0))
    assert gone.value.status == 410


def test_a_silent_watch_is_trouble(server: Server, cluster: Cluster) -> None:
    server.chunks = [b'{"type":"BOOKMARK","object":{}}\n']
    started, ended = threading.Event(), threading.Event()

    class Slow(list[bytes]):
        def __iter__(self) -> Iterator[bytes]:
            yield from super().__iter__()
            started.set()
            ended.wait(10)

    server.chunks = Slow(server.chunks)
    with pytest.raises(ClusterError):
        list(cluster.stream(workflows("ns"), {"watch": "true"}, 0.05))
    ended.set()
    assert started.is_set()


def test_paths() -> None:
    argo = "/apis/argoproj.io/v1alpha1/namespaces/ns"
    assert (workflows("ns"), cron_workflows("ns", "x")) == (f"{argo}/workflows", f"{argo}/cronworkflows/x")
    assert (config_maps("ns", "x"), pods("ns")) == ("/api/v1/namespaces/ns/configmaps/x", "/api/v1/namespaces/ns/pods")


class TestInside:
    def test_a_pods_own_account_is_used(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, server: Server
    ) -> None:
        (tmp_path / "token").write_text("sesame\n")
        (tmp_path / "ca.crt").write_text("")
        monkeypatch.setattr(cluster_module, "_ACCOUNT", tmp_path)
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
        monkeypatch.setattr("ssl.create_default_context", lambda cafile: cafile and None)
        inside = Cluster.inside()
        monkeypatch.setattr(inside, "_host", server.url)
        inside.get(THING)
        assert server.requests[0][2]["authorization"] == "Bearer sesame"

    def test_outside_of_a_pod_it_says_so(self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster_module, "_ACCOUNT", tmp_path)
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
        with pytest.raises(ClusterError, match="not in a pod"):
            Cluster.inside()

    def test_a_kubeconfig_that_is_none_says_so(self, tmp_path: pathlib.Path) -> None:
        with pytest.raises(ClusterError, match="kubeconfig"):
            Cluster.from_kubeconfig(str(tmp_path / "none"))

    def test_a_user_that_acts_as_another_is_refused_and_does_not_act_as_itself(self, tmp_path: pathlib.Path) -> None:
        file = kubeconfig(tmp_path, user={"token": "sesame", "as": "ann"})
        with pytest.raises(ClusterError, match="acts as another one"):
            Cluster.from_kubeconfig(file)

    @pytest.mark.parametrize("user", [{"token": "sesame"}, {}])
    def test_a_user_that_does_not_is_itself(self, tmp_path: pathlib.Path, user: dict[str, str], server: Server) -> None:
        Cluster.from_kubeconfig(kubeconfig(tmp_path, user, server=server.url)).get(THING)
        said = server.requests[0][2].get("authorization")
        assert said == (f"Bearer {user['token']}" if user else None)

    def test_a_cluster_whose_certificate_is_not_to_be_looked_at_is_taken_as_it_is(self, tmp_path: pathlib.Path) -> None:
        plain = Cluster.from_kubeconfig(kubeconfig(tmp_path, {}))
        trusting = Cluster.from_kubeconfig(kubeconfig(tmp_path, {}, **{"insecure-skip-tls-verify": True}))
        named = Cluster.from_kubeconfig(kubeconfig(tmp_path, {}, **{"tls-server-name": "api.example"}))
        assert "cert_reqs" not in _options(plain)
        assert _options(trusting)["cert_reqs"] == "CERT_NONE"
        assert _options(named)["server_hostname"] == "api.example"


def _options(cluster: Cluster) -> dict[str, Any]:
    """What each connection is made with."""
    options: dict[str, Any] = vars(cluster)["_pool"].connection_pool_kw
    return options


def kubeconfig(folder: pathlib.Path, user: dict[str, str], **cluster: Any) -> str:
    """A file with one context; its path."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://api.example", **cluster}}],
        "users": [{"name": "u", "user": user}],
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(content))
    return str(file)
