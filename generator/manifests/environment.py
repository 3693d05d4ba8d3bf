"""The variables that argosy gives to every job: what runs, why, and where. docs/reference/ci-yaml.md has the list.

Branches, tags and names are verbatim here, whatever they hold: they reach the job through generator.manifests.payload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.platform.run_link import run_link

if TYPE_CHECKING:
    from generator.planning.plan import Plan, PlannedJob
    from generator.platform.model import Platform

WORKSPACE = "/workspace"
ROOT = "/argosy"


def ci_variables(plan: Plan, job: PlannedJob, platform: Platform) -> dict[str, str]:
    """The variables of one job by name, in a fixed order."""
    event = plan.event
    number = event.pull_request.number
    return {
        "CI": "true",
        "CI_EVENT": event.kind,
        "CI_REPOSITORY": event.repository,
        "CI_SHA": event.sha,
        "CI_REF": event.ref,
        "CI_BRANCH": "" if event.kind == "pull_request" else event.branch,
        "CI_TAG": event.tag,
        "CI_PULL_REQUEST": str(number) if event.kind == "pull_request" else "",
        "CI_BASE_SHA": event.base_sha,
        "CI_DEFAULT_BRANCH": event.default_branch,
        "CI_ACTOR": event.actor,
        "CI_SCHEDULE": event.schedule,
        "CI_JOB": job.job,
        "CI_RUN": plan.run_name,
        "CI_RUN_URL": run_link(platform, plan.placement.namespace, plan.run_name),
        "CI_WORKSPACE": WORKSPACE,
        # What a step writes there becomes variables of later ones: checkout/run.sh.
        "CI_ENV": f"{ROOT}/env",
        # What a step writes there goes to the jobs that need this one.
        "CI_OUTPUT": f"{ROOT}/output",
        "CI_SUMMARY": f"{ROOT}/summary",
        # The files may belong to another user than the image's, which git takes for a trap unless it is told otherwise.
        "GIT_CONFIG_SYSTEM": f"{ROOT}/gitconfig",
    }


def matrix_variables(job: PlannedJob) -> dict[str, str]:
    """The variables that tell a combination of a job from the others."""
    keys = {f"MATRIX_{key.upper()}": value for key, value in job.matrix}
    return {**keys, "CI_MATRIX_INDEX": str(job.index), "CI_MATRIX_TOTAL": str(job.total)}
