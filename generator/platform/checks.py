"""What no single key of a platform.yaml can tell.

Names must exist elsewhere in the file, Secrets must differ, and what weakens the platform is said aloud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.fields import Placed, Reading
    from generator.platform.draft import PlatformDraft

_DIGEST = "@sha256:"
_LOCAL_IMAGES = "localhost/"
_GLOB_CHARACTERS = frozenset("*?[]{}\\")
_WEAK_KINDS = frozenset({"gitlab"})


def secrets_differ(draft: PlatformDraft, reading: Reading) -> None:
    """The token that writes is in no hand but the reporter's."""
    for forge in draft.forges:
        report = forge.value.report
        if report is None:
            continue
        written = {secret.name for secret in report.tokens}
        for name, others in (("read", forge.value.read), ("checkout", forge.value.checkout)):
            shared = sorted(written & {secret.name for secret in others.tokens}) if others is not None else []
            if shared:
                message = f"report and {name} of forge {quoted(forge.name)} name one Secret, {quoted(shared[0])}"
                hint = f"what may write statuses is the reporter's alone: give {name} a token of its own"
                reading.error(report.span, "shared-secret", message, hint)


def hooks_differ(draft: PlatformDraft, reading: Reading) -> None:
    """Each forge has an address of its own for its webhooks."""
    seen: dict[str, str] = {}
    for forge in draft.forges:
        url = forge.value.hook.url if forge.value.hook is not None else None
        if url is None:
            continue
        other = seen.setdefault(url.value, forge.name)
        if other != forge.name:
            message = f"forges {quoted(other)} and {quoted(forge.name)} have one hook address"
            reading.error(url.span, "shared-hook", message, "give each a path of its own")


def weak_verification_is_accepted(draft: PlatformDraft, reading: Reading) -> None:
    """A forge that signs nothing is taken only by an operator who says so."""
    for forge in draft.forges:
        kind, said = forge.value.kind, forge.value.accepts_weak_verification
        if kind is None:
            continue
        accepted = said is not None and said.value
        if kind.value in _WEAK_KINDS and not accepted:
            message = f"{kind.value} does not sign its webhooks: whoever sees its token can send any"
            reading.error(kind.span, "weak-verification", message, "write accept-weak-verification: true to take that")
        if kind.value not in _WEAK_KINDS and accepted and said is not None:
            reading.warning(
                said.span, "needless", f"{kind.value} signs its webhooks; there is nothing to accept", "remove it"
            )


def wide_tokens_are_said(draft: PlatformDraft, reading: Reading) -> None:
    """A token that reads more than the repository of the run is given to runs only by an operator who says so."""
    for forge in draft.forges:
        checkout = forge.value.checkout
        if checkout is not None and checkout.tokens and not checkout.wide:
            message = f"the checkout token of forge {quoted(forge.name)} reads every repository that its user sees"
            reading.error(checkout.span, "wide-token", message, "write wide: true beside it to take that")


def names_exist(draft: PlatformDraft, reading: Reading) -> None:
    """Runners, tenants and forges that the file mentions are in it. That it has none at all is told by itself."""
    if draft.runner_names and draft.defaults is not None and draft.defaults.runner is not None:
        _known([draft.defaults.runner], draft.runner_names, "runner", code="unknown-runner", reading=reading)
    for runner in draft.runners:
        _known(runner.value.tenants, draft.tenant_names, "tenant", code="unknown-tenant", reading=reading)
    lists = [tenant.value.repositories for tenant in draft.tenants]
    lists += [secret.value.repositories for secret in draft.secrets]
    for globs in lists if draft.forge_names else ():
        for glob in globs:
            _known_forge(glob, draft.forge_names, reading)


def images_have_digests(draft: PlatformDraft, reading: Reading) -> None:
    """A tag may mean another image tomorrow. Images that come from no registry have none to move."""
    images = (draft.images.argosy, draft.images.checkout) if draft.images is not None else ()
    for image in images:
        if _DIGEST not in image.value and not image.value.startswith(_LOCAL_IMAGES):
            message = f"{quoted(image.value)} is named by a tag, which may mean another image tomorrow"
            reading.warning(image.span, "image-by-tag", message, "name it by its digest: image@sha256:...")


def _known(mentioned: Iterable[Placed[str]], names: tuple[str, ...], what: str, *, code: str, reading: Reading) -> None:
    for place in mentioned:
        if place.value not in names:
            message = f"unknown {what} {quoted(place.value)}"
            reading.error(place.span, code, message, suggestion(place.value, names))


def _known_forge(glob: Placed[str], names: tuple[str, ...], reading: Reading) -> None:
    first, slash, _ = glob.value.removeprefix("!").partition("/")
    if slash and not _GLOB_CHARACTERS & set(first) and first not in names:
        message = f"unknown forge {quoted(first)}: here a repository is forge/owner/name"
        reading.error(glob.span, "unknown-forge", message, suggestion(first, names))


CHECKS: tuple[Callable[[PlatformDraft, Reading], None], ...] = (
    secrets_differ,
    hooks_differ,
    weak_verification_is_accepted,
    wide_tokens_are_said,
    names_exist,
    images_have_digests,
)
