"""The two that are compared on one cluster: argosy as it is installed, and the hand-written Argo of plain-argo/.

Each has repositories of its own in an organisation of its own, so that a push starts one of them and not the other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import secrets
from typing import TYPE_CHECKING

from bench.scenarios import SCENARIOS
from bench.tables import progress
from generator.placement import CONTROL_NAMESPACE
from tests.e2e.gitea import Gitea
from tests.e2e.installation import ORGANISATION, read_platform
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import WorkingCopy

_MANIFESTS = pathlib.Path(__file__).parent / "plain-argo"
_NAMESPACE = "bench"
_PLAIN = "plain"
_HOOK = "http://plain-eventsource.bench:12000/hook"


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """Where pushes of a side arrive, how its Workflows name their commit, and its working copies by scenario."""

    name: str
    reports: bool
    namespace: str
    event_source: str
    sha_label: str
    copies: dict[str, WorkingCopy]
    repositories: dict[str, str]


@contextlib.contextmanager
def both(here: Cluster, folder: pathlib.Path) -> Iterator[tuple[Side, Side]]:
    """argosy and plain Argo, ready for pushes; their repositories and plain Argo's namespace are gone afterwards."""
    gitea = Gitea(here.gitea.url, here.gitea.user, here.gitea.token)
    _forget(gitea)
    try:
        _install_plain(here, gitea)
        yield _argosy(gitea, folder), _plain(gitea, folder)
    finally:
        _remove(here, gitea)


def _argosy(gitea: Gitea, folder: pathlib.Path) -> Side:
    forge = read_platform().forges[0].id
    names = {scenario.name: f"{ORGANISATION}/bench-{scenario.name}" for scenario in SCENARIOS}
    copies = _copies(gitea, names, folder)
    return Side("argosy", True, CONTROL_NAMESPACE, forge, "argosy.dev/sha", copies, names)  # noqa: FBT003


def _plain(gitea: Gitea, folder: pathlib.Path) -> Side:
    names = {scenario.name: f"{_PLAIN}/{scenario.name}" for scenario in SCENARIOS}
    return Side("plain Argo", False, _NAMESPACE, _PLAIN, "sha", _copies(gitea, names, folder), names)  # noqa: FBT003


def _copies(gitea: Gitea, names: dict[str, str], folder: pathlib.Path) -> dict[str, WorkingCopy]:
    for full_name in names.values():
        gitea.repository(full_name)
    return {name: gitea.clone(full_name, folder / full_name) for name, full_name in names.items()}


def _install_plain(here: Cluster, gitea: Gitea) -> None:
    progress("plain Argo: applying bench/plain-argo")
    secret = secrets.token_hex(20)
    here.kubectl("apply", "-f", _MANIFESTS / "namespace.yaml")
    hook = here.kubectl(
        *("-n", _NAMESPACE, "create", "secret", "generic", "hook", f"--from-literal=secret={secret}"),
        *("--dry-run=client", "-o", "yaml"),
    )
    here.kubectl("apply", "-f", "-", stdin=hook)
    here.kubectl("apply", "-f", _MANIFESTS)
    here.kubectl("-n", _NAMESPACE, "wait", "--for=condition=Deployed", "eventbus/default", "--timeout=180s")
    here.kubectl("-n", _NAMESPACE, "rollout", "status", "statefulset/eventbus-default-js", "--timeout=180s")
    for kind, sign in (("eventsource", "route is activated"), ("sensor", "Subscribing to subject")):
        until(f"plain Argo's {kind}", lambda k=kind, s=sign: s in _log(here, k), 180)  # type: ignore[misc]
    gitea.organisation(_PLAIN)
    gitea.organisation_hook(_PLAIN, _HOOK, secret)


def _log(here: Cluster, kind: str) -> str:
    return here.kubectl("-n", _NAMESPACE, "logs", "-l", f"{kind}-name={_PLAIN}", "--tail=-1")


def _remove(here: Cluster, gitea: Gitea) -> None:
    progress("removing what the measurements made")
    _forget(gitea)
    # In this order each controller is still there to let go of its own.
    for kind in ("sensor", "eventsource", "eventbus"):
        here.kubectl("-n", _NAMESPACE, "delete", kind, "--all", "--ignore-not-found")
    here.kubectl("delete", "namespace", _NAMESPACE, "--ignore-not-found")


def _forget(gitea: Gitea) -> None:
    """Takes everything off the forge, plain Argo's webhook included: Gitea keeps its secret."""
    for scenario in SCENARIOS:
        gitea.delete_repository(f"{ORGANISATION}/bench-{scenario.name}")
        gitea.delete_repository(f"{_PLAIN}/{scenario.name}")
    gitea.ask("DELETE", f"/orgs/{_PLAIN}", missing_ok=True)
