"""A job that waits for an approval as Argo's DAG: the question, a node that is suspended, and the job behind it.

Whoever answers sets that node's outputs (generator.commands.answering). A node whose time is over succeeds for Argo,
with the defaults of its outputs (argo-workflows 4.0.5, workflow/controller/operator.go, executeSuspend), and so does
one that somebody resumes with Argo's own programs. So the job's `when` is what the output says: `true` lets it start,
and of every other word Argo says that it is no boolean, which is an error of the job's node and fails it without a pod.
A `when` that is false would leave the job out, and the run would be green. Who refuses lets the node fail, and writes
a word that is no boolean either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.dag import dag
from generator.manifests.given import OUTPUTS_PARAMETER, passed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.language.model import Approval
    from generator.manifests.objects import Object
    from generator.planning.plan import PlannedJob

QUESTION = "approval"
RUN = "run"
TEMPLATE_PREFIX = "approval-"
APPROVED_PARAMETER = "approved"
APPROVED = "true"
REFUSED = "refused"
EXPIRED = "expired"
BY_PARAMETER = "by"
REASON_CHARACTERS = 200
ENVIRONMENT_ANNOTATION = "argosy.dev/environment"


def approval_of(group: Iterable[PlannedJob]) -> Approval | None:
    """What a job waits for, all of its combinations given; None for nothing."""
    return next((job.approval for job in group if job.approval is not None), None)


def question_path(task: str) -> str:
    """The node of a job's question, as Argo's nodes are named."""
    return f"{task}.{QUESTION}"


def run_path(task: str) -> str:
    """The task of the job itself behind its question."""
    return f"{task}.{RUN}"


def run_template(task: str) -> str:
    """The template of the job itself. No task of a run's own DAG begins like that."""
    return f"{RUN}-{task}"


def approval_templates(
    task: str, approval: Approval, group: Sequence[PlannedJob], given: Iterable[str]
) -> list[Object]:
    """The DAG of the question and the job, and the question. `given` are the parameters that the job is given."""
    names = tuple(given)
    answer = f"{{{{tasks.{QUESTION}.outputs.parameters.{APPROVED_PARAMETER}}}}}"
    run: Object = {"name": RUN, "template": run_template(task), "depends": f"{QUESTION}.Succeeded", "when": answer}
    if names:
        run["arguments"] = {"parameters": passed_on(names)}
    question = {"name": QUESTION, "template": f"{TEMPLATE_PREFIX}{task}"}
    own = dag(task, [question, run], {QUESTION: False, RUN: False})
    if names:
        own["inputs"] = {"parameters": [{"name": name} for name in names]}
    if group[0].outputs:
        own["outputs"] = {"parameters": [_handed_on()]}
    return [own, _question(f"{TEMPLATE_PREFIX}{task}", approval)]


def _question(name: str, approval: Approval) -> Object:
    return {
        "name": name,
        # The policy of run namespaces reads there whose approval it takes.
        **(
            {"metadata": {"annotations": {ENVIRONMENT_ANNOTATION: approval.environment}}}
            if approval.environment
            else {}
        ),
        "suspend": {"duration": f"{approval.timeout}s"},
        "outputs": {
            "parameters": [
                {"name": APPROVED_PARAMETER, "valueFrom": {"supplied": {}, "default": EXPIRED}},
                {"name": BY_PARAMETER, "valueFrom": {"supplied": {}, "default": ""}},
            ]
        },
    }


def _handed_on() -> Object:
    """The job's outputs as the DAG's: Argo copies the text as it is, and drops it where the DAG fails."""
    text = f"{{{{tasks.{RUN}.outputs.parameters.{OUTPUTS_PARAMETER}}}}}"
    return {"name": OUTPUTS_PARAMETER, "valueFrom": {"parameter": text}}
