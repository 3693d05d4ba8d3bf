"""What an operator does to an installation that runs: pause and resume it, grant a repository, change a hook's secret.

The procedures are those of docs/operations.md, and none of them may lose an event.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from generator import result
from generator.manifests.hooks import hooks
from generator.placement import CONTROL_NAMESPACE
from tests.e2e import installation
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import stays, until

if TYPE_CHECKING:
    import pathlib

    from generator.platform.model import Platform
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
Change = Callable[[str, str], "Platform"]
CI = "on: {push: {}}\njobs: {one: {run: 'true'}}\n"
CONTEXTS = {"argosy/push", "argosy/push/one"}
ONE_SECRET = "secret: {name: forge-work, key: hook}"
TWO_SECRETS = "secret: [{name: forge-work, key: next}, {name: forge-work, key: hook}]"
GRANTED = 'repositories: ["demo/*"]'
ELSEWHERE = "outside"  # an organisation that the example platform does not grant
PAGE = installation.CHECKOUT / "docs/operations.md"
PAUSED_SINCE = "2026-11-24T18:00:00Z"  # the page's example of a time


@pytest.fixture
def change(here: Cluster, tmp_path: pathlib.Path) -> Iterator[Change]:
    """Replaces a piece of the example's platform.yaml, renders and installs; the original comes back after the test."""

    def install(old: str, new: str) -> Platform:
        text = installation.PLATFORM_FILE.read_text()
        assert text.count(old) == 1
        file = tmp_path / "platform.yaml"
        file.write_text(text.replace(old, new))
        installation.render(file, tmp_path)
        platform = installation.read_platform(file)
        installation.install(here, tmp_path / "deploy/kustomize/overlays/local", platform)
        return platform

    yield install
    installation.install(here)


def test_a_paused_platform_takes_events_and_starts_them_when_they_are_replayed(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster, change: Change
) -> None:
    since = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    change("version: 1\n", "version: 1\npaused: true\n")
    name, copy = new_project("paused")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    came = observed.event_result(sha)
    assert (came.outcome, came.why) == (result.IGNORED, "the platform is paused: nothing is started")
    assert observed.runs(sha) == []

    installation.install(here)
    stays("no run by itself", lambda: observed.runs(sha), 2, lambda runs: runs == [])
    _replay(here, since)
    ended_statuses(gitea, name, sha, CONTEXTS)
    assert len(observed.runs(sha)) == 1


def test_a_repository_more_restarts_nothing_and_counts_at_once(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster, platform: Platform, change: Change
) -> None:
    gitea.organisation(ELSEWHERE)
    name, copy = new_project("granted", owner=ELSEWHERE)
    hook = platform.forges[0].hook_url
    gitea.repository_hook(name, hook, installation.hook_secret(here, platform, "work"))
    before = copy.commit({"ci.yaml": CI})
    copy.push()
    came = observed.event_result(before)
    assert (came.outcome, came.why) == (
        result.IGNORED,
        f"no glob of forge 'work' in platform.yaml names {name!r}",
    )

    pods, generations = _pods(here), _generations(here)
    change(GRANTED, f'repositories: ["demo/*", "{ELSEWHERE}/*"]')
    sha = copy.commit({"ci.yaml": CI}, "now granted")
    copy.push()
    ended_statuses(gitea, name, sha, CONTEXTS)
    assert _pods(here) == pods
    assert _generations(here) == generations


