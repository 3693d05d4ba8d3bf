"""The kinds of text that platform.yaml has, with their grammars: ids, names, addresses, images, globs, quantities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator import globs
from generator.diagnostics import Diagnostic, error
from generator.fields import At, Key, ListOf, Made, Object, Parsed, Text
from generator.platform import quantities
from generator.platform.model import SecretKey
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.document import Scalar
    from generator.fields import Record

_LABEL_PART = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_DOMAIN = "[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_LINK_FIELD = re.compile(r"\{[^{}]*\}")
# What render puts behind an id: for a second point of entry while a hook's secret is changed, for strangers' runs.
_TAKEN_BY_FORGES = "-next"
_TAKEN_BY_TENANTS = "-untrusted"


def _good_glob(scalar: Scalar) -> Iterator[Diagnostic]:
    if globs.is_regex(scalar.text):
        yield error(scalar.span, "bad-glob", f"{quoted(scalar.text)} is not a glob", "write one, like acme/web-*")
        return
    complaint = globs.problem(scalar.text) if scalar.text else None
    if complaint is not None:
        yield error(
            scalar.span, "bad-glob", f"{quoted(scalar.text)} is not a glob: {complaint}", "write one, like acme/web-*"
        )


def _with_a_slash(scalar: Scalar) -> Iterator[Diagnostic]:
    if scalar.text and "/" not in scalar.text and "**" not in scalar.text:
        message = f"{quoted(scalar.text)} matches no repository, whose names are owner/name"
        yield error(scalar.span, "bad-glob", message, f"write it like {quoted(scalar.text + '/*')}")


def _not_ending_in(suffix: str, scalar: Scalar) -> Iterator[Diagnostic]:
    if scalar.text.endswith(suffix):
        yield error(
            scalar.span, "bad-name", f"{quoted(scalar.text)} ends in {suffix}, which argosy itself puts behind names"
        )


def _quantity(allowed: quantities.Range) -> Text:
    def rule(scalar: Scalar) -> Iterator[Diagnostic]:
        problem = allowed.problem(scalar.text) if scalar.text else ""
        if problem:
            yield error(scalar.span, "bad-quantity", problem, allowed.example)

    return Text(allowed.label, quantities.PATTERN, rules=(rule,))


def _address(text: str) -> str:
    """An http or https address without a slash at its end."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is none
    except ValueError as failure:
        raise ValueError(f"{quoted(text)} is not an address: {failure}") from failure
    if parts.scheme not in {"http", "https"} or not re.fullmatch("[A-Za-z0-9.:_-]+", parts.netloc):
        raise ValueError(f"{quoted(text)} is not an address")
    if parts.query or parts.fragment or not re.fullmatch("[A-Za-z0-9/._~-]*", parts.path):
        raise ValueError(f"the path of {quoted(text)} has more than letters, digits and ._~-")
    return text.rstrip("/")


def _link(text: str) -> str:
    """The address of a run's page, with {namespace} and {name} in it."""
    unknown = [field for field in _LINK_FIELD.findall(text) if field not in {"{namespace}", "{name}"}]
    if unknown:
        raise ValueError(f"{quoted(unknown[0])} is nothing that a link can hold")
    if not re.fullmatch("https?://[^\\s]+", text):
        raise ValueError(f"{quoted(text)} is not an address")
    if not text.rstrip("/").endswith("/{name}"):
        raise ValueError("the link must end in /{name}, by which a run is found again")
    return text


