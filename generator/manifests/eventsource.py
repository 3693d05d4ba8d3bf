"""The EventSource of a point of entry, and the Service in front of it.

It checks the signature, drops what starts nothing, and puts the rest on the bus before it answers. The `github` type
serves Gitea and Forgejo as well: they sign alike. Nothing in here comes from the list of repositories, because a
changed EventSource is a restarted one, which answers 400 for a while. An EventSource with an API token would manage
hooks; ours do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.sensor_template import filter_expression
from generator.manifests.hooks import PORT, Hook
from generator.manifests.metadata import FORGE_LABEL
from generator.manifests.objects import (
    ARGO_API,
    EVENT_SOURCE_ACCOUNT,
    Object,
    container_security,
    part_of,
    pod_security,
    resources,
)
from generator.placement import CONTROL_NAMESPACE

if TYPE_CHECKING:
    from generator.platform.model import Forge, SecretKey

EVENT_NAME = "hook"  # part of the bus' subject, default.<EventSource>.<event>: no dots, never renamed
# Body and headers travel as base64 inside a message of at most 8 MB. What is larger is answered with 400, which the
# forge shows.
_MAX_BODY = 5_500_000


def event_source(forge: Forge, hook: Hook) -> Object:
    """The EventSource of one of the forge's points of entry."""
    kind, source = ("gitlab", _gitlab(forge, hook)) if forge.kind == "gitlab" else ("github", _github(forge, hook))
    return {
        "apiVersion": ARGO_API,
        "kind": "EventSource",
        "metadata": {"name": hook.name, "namespace": CONTROL_NAMESPACE, "labels": {**part_of(), FORGE_LABEL: forge.id}},
        "spec": {"template": _pod(), kind: {EVENT_NAME: source}},
    }


def service(forge: Forge, hook: Hook) -> Object:
    """The Service that an Ingress, a Gateway or a forge in the same cluster talks to."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": hook.service,
            "namespace": CONTROL_NAMESPACE,
            "labels": {**part_of(), FORGE_LABEL: forge.id},
        },
        "spec": {
            "selector": {"controller": "eventsource-controller", "eventsource-name": hook.name},
            "ports": [{"name": "http", "port": PORT, "targetPort": PORT}],
        },
    }


def _github(forge: Forge, hook: Hook) -> Object:
    return {
        # Required, and looked at only where hooks are created (pkg/eventsources/sources/github/validate.go:33).
        "organizations": ["any"],
        "events": ["*"],
        "contentType": "json",
        "active": True,
        "webhook": _webhook(hook),
        "webhookSecret": _key(hook.secret),
        "filter": {"expression": filter_expression(forge.kind)},
    }


def _gitlab(forge: Forge, hook: Hook) -> Object:
    return {
        # The token of a delivery is compared only where `accessToken` and `webhook.url` are set, and with no
        # `projects` and no `groups` the access token is never used (argo-events 1.9.10,
        # pkg/eventsources/sources/gitlab/start.go:199 and :83).
        "accessToken": _key(forge.read_tokens[0]),
        "secretToken": _key(hook.secret),
        "gitlabBaseURL": forge.url,
        "events": ["PushEvents", "TagPushEvents", "MergeRequestsEvents"],
        "webhook": _webhook(hook),
        "filter": {"expression": filter_expression(forge.kind)},
    }


def _webhook(hook: Hook) -> Object:
    url = hook.url.removesuffix(hook.endpoint)
    return {"endpoint": hook.endpoint, "port": str(PORT), "method": "POST", "url": url, "maxPayloadSize": _MAX_BODY}


def _key(secret: SecretKey) -> Object:
    return {"name": secret.name, "key": secret.key}


def _pod() -> Object:
    container = {"resources": resources("20m", "32Mi", "256Mi"), "securityContext": container_security()}
    return {"serviceAccountName": EVENT_SOURCE_ACCOUNT, "securityContext": pod_security(), "container": container}
