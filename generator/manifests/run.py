"""From a plan to the Workflow that runs it: one DAG, one task and one template for each job, one pod for each task.

Importing this module imports hera, which is what an expansion mostly costs; callers do it late, or on a thread of its
own. What users and outsiders wrote is only in the payload (generator.manifests.payload) and the annotations, in base64.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hera.workflows import models as m

from generator import git_access
from generator.manifests.environment import ROOT, WORKSPACE, ci_variables
from generator.manifests.metadata import (
    EVENT_ANNOTATION,
    PLAN_ANNOTATION,
    TITLE_ANNOTATION,
    encode_event,
    encode_plan,
    run_labels,
    run_title,
    with_digest,
)
from generator.manifests.objects import ARGO_API
from generator.manifests.payload import Source, job_payload, pieces, text_payload
from generator.placement import EXECUTOR_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.events.event import Event
    from generator.planning.plan import Plan, PlannedJob
    from generator.platform.model import Forge, Platform, SecretKey, Toleration

ENTRYPOINT = "main"
TASK_PREFIX = "job-"
CHECKOUT_CONTAINER = "checkout"
RESULT_PARAMETER = "result"
BUSYBOX = "/bin/busybox"

# Pods stay until their Workflow goes, so that `kubectl logs` finds them as long as the run is there.
_KEPT_AFTER_SUCCESS = 24 * 3600
_KEPT_AFTER_FAILURE = 72 * 3600
_DENIED_SECONDS = 300
# Argo starts every container through a program of its own, which wants this much memory.
_DENIED_RESOURCES = {"cpu": "100m", "memory": "128Mi"}
_DENIED_SCRIPT = (
    f"""printf '%s' '{{"step":0,"code":1,"reason":"denied"}}' >{ROOT}/result; """
    """printf '%s' "$ARGOSY_DENIED" | base64 -d; printf '\\n'; exit 1"""
)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")


def run_workflow(plan: Plan, platform: Platform) -> dict[str, Any]:
    """The run Workflow of a plan that runs, with its digest, as plain JSON values; for one plan always the same."""
    running = [job for job in plan.jobs if job.runs]
    tasks = task_names(job.id for job in running)
    templates = [_dag(running, tasks), *(_template(plan, job, tasks[job.id], platform) for job in running)]
    workflow = m.Workflow(
        api_version=ARGO_API,
        kind="Workflow",
        metadata=m.ObjectMeta(
            name=plan.run_name,
            namespace=plan.placement.namespace,
            labels=run_labels(plan, platform),
            annotations={
                EVENT_ANNOTATION: encode_event(plan.event),
                PLAN_ANNOTATION: encode_plan(plan, tasks),
                TITLE_ANNOTATION: run_title(plan.event),
            },
        ),
        spec=_spec(plan, platform, templates),
    )
    return with_digest(workflow.model_dump(mode="json", by_alias=True, exclude_none=True))


def task_names(ids: Iterable[str]) -> dict[str, str]:
    """A task's name for each job's id.

    Argo takes letters, digits and dashes, and reads words like `not` in `depends` as its own.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for job_id in ids:
        wanted = name = TASK_PREFIX + _NOT_IN_NAMES.sub("-", job_id)
        number = 1
        # Argo maps dashes to underscores and compares the rest as it is.
        while name in taken:
            number += 1
            name = f"{wanted}-{number}"
        taken.add(name)
        names[job_id] = name
    return names


def _spec(plan: Plan, platform: Platform, templates: list[m.Template]) -> m.WorkflowSpec:
    return m.WorkflowSpec(
        entrypoint=ENTRYPOINT,
        service_account_name=plan.placement.service_account,
        automount_service_account_token=False,
        executor=m.ExecutorConfig(service_account_name=EXECUTOR_ACCOUNT),
        security_context=m.PodSecurityContext(seccomp_profile=m.SeccompProfile(type="RuntimeDefault")),
        image_pull_secrets=[m.LocalObjectReference(name=name) for name in platform.registry_credentials] or None,
        ttl_strategy=m.TTLStrategy(
            seconds_after_success=_KEPT_AFTER_SUCCESS,
            seconds_after_failure=_KEPT_AFTER_FAILURE,
        ),
        volumes=[m.Volume(name=name, empty_dir=m.EmptyDirVolumeSource()) for name in ("argosy", "workspace")],
        templates=templates,
    )


def _dag(jobs: list[PlannedJob], tasks: dict[str, str]) -> m.Template:
    # Every task is a target: Argo's verdict on a DAG otherwise looks at its last tasks alone.
    return m.Template(
        name=ENTRYPOINT,
        dag=m.DAGTemplate(
            fail_fast=False,
            target=" ".join(tasks.values()),
            tasks=[m.DAGTask(name=tasks[job.id], template=tasks[job.id], depends=_depends(job, tasks)) for job in jobs],
        ),
    )


def _depends(job: PlannedJob, tasks: dict[str, str]) -> str | None:
    return " && ".join(f"{tasks[need]}.Succeeded" for need in job.needs) or None


def _template(plan: Plan, job: PlannedJob, task: str, platform: Platform) -> m.Template:
    return _denied(job, task, platform) if job.denied else _job(plan, job, task, platform)


