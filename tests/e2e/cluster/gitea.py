"""Runs Gitea on the cluster with an administrator and an API token of theirs, kept in the cluster's state folder.

Pods and Gitea itself call it http://gitea.gitea:3000, so that links and clone addresses agree with what argosy is
told in its platform.yaml. The host knows no such name and uses 127.0.0.1 with a port instead; Gitea.from_host()
translates.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
from string import Template
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from tests.e2e.cluster.commands import CommandFailed, timed
from tests.e2e.cluster.handle import Gitea
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import GITEA_NODE_PORT, GITEA_PORT, HERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.cluster.handle import Cluster

_URL = f"http://127.0.0.1:{GITEA_PORT}"
_INTERNAL_URL = "http://gitea.gitea:3000"
_USER = "argosy"
_ADMIN = (
    "exec",
    "-n",
    "gitea",
    "deployment/gitea",
    "-c",
    "gitea",
    "--",
    "gitea",
    "--config",
    "/data/app.ini",
    "admin",
    "user",
)


def image() -> str:
    """Upstream's name for the image that the manifest asks for."""
    return f"docker.io/gitea/gitea:{program('gitea').version.removeprefix('v')}"


def install(cluster: Cluster, image_id: str) -> None:
    """Runs Gitea, and makes the user and the token; returns when its API accepts the token.

    `image_id` is part of what it runs from: another id is another rollout.
    """
    template = (HERE / "manifests" / "gitea.yaml").read_text(encoding="utf-8")
    values = {"image": image(), "root_url": _INTERNAL_URL, "node_port": str(GITEA_NODE_PORT)}
    stamp, key = cluster.state / "gitea.key", content_key(template, json.dumps(values), image_id)
    if is_fresh(stamp, key) and _accepts_token(cluster):
        return
    with timed("Gitea"):
        text = Template(template).substitute(values, key=key)
        cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=text)
        cluster.kubectl("-n", "gitea", "rollout", "status", "deployment/gitea", "--timeout=180s")
        if not _accepts_token(cluster):
            _make_user(cluster)
    write_stamp(stamp, key)


def credentials(cluster: Cluster) -> Gitea:
    """What install() made. Raises FileNotFoundError before that."""
    return Gitea(**json.loads(_file(cluster).read_text(encoding="utf-8")))


def _make_user(cluster: Cluster) -> None:
    password = secrets.token_urlsafe(12)
    try:
        cluster.kubectl(
            *(*_ADMIN, "create", "--admin", "--username", _USER, "--password", password),
            *("--email", f"{_USER}@example.invalid", "--must-change-password=false"),
        )
    except CommandFailed as failure:
        if "already exists" not in str(failure):
            raise
        change = ("change-password", "--username", _USER, "--password", password, "--must-change-password=false")
        cluster.kubectl(*_ADMIN, *change)
    name = f"tests-{secrets.token_hex(4)}"
    token = ("generate-access-token", "--username", _USER, "--token-name", name, "--scopes", "all", "--raw")
    gitea = Gitea(_URL, _INTERNAL_URL, _USER, password, cluster.kubectl(*_ADMIN, *token).strip())
    file = _file(cluster)
    file.touch(mode=0o600)
    file.write_text(json.dumps(dataclasses.asdict(gitea)), encoding="utf-8")


def _accepts_token(cluster: Cluster) -> bool:
    """Whether Gitea answers the host, and to the token; gives its Service some seconds to follow a new pod."""
    if not _file(cluster).exists():
        return False
    retry = Retry(total=20, backoff_factor=0.1, backoff_max=1, status_forcelist=[502, 503])
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        headers = {"Authorization": f"token {credentials(cluster).token}"}
        try:
            return session.get(f"{_URL}/api/v1/user", headers=headers, timeout=5).ok
        except requests.ConnectionError:
            return False


def _file(cluster: Cluster) -> Path:
    return cluster.state / "gitea.json"
