"""The keys `tenants` and `secrets`: which repositories belong together, and which secrets they may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import globs
from generator.diagnostics import error
from generator.fields import Integer, Key, ListOf, MapOf, Object, Text
from generator.platform.draft import SecretDraft, TenantDraft
from generator.platform.model import EVENT_KINDS
from generator.platform.texts import PIECES, QUOTA_NAME, REPOSITORIES, SECRET_KEY, SECRET_VARIABLE, TENANT_ID
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
    from generator.document import Scalar
    from generator.fields import Record

_MOST_RUNS = 100_000
_PUSH = "push"


def _event(scalar: Scalar) -> Iterator[Diagnostic]:
    event, colon, glob = scalar.text.partition(":")
    if scalar.text and event not in EVENT_KINDS:
        yield error(scalar.span, "bad-value", f"unknown event {quoted(event)}", suggestion(event, EVENT_KINDS))
    elif colon and event != _PUSH:
        yield error(
            scalar.span, "bad-value", f"{quoted(event)} takes no glob", "only push does, over the branch: push:main"
        )
    elif colon and (complaint := globs.problem(glob)):
        yield error(scalar.span, "bad-glob", f"{quoted(glob)} is not a glob: {complaint}", "write one, like acme/web-*")


TENANT_REPOSITORIES = Key(
    "repositories",
    REPOSITORIES,
    "Globs over `forge/owner/name`. The first tenant of the file that has a repository keeps it.",
    example="repositories: [work/acme/web-*]",
    required=True,
)
QUOTA = Key(
    "quota",
    MapOf(QUOTA_NAME, PIECES, "a mapping of resources to quantities"),
    "What all its runs may take together, in a ResourceQuota's words.",
    default="no limit",
    example="quota: {cpu: 64, memory: 256Gi, pods: 200}",
)
RUNS = Key(
    "runs", Integer(1, _MOST_RUNS), "How many runs at once; more wait.", default="any number", example="runs: 20"
)


def _tenant(record: Record) -> TenantDraft:
    quota = tuple((entry.name, entry.value) for entry in record.get(QUOTA) or ())
    return TenantDraft(record.get(TENANT_REPOSITORIES) or (), quota, record.get(RUNS))


TENANT = Object(
    "a tenant",
    (TENANT_REPOSITORIES, QUOTA, RUNS),
    _tenant,
    title="tenants.<id>",
    doc="Repositories whose runs have namespaces, secrets and a quota of their own. Its id names the namespaces.",
)
TENANTS = Key(
    "tenants",
    MapOf(TENANT_ID, TENANT, "a mapping of ids to tenants", minimum=1),
    "The tenants, by ids of your own.",
    default="one, `default`, with every repository",
    example="tenants: {web: {repositories: [work/acme/web-*]}}",
)

FROM = Key(
    "from",
    SECRET_KEY,
    "Where the value is, in the tenant's run namespace.",
    example="from: {name: shared-npm, key: token}",
    required=True,
)
SECRET_REPOSITORIES = Key(
    "repositories",
    REPOSITORIES,
    "Globs over `forge/owner/name`: who may name it.",
    example="repositories: [work/acme/web-*]",
    required=True,
)
ON = Key(
    "on",
    ListOf(Text("an event", rules=(_event,)), "a list of events", minimum=1, unique=True),
    "The events whose runs get it: "
    + ", ".join(f"`{kind}`" for kind in EVENT_KINDS)
    + ", and `push:` with a glob over the branch.",
    default="every event, but never an untrusted run",
    example="on: [tag, push:main]",
)


def _secret(record: Record) -> SecretDraft | None:
    source = record.get(FROM)
    return None if source is None else SecretDraft(source, record.get(SECRET_REPOSITORIES) or (), record.get(ON) or ())


SECRET = Object(
    "a secret",
    (FROM, SECRET_REPOSITORIES, ON),
    _secret,
    title="secrets.<name>",
    doc="A secret that a ci.yaml may name, and for whom. Untrusted runs get none, whatever is written here.",
    foreign={"value": "platform.yaml holds no secret values: put it into a Secret and write from"},
)
SECRETS = Key(
    "secrets",
    MapOf(SECRET_VARIABLE, SECRET, "a mapping of names to secrets"),
    "What `secrets` in a ci.yaml may name.",
    default="none",
    example="secrets: {NPM_TOKEN: {from: {name: shared-npm, key: token}, repositories: [work/acme/web-*]}}",
)
