"""What the names and functions of a file's expressions stand for when a run is planned."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.expressions.event_names import event_bindings
from generator.expressions.scope import CHANGED, HASH
from generator.language.scopes import input_bindings, set_bindings
from generator.planning.inputs import input_values

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.expressions import Bindings
    from generator.language.model import CiFile
    from generator.planning.facts import Facts


def bindings_of(ci: CiFile, event: Event, facts: Facts) -> Bindings:
    """The names of the event and of the file's sets and inputs, and functions that ask for facts of the repository."""
    answers = ((CHANGED.name, facts.touched), (HASH.name, facts.digest))
    of_file = set_bindings(ci.sets) + input_bindings(input_values(ci.triggers, event))
    return dataclasses.replace(event_bindings(event) + of_file, answers=answers)
