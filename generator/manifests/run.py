"""From a plan to the Workflow that runs it: one DAG, one task and one template for each job, one pod for each task.

Plain values and no hera: its import took longer than everything else that an expansion does, and stood between each
push and its first pod (docs/decisions/0015-no-hera-in-the-expander.md). tests/unit/manifests/test_hera.py holds every
object against hera's models instead. What users and outsiders wrote is only in the payload
(generator.manifests.payload) and the annotations, in base64.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from generator.manifests import storage
from generator.manifests.approvals import approval_of, approval_templates, question_path, run_path, run_template
from generator.manifests.artifact_names import artifact_parameters
from generator.manifests.caches import cache_parameters
from generator.manifests.dag import ENTRYPOINT, VERDICT_TEMPLATE, run_dag, task_names
from generator.manifests.deadlines import pod_deadline
from generator.manifests.denied import DENIED_TEMPLATE, denied_template
from generator.manifests.environment import ROOT, WORKSPACE, ci_variables
from generator.manifests.given import OUTPUTS_PARAMETER, arguments, numbered, parameters, variables
from generator.manifests.locks import job_mutex, run_mutex
from generator.manifests.matrix import COMBINATION, IMAGE, Pods, matrix_templates, task_paths
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
from generator.manifests.objects import ARGO_API, Object
from generator.manifests.payload import job_payload, pieces
from generator.manifests.retry import retry_strategy
from generator.manifests.secrets import secret_mounts, secret_variable, secret_variables, secret_volumes
from generator.manifests.services import host_aliases, sidecars
from generator.manifests.source import source_of
from generator.manifests.summary import SUMMARY_PARAMETER, SUMMARY_PATH
from generator.placement import EXECUTOR_ACCOUNT
from generator.planning.plan import by_job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.planning.plan import Given, Plan, PlannedJob
    from generator.platform.model import Forge, Platform, Toleration

CHECKOUT_CONTAINER = "checkout"
MAIN_CONTAINER = "main"
RESULT_PARAMETER = "result"
_RESULT_PATH = "/argosy-result"
_OUTPUTS_PATH = "/argosy-outputs"
# On top of what the job's own container requests. The two are never busy together, so the checkout may use as much
# memory as the job.
_CHECKOUT_REQUESTS = {"cpu": "50m", "memory": "32Mi"}
BUSYBOX = "/bin/busybox"

# Pods stay until their Workflow goes, so that `kubectl logs` finds them as long as the run is there.
_KEPT_AFTER_SUCCESS = 24 * 3600
_KEPT_AFTER_FAILURE = 72 * 3600


def run_workflow(plan: Plan, platform: Platform) -> Object:
    """The run Workflow of a plan that runs, with its digest, as plain JSON values; for one plan always the same."""
    running = [job for job in plan.jobs if job.runs]
    groups = list(by_job(running).values())
    tasks = task_names(group[0].job for group in groups)
    given = {group[0].job: arguments(numbered(group), tasks) for group in groups}
    templates = [run_dag(running, tasks, given)]
    for group in groups:
        templates += _templates(plan, group, tasks[group[0].job], platform)
    if any(job.allow_failure for job in running):
        templates.append(VERDICT_TEMPLATE)
    if any(job.denied for job in running):
        templates.append(DENIED_TEMPLATE)
    workflow: Object = {
        "apiVersion": ARGO_API,
        "kind": "Workflow",
        "metadata": {
            "name": plan.run_name,
            "namespace": plan.placement.namespace,
            "labels": run_labels(plan, platform),
            "annotations": {
                EVENT_ANNOTATION: encode_event(plan.event),
                PLAN_ANNOTATION: encode_plan(plan, _paths(groups, tasks), _questions(groups, tasks)),
                TITLE_ANNOTATION: run_title(plan.event),
            },
        },
        "spec": _spec(plan, platform, templates),
    }
    return with_digest(workflow)


def _spec(plan: Plan, platform: Platform, templates: list[Object]) -> Object:
    credentials = [{"name": name} for name in platform.registry_credentials]
    return {
        "entrypoint": ENTRYPOINT,
        "serviceAccountName": plan.placement.service_account,
        "automountServiceAccountToken": False,
        "executor": {"serviceAccountName": EXECUTOR_ACCOUNT},
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        **({"imagePullSecrets": credentials} if credentials else {}),
        **run_mutex(plan),
        **storage.spec(plan.jobs, platform),
        "ttlStrategy": {
            "secondsAfterSuccess": _KEPT_AFTER_SUCCESS,
            "secondsAfterFailure": _KEPT_AFTER_FAILURE,
        },
        "volumes": [
            {"name": "argosy", "emptyDir": {}},
            {"name": "workspace", "emptyDir": {}},
            *storage.volumes(plan),
        ],
        "templates": templates,
    }


def _paths(groups: list[list[PlannedJob]], tasks: Mapping[str, str]) -> dict[str, str]:
    """For each job that runs, by its id, the task whose node tells of it."""
    paths: dict[str, str] = {}
    for group in groups:
        task = tasks[group[0].job]
        task = run_path(task) if approval_of(group) else task
        paths |= task_paths(task, group) if group[0].matrix else {group[0].id: task}
    return paths


def _questions(groups: list[list[PlannedJob]], tasks: Mapping[str, str]) -> dict[str, str]:
    """For each job that waits for an approval, by its name, the node that asks for it."""
    return {group[0].job: question_path(tasks[group[0].job]) for group in groups if approval_of(group)}


@dataclasses.dataclass(frozen=True, slots=True)
class _Pod:
    """What a pod's template is made of.

    `job` is any of the `combinations` whose texts it has; `image` may be a parameter's; `numbers` are those of what the
    job is given by others.
    """

    name: str
    job: PlannedJob
    combinations: tuple[PlannedJob, ...]
    image: str
    numbers: Mapping[Given, int]


def _templates(plan: Plan, group: list[PlannedJob], task: str, platform: Platform) -> list[Object]:
    """The templates of a job, the one that the run's DAG calls first."""
    approval = approval_of(group)
    if approval is None:
        return _own_templates(plan, group, task, platform)
    asking = approval_templates(task, approval, group, parameters(numbered(group)))
    return asking + _own_templates(plan, group, run_template(task), platform)


