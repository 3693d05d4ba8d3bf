"""The WorkflowTemplate `argosy-expander` of every event Workflow: one container that turns an event into a run.

Its parameters are the only thing that a Sensor, a CronWorkflow or a person can say; they are base64, a time or a
request's id, never text that Argo could take for a template of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hera.workflows import Container, Env, Parameter, RetryStrategy, WorkflowTemplate
from hera.workflows import models as argo

from generator.manifests.configuration import configuration_volume
from generator.manifests.metadata import EVENT_ROLE, ROLE_LABEL, instance_labels
from generator.manifests.objects import (
    ARGO_API,
    CONFIGURATION_FOLDER,
    EXPANDER_TEMPLATE,
    Object,
    container_security,
    part_of,
    pod_security,
    resources,
)
from generator.placement import CONTROL_NAMESPACE, EXPANDER_ACCOUNT

if TYPE_CHECKING:
    from generator.platform.model import Platform

PARAMETERS = ("event", "scheduled-at", "request", "inputs")
_ENTRYPOINT = "expand"
_RESULT_FILE = "/tmp/argosy/result"  # noqa: S108  (an emptyDir of this pod)
_CONFIGURATION = "configuration"
_SCRATCH = "scratch"
_HOUR = 3600


def expander_template(platform: Platform) -> Object:
    """The WorkflowTemplate of namespace argosy."""
    template = WorkflowTemplate(
        api_version=ARGO_API,
        name=EXPANDER_TEMPLATE,
        namespace=CONTROL_NAMESPACE,
        labels={**part_of(), **instance_labels(platform)},
        entrypoint=_ENTRYPOINT,
        arguments=[Parameter(name=PARAMETERS[0])] + [Parameter(name=name, value="") for name in PARAMETERS[1:]],
        service_account_name=EXPANDER_ACCOUNT,
        security_context=argo.PodSecurityContext.model_validate(pod_security()),
        # Argo's own containers take the controller's settings, and a pod with one that asks for more than the
        # namespace allows is refused.
        pod_spec_patch=json.dumps(_patch(), separators=(",", ":")),
        templates=[_step(platform)],
        volumes=_volumes(platform),
        active_deadline_seconds=2 * _HOUR,
        # A schedule's Workflow gets its labels from nowhere else.
        workflow_metadata=argo.WorkflowMetadata(labels={ROLE_LABEL: EVENT_ROLE}),
        # Far above any absence of the reporter, which reads what came of an event from here.
        ttl_strategy=argo.TTLStrategy(seconds_after_success=24 * _HOUR, seconds_after_failure=72 * _HOUR),
        pod_gc=argo.PodGC(strategy="OnPodSuccess", delete_delay_duration="10m"),
    )
    value: Object = template.to_dict()
    return value


def _step(platform: Platform) -> Container:
    return Container(
        name=_ENTRYPOINT,
        image=platform.images.argosy,
        image_pull_policy=argo.ImagePullPolicy.if_not_present,
        command=["python3", "-m", "generator.expander"],
        env=[
            Env(name="ARGOSY_EVENT", value="{{workflow.parameters.event}}"),
            Env(name="ARGOSY_SCHEDULED_AT", value="{{workflow.parameters.scheduled-at}}"),
            Env(name="ARGOSY_REQUEST", value="{{workflow.parameters.request}}"),
            Env(name="ARGOSY_INPUTS", value="{{workflow.parameters.inputs}}"),
            Env(name="ARGOSY_WORKFLOW", value="{{workflow.name}}"),
            Env(name="HOME", value="/tmp"),  # noqa: S108  (git looks for its configuration there)
        ],
        security_context=argo.SecurityContext.model_validate(container_security()),
        resources=argo.ResourceRequirements.model_validate(resources("50m", "128Mi", "512Mi")),
        volume_mounts=[
            argo.VolumeMount(name=_CONFIGURATION, mount_path=CONFIGURATION_FOLDER, read_only=True),
            argo.VolumeMount(name=_SCRATCH, mount_path="/tmp"),  # noqa: S108
        ],
        outputs=[Parameter(name="result", value_from=argo.ValueFrom(path=_RESULT_FILE, default=""))],
        active_deadline_seconds=str(_HOUR // 6),
        retry_strategy=_retries(),
    )


def _retries() -> RetryStrategy:
    """For about an hour, after a lost pod, or with forge, git or cluster away (exit code 3), and for nothing else."""
    return RetryStrategy(
        limit="14",
        retry_policy="Always",
        expression='lastRetry.status == "Error" || lastRetry.exitCode == "3"',
        backoff=argo.Backoff(duration="5s", factor=argo.IntOrString(2), cap="5m"),
    )


def _volumes(platform: Platform) -> list[argo.Volume]:
    configuration = configuration_volume(_CONFIGURATION, ((forge.id, forge.read_tokens) for forge in platform.forges))
    scratch = {"name": _SCRATCH, "emptyDir": {"sizeLimit": "2Gi"}}
    return [argo.Volume.model_validate(configuration), argo.Volume.model_validate(scratch)]


def _patch() -> Object:
    security = container_security(read_only=False)
    return {
        "initContainers": [{"name": "init", "securityContext": security}],
        "containers": [{"name": "wait", "securityContext": security}],
    }
