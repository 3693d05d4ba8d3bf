"""What jobs give to others that need them: a job's outputs, in one text, and its result.

A job may write anything into its outputs, and Argo reads whatever is put into a task's arguments. So an expression of
Argo's makes base64 of the text as it hands it over, and in what it hands over there is nothing to read. The expression
asks by `get` and `?.`, since a job may have ended without outputs: of `tasks.x.outputs` that is not there, Argo waits
for ever (argo-workflows 4.0.5, workflow/controller/dag.go, resolveDependencyReferences).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.manifests.objects import Object
    from generator.planning.plan import Given, PlannedJob

OUTPUTS_PARAMETER = "outputs"


def numbered(combinations: Iterable[PlannedJob]) -> dict[Given, int]:
    """What a job is given by others, each with a number by which its variables and the manifest speak of it."""
    envs = (env for job in combinations for env in (job.env, *(step.env for step in job.steps)))
    found = (part for env in envs for variable in env for part in variable.parts if not isinstance(part, str))
    return {given: number for number, given in enumerate(dict.fromkeys(found), 1)}


def text_number(given: Given, numbers: Mapping[Given, int]) -> int:
    """The number of the text that holds it: all outputs of a job come in one, and its result in another."""
    kind = (given.job, bool(given.output))
    return min(number for other, number in numbers.items() if (other.job, bool(other.output)) == kind)


def parameters(numbers: Mapping[Given, int]) -> dict[str, Given]:
    """The parameters of a template by which it is given texts, each with what it holds."""
    texts = {text_number(given, numbers): given for given in reversed(list(numbers))}
    return {f"given-{number}": given for number, given in sorted(texts.items())}


def arguments(numbers: Mapping[Given, int], tasks: Mapping[str, str]) -> list[Object]:
    """The arguments for them in the run's DAG; `tasks` has each job's task by its name."""
    return [{"name": name, "value": _value(given, tasks)} for name, given in parameters(numbers).items()]


def passed_on(names: Iterable[str]) -> list[Object]:
    """The same arguments inside of a DAG that was given them."""
    return [{"name": name, "value": f"{{{{inputs.parameters.{name}}}}}"} for name in names]


def variables(numbers: Mapping[Given, int]) -> list[Object]:
    """The checkout's variables with the texts: ARGOSY_GIVEN_1 and so on."""
    return [
        {"name": f"ARGOSY_{name.upper().replace('-', '_')}", "value": f"{{{{inputs.parameters.{name}}}}}"}
        for name in parameters(numbers)
    ]


def _value(given: Given, tasks: Mapping[str, str]) -> str:
    task = f"get(tasks, '{tasks[given.job]}')" if given.job in tasks else "nil"
    if not given.output:
        return f"{{{{={task}?.status ?? ''}}}}"
    return f"{{{{=toBase64({task}?.outputs?.parameters?.{OUTPUTS_PARAMETER} ?? '')}}}}"
