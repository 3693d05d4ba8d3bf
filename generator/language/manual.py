"""The key `on.manual`: runs that somebody starts by hand, and the inputs that these may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.document import Mapping
from generator.fields import At, Choice, Key, ListOf, Made, MapOf, Object
from generator.language import other_systems, texts
from generator.language.draft import ManualDraft
from generator.language.model import Input, InputType, ManualTrigger
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from generator.fields import Record

# As YAML 1.2 writes them.
_FLAGS = {word: flag for flag in ("true", "false") for word in (flag, flag.capitalize(), flag.upper())}

TYPE = Key(
    "type",
    Made(Choice(tuple(InputType), what="type of input", foreign=other_systems.INPUT_TYPES), InputType),
    "`string` is any text, `boolean` is `true` or `false`, `choice` is one of `options`.",
    default="`string`",
    example="type: choice",
)
OPTIONS = Key(
    "options",
    ListOf(texts.PLAIN, "a list of texts", minimum=1, unique=True),
    "What a choice is chosen from.",
    default="none; a choice needs them",
    example="options: [debug, info]",
)
DEFAULT = Key(
    "default",
    At(texts.PLAIN),
    "What it is where a run does not give it, and in every other event. Without a default a manual run has to give the "
    "input, and in other events it is empty, `false` or the first option.",
    default="none: it must be given",
    example="default: info",
)
DESCRIPTION = Key(
    "description",
    texts.PLAIN,
    "What it is for; messages about it say so.",
    default="none",
    example="description: How loud",
)


_FLAG = "a boolean's default is true or false; without one it has to be given"


def flag(text: str) -> str | None:
    """`true` or `false` for what a boolean may be given as, None for anything else."""
    return _FLAGS.get(text)


def _input(record: Record) -> Input | None:
    kind = record.get(TYPE) if record.has(TYPE) or record.misspells(TYPE) else InputType.STRING
    if kind is None or not _options_fit(kind, record):
        return None
    options = record.get(OPTIONS) or ()
    default = _default(kind, options, record)
    if default is None:
        return None
    return Input(
        name=record.name,
        type=kind,
        options=options,
        default=default,
        required=not record.has(DEFAULT),
        description=record.get(DESCRIPTION) or "",
        span=record.place,
    )


def _options_fit(kind: InputType, record: Record) -> bool:
    """Whether it has options if it is a choice, and none otherwise."""
    if kind is InputType.CHOICE:
        if not record.has(OPTIONS) and record.knows(OPTIONS):
            record.reading.error(
                record.place, "missing-key", "a choice needs 'options'", "write options: [debug, info]"
            )
        return (record.get(OPTIONS) or ()) != ()
    if record.has(OPTIONS):
        message = f"only a choice has 'options', and {quoted(record.name)} is a {kind}"
        record.reading.error(record.span_of(OPTIONS), "bad-value", message, "write type: choice, or leave them out")
    return not record.has(OPTIONS)


def _default(kind: InputType, options: tuple[str, ...], record: Record) -> str | None:
    if not record.has(DEFAULT):
        return {InputType.STRING: "", InputType.BOOLEAN: "false", InputType.CHOICE: next(iter(options), "")}[kind]
    placed = record.get(DEFAULT)
    if placed is None:
        return None
    if kind is InputType.CHOICE and placed.value not in options:
        if not record.knows(OPTIONS):
            return None
        message = f"{quoted(placed.value)} is none of the options"
        record.reading.error(placed.span, "bad-value", message, suggestion(placed.value, options))
        return None
    if kind is InputType.BOOLEAN and flag(placed.value) is None:
        record.reading.error(placed.span, "bad-value", f"{quoted(placed.value)} is neither true nor false", _FLAG)
        return None
    return flag(placed.value) if kind is InputType.BOOLEAN else placed.value


INPUT = Object(
    "an input",
    (TYPE, OPTIONS, DEFAULT, DESCRIPTION),
    _input,
    title="on.manual.inputs",
    doc="What a manual run may be given: `argosy run --input level=debug`. Jobs have it as `INPUT_LEVEL`, "
    "[expressions](#expressions) as `inputs.level`. It is no place for secrets: the run's Workflow shows it.",
    foreign={"required": "an input without a default is required; for one that may stay empty write default: ''"},
)
INPUTS = Key(
    "inputs",
    MapOf(texts.INPUT_NAME, INPUT, "a mapping of names to inputs"),
    "What a run may be given, by name.",
    default="none",
    example="inputs: {level: {type: choice, options: [debug, info], default: info}}",
)


def _manual(record: Record) -> ManualDraft:
    inputs = tuple(entry.value for entry in record.get(INPUTS) or ())
    entry = record.entry(INPUTS)
    span = entry.key.span if entry is not None else record.place
    return ManualDraft(ManualTrigger(inputs, span), _is_whole(record, len(inputs)))


def _is_whole(record: Record, count: int) -> bool:
    """Whether so many inputs are all that stand there, right or wrong."""
    if record.has_strange_keys or (record.has(INPUTS) and record.get(INPUTS) is None):
        return False
    entry = record.entry(INPUTS)
    return entry is None or not isinstance(entry.value, Mapping) or len(entry.value.entries) == count


MANUAL = Object(
    "on.manual",
    (INPUTS,),
    _manual,
    title="on.manual",
    doc="Somebody starts a run by hand, of any branch or tag: `argosy run`. Inputs are optional.",
)


def manual(record: Record, key: Key[Any]) -> ManualDraft | None:
    """What stands under the key, None where it is absent; one whose inputs are not known where it could not be read."""
    draft: ManualDraft | None = record.get(key)
    if draft is None and not record.knows(key):
        return ManualDraft(ManualTrigger((), record.span_of(key)), whole=False)
    return draft