def _own_templates(plan: Plan, group: list[PlannedJob], task: str, platform: Platform) -> list[Object]:
    """The same without the approval that the job may wait for."""
    numbers = numbered(group)
    if not group[0].matrix:
        return [_pod(plan, _Pod(task, group[0], tuple(group), group[0].image, numbers), platform)]
    own_image = len({job.image for job in group}) > 1
    image = f"{{{{inputs.parameters.{IMAGE}}}}}" if own_image else group[0].image
    # Combinations that differ in nothing but their texts and images share a template.
    kinds: dict[str, list[PlannedJob]] = {}
    for job in group:
        bare = _pod(plan, _Pod("", job, (), image, numbers), platform)
        kinds.setdefault(json.dumps(bare, sort_keys=True), []).append(job)
    made: list[Object] = []
    names: dict[str, str] = {}
    for number, jobs in enumerate(kinds.values(), 1):
        # No job's template is called so, since theirs start with what a task's name does; nor is another job's pod.
        name = f"pod-{number}-{task}"
        made.append(_pod(plan, _Pod(name, jobs[0], tuple(jobs), image, numbers), platform))
        names |= {job.id: name for job in jobs}
    return [*matrix_templates(task, group, Pods(names, own_image, tuple(parameters(numbers)))), *made]


def _pod(plan: Plan, pod: _Pod, platform: Platform) -> Object:
    return denied_template(pod.name) if pod.job.denied else _job(plan, pod, platform)


def _job(plan: Plan, pod: _Pod, platform: Platform) -> Object:
    """One pod with two containers, of which the second waits for the first.

    Argo's way to start one container after another inside of a pod. An init container would cost a second more: so
    often the kubelet looks whether one has ended (docs/decisions/0018-checkout-beside-the-job.md).
    """
    job = pod.job
    runner = job.runner
    template: Object = {
        "name": pod.name,
        "activeDeadlineSeconds": pod_deadline(job),
        **({"retryStrategy": retry_strategy(job.retry)} if job.retry is not None else {}),
        **job_mutex(job, plan.event),
        "inputs": _inputs(pod, storage.fetched(plan, job)),
        "containerSet": {
            "volumeMounts": [
                {"name": "argosy", "mountPath": ROOT},
                {"name": "workspace", "mountPath": WORKSPACE},
                *storage.pod_mounts(plan, job),
            ],
            "containers": [_checkout(plan, pod, platform), _main(plan, job, pod.image)],
        },
        "outputs": _outputs(job, storage.stored(plan, job)),
        **secret_volumes(job),
    }
    if job.services:
        template |= {"initContainers": sidecars(job), "hostAliases": host_aliases(job)}
    if runner.node_selector:
        template["nodeSelector"] = dict(runner.node_selector)
    if runner.tolerations:
        template["tolerations"] = [_toleration(toleration) for toleration in runner.tolerations]
    return template


