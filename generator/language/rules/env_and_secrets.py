"""`env-and-secrets`: a variable has a text and a secret at once, so that one would hide the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Reading
    from generator.language.draft import FileDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the secret, whichever `env` the text stands in: the file's, the job's or a step's."""
    of_file = {entry.name: entry.key.span.line for entry in file.env}
    for job in file.jobs:
        inside = [*job.env, *(entry for step in job.steps for entry in step.env)]
        lines = of_file | {entry.name: entry.key.span.line for entry in inside}
        for secret in job.secrets:
            line = lines.pop(secret.variable.value, None)
            if line is not None:
                message = f"{quoted(secret.variable.value)} is a secret here and a text under 'env' on line {line}"
                reading.error(secret.variable.span, "env-and-secrets", message, "give one of them another name")
