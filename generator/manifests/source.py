"""Where a job's source is and how much of it is fetched, for checkout/checkout.sh: data alone, whatever is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import git_access
from generator.manifests.payload import Source

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.language.model import Checkout
    from generator.platform.model import Forge

_WITH_BASE = ("push", "pull_request")


def source_of(event: Event, forge: Forge | None, checkout: Checkout) -> Source | None:
    """The source, None where the job wants none."""
    if not checkout.source:
        return None
    bases = _bases(event) if checkout.base else ()
    if forge is None:
        return Source(url="", user="", sha=event.sha, ref=event.ref, checkout=checkout, bases=bases)
    is_pull_request = event.kind == "pull_request"
    ref = git_access.pull_request_ref(forge.kind, event.pull_request.number) if is_pull_request else event.ref
    return Source(
        url=git_access.clone_url(forge, event.repository),
        user=git_access.user(forge.kind),
        sha=event.sha,
        ref=ref,
        checkout=checkout,
        bases=bases,
    )


def _bases(event: Event) -> tuple[str, ...]:
    """What `changed()` compares with: the next one where one is not there any more, as after a forced push."""
    if event.kind not in _WITH_BASE:
        return ()
    other = event.pull_request.base if event.kind == "pull_request" else event.default_branch
    branches = (f"refs/heads/{other}",) if other and other != event.branch else ()
    return ((event.base_sha,) if event.base_sha else ()) + branches
