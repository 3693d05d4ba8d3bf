"""Where the job pod's scripts are tried: under a static busybox, in folders that stand for the pod's volumes."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.language.model import When
from generator.manifests.deadlines import GRACE, LATE
from generator.manifests.given import numbered
from generator.manifests.payload import Source, job_payload
from generator.planning.plan import PlannedSecret, PlannedVariable
from generator.platform.model import SecretKey
from tests.unit.checkout.git_server import GitServer, serve
from tests.unit.samples import planned_job, planned_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.planning.plan import PlannedJob

SCRIPTS = pathlib.Path(__file__).parents[3] / "checkout"
BUSYBOX = shutil.which("busybox")
NOWHERE = Source("https://git.example/acme/app.git", "oauth2", "c0ffee" + "0" * 34, "refs/heads/main")


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> Iterator[None]:
    """A pod starts with interrupts on; whatever a shell started in its background has them off, and so its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def busybox() -> str:
    """The static busybox of the host."""
    if BUSYBOX is None:
        pytest.fail("these tests run the scripts of a job's pod: install a static busybox (Debian: busybox-static)")
    return BUSYBOX


@pytest.fixture
def git_server(tmp_path: pathlib.Path) -> Iterator[GitServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    with serve(folder) as server:
        yield server


def steps(*scripts: str, env: Mapping[str, str] | None = None) -> PlannedJob:
    """A job of these scripts; `env` is the job's."""
    planned = (planned_step(f"step {number}", script) for number, script in enumerate(scripts, 1))
    return planned_job("it", *planned, env=tuple(PlannedVariable(name, value) for name, value in (env or {}).items()))


def changed(job: PlannedJob, number: int, **changes: Any) -> PlannedJob:
    """The job with its step of that number changed."""
    planned = list(job.steps)
    planned[number - 1] = dataclasses.replace(planned[number - 1], **changes)
    return dataclasses.replace(job, steps=tuple(planned))


def each(**scripts: str) -> PlannedJob:
    """A job whose steps run on success, failure or always, as the first letters of these names say, in their order.

    One with `may` in its name may fail.
    """
    whens = {when.value[0]: when for when in When}
    planned = (
        planned_step(name, script, when=whens[name[0]], may_fail="may" in name) for name, script in scripts.items()
    )
    return planned_job("it", *planned)


def needing(job: PlannedJob, *variables: str) -> PlannedJob:
    """The job with secrets."""
    return dataclasses.replace(job, secrets=tuple(PlannedSecret(name, SecretKey("s", "k")) for name in variables))


def payload(job: PlannedJob, source: Source = NOWHERE, variables: Mapping[str, str] | None = None) -> str:
    """What the checkout container gets."""
    return job_payload([job], source, variables or {}, numbered([job]))


@dataclasses.dataclass(frozen=True)
class Pod:
    """The folders of one job's pod. `root` is what the containers see as /argosy."""

    busybox: str
    folder: pathlib.Path

    @property
    def root(self) -> pathlib.Path:
        return self.folder / "argosy"

    @property
    def workspace(self) -> pathlib.Path:
        return self.folder / "workspace"

    @property
    def argo(self) -> pathlib.Path:
        """What the containers see as /var/run/argo."""
        return self.folder / "argo"

    @property
    def termination_message(self) -> str:
        path = self.folder / "termination"
        return path.read_text() if path.exists() else ""

    @property
    def result(self) -> str:
        path = self.folder / "argosy-result"
        return path.read_text() if path.exists() else ""

    def lay_down(self, text: str) -> None:
        """What checkout.sh does before it fetches."""
        (self.root / "bin").mkdir(parents=True)
        (self.root / "job").mkdir()
        self.workspace.mkdir()
        shutil.copy(self.busybox, self.root / "bin" / "busybox")
        for script in ("run.sh", "step.sh", "services.sh", "fetch.sh", "store.sh", "restore.sh", "save.sh"):
            shutil.copy(SCRIPTS / script, self.root / "bin" / script)
        (self.root / "started").write_text(f"{int(time.time())}\n")
        unpack = f"base64 -d | bunzip2 -c | tar -x -o -f - -C '{self.root / 'job'}'"
        subprocess.run([self.busybox, "sh", "-c", unpack], input=text.encode(), check=True)

    def change_times(self, *, timeout: int = 60, late: int = LATE, grace: int = GRACE) -> None:
        """Gives the job other times than those that were laid down, in seconds."""
        (self.root / "job" / "times").write_text(f"{timeout} {late} {grace}\n")

    def run(self, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """The main container: the step runner, in an image like this machine."""
        return subprocess.run(self.command(), env=self.environment(env), capture_output=True, text=True, check=False)

    def command(self) -> list[str]:
        return [str(self.root / "bin" / "busybox"), "sh", str(self.root / "bin" / "run.sh")]

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "ARGOSY_WORKSPACE": str(self.workspace), **(env or {})}

    def check_out(self, text: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """The checkout container."""
        settings = {
            "PATH": os.environ["PATH"],
            "ARGOSY_ROOT": str(self.root),
            "ARGOSY_WORKSPACE": str(self.workspace),
            "ARGOSY_TERMINATION_LOG": str(self.folder / "termination"),
            "ARGOSY_ARGO": str(self.argo),
            "ARGO_CONTAINER_NAME": "checkout",
            "ARGOSY_BUSYBOX": self.busybox,
            "ARGOSY_JOB_0": text[:1000],
            "ARGOSY_JOB_1": text[1000:],
        }
        command = [self.busybox, "sh", str(SCRIPTS / "checkout.sh")]
        return subprocess.run(command, env={**settings, **(env or {})}, capture_output=True, text=True, check=False)


@pytest.fixture
def pod(busybox: str, tmp_path: pathlib.Path) -> Pod:
    folder = tmp_path / "pod"
    folder.mkdir()
    return Pod(busybox, folder)
