"""How a job's container comes by its secrets: references in its environment, and one volume with those that are files.

No value is ever in a Workflow. Each reference is optional for Kubernetes: a Secret that is not there would keep the pod
from starting, without a word to whom it concerns, so the step runner looks and says what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob, PlannedSecret
    from generator.platform.model import SecretKey

# Where checkout/run.sh looks for the files: beside its own folder, in which jobs may write.
FOLDER = f"{ROOT}-secrets"
_VOLUME = "secrets"
# The files belong to root, and nobody knows who the image's user is: for root there is one of each that is root's
# alone, or ssh would not take it for a key, and for everybody else one that everybody may read. They are in this one
# container, in which there is nobody else.
_ROOTS, _ROOTS_MODE = "root", 0o400
_ANYBODYS, _ANYBODYS_MODE = "anybody", 0o444


def secret_variable(variable: str, source: SecretKey) -> Object:
    """A variable with the value of a Secret's key, unset where that is not there."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": source.name, "key": source.key, "optional": True}}}


def secret_variables(job: PlannedJob) -> Object:
    """`env` of the job's container, if any of its secrets comes so."""
    found = [secret_variable(one.variable, one.source) for one in job.secrets if one.source and not one.is_file]
    return {"env": found} if found else {}


def secret_mounts(job: PlannedJob) -> list[Object]:
    """What the job's container sees, if any of its secrets comes as a file."""
    mount = {"name": _VOLUME, "mountPath": FOLDER, "readOnly": True}
    return [mount] if any(_sources(job.secrets)) else []


def secret_volumes(job: PlannedJob) -> Object:
    """`volumes` of the job's template, if any of its secrets comes as a file."""
    sources = list(_sources(job.secrets))
    projected = {"defaultMode": _ANYBODYS_MODE, "sources": sources}
    return {"volumes": [{"name": _VOLUME, "projected": projected}]} if sources else {}


def secret_lines(secrets: Iterable[PlannedSecret]) -> str:
    """For checkout/run.sh: each variable, whether the job needs it, and what it holds."""
    return "".join(f"{one.variable} {'optional' if one.optional else 'required'} {_form(one)}\n" for one in secrets)


def _form(secret: PlannedSecret) -> str:
    if secret.source is None:
        return "nothing"
    return "path" if secret.is_file else "value"


def _sources(secrets: Iterable[PlannedSecret]) -> Iterator[Object]:
    for one in secrets:
        if one.source is None or not one.is_file:
            continue
        items = [
            {"key": one.source.key, "path": f"{_ROOTS}/{one.variable}", "mode": _ROOTS_MODE},
            {"key": one.source.key, "path": f"{_ANYBODYS}/{one.variable}"},
        ]
        yield {"secret": {"name": one.source.name, "items": items, "optional": True}}