def _job(plan: Plan, job: PlannedJob, task: str, platform: Platform) -> m.Template:
    runner = job.runner
    return m.Template(
        name=task,
        active_deadline_seconds=m.IntOrString(job.timeout),
        node_selector=dict(runner.node_selector) or None,
        tolerations=[_toleration(toleration) for toleration in runner.tolerations] or None,
        init_containers=[_checkout(plan, job, platform)],
        container=m.Container(
            name="main",
            image=job.image,
            command=[f"{ROOT}/bin/busybox", "sh", f"{ROOT}/bin/run.sh"],
            working_dir=WORKSPACE,
            env=[_from_secret(secret.variable, secret.source) for secret in job.secrets] or None,
            resources=_resources(dict(runner.resources)),
            # The capabilities of a container runtime's defaults stay: without them root could not so much as install a
            # package.
            security_context=m.SecurityContext(allow_privilege_escalation=False),
            volume_mounts=_mounts(),
        ),
        outputs=_outputs(),
    )


def _checkout(plan: Plan, job: PlannedJob, platform: Platform) -> m.UserContainer:
    forge = platform.forge(plan.event.forge)
    source = _source(plan.event, forge)
    payload = job_payload(job, source, ci_variables(plan, job, platform))
    env = [m.EnvVar(name=f"ARGOSY_JOB_{index}", value=piece) for index, piece in enumerate(pieces(payload))]
    return m.UserContainer(
        name=CHECKOUT_CONTAINER,
        image=platform.images.checkout,
        command=[BUSYBOX, "sh", "/opt/argosy/checkout.sh"],
        env=env + _token(plan, forge),
        # As much as the job has: a pod is given the larger of its init containers and its containers, so this costs
        # nothing.
        resources=_resources(dict(job.runner.resources)),
        security_context=m.SecurityContext(allow_privilege_escalation=False, capabilities=m.Capabilities(drop=["ALL"])),
        volume_mounts=_mounts(),
    )


def _token(plan: Plan, forge: Forge | None) -> list[m.EnvVar]:
    """The newest checkout token.

    Optional, so that a Secret that is not there ends in a message of ours and not in a pod that never starts.
    """
    if forge is None or not forge.checkout_tokens or plan.placement.tier == "untrusted":
        return []
    token = forge.checkout_tokens[0]
    return [
        _from_secret("ARGOSY_TOKEN", token),
        m.EnvVar(name="ARGOSY_TOKEN_SECRET", value=f"{token.name} (key {token.key})"),
    ]


def _denied(job: PlannedJob, task: str, platform: Platform) -> m.Template:
    """A job that only fails, and says why: no checkout, no image of the user's, no secret."""
    return m.Template(
        name=task,
        active_deadline_seconds=m.IntOrString(_DENIED_SECONDS),
        container=m.Container(
            name="main",
            image=platform.images.checkout,
            command=[BUSYBOX, "sh", "-c", _DENIED_SCRIPT],
            env=[m.EnvVar(name="ARGOSY_DENIED", value=text_payload(f"==> not started: {job.denied}"))],
            resources=_resources(_DENIED_RESOURCES),
            security_context=m.SecurityContext(
                allow_privilege_escalation=False, capabilities=m.Capabilities(drop=["ALL"])
            ),
            volume_mounts=[m.VolumeMount(name="argosy", mount_path=ROOT)],
        ),
        outputs=_outputs(),
    )


def _source(event: Event, forge: Forge | None) -> Source:
    if forge is None:
        return Source(url="", user="", sha=event.sha, ref=event.ref)
    is_pull_request = event.kind == "pull_request"
    ref = git_access.pull_request_ref(forge.kind, event.pull_request.number) if is_pull_request else event.ref
    return Source(
        url=git_access.clone_url(forge, event.repository), user=git_access.user(forge.kind), sha=event.sha, ref=ref
    )


def _outputs() -> m.Outputs:
    """Which step failed and how, if one did: numbers and fixed words only, since Argo reads what it carries."""
    return m.Outputs(
        parameters=[m.Parameter(name=RESULT_PARAMETER, value_from=m.ValueFrom(path=f"{ROOT}/result", default=""))]
    )


def _mounts() -> list[m.VolumeMount]:
    return [m.VolumeMount(name="argosy", mount_path=ROOT), m.VolumeMount(name="workspace", mount_path=WORKSPACE)]


def _resources(amounts: Mapping[str, str]) -> m.ResourceRequirements:
    """Processor time is requested and not limited (docs/decisions/0015-no-cpu-limits.md), everything else is both."""
    requests = {name: m.Quantity(amount) for name, amount in amounts.items()}
    limits = {name: quantity for name, quantity in requests.items() if name != "cpu"}
    return m.ResourceRequirements(requests=requests, limits=limits)


def _toleration(toleration: Toleration) -> m.Toleration:
    return m.Toleration(
        key=toleration.key, operator=toleration.operator, value=toleration.value, effect=toleration.effect
    )


def _from_secret(variable: str, source: SecretKey) -> m.EnvVar:
    reference = m.SecretKeySelector(name=source.name, key=source.key, optional=True)
    return m.EnvVar(name=variable, value_from=m.EnvVarSource(secret_key_ref=reference))
