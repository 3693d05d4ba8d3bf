"""Names of artifacts that differ between a job's combinations: by parameters, so that these share a pod's template."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob


def artifact_arguments(job: PlannedJob) -> list[Object]:
    """The values of the parameters that a combination's pod has for them: letters, digits, `_` and `-`."""
    if not job.matrix:
        return []
    return [{"name": _parameter(at), "value": one.name} for at, one in enumerate(job.artifacts, 1) if one.is_evaluated]


def artifact_parameters(job: PlannedJob) -> list[str]:
    """Their names."""
    return [argument["name"] for argument in artifact_arguments(job)]


def argo_names(job: PlannedJob) -> list[tuple[str, str]]:
    """For each artifact what Argo calls it, and its folder in the bucket; the same for all combinations.

    What an expression gave is no name for Argo, which wants to know them beforehand; these start as none of a job's do.
    """
    varying = set(artifact_parameters(job))
    return [
        (f"_{_parameter(at)}", f"{{{{inputs.parameters.{_parameter(at)}}}}}")
        if _parameter(at) in varying
        else (one.name, one.name)
        for at, one in enumerate(job.artifacts, 1)
    ]


def _parameter(at: int) -> str:
    return f"artifact-{at}"
