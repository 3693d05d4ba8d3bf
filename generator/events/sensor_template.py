"""A forge's table as text for Argo Events: the templates that the Sensor packs with, the filter of the EventSource.

The templates are `dataTemplate`s: Go's text/template with sprig over `.Input`, which has `headers` and `body`
(argo-events 1.9.10, pkg/sensors/triggers/params.go, getValueWithTemplate). One that fails is retried like any error and
stops the queue for an hour, so every value's kind is looked at before it is used. tests/e2e/sensor_template runs them
on the libraries that the Sensor has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.events.packing import FIELDS, TEXT_BYTES, VERSION
from generator.events.table import Action, Flag, Number, Source, Text
from generator.events.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.events.table import Table

NAME_DIGITS = 40


def sensor_event_template(kind: str, forge: str) -> str:
    """The `dataTemplate` for the parameter `event`: base64 of the packed JSON.

    `kind` and `forge` are the forge's in platform.yaml.
    """
    return _packed(TABLES[kind], forge, "b64enc")


def sensor_name_template(kind: str, forge: str) -> str:
    """The `dataTemplate` for the event Workflow's name, the same as generator.identity.event_name."""
    return _packed(TABLES[kind], forge, f'sha256sum | trunc {NAME_DIGITS} | printf "event-%s"')


def filter_expression(kind: str) -> str:
    """The EventSource's `filter.expression`: false for what never starts anything.

    An error in it drops the event too, without a word.
    """
    table = TABLES[kind]
    pushes = _one_of(name for name, ours in table.kinds.items() if ours == "push")
    requests = _one_of(name for name, ours in table.kinds.items() if ours == "pull_request")
    actions = _one_of(action.partition(":")[0] for action in table.actions)
    header = f'(headers["{table.event_header}"] ?? [""])[0]'
    path = _action(table).path.replace(".", "?.")
    return f"{header} in {pushes} || ({header} in {requests} && body?.{path} in {actions})"


def _one_of(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in dict.fromkeys(words)) + "]"


def _action(table: Table) -> Action:
    source = table.fields["action"]
    if not isinstance(source, Action):
        raise TypeError("a table's action is an Action")
    return source


def _packed(table: Table, forge: str, then: str) -> str:
    lines = [
        f"$input := {_object('.Input')}",
        f"$headers := {_object(_member('$input', 'headers'))}",
        f"$body := {_object(_member('$input', 'body'))}",
        f'$sent := get $headers "{table.event_header}"',
        '$type := ""',
        'if kindIs "slice" $sent',
        "$type = first $sent",
        "end",
    ]
    lines += [f"{_variable(path)} := {_object(_get(path))}" for path in _objects(table)]
    values = {path: _value(source) for path, source in table.fields.items()}
    values |= {"forge": f'"{forge}"', "type": _text("$type")}
    lines.append(f"{_dict(values)} | toRawJson | {then}")
    return "\n".join(f"{{{{- {line} -}}}}" for line in lines)


def _dict(values: dict[str, str]) -> str:
    nested: dict[str, dict[str, str]] = {}
    for path in FIELDS:
        parent, _, key = path.rpartition(".")
        nested.setdefault(parent, {})[key] = values.get(path, '""')
    top = nested.pop("")
    top |= {parent: f"({_pairs(members)})" for parent, members in nested.items()}
    return _pairs({"v": str(VERSION), **top})


def _pairs(members: dict[str, str]) -> str:
    return "dict " + " ".join(f'"{key}" {value}' for key, value in members.items())


def _value(source: Source) -> str:
    match source:
        case Text(paths):
            return _first(_text(_get(path)) for path in paths)
        case Number(paths):
            return _first(_number(_get(path)) for path in paths)
        case Flag(path):
            return f'(ternary "true" "" (and (kindIs "bool" {_get(path)}) {_get(path)}))'
        case Action(path, changes):
            marks = " ".join(f'(ternary ":{name}" "" (not (not {_get(change)})))' for name, change in changes)
            return f"(print {_text(_get(path))} {marks})"


def _first(values: Iterable[str]) -> str:
    alternatives = list(values)
    return alternatives[0] if len(alternatives) == 1 else f"(or {' '.join(alternatives)})"


def _text(value: str) -> str:
    return f'(ternary {value} "" (kindIs "string" {value}) | trunc {TEXT_BYTES})'


def _number(value: str) -> str:
    return f'(ternary (printf "%.0f" {value}) "" (kindIs "float64" {value}))'


def _object(value: str) -> str:
    """`value` where it is an object, else an empty one, so that `get` can be asked of it."""
    return f'ternary {value} (dict) (kindIs "map" {value})'


def _get(path: str) -> str:
    parent, _, key = path.rpartition(".")
    return _member(_variable(parent), key)


def _member(variable: str, key: str) -> str:
    return f'(get {variable} "{key}")'


def _variable(path: str) -> str:
    return "$" + path.replace(".", "_") if path else "$body"


def _objects(table: Table) -> list[str]:
    """The objects that the table's paths go through, outer ones first."""
    parents = {parent for source in table.fields.values() for path in _paths(source) for parent in _parents(path)}
    return sorted(parents)


def _parents(path: str) -> Iterator[str]:
    keys = path.split(".")
    return (".".join(keys[:count]) for count in range(1, len(keys)))


def _paths(source: Source) -> tuple[str, ...]:
    match source:
        case Text(paths) | Number(paths):
            return paths
        case Flag(path):
            return (path,)
        case Action(path, changes):
            return (path, *(change for _, change in changes))
