"""What a job waits for before its first step, and what it says of a service that does not get ready."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.language.model import Ready
from generator.manifests.inert import Inert
from generator.manifests.service_probe import startup_probe
from generator.planning.plan import PlannedService
from tests.unit.checkout.conftest import Pod, payload, steps

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from generator.planning.plan import PlannedJob


def service(name: str, *ports: int, **ready: str) -> PlannedService:
    return PlannedService(name, "image", (), (), ports, (), Ready(**ready))


def job(*services: PlannedService, timeout: int = 60) -> PlannedJob:
    return dataclasses.replace(steps("echo started"), services=services, timeout=timeout)


@contextlib.contextmanager
def listening() -> Iterator[int]:
    """A port of this machine that somebody listens on, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextlib.contextmanager
def answering(code: int) -> Iterator[tuple[int, list[str]]]:
    """A port that answers with the code, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(code)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


@pytest.fixture
def closed() -> int:
    """A port that nobody listens on."""
    with listening() as port:
        return port


def test_a_job_starts_once_all_ports_are_open(pod: Pod) -> None:
    with listening() as one, listening() as other:
        pod.lay_down(payload(job(service("mail", one, other))))
        done = pod.run()
    assert (done.returncode, done.stdout, pod.result) == (0, "==> [1/1] step 1\nstarted\n", "")


def test_a_job_waits_for_a_service_and_says_so(pod: Pod, closed: int) -> None:
    pod.lay_down(payload(job(service("db", closed))))
    with subprocess.Popen(pod.command(), env=pod.environment(), stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == f"==> waiting for service db: nothing listens on port {closed}\n"
        with socket.create_server(("127.0.0.1", closed)):
            assert started.stdout.read() == "==> [1/1] step 1\nstarted\n"
    assert started.returncode == 0


def test_a_service_that_is_not_ready_in_time_is_named_with_its_port(pod: Pod, closed: int) -> None:
    with listening() as open_one:
        pod.lay_down(payload(job(service("cache", open_one), service("db", open_one, closed), timeout=1)))
        done = pod.run()
    assert done.returncode == 1
    assert done.stdout.endswith(f"==> not started: service db is not ready: nothing listens on port {closed}\n")
    assert json.loads(pod.result) == {
        "step": 0, "code": 1, "reason": "service-not-ready", "service": "db", "port": closed
    }  # fmt: skip


@pytest.mark.parametrize("code", [200, 204, 302, 399])
def test_a_service_that_answers_well_is_ready(pod: Pod, code: int) -> None:
    with answering(code) as (port, asked):
        pod.lay_down(payload(job(service("web", port, path="/a*?b=$(id)&c='%20'"))))
        assert pod.run().returncode == 0
    assert asked == ["/a*?b=$(id)&c='%20'"]


@pytest.mark.parametrize("code", [404, 500, 503])
def test_a_service_that_answers_badly_is_not_ready(pod: Pod, code: int) -> None:
    with answering(code) as (port, _):
        pod.lay_down(payload(job(service("web", port, path="/"), timeout=1)))
        done = pod.run()
    assert done.stdout.endswith(f"==> not started: service web is not ready: it answers {code}\n")
    assert json.loads(pod.result)["answer"] == code


def test_a_port_that_does_not_speak_http_is_no_answer(pod: Pod) -> None:
    with listening() as port:
        pod.lay_down(payload(job(service("web", port, path="/"), timeout=1)))
        done = pod.run()
    assert done.stdout.endswith(f"==> not started: service web is not ready: no answer on port {port}\n")


def test_a_job_whose_time_is_over_waits_no_longer(pod: Pod, closed: int) -> None:
    pod.lay_down(payload(job(service("db", closed), timeout=60)))
    # A second more: busybox asks a clock that ticks some milliseconds behind.
    (pod.root / "started").write_text(f"{int(time.time()) - 61}\n")
    assert pod.run().stdout == f"==> not started: service db is not ready: nothing listens on port {closed}\n"


def test_a_job_that_is_stopped_while_it_waits_says_so(pod: Pod, closed: int) -> None:
    pod.lay_down(payload(job(service("db", closed))))
    with subprocess.Popen(
        pod.command(), env=pod.environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        # As Argo does: to the whole group.
        os.killpg(started.pid, signal.SIGTERM)
        assert started.wait(10) == 128 + signal.SIGTERM
    assert json.loads(pod.result) == {"step": 0, "code": 143, "reason": "stopped"}


def test_the_images_variables_have_no_say_in_it(pod: Pod) -> None:
    with listening() as port:
        pod.lay_down(payload(job(service("db", port))))
        assert pod.run({"root": "/nowhere", "busybox": "false", "http_proxy": "http://127.0.0.1:1"}).returncode == 0


@dataclasses.dataclass(frozen=True)
class Probe:
    """The probe of a service, as Kubernetes runs it in the service's container."""

    shell: list[str]
    folder: pathlib.Path
    command: str
    seconds: int = 60

    def __call__(self) -> int:
        asked = dataclasses.replace(service("db", command=self.command))
        words = startup_probe(asked, self.seconds, Inert(""))["startupProbe"]["exec"]["command"]
        assert words[:2] == ["sh", "-c"]
        # What Kubernetes makes of it: the escape for its own variables goes.
        script, name, *rest = (word.replace("$$", "$") for word in words[2:])
        rest[0] = str(self.folder / "db")
        return subprocess.run(
            [*self.shell, "-c", script, name, *rest], env={"PATH": "/bin:/usr/bin"}, check=False
        ).returncode

    def left(self, kind: str) -> str | None:
        path = self.folder / f"db.{kind}"
        return path.read_text() if path.exists() else None


