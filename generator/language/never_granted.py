"""`never-granted`: a secret or runner that the platform grants, but to no run that the file's `on` can start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, warning
from generator.glob_lists import can_be_taken
from generator.language.model import Text
from generator.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.language.model import Job, Triggers
    from generator.platform.model import Platform

_EVERYTHING = ("**",)
_FAILS = "this job fails"
# Which tiers the runs of an event can have (generator.expander.facts); what is untrusted gets no secret.
_TIERS = {
    "push": {"trusted", "protected"},
    "tag": {"protected"},
    "pull_request": {"untrusted", "trusted"},
    "schedule": {"protected"},
    "manual": {"trusted", "protected"},
}


def never_granted(jobs: tuple[Job, ...], triggers: Triggers, platform: Platform) -> Iterator[Diagnostic]:
    """A warning for each secret and runner that its job goes without, or fails for, every time."""
    kinds = tuple(_kinds(triggers))
    tiers = {tier for kind in kinds for tier in _TIERS[kind]}
    wanted = {secret.name.value for job in jobs for secret in job.secrets}
    never = {
        grant.name: grant.on
        for grant in platform.secrets
        if grant.name in wanted and grant.on and not any(_meets(entry, triggers, kinds) for entry in grant.on)
    }
    for job in jobs:
        for secret in job.secrets:
            if secret.name.value in never:
                outcome = f"{secret.variable} is unset" if secret.optional else _FAILS
                yield _finding("secret", secret.name, kinds, never[secret.name.value], outcome)
        # Which runner an expression names is known when a run is planned.
        if job.runner is None or not job.runner.is_literal:
            continue
        runner = platform.runner(job.runner.source)
        if runner is not None and runner.tiers and tiers.isdisjoint(runner.tiers):
            named = Text(job.runner.source, job.runner.span)
            yield _finding("runner", named, kinds, [f"{tier} runs" for tier in runner.tiers])


def _finding(
    what: str, name: Text, kinds: tuple[str, ...], granted: tuple[str, ...] | list[str], outcome: str = _FAILS
) -> Diagnostic:
    message = (
        f"{what} {quoted(name.value)} is granted to {listed(granted)} alone, and 'on' starts only {listed(kinds)}: "
        f"{outcome} in every run"
    )
    return warning(name.span, "never-granted", message, "let 'on' name such an event, or ask whoever runs the platform")


def _kinds(triggers: Triggers) -> Iterator[str]:
    """The kinds of event that the file's `on` lets start something."""
    push = triggers.push
    if triggers.default_branch_only or (push is not None and (push.branches is not None or push.tags is None)):
        yield "push"
    if push is not None and push.tags is not None:
        yield "tag"
    if triggers.pull_request is not None:
        yield "pull_request"
    if triggers.schedule:
        yield "schedule"
    if triggers.manual is not None:
        yield "manual"


def _meets(entry: str, triggers: Triggers, kinds: tuple[str, ...]) -> bool:
    """Whether a run that the file starts may be one that an entry of a grant's `on` speaks of."""
    kind, _, glob = entry.partition(":")
    if kind not in kinds:
        return False
    if not glob or triggers.push is None:
        return True
    return can_be_taken(triggers.push.branches or _EVERYTHING, (glob,))