def _main(plan: Plan, job: PlannedJob, image: str) -> Object:
    mounts = [*storage.main_mounts(plan, job), *secret_mounts(job)]
    return {
        "name": MAIN_CONTAINER,
        "dependencies": [CHECKOUT_CONTAINER],
        "image": image,
        "command": [f"{ROOT}/bin/busybox", "sh", f"{ROOT}/bin/run.sh"],
        "workingDir": WORKSPACE,
        "resources": _resources(dict(job.runner.resources)),
        # The capabilities of a container runtime's defaults stay: without them root could not so much as install a
        # package.
        "securityContext": {"allowPrivilegeEscalation": False},
        **secret_variables(job),
        **({"volumeMounts": mounts} if mounts else {}),
    }


def _checkout(plan: Plan, pod: _Pod, platform: Platform) -> Object:
    forge = platform.forge(plan.event.forge)
    job = pod.job
    source, own = source_of(plan.event, forge, job.checkout), ci_variables(plan, job, platform)
    payload = (
        job_payload(pod.combinations, source, own, pod.numbers, storage.cache_files(plan, job))
        if pod.combinations
        else ""
    )
    env: list[Object] = [{"name": f"ARGOSY_JOB_{index}", "value": piece} for index, piece in enumerate(pieces(payload))]
    if len(pod.combinations) > 1:
        env.append({"name": "ARGOSY_COMBINATION", "value": f"{{{{inputs.parameters.{COMBINATION}}}}}"})
    return {
        "name": CHECKOUT_CONTAINER,
        "image": platform.images.checkout,
        "command": [BUSYBOX, "sh", "/opt/argosy/checkout.sh"],
        "env": env + variables(pod.numbers) + _token(plan, forge, job),
        "resources": {
            "requests": _CHECKOUT_REQUESTS,
            "limits": {name: amount for name, amount in job.runner.resources if name == "memory"},
        },
        "securityContext": _no_privileges(),
        **storage.checkout_mounts(plan, job),
    }


def _token(plan: Plan, forge: Forge | None, job: PlannedJob) -> list[Object]:
    """The newest checkout token, where the job wants any source; a run of an outsider has none, and is told so.

    Optional, so that a Secret that is not there ends in a message of ours and not in a pod that never starts.
    """
    if not job.checkout.source or forge is None or not forge.checkout_tokens:
        return []
    if plan.placement.tier == "untrusted":
        return [{"name": "ARGOSY_NO_TOKEN", "value": "an outsider's run"}]
    token = forge.checkout_tokens[0]
    return [
        secret_variable("ARGOSY_TOKEN", token),
        {"name": "ARGOSY_TOKEN_SECRET", "value": f"{token.name} (key {token.key})"},
    ]


def _inputs(pod: _Pod, fetched: Sequence[Object] = ()) -> Object:
    """What is fetched, and an empty file where the result will be, for any user.

    Argo mounts such a file by itself into the job's container, and what is mounted nobody can replace. Were it in a
    folder that the job can write to, a link there would be followed by Argo's executor beside it, to that one's token.
    """
    names = [COMBINATION] if pod.job.matrix else []
    names += [IMAGE] if pod.job.matrix and "{{" in pod.image else []
    names += artifact_parameters(pod.job) + cache_parameters(pod.job)
    names += parameters(pod.numbers)
    empty: list[Object] = [
        {"name": name, "path": path, "mode": 0o666, "raw": {"data": ""}} for name, path in _files(pod.job).items()
    ]
    return {
        "artifacts": [*empty, *fetched],
        **({"parameters": [{"name": name} for name in names]} if names else {}),
    }


def _outputs(job: PlannedJob, stored: Sequence[Object] = ()) -> Object:
    """What is stored, and which step failed and how, if one did: numbers and fixed words, since Argo reads it.

    The job's outputs are any text, and handed on with care (generator.manifests.given); its summary goes to none.
    """
    parameters = [{"name": name, "valueFrom": {"path": path, "default": ""}} for name, path in _files(job).items()]
    return {"parameters": parameters, **({"artifacts": list(stored)} if stored else {})}


def _files(job: PlannedJob) -> dict[str, str]:
    """The files by which a job tells Argo something, each by the name of its parameter."""
    return {
        RESULT_PARAMETER: _RESULT_PATH,
        **({OUTPUTS_PARAMETER: _OUTPUTS_PATH} if job.outputs else {}),
        **({SUMMARY_PARAMETER: SUMMARY_PATH} if job.summary else {}),
    }


def _no_privileges() -> Object:
    return {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def _resources(amounts: Mapping[str, str]) -> Object:
    """Processor time is requested and not limited (docs/decisions/0014-no-cpu-limits.md), everything else is both."""
    return {
        "requests": dict(amounts),
        "limits": {name: amount for name, amount in amounts.items() if name != "cpu"},
    }


def _toleration(toleration: Toleration) -> Object:
    return {key: value for key, value in dataclasses.asdict(toleration).items() if value is not None}
