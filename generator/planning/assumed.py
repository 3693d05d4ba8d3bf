"""A platform for a laptop without a platform.yaml: it has whatever the file names, so that there can be a plan."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from generator.diagnostics import Span
from generator.expressions import text_of
from generator.language.scopes import matrix_bindings
from generator.planning.bindings import bindings_of
from generator.planning.combining import combined
from generator.planning.facts import Facts
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
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.events.event import Event
    from generator.expressions import Bindings
    from generator.language.model import CiFile, Job
    from generator.planning.tree import Tree

_HOUR = 3600
_DEFAULT = "default"


def assumed_platform(ci: CiFile, event: Event, tree: Tree) -> Platform:
    """A platform that has every runner and every secret of the file and keeps artifacts, for the event's repository.

    Of a runner that an expression names, it has what the expression gives for the event.
    """
    facts = Facts(event, tree)
    bindings = bindings_of(ci, event, facts)
    named = [name for job in ci.jobs for name in _runners(job, bindings, facts)]
    runners = dict.fromkeys([_DEFAULT, *named])
    secrets = dict.fromkeys(use.name.value for job in ci.jobs for use in job.secrets)
    return Platform(
        images=Images("", ""),
        forges=(_forge(event),),
        tenants=(),
        runners=tuple(Runner(name, ()) for name in runners),
        defaults=Defaults(_DEFAULT, "", _HOUR),
        secrets=tuple(SecretGrant(name, SecretKey("", ""), ("**",), ()) for name in secrets),
        limits=Limits(tasks=sys.maxsize, timeout=sys.maxsize, script=sys.maxsize),
        report=Report("", ""),
        registry_credentials=(),
        artifacts=Artifacts("", "", 1),
        instance_id="",
        paused=False,
    )


def _runners(job: Job, bindings: Bindings, facts: Facts) -> Iterator[str]:
    """The runners that the job names, in each of its combinations."""
    if job.runner is None:
        return
    if job.runner.is_literal:
        yield job.runner.source
        return
    keys = job.matrix.keys if job.matrix is not None else ()
    for one in combined(job, facts).combinations:
        name = text_of(job.runner, bindings + matrix_bindings(keys, dict(one.values)))[0]
        if name is not None:
            yield name


def _forge(event: Event) -> Forge:
    return Forge(
        id=event.forge,
        kind="gitea",
        url="",
        hook_url="",
        hook_secrets=(),
        read_tokens=(),
        report_tokens=(),
        checkout_tokens=(),
        repositories=("**",),
        shards=1,
        span=Span("", 0, 0, 0, 0),
    )
