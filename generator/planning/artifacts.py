"""What a job stores, with the names that its artifacts have in this run and combination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import error
from generator.planning.plan import PlannedArtifact
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.language.model import Artifact
    from generator.planning.filling import Filling


def planned_artifacts(artifacts: Sequence[Artifact], filling: Filling) -> tuple[PlannedArtifact, ...]:
    """The artifacts in order; two of one name are reported, since one would take the other's place."""
    made: dict[str, PlannedArtifact] = {}
    for one in artifacts:
        name = filling.artifact(one.name)
        if name in made:
            message = f"with this expression, two artifacts of the job are called {quoted(name)}"
            expressions = [*one.name.expressions, *(part for other in artifacts for part in other.name.expressions)]
            filling.report([error(expressions[0].span, "same-artifact", message, "give one of them another name")])
        made[name] = PlannedArtifact(name, one.globs, one.may_be_empty, is_evaluated=not one.name.is_literal)
    return tuple(made.values())
