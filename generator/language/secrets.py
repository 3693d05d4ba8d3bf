"""The key `secrets` of a job: the platform's secrets, each as a variable that holds its value or the path of a file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.document import Mapping
from generator.fields import At, Either, Flag, Key, ListOf, Made, MapOf, Named, Object, Placed, Record, Text
from generator.language import texts
from generator.language.draft import NamedSecretDraft, SecretDraft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
    from generator.document import Node, Scalar
    from generator.fields import Reading, Schema, Type

NAME = Key(
    "name", At(texts.SECRET_NAME), "The secret's name on the platform.", example="name: NPM_TOKEN", required=True
)
FILE = Key(
    "file",
    Flag(),
    "Whether the secret comes as a file, and the variable holds its path. The file is in the job's container alone, "
    "nobody can write to it, and the image's user can read it: where that is root, root alone, so that `ssh` takes it "
    "for a key.",
    default="`false`, the variable holds the value",
    example="file: true",
)
OPTIONAL = Key(
    "optional",
    Flag(),
    "Whether the job runs without the secret too, with the variable unset: where the platform does not grant it to the "
    "run's event and ref, or the run namespace does not hold it.",
    default="`false`, the job fails",
    example="optional: true",
)


def _named(record: Record) -> NamedSecretDraft | None:
    name = record.get(NAME)
    if name is None:
        return None
    return NamedSecretDraft(name, is_file=record.get(FILE) or False, optional=record.get(OPTIONAL) or False)


_NAMED = Object(
    "a secret",
    (NAME, FILE, OPTIONAL),
    _named,
    title="secrets",
    doc="A secret by a mapping, where there is more to say than its name: `secrets: {TOKEN: NPM_TOKEN}` and "
    "`secrets: {TOKEN: {name: NPM_TOKEN}}` are the same.",
    foreign={
        "secret": "write name",
        "from_secret": "write name",
        "key": "which key of a Secret it is, platform.yaml says",
        "vault": "where secrets are kept is the platform's business; write the name that it gives this one",
        "value": "ci.yaml holds no secret values: name one that platform.yaml grants; what is none belongs under env",
        "path": "the variable holds the path; write file: true",
        "mode": "the image's user can read the file and nobody can write to it; copy it where that will not do",
        "required": "write optional: true for one that may be missing",
    },
)


def _not_inherited(scalar: Scalar) -> Iterator[Diagnostic]:
    """An error for GitHub's word for all secrets that there are. One of that name is still one of a list."""
    if scalar.text == "inherit":
        message = "a job gets the secrets that it names, and no others: there is nothing to inherit"
        yield error(scalar.span, "bad-value", message, "name those that it needs: secrets: [NPM_TOKEN]")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Listed:
    """A name of a list. Who writes `- TOKEN: NPM_TOKEN` there is told where that belongs."""

    text: Text = texts.VARIABLE_NAME

    @property
    def label(self) -> str:
        """The name's."""
        return self.text.label

    def read(self, node: Node, reading: Reading, key: Scalar | None = None) -> Placed[str] | None:
        """The name with its place."""
        if not isinstance(node, Mapping):
            return At(self.text).read(node, reading, key)
        message = "a list of secrets holds names, not mappings"
        reading.error(node.span, "wrong-type", message, "write one mapping and no list: secrets: {TOKEN: NPM_TOKEN}")
        return None

    def schema(self) -> Schema:
        """The name's."""
        return self.text.schema()

    def parts(self) -> tuple[Type[object], ...]:
        """The name."""
        return (self.text,)


def _of_list(names: tuple[Placed[str], ...]) -> tuple[SecretDraft, ...]:
    # Of a name that stands there twice, which is told already, everything else is told once.
    first: dict[str, Placed[str]] = {}
    for name in names:
        first.setdefault(name.value, name)
    return tuple(SecretDraft(name, NamedSecretDraft(name)) for name in first.values())


def _of_mapping(entries: tuple[Named[NamedSecretDraft], ...]) -> tuple[SecretDraft, ...]:
    return tuple(SecretDraft(Placed(entry.name, entry.key.span), entry.value) for entry in entries)


_VARIABLES = Made(ListOf(_Listed(), "a list of secrets' names", unique=True), _of_list)
_ALONE = dataclasses.replace(texts.VARIABLE_NAME, rules=(_not_inherited, *texts.VARIABLE_NAME.rules))
_VARIABLE = Made(ListOf(_Listed(_ALONE), "a list of secrets' names", unique=True), _of_list)
SECRETS = Key(
    "secrets",
    Either(
        "a list of secrets' names, or a mapping",
        text=_VARIABLE,
        sequence=_VARIABLES,
        mapping=Made(
            MapOf(
                texts.VARIABLE_NAME,
                Either(
                    "a secret's name or a mapping", text=Made(At(texts.SECRET_NAME), NamedSecretDraft), mapping=_NAMED
                ),
                "a mapping of variables to secrets' names",
            ),
            _of_mapping,
        ),
    ),
    "Secrets of the platform as variables: names, or a mapping from the variable to the secret's name, or to "
    "[more about it](#secrets). The job fails before its first step where it lacks one that is not optional.",
    example="secrets: {TOKEN: NPM_TOKEN}",
)
