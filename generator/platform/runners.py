"""The keys `runners` and `defaults`: what a pod asks for under each name, and what a job gets that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Choice, Integer, Key, ListOf, MapOf, Object, Text, duration
from generator.platform.draft import DefaultsDraft, RunnerDraft
from generator.platform.model import TIERS, Toleration
from generator.platform.texts import (
    CORES,
    IMAGE,
    LABEL_NAME,
    LABEL_VALUE,
    MEMORY,
    RESOURCE_NAME,
    RUNNER_NAME,
    TENANT_ID,
)

if TYPE_CHECKING:
    from generator.fields import Record

_EXISTS = "Exists"
_HOUR = 3600

TOLERATION_KEY = Key("key", LABEL_NAME, "The taint's key; with `Exists` it may be left out.", example="key: ci")
OPERATOR = Key(
    "operator", Choice((_EXISTS, "Equal")), "How `value` is compared.", default="`Equal`", example="operator: Exists"
)
VALUE = Key("value", LABEL_VALUE, "The taint's value.", default="empty", example='value: "true"')
EFFECT = Key(
    "effect",
    Choice(("NoSchedule", "PreferNoSchedule", "NoExecute")),
    "The taint's effect.",
    default="any",
    example="effect: NoSchedule",
)


def _toleration(record: Record) -> Toleration | None:
    operator = record.get(OPERATOR)
    if not record.has(TOLERATION_KEY) and operator != _EXISTS:
        record.reading.error(
            record.place, "missing-key", "a toleration needs 'key', or 'operator: Exists' for every taint"
        )
        return None
    if record.has(VALUE) and operator == _EXISTS:
        record.reading.error(
            record.span_of(VALUE), "bad-value", "'operator: Exists' compares no value", "leave one of them out"
        )
        return None
    return Toleration(record.get(TOLERATION_KEY), operator, record.get(VALUE), record.get(EFFECT))


TOLERATION = Object(
    "a toleration",
    (TOLERATION_KEY, OPERATOR, VALUE, EFFECT),
    _toleration,
    title="runners.<name>.tolerations",
    also={
        "anyOf": [
            {"required": [TOLERATION_KEY.name]},
            {"required": [OPERATOR.name], "properties": {OPERATOR.name: {"const": _EXISTS}}},
        ]
    },
    doc="Kubernetes' own words for the taints that the pod may be put on nodes in spite of.",
)

CPU = Key("cpu", CORES, "Processor time.", example="cpu: 500m", required=True)
RUNNER_MEMORY = Key("memory", MEMORY, "Memory.", example="memory: 1Gi", required=True)
STORAGE = Key(
    "ephemeral-storage", MEMORY, "Disk space of the node.", default="not limited", example="ephemeral-storage: 50Gi"
)
GPU = Key(
    "gpu",
    MapOf(RESOURCE_NAME, Integer(1, 1024), "a mapping of extended resources to whole numbers", minimum=1),
    "Devices, by the names that their plugin gives them.",
    default="none",
    example="gpu: {nvidia.com/gpu: 1}",
)
NODES = Key(
    "nodes",
    MapOf(LABEL_NAME, LABEL_VALUE, "a mapping of labels to values", minimum=1),
    "Labels that a node must have.",
    default="any node",
    example="nodes: {pool: ci}",
)
TOLERATIONS = Key(
    "tolerations",
    ListOf(TOLERATION, "a list of tolerations"),
    "Taints that do not keep the pod away.",
    default="none",
    example="tolerations: [{key: ci, operator: Exists}]",
)
RUNNER_TENANTS = Key(
    "tenants",
    ListOf(At(TENANT_ID), "a list of tenants", minimum=1),
    "The tenants that may name this runner.",
    default="every one",
    example="tenants: [ml]",
)
RUNNER_TIERS = Key(
    "tiers",
    ListOf(Choice(TIERS), "a list of tiers", minimum=1, unique=True),
    "The runs that may use it: `untrusted` (pull requests of strangers), `trusted`, "
    "`protected` (the default branch, protected branches, tags, schedules).",
    default="every one",
    example="tiers: [protected]",
)


def _runner(record: Record) -> RunnerDraft:
    amounts = [
        ("cpu", record.get(CPU)),
        ("memory", record.get(RUNNER_MEMORY)),
        ("ephemeral-storage", record.get(STORAGE)),
    ]
    devices = [(device.name, str(device.value)) for device in record.get(GPU) or ()]
    return RunnerDraft(
        resources=(*((name, text) for name, text in amounts if text is not None), *devices),
        nodes=tuple((label.name, label.value) for label in record.get(NODES) or ()),
        tolerations=record.get(TOLERATIONS) or (),
        tenants=record.get(RUNNER_TENANTS) or (),
        tiers=record.get(RUNNER_TIERS) or (),
    )


RUNNER = Object(
    "a runner",
    (CPU, RUNNER_MEMORY, STORAGE, GPU, NODES, TOLERATIONS, RUNNER_TENANTS, RUNNER_TIERS),
    _runner,
    title="runners.<name>",
    doc="What the pod of a job requests and is limited to, and where it may go.",
    later=("privileged",),
    foreign={
        "nodeSelector": "write nodes",
        "requests": "write cpu and memory: a runner is limited to what it requests",
        "limits": "write cpu and memory: a runner is limited to what it requests",
    },
)
RUNNERS = Key(
    "runners",
    MapOf(RUNNER_NAME, RUNNER, "a mapping of names to runners", minimum=1),
    "What `runner` in a ci.yaml may name.",
    example="runners: {small: {cpu: 500m, memory: 1Gi}}",
    required=True,
)

DEFAULT_RUNNER = Key(
    "runner", At(Text("a runner's name")), "The runner, one of `runners`.", example="runner: small", required=True
)
DEFAULT_IMAGE = Key("image", IMAGE, "The image.", example="image: debian:12", required=True)
DEFAULT_TIMEOUT = Key("timeout", duration(), "How long a job may take.", default="`1h`", example="timeout: 30m")
DEFAULTS_OBJECT = Object(
    "defaults",
    (DEFAULT_RUNNER, DEFAULT_IMAGE, DEFAULT_TIMEOUT),
    lambda record: DefaultsDraft(
        record.get(DEFAULT_RUNNER), record.get(DEFAULT_IMAGE), record.get(DEFAULT_TIMEOUT) or _HOUR
    ),
    title="defaults",
    doc="What a job gets whose ci.yaml says nothing.",
)
DEFAULTS = Key(
    "defaults",
    DEFAULTS_OBJECT,
    "What a job gets whose ci.yaml says nothing.",
    example="defaults: {runner: small, image: debian:12, timeout: 1h}",
    required=True,
)