@pytest.fixture(params=["busybox sh", "dash", "bash"])
def probe_shell(request: pytest.FixtureRequest, busybox: str) -> list[str]:
    words = str(request.param).split()
    words[0] = busybox if words[0] == "busybox" else shutil.which(words[0]) or pytest.fail(f"there is no {words[0]}")
    return words


def test_a_command_that_succeeds_is_told_to_the_job(probe_shell: list[str], tmp_path: pathlib.Path) -> None:
    probe = Probe(probe_shell, tmp_path, "test 'a b' = \"a b\" && exit 0; false")
    assert probe() == 0
    assert (probe.left("ready"), probe.left("late")) == ("", None)


def test_a_command_is_tried_again_until_its_time_is_over_and_then_the_service_goes_on(
    probe_shell: list[str], tmp_path: pathlib.Path
) -> None:
    probe = Probe(probe_shell, tmp_path, "echo starting >&2; echo not yet; exit 3")
    assert probe() != 0
    assert probe.left("said") == "starting\nnot yet\n"
    assert (probe.left("ready"), probe.left("late")) == (None, None)
    # A try that began a minute ago.
    (tmp_path / "db.since").write_text(f"{int(time.clock_gettime(time.CLOCK_BOOTTIME)) - 60}\n")
    assert probe() == 0
    assert (probe.left("ready"), probe.left("late")) == (None, "")


def test_a_command_that_had_no_success_is_told_with_its_last_words(pod: Pod) -> None:
    pod.lay_down(payload(job(service("db", command="x"))))
    folder = pod.root / "services"
    folder.mkdir()
    (folder / "db.late").touch()
    (folder / "db.said").write_text("one\n" + "no response " * 50 + "\n")
    done = pod.run()
    (line,) = done.stdout.splitlines()
    assert line.startswith("==> not started: service db is not ready: its command does not succeed: no response no")
    assert len(line) < 400
    assert json.loads(pod.result) == {"step": 0, "code": 1, "reason": "service-not-ready", "service": "db"}


def test_a_command_that_had_success_lets_the_job_start(pod: Pod) -> None:
    pod.lay_down(payload(job(service("db", command="x"))))
    (pod.root / "services").mkdir()
    (pod.root / "services" / "db.ready").touch()
    assert pod.run().stdout == "==> [1/1] step 1\nstarted\n"
