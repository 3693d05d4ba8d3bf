"""The key `forges`: where the code is, how webhooks are checked, which token each part of argosy has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.fields import At, Choice, Flag, Key, ListOf, MapOf, Object, Text
from generator.platform.draft import ForgeDraft, HookDraft, TokenDraft
from generator.platform.texts import ADDRESS, FORGE_ID, REPOSITORIES, SECRET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
    from generator.document import Scalar
    from generator.fields import Record
    from generator.platform.model import SecretKey

KINDS = ("gitea", "forgejo", "github", "gitlab")
_MOST_KEYS = 2


_KEYS = ListOf(SECRET_KEY, "a reference to a Secret, or a list of two", minimum=1)


def _one_or_two(record: Record, key: Key[tuple[SecretKey, ...]]) -> tuple[SecretKey, ...]:
    found = record.get(key) or ()
    if len(found) > _MOST_KEYS:
        message = f"{len(found)} Secrets at once; while one takes another's place there are two"
        record.reading.error(record.span_of(key), "bad-value", message, "the newer first")
    return found


def _one_shard(scalar: Scalar) -> Iterator[Diagnostic]:
    if re.fullmatch("[0-9]{1,9}", scalar.text) and int(scalar.text) > 1:
        yield error(
            scalar.span, "not-yet", "more than one Sensor for a forge is not supported yet", "leave it out, or write 1"
        )


HOOK_URL = Key(
    "url",
    At(ADDRESS),
    "The address that the forge sends its webhooks to. The path must arrive unchanged.",
    example="url: https://ci.example/work",
    required=True,
)
HOOK_SECRET = Key(
    "secret",
    _KEYS,
    "What webhooks are signed with; in namespace argosy. Two while it is changed.",
    example="secret: {name: forge-work, key: hook}",
    required=True,
)
HOOK = Object(
    "a hook",
    (HOOK_URL, HOOK_SECRET),
    lambda record: HookDraft(record.get(HOOK_URL), _one_or_two(record, HOOK_SECRET)),
    title="forges.<id>.hook",
    doc="How the forge reaches argosy.",
)

TOKEN = Key(
    "token",
    _KEYS,
    "The token. Two while it is changed.",
    example="token: {name: forge-work-read, key: token}",
    required=True,
)
WIDE = Key(
    "wide",
    Flag(),
    "Said aloud: the token reads every repository that its user sees, and each run's checkout is given it, "
    "which fetches any of them as a submodule.",
    default="`false`",
    example="wide: true",
)


def _token(record: Record) -> TokenDraft:
    return TokenDraft(_one_or_two(record, TOKEN), record.get(WIDE) or False, record.place)


_LATER_TOKENS = ("app",)
TOKENS = Object(
    "tokens", (TOKEN,), _token, title="forges.<id>.read, report", doc="A token, by reference.", later=_LATER_TOKENS
)
CHECKOUT_TOKENS = Object(
    "tokens for checkouts",
    (TOKEN, WIDE),
    _token,
    title="forges.<id>.checkout",
    doc="The token that a job's checkout container fetches the repository with. The job's own containers never see it.",
    later=_LATER_TOKENS,
)

KIND = Key(
    "kind",
    At(Choice(KINDS, later=("bitbucket", "bitbucket-server"))),
    "Which software it is: " + ", ".join(f"`{kind}`" for kind in KINDS) + ".",
    example="kind: gitea",
    required=True,
)
URL = Key("url", ADDRESS, "The forge's address, API and Git alike.", example="url: https://git.example", required=True)
FORGE_HOOK = Key(
    "hook",
    HOOK,
    "How the forge reaches argosy.",
    example="hook: {url: https://ci.example/work, secret: {name: forge-work, key: hook}}",
    required=True,
)
READ = Key(
    "read",
    TOKENS,
    "The expander's token, in namespace argosy: metadata, contents and pull requests, to read.",
    example="read: {token: {name: forge-work-read, key: token}}",
    required=True,
)
REPORT = Key(
    "report",
    TOKENS,
    "The reporter's token, in namespace argosy-report: commit statuses, to write. Another Secret than `read`.",
    example="report: {token: {name: forge-work-report, key: token}}",
    required=True,
)
CHECKOUT = Key(
    "checkout",
    CHECKOUT_TOKENS,
    "The checkouts' token, in each run namespace: contents, to read.",
    default="none: public repositories only",
    example="checkout: {token: {name: forge-work-checkout, key: token}, wide: true}",
)
FORGE_REPOSITORIES = Key(
    "repositories",
    REPOSITORIES,
    "Globs over `owner/name`: whom the platform serves. Any other repository's events start nothing.",
    example='repositories: ["acme/*", "!acme/attic-*"]',
    required=True,
)
SHARDS = Key(
    "shards",
    Text("the number 1", "1", rules=(_one_shard,)),
    "How many Sensors the forge has; each starts about 2.5 events a second.",
    default="`1`",
    example="shards: 1",
)
WEAK = Key(
    "accept-weak-verification",
    At(Flag()),
    "Said aloud: the forge proves with a plain token, not with a signature, that a webhook is its own. GitLab does.",
    default="`false`",
    example="accept-weak-verification: true",
)


def _forge(record: Record) -> ForgeDraft:
    return ForgeDraft(
        kind=record.get(KIND),
        url=record.get(URL),
        hook=record.get(FORGE_HOOK),
        read=record.get(READ),
        report=record.get(REPORT),
        checkout=record.get(CHECKOUT),
        repositories=record.get(FORGE_REPOSITORIES) or (),
        accepts_weak_verification=record.get(WEAK),
    )


FORGE = Object(
    "a forge",
    (KIND, URL, FORGE_HOOK, READ, REPORT, CHECKOUT, FORGE_REPOSITORIES, SHARDS, WEAK),
    _forge,
    title="forges.<id>",
    doc="One forge. Its id is part of the names of what runs, so it is never changed.",
    later=("app",),
    foreign={"token": "each of read, report and checkout has a token of its own", "secret": "write it under hook"},
)
FORGES = Key(
    "forges",
    MapOf(FORGE_ID, FORGE, "a mapping of ids to forges", minimum=1),
    "The forges, by ids of your own.",
    example="""\
forges:
  work:
    kind: gitea
    url: https://git.example
    hook: {url: https://ci.example/work, secret: {name: forge-work, key: hook}}
    read: {token: {name: forge-work-read, key: token}}
    report: {token: {name: forge-work-report, key: token}}
    repositories: ["acme/*"]""",
    required=True,
)
