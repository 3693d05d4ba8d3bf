"""Which services a job has in this run, and with which texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.together import shared_ports, too_many
from generator.planning.plan import PlannedService, PlannedVariable

if TYPE_CHECKING:
    from generator.language.model import Job, Service
    from generator.planning.filling import Filling


def planned_services(job: Job, filling: Filling) -> tuple[PlannedService, ...]:
    """The services whose `if` holds, in the order of the file."""
    present = [one for one in job.services if one.condition is None or filling.holds(one.condition)]
    filling.report(shared_ports((one.name, one.ports, one.ports_span) for one in present))
    filling.report(too_many([one.span for one in present]))
    return tuple(_planned(one, filling) for one in present)


def _planned(service: Service, filling: Filling) -> PlannedService:
    return PlannedService(
        name=service.name,
        image=filling.image(service.image),
        args=service.args,
        env=tuple(PlannedVariable(variable.name, filling.text(variable.value)) for variable in service.env),
        ports=service.ports,
        aliases=service.aliases,
        ready=service.ready,
    )
