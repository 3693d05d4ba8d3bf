"""A forge more, while events of the first one wait: none of them is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.placement import CONTROL_NAMESPACE
from tests.e2e import installation
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    import pathlib

    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = "on: {push: {}}\njobs: {one: {run: 'true'}}\n"
BRANCHES = 5
SECOND_FORGE = """\
  other:
    kind: gitea
    url: http://gitea.gitea:3000
    hook: {url: "http://other-eventsource.argosy:12000/hook", secret: {name: forge-other, key: hook}}
    read: {token: {name: forge-other-read, key: token}}
    report: {token: {name: forge-other-report, key: token}}
    checkout: {token: {name: forge-other-checkout, key: token}, wide: true}
    repositories: ["elsewhere/*"]
"""


def test_events_that_wait_in_the_bus_outlive_a_second_forge(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster, tmp_path: pathlib.Path
) -> None:
    name, copy = new_project("waiting")
    copy.commit({"ci.yaml": "on: {push: {branches: [nothing]}}\njobs: {one: {run: 'true'}}\n"})
    copy.push()

    # Without its rights the Sensor can make nothing, so that what is pushed now stays in the bus.
    here.kubectl("-n", CONTROL_NAMESPACE, "delete", "rolebinding", "argosy-sensor")
    shas = []
    for number in range(BRANCHES):
        shas.append(copy.commit({"ci.yaml": CI, "number.txt": str(number)}))
        copy.push(f"HEAD:refs/heads/branch-{number}")
    until("the Sensor's complaint", lambda: "forbidden" in _sensor_log(here))

    overlay = _rendered(tmp_path)
    platform = installation.read_platform(tmp_path / "platform.yaml")
    try:
        installation.install(here, overlay, platform)
        for sha in shas:
            ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"}, 300)
            assert len(observed.runs(sha)) == 1
    finally:
        gitea.forget_organisation_hook(installation.ORGANISATION, "http://other-eventsource.argosy:12000/hook")
        installation.install(here)
        for kind in ("sensors", "eventsources", "services"):
            here.kubectl("-n", CONTROL_NAMESPACE, "delete", kind, "-l", "argosy.dev/forge=other", "--ignore-not-found")


def _rendered(folder: pathlib.Path) -> pathlib.Path:
    """The kustomize tree of the demo's platform with one forge more."""
    text = installation.PLATFORM_FILE.read_text()
    head, rest = text.split("forges:\n", 1)
    (folder / "platform.yaml").write_text(f"{head}forges:\n{SECOND_FORGE}{rest}")
    installation.render(folder / "platform.yaml", folder)
    return folder / "deploy/kustomize/overlays/local"


def _sensor_log(here: Cluster) -> str:
    return here.kubectl("-n", CONTROL_NAMESPACE, "logs", "-l", "sensor-name=work", "--tail=50")
