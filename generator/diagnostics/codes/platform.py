"""Codes of platform.yaml: what no single key of it can tell, and what `argosy render` finds."""

from __future__ import annotations

from generator.diagnostics.codes.code import Code, Group, platform, too_long
from generator.diagnostics.diagnostic import Severity

_FORGE = """
    forges:
      work:
        kind: gitea
        url: https://git.example
        hook: {{url: https://ci.example/work, secret: {secret}}}
        read: {{token: {{name: forge-work-read, key: token}}}}
        report: {{token: {{name: {report}, key: token}}}}
        checkout: {{token: {{name: forge-work-checkout, key: token}}{wide}}}
        repositories: ["acme/*"]{more}
"""
_ONE_KEY = "{name: forge-work, key: hook}"
_TWO_KEYS = "[{name: forge-work-2, key: hook}, {name: forge-work, key: hook}]"
_SECOND_FORGE = """
      {id}:
        kind: {kind}
        url: https://code.example
        hook: {{url: {hook}, secret: {{name: forge-lab, key: hook}}}}
        read: {{token: {{name: forge-lab-read, key: token}}}}
        report: {{token: {{name: forge-lab-report, key: token}}}}
        repositories: ["acme/*"]{more}"""
_LAB_HOOK = "https://ci.example/lab"


def _forge(
    *, secret: str = _ONE_KEY, report: str = "forge-work-report", wide: str = ", wide: true", more: str = ""
) -> str:
    return _FORGE.format(secret=secret, report=report, wide=wide, more=more)


def _second(*, name: str = "lab", kind: str = "gitea", hook: str = _LAB_HOOK, more: str = "") -> str:
    return _SECOND_FORGE.format(id=name, kind=kind, hook=hook, more=more)


_ACCEPTS = "\n        accept-weak-verification: true"

PLATFORM_FILE = Group(
    "platform.yaml",
    "What operators are told, by `argosy render` and by whatever reads the file. The examples are those top-level keys "
    "of a platform.yaml that matter.",
    (
        Code(
            "bad-quantity",
            Severity.ERROR,
            "An amount that is none, or that nobody can mean: half a byte of memory, 4 GiB of cores. Amounts are "
            "Kubernetes quantities.",
            bad=platform("runners: {small: {cpu: 500m, memory: 1}}"),
            good=platform("runners: {small: {cpu: 500m, memory: 1Gi}}"),
        ),
        Code(
            "shared-secret",
            Severity.ERROR,
            "`read` or `checkout` names the Secret that `report` names. What may write statuses is the reporter's "
            "alone.",
            bad=platform(_forge(report="forge-work-read")),
            good=platform(_forge()),
        ),
        Code(
            "shared-hook",
            Severity.ERROR,
            "Two forges have one hook address. Each has one of its own, since each is checked with its own secret.",
            bad=platform(_forge(more=_second(hook="https://ci.example/work"))),
            good=platform(_forge(more=_second())),
        ),
        Code(
            "weak-verification",
            Severity.ERROR,
            "GitLab does not sign its webhooks: whoever learns its token can send any. That is taken where "
            "`accept-weak-verification: true` says so. A webhook is only a hint in any case: the forge is asked before "
            "anything starts.",
            bad=platform(_forge(more=_second(kind="gitlab"))),
            good=platform(_forge(more=_second(kind="gitlab", more=_ACCEPTS))),
        ),
        Code(
            "wide-token",
            Severity.ERROR,
            "A checkout token reads all that its user sees, and each run's checkout is given it. That is taken where "
            "`wide: true` says so.",
            bad=platform(_forge(wide="")),
            good=platform(_forge()),
        ),
        Code(
            "unknown-tenant",
            Severity.ERROR,
            "A runner's `tenants` names one that is not in `tenants`.",
            bad=platform("""
                tenants: {web: {repositories: ["**"]}}
                runners: {small: {cpu: 500m, memory: 1Gi, tenants: [wbe]}}
            """),
            good=platform("""
                tenants: {web: {repositories: ["**"]}}
                runners: {small: {cpu: 500m, memory: 1Gi, tenants: [web]}}
            """),
        ),
        Code(
            "unknown-forge",
            Severity.ERROR,
            "A glob over `forge/owner/name` starts with something that is no forge's id.",
            bad=platform('tenants: {web: {repositories: ["acme/**"]}}'),
            good=platform('tenants: {web: {repositories: ["work/acme/**"]}}'),
        ),
        Code(
            "image-by-tag",
            Severity.WARNING,
            "An image of argosy's own is named by a tag and not by its digest. What a tag names may change. An image "
            "that starts with `localhost/` comes from no registry, so there is nothing to warn of.",
            bad=platform("""
                images:
                  argosy: registry.example/argosy:1
                  checkout: registry.example/argosy-checkout@sha256:0a
            """),
            good=platform("""
                images:
                  argosy: registry.example/argosy@sha256:0b
                  checkout: registry.example/argosy-checkout@sha256:0a
            """),
        ),
        Code(
            "needless",
            Severity.WARNING,
            "Something is accepted that does not occur.",
            bad=platform(_forge(more=_ACCEPTS)),
            good=platform(_forge()),
        ),
        Code(
            "hook-clash",
            Severity.ERROR,
            "Two hooks would have one name or one address. While a forge's hook secret is changed, its id and its "
            "address with `-next` behind them are taken.",
            bad=platform(_forge(secret=_TWO_KEYS, more=_second(hook="https://ci.example/work-next"))),
            good=platform(_forge(more=_second(hook="https://ci.example/work-next"))),
        ),
        Code(
            "hook-rotation",
            Severity.WARNING,
            "A forge has two hook secrets, which is how one is changed and nothing to stay at: the newer one counts at "
            "the address with `-next`.",
            bad=platform(_forge(secret=_TWO_KEYS)),
            good=platform(_forge()),
        ),
        Code(
            "platform-too-large",
            Severity.ERROR,
            "The file does not fit into the ConfigMap that the expander and the reporter read it from.",
            bad=too_long(
                platform("# a platform.yaml with 1,048,000 bytes of comments"), lambda: "#" * 1_048_000 + "\n"
            ),
            good=platform("paused: false"),
        ),
    ),
)
