"""argosy on the test cluster, installed as its users install it: secrets by hand, the rest with `kubectl apply -k`.

Everything comes from a platform.yaml; the Secrets that it names are made here with tokens of the cluster's own Gitea.
A second installation changes nothing that is right.
"""

from __future__ import annotations

import base64
import json
import pathlib
import secrets
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import requests
import yaml

from generator.manifests.hooks import hooks
from generator.manifests.needed_storage import needed_config_maps
from generator.placement import CONTROL_NAMESPACE, REPORT_NAMESPACE, run_namespaces
from generator.platform import reader
from tests.e2e.cluster import storage
from tests.e2e.gitea import Gitea
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.platform.model import Platform, SecretKey
    from tests.e2e.cluster import Cluster

CHECKOUT = pathlib.Path(__file__).parents[2]
PLATFORM_FILE = CHECKOUT / "examples/platform.yaml"
OVERLAY = CHECKOUT / "deploy/kustomize/overlays/local"
ORGANISATION = "demo"
OUTSIDE = "outside"  # an organisation without argosy's hook, and one that platform.yaml does not name
GREETING = "Good morning"
_BUCKET_SECRET = "bucket"
# What each token may do; Gitea's names for scopes.
_SCOPES = {
    "read": ["read:repository", "read:organization", "read:user", "read:issue"],
    "report": ["write:repository", "write:issue", "read:user"],
    "checkout": ["read:repository"],
}


def read_platform(path: pathlib.Path = PLATFORM_FILE) -> Platform:
    """The platform of the demo and the tests."""
    platform, diagnostics = reader.read(path.read_bytes(), str(path))
    assert platform is not None, diagnostics
    return platform


def install(here: Cluster, overlay: pathlib.Path = OVERLAY, platform: Platform | None = None) -> None:
    """Applies an overlay and the secrets that it needs, and waits until a push would be answered."""
    platform = platform or read_platform()
    objects = list(yaml.safe_load_all(here.kubectl("kustomize", str(overlay))))
    namespaces = [item for item in objects if item["kind"] == "Namespace"]
    _apply(here, namespaces)
    _make_secrets(here, platform)
    _make_artifact_repositories(here, platform)
    here.kubectl("apply", "--server-side", "--force-conflicts", "-k", str(overlay))
    wait_until_ready(here, platform)
    gitea = Gitea(here.gitea.url, here.gitea.user, here.gitea.token)
    gitea.organisation(ORGANISATION)
    for forge in platform.forges:
        gitea.organisation_hook(ORGANISATION, forge.hook_url, hook_secret(here, platform, forge.id))


def render(platform_file: pathlib.Path, folder: pathlib.Path) -> None:
    """Writes the kustomize tree of a platform.yaml into a folder, as its operator would."""
    command = [sys.executable, "-m", "generator", "render", "--platform", str(platform_file), "--output", str(folder)]
    subprocess.run(command, check=True, cwd=CHECKOUT)


def hook_secret(here: Cluster, platform: Platform, forge_id: str) -> str:
    """The secret with which the forge signs its webhooks; while it is changed, the older one."""
    forge = platform.forge(forge_id)
    assert forge is not None
    value = _secret_value(here, CONTROL_NAMESPACE, forge.hook_secrets[-1])
    assert value is not None
    return value


def wait_until_ready(here: Cluster, platform: Platform) -> None:
    """Waits for what the pods say of themselves: without probes a Deployment is ready before it listens."""
    here.kubectl("-n", CONTROL_NAMESPACE, "wait", "--for=condition=Deployed", "eventbus/default", "--timeout=180s")
    here.kubectl("-n", CONTROL_NAMESPACE, "rollout", "status", "statefulset/eventbus-default-js", "--timeout=180s")
    here.kubectl("-n", REPORT_NAMESPACE, "rollout", "status", "deployment/argosy-reporter", "--timeout=180s")
    for hook in (hook for forge in platform.forges for hook in hooks(forge)):
        for kind, sign in (("eventsource", "route is activated"), ("sensor", "Subscribing to subject")):
            until(f"the {kind} {hook.name}", lambda k=kind, s=sign, h=hook.name: s in _logs(here, k, h), 180)  # type: ignore[misc]


