"""The expander's container: environment and mounted files in, exit code and result file out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator import result
from generator.cluster import Cluster, ClusterError
from generator.events.packing import encode, pack, pack_manual, pack_schedule
from generator.events.requests import encode_inputs
from generator.expander import step
from generator.forges.forge import ForgeError
from tests.unit.expander.edges import APP, RUN, RUNS, World
from tests.unit.report.workflows import push_payload
from tests.unit.samples import SHA

if TYPE_CHECKING:
    import pathlib

PLATFORM = """
version: 1
images: {argosy: "registry.example/argosy:1", checkout: "registry.example/checkout:1"}
forges:
  work:
    kind: gitea
    url: https://git.example
    hook: {url: "https://ci.example/work", secret: {name: hook, key: key}}
    read: {token: {name: read, key: token}}
    report: {token: {name: report, key: token}}
    checkout: {token: {name: checkout, key: token}, wide: true}
    repositories: ["acme/*"]
runners: {small: {cpu: 1, memory: 1Gi}}
defaults: {runner: small, image: "debian:12", timeout: 1h}
"""


class Pod:
    """What Kubernetes gives the container, and what it leaves behind."""

    def __init__(self, folder: pathlib.Path, world: World) -> None:
        self.folder = folder
        self.world = world
        self.platform = folder / "platform.yaml"
        self.platform.write_text(PLATFORM)
        self.tokens = folder / "tokens" / "work"
        self.tokens.mkdir(parents=True)
        (self.tokens / "0").write_text("sesame\n")

    @property
    def result(self) -> result.Result | None:
        file = self.folder / "out" / "result"
        return result.decode(file.read_text()) if file.exists() else None


@pytest.fixture
def pod(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Pod:
    world = World()
    made = Pod(tmp_path, world)
    monkeypatch.setattr(step, "_PLATFORM_FILE", made.platform)
    monkeypatch.setattr(step, "_TOKENS", made.tokens.parent)
    monkeypatch.setattr(step, "_RESULT_FILE", tmp_path / "out" / "result")
    monkeypatch.setattr(step, "connect", lambda _forge, _tokens: world.forge)
    monkeypatch.setattr(Cluster, "inside", lambda: world.cluster)
    monkeypatch.setattr(step, "Repository", lambda _folder, _remote, sha: world.edge.fetch("acme/app", sha))
    monkeypatch.setattr("time.sleep", world.waited.append)
    monkeypatch.setenv("ARGOSY_EVENT", encode(pack("gitea", "push", push_payload(), "work")))
    return made


def test_a_push_leaves_a_run_and_says_so(pod: Pod, capsys: pytest.CaptureFixture[str]) -> None:
    assert step.main() == 0
    assert pod.result is not None
    assert (pod.result.outcome, pod.result.run) == (result.STARTED, RUN)
    assert capsys.readouterr().err.splitlines() == [
        f"created argosy-runs-default/{RUN}",
        f"started argosy-runs-default/{RUN}: push to 'main'",
    ]


def test_an_event_that_cannot_be_read_is_over(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOSY_EVENT", "{{workflow.name}}")
    assert step.main() == 0
    assert pod.result is not None
    assert pod.result.outcome == result.IGNORED


def test_an_event_of_a_forge_that_is_no_longer_there_is_over(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOSY_EVENT", encode(pack("gitea", "push", push_payload(), "elsewhere")))
    assert step.main() == 0
    assert pod.result is not None
    assert pod.result.why == "platform.yaml has no forge 'elsewhere'"
    assert pod.world.fuse.calls == []


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"ref": "refs/heads/main", "after": SHA, "repository": {"id": 2**63, "full_name": "acme/app"}},
        {"ref": "refs/heads/\ud800", "after": SHA, "repository": {"id": 42, "full_name": "acme/app"}},
        {"ref": "refs/heads/x\u0000y", "after": SHA, "repository": {"id": 42, "full_name": "acme/app"}},
        {"ref": "refs/heads/main", "after": SHA, "repository": {"id": 42, "full_name": "acme/\ud800"}},
        {"ref": ["refs/heads/main"], "after": 7, "repository": "acme/app"},
    ],
)
def test_an_odd_payload_starts_nothing_and_ends(
    pod: Pod, payload: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGOSY_EVENT", encode(pack("gitea", "push", payload, "work")))
    assert step.main() == 0
    assert pod.result is not None
    assert pod.result.outcome == result.IGNORED
    assert pod.world.cluster.state() == {}


@pytest.mark.parametrize("field", ["ref", "actor", "label", "updated_at"])
def test_a_packed_event_of_somebody_else_with_half_a_character_ends(
    pod: Pod, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Sensor's JSON holds no half of a surrogate pair, but anybody's may."""
    value = json.loads(
        pack("gitea", "pull_request", {**push_payload(), "number": 7, "action": "label_updated"}, "work")
    )
    text = json.dumps({**value, field: "\ud800"})
    monkeypatch.setenv("ARGOSY_EVENT", encode(text))
    assert step.main() == 0
    assert pod.result is not None


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(lambda pod: pod.platform.write_text("version: 2"), id="platform.yaml with errors"),
        pytest.param(lambda pod: (pod.tokens / "0").unlink(), id="no token"),
        pytest.param(lambda pod: (pod.tokens / "0").write_text("\n"), id="an empty token"),
        pytest.param(lambda pod: pod.world.forge.trouble.update(branch=[ForgeError("x")] * 9), id="forge"),
        pytest.param(lambda pod: pod.world.cluster.refusals.update({RUNS: ClusterError(0, "x")}), id="cluster"),
    ],
)
def test_outside_trouble_is_tried_again_and_leaves_no_result(pod: Pod, trouble: Any) -> None:
    trouble(pod)
    assert step.main() == 3
    assert pod.result is None


