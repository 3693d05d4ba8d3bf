"""A platform, events and files to plan and compile, so that a test only says what it is about."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from generator.diagnostics import Span
from generator.events.event import Event, PullRequest
from generator.language import reader
from generator.language.model import When
from generator.language.steps import DEFAULT_SHELL
from generator.planning.plan import PlannedJob, PlannedStep
from generator.platform.model import (
    Artifacts,
    Defaults,
    Forge,
    Images,
    Limits,
    Platform,
    Report,
    Runner,
    SecretGrant,
    SecretKey,
    Toleration,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.language.model import CiFile

SHA = "c0ffee" + "0" * 34
NOWHERE = Span("platform.yaml", 1, 1, 1, 1)

FORGE = Forge(
    id="work",
    kind="gitea",
    url="https://git.example",
    hook_url="https://ci.example/work",
    hook_secrets=(SecretKey("forge-work", "hook"),),
    read_tokens=(SecretKey("forge-work-read", "token"),),
    report_tokens=(SecretKey("forge-work-report", "token"),),
    checkout_tokens=(SecretKey("forge-work-checkout", "token"),),
    repositories=("acme/*",),
    shards=1,
    span=NOWHERE,
)

PLATFORM = Platform(
    images=Images("registry.example/argosy:1", "registry.example/argosy-checkout:1"),
    forges=(FORGE,),
    tenants=(),
    runners=(
        Runner("small", (("cpu", "500m"), ("memory", "1Gi"))),
        Runner("medium", (("cpu", "2"), ("memory", "4Gi"))),
        Runner("large", (("cpu", "4"), ("memory", "16Gi")), (("pool", "ci"),), (Toleration("ci", "Exists"),)),
        Runner("release", (("cpu", "1"), ("memory", "1Gi")), tiers=("protected",)),
    ),
    defaults=Defaults("small", "debian:12", 3600),
    secrets=(
        SecretGrant("NPM_TOKEN", SecretKey("shared-npm", "token"), ("work/acme/*",), ("tag", "push:main")),
        SecretGrant("CHAT", SecretKey("chat", "hook"), ("work/acme/*",), ()),
    ),
    limits=Limits(),
    report=Report("", "https://argo.example/workflows/{namespace}/{name}"),
    registry_credentials=(),
    artifacts=Artifacts("artifact-repositories", "ci", 14),
    instance_id="",
    paused=False,
)

PUSH = Event(
    forge="work",
    kind="push",
    repository="acme/app",
    repository_id="42",
    default_branch="main",
    branch="main",
    sha=SHA,
    base_sha="b" * 40,
    actor="ann",
    message="Add it",
    tier="protected",
)


@dataclasses.dataclass(frozen=True)
class StoredTree:
    """A repository's files and what was changed; what it was asked for is in `asked`."""

    files: Mapping[str, str]
    changes: frozenset[str] | None = None
    texts: Mapping[str, bytes] = dataclasses.field(default_factory=dict)
    asked: list[str] = dataclasses.field(default_factory=list)

    def blobs(self) -> Mapping[str, str]:
        self.asked.append("blobs")
        return self.files

    def text(self, path: str) -> bytes | None:
        self.asked.append(path)
        return self.texts.get(path)

    def changed(self) -> frozenset[str] | None:
        self.asked.append("changed")
        return self.changes


TREE = StoredTree({"README.md": "a" * 40, "go.sum": "b" * 40, "src/main.go": "c" * 40}, frozenset({"src/main.go"}))


def platform(**changes: Any) -> Platform:
    """The platform with other values."""
    return dataclasses.replace(PLATFORM, **changes)


def push(**changes: Any) -> Event:
    """A push to main with other values."""
    return dataclasses.replace(PUSH, **changes)


def tag(name: str) -> Event:
    """A tag."""
    return push(kind="tag", branch="", tag=name)


def pull_request(tier: str = "trusted", **changes: Any) -> Event:
    """Pull request 7 of a member into main."""
    request = PullRequest(number=7, base="main", head="topic", author="ann")
    return push(kind="pull_request", branch="", tier=tier, pull_request=dataclasses.replace(request, **changes))


def schedule(name: str) -> Event:
    """A schedule's event."""
    return push(kind="schedule", schedule=name, scheduled_at="2026-11-24T03:00:00Z")


def planned_step(title: str = "step 1", script: str = "true", **changes: Any) -> PlannedStep:
    """A step as the planner makes it of one that says no more."""
    step = PlannedStep(
        number=1,
        title=title,
        script=script,
        command=DEFAULT_SHELL,
        working_directory="",
        when=When.SUCCESS,
        may_fail=False,
        timeout=0,
        env=(),
        line=7,
    )
    return dataclasses.replace(step, **changes)


def planned_job(name: str = "it", *steps: PlannedStep, **changes: Any) -> PlannedJob:
    """A job as the planner makes it of one that says no more."""
    job = PlannedJob(
        id=name,
        job=name,
        runs=True,
        why="",
        denied="",
        needs=(),
        when=When.SUCCESS,
        causes=(),
        allow_failure=False,
        image="debian:12",
        runner=PLATFORM.runners[0],
        env=(),
        secrets=(),
        steps=tuple(
            dataclasses.replace(step, number=number) for number, step in enumerate(steps or (planned_step(),), 1)
        ),
        timeout=60,
        retry=None,
        line=7,
    )
    return dataclasses.replace(job, **changes)


def ci_file(text: str) -> CiFile:
    """A file that has to be right."""
    ci, found = reader.read(text, "ci.yaml")
    assert ci is not None, found
    return ci