def _logs(here: Cluster, kind: str, name: str) -> str:
    """The log of an EventSource's or Sensor's newest pod, empty while there is none."""
    selector = f"{kind}-name={name}"
    pods = json.loads(here.kubectl("-n", CONTROL_NAMESPACE, "get", "pods", "-l", selector, "-o", "json"))["items"]
    live = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp")]
    if len(live) != 1 or live[0]["status"].get("phase") != "Running":
        return ""
    return here.kubectl("-n", CONTROL_NAMESPACE, "logs", live[0]["metadata"]["name"], "--tail=-1")


def _make_secrets(here: Cluster, platform: Platform) -> None:
    runs = run_namespaces(platform)
    trusted = [namespace for namespace in runs if not namespace.endswith("-untrusted")]
    for forge in platform.forges:
        _keep(here, CONTROL_NAMESPACE, forge.hook_secrets[0], lambda: secrets.token_hex(20))
        _keep(here, CONTROL_NAMESPACE, forge.read_tokens[0], lambda: _token(here, "read"))
        _keep(
            here,
            REPORT_NAMESPACE,
            forge.report_tokens[0],
            lambda: _token(here, "report"),
            lambda value: _is_known(here, value),
        )
        for namespace in trusted:
            _keep(here, namespace, forge.checkout_tokens[0], lambda: _token(here, "checkout"))
    for grant in platform.secrets:
        for namespace in trusted:
            _keep(here, namespace, grant.source, lambda: GREETING)


def _make_artifact_repositories(here: Cluster, platform: Platform) -> None:
    """What a run needs to find the cluster's bucket: Argo's description of it, and the Secret that opens it."""
    credentials = {"access-key": storage.ACCESS_KEY, "secret-key": storage.SECRET_KEY}
    repository = {
        "endpoint": storage.ENDPOINT,
        "insecure": True,
        "bucket": storage.BUCKET,
        "region": storage.REGION,
        "accessKeySecret": {"name": _BUCKET_SECRET, "key": "access-key"},
        "secretKeySecret": {"name": _BUCKET_SECRET, "key": "secret-key"},
    }
    for need in needed_config_maps(platform):
        secret = {"name": _BUCKET_SECRET, "namespace": need.namespace}
        config_map = {"name": need.name, "namespace": need.namespace}
        data = {need.key: yaml.safe_dump({"s3": repository})}
        _apply(
            here,
            [
                {"apiVersion": "v1", "kind": "Secret", "metadata": secret, "stringData": credentials},
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": config_map, "data": data},
            ],
        )


def _keep(
    here: Cluster,
    namespace: str,
    key: SecretKey,
    make: Callable[[], str],
    is_good: Callable[[str], bool] = lambda _value: True,
) -> None:
    """Makes the Secret unless a good one is there: a new value would make the old one's holders fail."""
    there = _secret_value(here, namespace, key)
    if there is not None and is_good(there):
        return
    value = base64.b64encode(make().encode()).decode()
    metadata = {"name": key.name, "namespace": namespace}
    _apply(here, [{"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {key.key: value}}])


def _secret_value(here: Cluster, namespace: str, key: SecretKey) -> str | None:
    found = here.kubectl("-n", namespace, "get", "secret", key.name, "-o", "json", "--ignore-not-found")
    data = json.loads(found).get("data", {}) if found.strip() else {}
    return base64.b64decode(data[key.key]).decode() if key.key in data else None


def _token(here: Cluster, purpose: str) -> str:
    """A new token of the cluster's Gitea with the scopes of one purpose."""
    answer = requests.post(
        f"{here.gitea.url}/api/v1/users/{here.gitea.user}/tokens",
        auth=(here.gitea.user, here.gitea.password),
        json={"name": f"argosy-{purpose}-{time.time_ns()}", "scopes": _SCOPES[purpose]},
        timeout=30,
    )
    answer.raise_for_status()
    return str(answer.json()["sha1"])


def _is_known(here: Cluster, token: str) -> bool:
    """Whether the token may ask whose it is, which older installations' may not."""
    answer = requests.get(f"{here.gitea.url}/api/v1/user", headers={"Authorization": f"token {token}"}, timeout=30)
    return answer.ok


def _apply(here: Cluster, objects: list[dict[str, Any]]) -> None:
    here.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=yaml.safe_dump_all(objects))
