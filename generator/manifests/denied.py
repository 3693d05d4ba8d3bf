"""A job that the platform denies what it needs: its node fails, no pod starts, and its status says why.

Argo has no template that fails by itself. So it is a DAG of one task whose `when` is a word: Argo says of that that it
is no boolean, which is an error of the task's node before it looks at the template (argo-workflows 4.0.5,
workflow/controller/dag.go, executeDAGTask, and operator.go, shouldExecute). What was denied may name a branch, which an
outsider chose, so it stands in the annotation `plan` alone (generator.manifests.metadata).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.manifests.dag import dag

if TYPE_CHECKING:
    from generator.manifests.objects import Object

DENIED = "denied"
# What that task calls. Were it ever started, it would succeed at once and start no pod either.
DENIED_TEMPLATE: Object = {"name": DENIED, "suspend": {"duration": "0s"}}


def denied_template(name: str) -> Object:
    """The template of such a job, or of its combinations, which needs the template DENIED_TEMPLATE beside it."""
    return dag(name, [{"name": DENIED, "template": DENIED, "when": DENIED}], {DENIED: False})
