"""What a run's inputs are: what a manual run was given where it fits the file, else what the file says.

`misfits` is to be asked first: it tells what was given that the file does not take, at the place that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.language.manual import flag
from generator.language.model import InputType
from generator.planning.plan import PlannedVariable
from generator.wording import one_line, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diagnostics import Diagnostic
    from generator.events.event import Event
    from generator.language.model import Input, Triggers

_MANUAL = "manual"
_DESCRIPTION = 200


def misfits(triggers: Triggers, event: Event) -> list[Diagnostic]:
    """What a manual run was given and cannot be, and what it should have been given; nothing for other events."""
    if event.kind != _MANUAL or triggers.manual is None:
        return []
    declared = {one.name: one for one in triggers.inputs}
    found = [_unknown(name, triggers) for name, _ in event.inputs if name not in declared]
    given = dict(event.inputs)
    return found + [finding for one in triggers.inputs for finding in _misfit(one, given.get(one.name))]


def input_values(triggers: Triggers, event: Event) -> tuple[tuple[Input, str], ...]:
    """Each input of the file with its value in the event's run, `true` or `false` for a boolean."""
    given = dict(event.inputs) if event.kind == _MANUAL else {}
    return tuple((one, _value(one, given.get(one.name))) for one in triggers.inputs)


def input_variables(triggers: Triggers, event: Event) -> tuple[PlannedVariable, ...]:
    """The inputs as every job has them."""
    return tuple(PlannedVariable(one.variable, value) for one, value in input_values(triggers, event))


def _unknown(name: str, triggers: Triggers) -> Diagnostic:
    span = triggers.manual.span if triggers.manual is not None else triggers.span
    hint = suggestion(name, [one.name for one in triggers.inputs]) or "the file takes no inputs"
    return error(span, "unknown-input", f"the run is given {quoted(name)}, which is no input of the file", hint)


def _misfit(declared: Input, given: str | None) -> Iterator[Diagnostic]:
    name = quoted(declared.name)
    about = one_line(declared.description, _DESCRIPTION)
    if given is None:
        if declared.required:
            hint = f"give it: --input {declared.name}={_form(declared)}" + (f" ({about})" if about else "")
            message = f"the run is not given the input {name}, which has no default"
            yield error(declared.span, "missing-input", message, hint)
        return
    if "\0" in given:
        yield error(declared.span, "bad-input", f"the input {name} has U+0000 in it, which no variable can hold")
    elif declared.type is InputType.CHOICE and given not in declared.options:
        hint = suggestion(given, declared.options)
        yield error(declared.span, "bad-input", f"the input {name} cannot be {quoted(given)}", hint)
    elif declared.type is InputType.BOOLEAN and flag(given) is None:
        yield error(declared.span, "bad-input", f"the input {name} cannot be {quoted(given)}", "known: true, false")


def _form(declared: Input) -> str:
    """What may be given, in a few words."""
    if declared.type is InputType.STRING:
        return "TEXT"
    options = declared.options if declared.type is InputType.CHOICE else ("true", "false")
    return "|".join(one_line(option, _DESCRIPTION) for option in options)


def _value(declared: Input, given: str | None) -> str:
    if given is None:
        return declared.default
    return flag(given) or declared.default if declared.type is InputType.BOOLEAN else given
