"""Runs an S3 server on the cluster, versitygw over a folder of the node, with one bucket: where jobs' artifacts go.

Pods call it http://s3.storage:7070. Its credentials are no secret: the same on every cluster, and good for nothing but
that bucket.
"""

from __future__ import annotations

import json
from string import Template
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import CommandFailed, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.programs import program
from tests.e2e.cluster.settings import BUSYBOX_IMAGE, HERE

if TYPE_CHECKING:
    from tests.e2e.cluster.handle import Cluster

ENDPOINT = "s3.storage:7070"
BUCKET = "artifacts"
REGION = "us-east-1"
ACCESS_KEY = "argosy-tests"
SECRET_KEY = "no-secret-of-anybody"

_READY = ("-n", "storage", "wait", "--for=condition=Available", "deployment/s3")


def image() -> str:
    """Upstream's name for the image that the manifest asks for."""
    return f"ghcr.io/versity/versitygw:{program('versitygw').version}"


def install(cluster: Cluster, image_id: str) -> None:
    """Runs the server; returns when it answers. `image_id` is part of what it runs from."""
    template = (HERE / "manifests" / "storage.yaml").read_text(encoding="utf-8")
    credentials = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
    values = {"image": image(), "busybox": BUSYBOX_IMAGE, "bucket": BUCKET, **credentials}
    stamp, key = cluster.state / "storage.key", content_key(template, json.dumps(values), image_id)
    if is_fresh(stamp, key) and _answers(cluster):
        return
    with timed("the S3 server"):
        text = Template(template).substitute(values, key=key)
        cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", stdin=text)
        cluster.kubectl("-n", "storage", "rollout", "status", "deployment/s3", "--timeout=180s")
    write_stamp(stamp, key)


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.kubectl(*_READY, "--timeout=1s")
    except CommandFailed:
        return False
    return True
