"""What a new rendering would cost a platform that runs: queued events, a bus made anew, runs.

It is told before anything is written. Both sides are rendered files by path, the ones that lie there and the ones that
would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from generator.render import identifier, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.manifests.objects import Object

_KINDS = ("EventBus", "EventSource", "Namespace", "Sensor")


def losses(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    """One sentence per loss, in the order of path, kind and name; empty where there is none, and at a first rendering.

    What lies there may have been damaged by hand or by a merge: then nobody knows, and that is said.
    """
    after = _by_name(new)
    return [sentence for path in sorted(old) for sentence in _losses_of_file(path, old[path], after)]


def _losses_of_file(path: str, data: bytes, after: Mapping[tuple[str, str], Object]) -> list[str]:
    try:
        before = _by_name({path: data})
        return [sentence for key in sorted(before) for sentence in _losses(key, before[key], after.get(key))]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return [f"{path} is not what render wrote: what replacing it loses is not known"]


def _by_name(rendered: Mapping[str, bytes]) -> dict[tuple[str, str], Object]:
    found = {identifier(value): value for value in objects(rendered)}
    return {(kind, name): value for (kind, _, name), value in found.items() if kind in _KINDS}


def _losses(key: tuple[str, str], old: Object, new: Object | None) -> Iterator[str]:
    kind, name = key
    if kind == "Sensor" and new is None:
        yield f"Sensor {name} goes: events that wait for it are lost; wait until its queue is empty"
    if kind == "Sensor" and new is not None and _consumer(old) != _consumer(new):
        yield f"Sensor {name} gets a new consumer: events that wait are lost; wait until its queue is empty"
    if kind == "EventSource" and (new is None or old["spec"] != new["spec"]):
        verb = "goes" if new is None else "restarts"
        yield f"EventSource {name} {verb}: hooks that arrive meanwhile are refused, which their forge shows"
    if kind == "EventBus" and (new is None or _storage(old) != _storage(new)):
        yield f"EventBus {name} must be made anew for new settings to count: what waits in it goes"
    if kind == "Namespace" and new is None:
        yield f"namespace {name} goes, with every run and Secret in it"


def _consumer(sensor: Object) -> object:
    """What a Sensor's durable consumers are named after and made of."""
    triggers: list[Any] = [trigger["template"] for trigger in sensor["spec"]["triggers"]]
    return sensor["spec"]["dependencies"], [(template["name"], template.get("conditions")) for template in triggers]


def _storage(bus: Object) -> object:
    """What of a bus counts only when its stream and its disks are made."""
    jetstream = bus["spec"]["jetstream"]
    return jetstream.get("streamConfig"), jetstream.get("persistence")