FORGE_ID = Text(
    "a forge's id",
    f"(?!.*{_TAKEN_BY_FORGES}$)[a-z]([a-z0-9-]{{0,19}}[a-z0-9])?",
    "a letter, then letters, digits and '-', at most 21 in all, all lower case",
    "bad-name",
    rules=(lambda scalar: _not_ending_in(_TAKEN_BY_FORGES, scalar),),
)
TENANT_ID = Text(
    "a tenant's id",
    f"(?!.*{_TAKEN_BY_TENANTS}$)[a-z0-9]([a-z0-9-]{{0,38}}[a-z0-9])?",
    "letters, digits and '-', at most 40 in all, all lower case",
    "bad-name",
    rules=(lambda scalar: _not_ending_in(_TAKEN_BY_TENANTS, scalar),),
)
RUNNER_NAME = Text(
    "a runner's name",
    "[A-Za-z0-9][A-Za-z0-9._-]{0,62}",
    "letters, digits, '.', '_' and '-', at most 63 in all",
    "bad-name",
)
SECRET_VARIABLE = Text(
    "a secret's name", "[A-Za-z_][A-Za-z0-9_]{0,127}", "letters, digits and '_', no digit first", "bad-name"
)
OBJECT_NAME = Text(
    "the name of a Kubernetes object", _DOMAIN, "letters, digits, '-' and '.', all lower case", "bad-name"
)
DATA_KEY = Text("a Secret's key", "[A-Za-z0-9._-]{1,253}", "letters, digits, '.', '_' and '-'", "bad-name")
CONFIG_MAP_KEY = Text("a ConfigMap's key", DATA_KEY.pattern, DATA_KEY.grammar, "bad-name")
LABEL_NAME = Text("a label", f"(?:{_DOMAIN}/)?{_LABEL_PART}", "write it like pool or node.example/pool", "bad-name")
LABEL_VALUE = Text(
    "a label's value",
    f"(?:{_LABEL_PART})?",
    "letters, digits, '.', '_' and '-', at most 63 in all",
    "bad-value",
    empty=True,
)
RESOURCE_NAME = Text("an extended resource", f"{_DOMAIN}/{_LABEL_PART}", "write it like nvidia.com/gpu", "bad-name")
QUOTA_NAME = Text(
    "a quota's resource",
    "[a-z][a-z0-9./-]{0,250}[a-z0-9]",
    "write it like cpu, memory, pods or requests.nvidia.com/gpu",
    "bad-name",
)
IMAGE = Text(
    "an image",
    "[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}",
    "write it like registry.example/team/image@sha256:... or debian:12",
)
ADDRESS = Parsed("an address", _address, grammar="write it like https://git.example", pattern="https?://.+")
LINK = Parsed(
    "an address with {namespace} and {name}",
    _link,
    grammar='write it like "https://argo.example/workflows/{namespace}/{name}"',
    pattern="https?://.+\\{name\\}/*",
)
REPOSITORIES = ListOf(At(Text("a glob", rules=(_good_glob, _with_a_slash))), "a list of globs")
BRANCH_GLOB = Text("a glob", rules=(_good_glob,))
CORES = _quantity(quantities.CORES)
MEMORY = _quantity(quantities.MEMORY)
PIECES = _quantity(quantities.PIECES)
BYTES = Made(_quantity(quantities.BYTES), lambda text: int(quantities.amount(text) or 0))


def _secret_key(record: Record) -> SecretKey | None:
    name, key = record.get(_NAME), record.get(_KEY)
    return None if name is None or key is None else SecretKey(name, key)


def _whole_days(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}d", text):
        raise ValueError(f"{quoted(text)} is not a number of days")
    return int(text.removesuffix("d"))


DAYS = Parsed("a number of days", _whole_days, grammar="write it like 14d", pattern="[1-9][0-9]{0,3}d")
_NAME = Key("name", OBJECT_NAME, "The Secret's name.", example="name: forge-work", required=True)
_KEY = Key("key", DATA_KEY, "The key in its `data`.", example="key: token", required=True)
SECRET_KEY = Object(
    "a reference to a Secret",
    (_NAME, _KEY),
    _secret_key,
    title="References to Secrets",
    doc="The name of a Kubernetes Secret and a key of it; never a value.",
    foreign={
        "value": "platform.yaml holds no secret values: put it into a Secret",
        "namespace": "the place decides it",
    },
)
