"""`env-and-secrets`: a variable has a secret and a text or an input at once, so that one would hide the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft

_HINT = "give one of them another name"


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the secret, whichever `env` the text stands in: the file's, the job's or a step's; or an input."""
    of_inputs = {declared.variable: declared.span.line for declared in file.inputs}
    of_file = {entry.name: entry.key.span.line for entry in file.env}
    for job in file.jobs:
        inside = [*job.env, *(entry for step in job.steps for entry in step.env)]
        lines = of_file | {entry.name: entry.key.span.line for entry in inside}
        for secret in job.secrets:
            name, span = secret.variable.value, secret.variable.span
            line = lines.pop(name, None)
            if line is not None:
                message = f"{quoted(name)} is a secret here and a text under 'env' on line {line}"
                reading.error(span, "env-and-secrets", message, _HINT)
            if name in of_inputs:
                message = f"{quoted(name)} is a secret here and the variable of the input on line {of_inputs[name]}"
                reading.error(span, "env-and-secrets", message, _HINT)