def test_a_forges_no_is_a_result_and_no_trouble(pod: Pod) -> None:
    pod.world.forge.trouble["repository"] = [ForgeError("403", lasting=True)]
    assert step.main() == 0
    assert pod.result is not None
    assert pod.result.outcome == result.REFUSED


def test_nothing_of_the_token_is_said(pod: Pod, capsys: pytest.CaptureFixture[str]) -> None:
    pod.world.forge.repositories = {"acme/app": APP}
    step.main()
    assert "sesame" not in capsys.readouterr().err
    assert "sesame" not in (pod.folder / "out" / "result").read_text()


def test_a_schedules_event_runs_at_its_time_in_utc(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "on: {schedule: {name: nightly, cron: '0 3 * * *'}}\njobs: {one: {run: make}}\n"
    pod.world.at().text = text.encode()
    monkeypatch.setenv("ARGOSY_EVENT", encode(pack_schedule("work", "42", "acme/app", "refs/heads/main", "nightly")))
    monkeypatch.setenv("ARGOSY_SCHEDULED_AT", "2026-11-24T03:00:00+01:00")
    assert step.main() == 0
    assert pod.result is not None
    assert pod.result.event is not None
    assert pod.result.event["scheduled_at"] == "2026-11-24T02:00:00Z"


def test_a_manual_runs_event_brings_its_request_and_inputs(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    pod.world.at().text = b"on: {manual: {inputs: {note: }}}\njobs: {one: {run: make}}\n"
    monkeypatch.setenv("ARGOSY_EVENT", encode(pack_manual("work", "acme/app", "", "ann")))
    monkeypatch.setenv("ARGOSY_REQUEST", "1b4e28ba-2fa1-11d2-883f-0016d3cca427")
    monkeypatch.setenv("ARGOSY_INPUTS", encode_inputs([("note", "{{workflow.name}} $(id)")]))
    assert step.main() == 0
    assert pod.result is not None
    assert (pod.result.outcome, pod.result.run) == (result.STARTED, "run-m-s3i4j7pbfaa9ilickqi9avmdss")
    assert pod.result.event is not None
    assert pod.result.event["inputs"] == {"note": "{{workflow.name}} $(id)"}