def test_a_hook_secret_is_changed_without_losing_or_doubling_a_push(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster, platform: Platform, change: Change
) -> None:
    name, copy = new_project("rotation")
    lasting = platform.forges[0].hook_url
    new = secrets.token_hex(20)

    def pushed_once() -> None:
        sha = copy.commit({"ci.yaml": CI, "number.txt": secrets.token_hex(4)})
        copy.push()
        ended_statuses(gitea, name, sha, CONTEXTS)
        assert len(observed.runs(sha)) == 1
        assert len(observed.events(sha)) == 1

    pods = _pods(here)
    try:
        _patch_secret(here, {"next": new})
        rotating = change(ONE_SECRET, TWO_SECRETS)
        following = hooks(rotating.forges[0])[1]
        assert pods.items() <= _pods(here).items(), "what takes the older secret was not restarted"
        pushed_once()

        _add_hook(gitea, following.url, new)
        pushed_once()  # delivered twice, signed with either secret
        until(
            "a delivery under the newer secret", lambda: "Succeeded to publish an event" in _log(here, following.name)
        )
        _remove_hook(gitea, lasting)
        pushed_once()

        _patch_secret(here, {"hook": new})
        _restart_event_source(here, rotating)
        pushed_once()
        _add_hook(gitea, lasting, new)
        _remove_hook(gitea, following.url)
        pushed_once()
    finally:
        _patch_secret(here, {"next": None})
        here.kubectl("-n", CONTROL_NAMESPACE, "delete", "eventsource,sensor", "work-next", "--ignore-not-found")
        here.kubectl("-n", CONTROL_NAMESPACE, "delete", "service", "work-next-eventsource", "--ignore-not-found")
        _restart_event_source(here, platform)
        _remove_hook(gitea, f"{lasting}-next".replace("work-eventsource", "work-next-eventsource"))
        _remove_hook(gitea, lasting)
        installation.install(here)
    pushed_once()


def _replay(here: Cluster, since: str) -> None:
    """Runs what the page says for events that came during a pause."""
    blocks = PAGE.read_text().split("```")
    (command,) = [block for block in blocks if PAUSED_SINCE in block and "generateName: again-" in block]
    script = command.removeprefix("sh\n").replace(PAUSED_SINCE, since)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=here.environment(), check=True)


def _pods(here: Cluster) -> dict[str, str]:
    """The uid of each pod that keeps running, by its name."""
    found: dict[str, str] = {}
    for namespace, selector in (
        (CONTROL_NAMESPACE, "controller in (eventbus-controller, eventsource-controller, sensor-controller)"),
        ("argosy-report", "app.kubernetes.io/name=argosy-reporter"),
    ):
        pods = json.loads(here.kubectl("-n", namespace, "get", "pods", "-l", selector, "-o", "json"))["items"]
        found |= {pod["metadata"]["name"]: pod["metadata"]["uid"] for pod in pods}
    return found


def _generations(here: Cluster) -> dict[str, int]:
    """How often each of Argo's lasting objects has been changed."""
    kinds = "eventbus,eventsources,sensors,workflowtemplates"
    items = json.loads(here.kubectl("-n", CONTROL_NAMESPACE, "get", kinds, "-o", "json"))["items"]
    return {f"{item['kind']} {item['metadata']['name']}": item["metadata"]["generation"] for item in items}


def _patch_secret(here: Cluster, values: dict[str, str | None]) -> None:
    here.kubectl(
        "-n",
        CONTROL_NAMESPACE,
        "patch",
        "secret",
        "forge-work",
        "--type=merge",
        "-p",
        json.dumps({"stringData": values}),
    )


def _restart_event_source(here: Cluster, platform: Platform) -> None:
    """An EventSource reads its secret when it starts."""
    selector = "eventsource-name=work"
    here.kubectl("-n", CONTROL_NAMESPACE, "rollout", "restart", "deployment", "-l", selector)
    here.kubectl("-n", CONTROL_NAMESPACE, "rollout", "status", "deployment", "-l", selector, "--timeout=120s")
    installation.wait_until_ready(here, platform)


def _log(here: Cluster, event_source: str) -> str:
    return here.kubectl("-n", CONTROL_NAMESPACE, "logs", "-l", f"eventsource-name={event_source}", "--tail=-1")


def _add_hook(gitea: Gitea, url: str, secret: str) -> None:
    """A webhook beside those that are there: Gitea's API does not change the secret of one."""
    gitea.organisation_hook(installation.ORGANISATION, url, secret)


def _remove_hook(gitea: Gitea, url: str) -> None:
    hooks_of_organisation = f"/orgs/{installation.ORGANISATION}/hooks"
    for hook in gitea.ask("GET", hooks_of_organisation):
        if hook["config"]["url"] == url:
            gitea.ask("DELETE", f"{hooks_of_organisation}/{hook['id']}")
