"""The text of a platform.yaml -> what the operator decided, or everything that is wrong with it, in the file's order.

The keys are declared in file.py, forges.py, runners.py and tenants.py; what no single key can tell stands in checks.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from generator.diagnostics import has_errors, in_order
from generator.document import parse
from generator.fields import Reading
from generator.platform.checks import CHECKS
from generator.platform.file import PLATFORM_FILE
from generator.platform.model import Defaults, Forge, Images, Platform, Runner, SecretGrant, Tenant

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.fields import Named, Placed
    from generator.platform.draft import (
        DefaultsDraft,
        ForgeDraft,
        ImagesDraft,
        PlatformDraft,
        RunnerDraft,
        SecretDraft,
        TenantDraft,
        TokenDraft,
    )
    from generator.platform.model import SecretKey


T = TypeVar("T")


def read(text: bytes | str, file: str) -> tuple[Platform | None, list[Diagnostic]]:
    """The platform and what was found; without a platform there is at least one error.

    `file` is the name that places carry.
    """
    node, found = parse(text, file)
    if node is None:
        return None, in_order(found)
    reading = Reading()
    reading.add(*found)
    draft = PLATFORM_FILE.read(node, reading)
    if draft is not None:
        for check in CHECKS:
            check(draft, reading)
    found = reading.found()
    if draft is None or has_errors(found):
        return None, found
    return _platform(draft), found


def _platform(draft: PlatformDraft) -> Platform:
    return Platform(
        images=_images(draft.images),
        forges=tuple(_forge(forge) for forge in draft.forges),
        tenants=tuple(_tenant(tenant) for tenant in draft.tenants),
        runners=tuple(_runner(runner) for runner in draft.runners),
        defaults=_defaults(draft.defaults),
        secrets=tuple(_secret(secret) for secret in draft.secrets),
        limits=draft.limits,
        report=draft.report,
        registry_credentials=draft.registry_credentials,
        artifacts=draft.artifacts,
        instance_id=draft.instance_id,
        paused=draft.paused,
    )


def _images(draft: ImagesDraft | None) -> Images:
    images = _there(draft)
    return Images(images.argosy.value, images.checkout.value)


def _forge(forge: Named[ForgeDraft]) -> Forge:
    draft = forge.value
    hook = _there(draft.hook)
    return Forge(
        id=forge.name,
        kind=_there(draft.kind).value,
        url=_there(draft.url),
        hook_url=_there(hook.url).value,
        hook_secrets=hook.secrets,
        read_tokens=_there(draft.read).tokens,
        report_tokens=_there(draft.report).tokens,
        checkout_tokens=_tokens(draft.checkout),
        repositories=_texts(draft.repositories),
        shards=1,
        span=forge.key.span,
    )


def _tokens(draft: TokenDraft | None) -> tuple[SecretKey, ...]:
    return () if draft is None else draft.tokens


def _tenant(tenant: Named[TenantDraft]) -> Tenant:
    return Tenant(tenant.name, _texts(tenant.value.repositories), tenant.value.quota, tenant.value.runs)


def _runner(runner: Named[RunnerDraft]) -> Runner:
    draft = runner.value
    return Runner(
        name=runner.name,
        resources=draft.resources,
        node_selector=draft.nodes,
        tolerations=draft.tolerations,
        tenants=_texts(draft.tenants),
        tiers=draft.tiers,
    )


def _defaults(draft: DefaultsDraft | None) -> Defaults:
    defaults = _there(draft)
    return Defaults(_there(defaults.runner).value, _there(defaults.image), defaults.timeout)


def _secret(secret: Named[SecretDraft]) -> SecretGrant:
    return SecretGrant(secret.name, secret.value.source, _texts(secret.value.repositories), secret.value.on)


def _texts(placed: tuple[Placed[str], ...]) -> tuple[str, ...]:
    return tuple(place.value for place in placed)


def _there(value: T | None) -> T:
    """A required key's value, which is there in a file without errors."""
    if value is None:
        raise AssertionError("a required key is neither there nor reported")
    return value
