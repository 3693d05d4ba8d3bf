"""`env-size`: variables with which Linux starts no program: one that is too long, or too much of them for one step.

Expressions count as they are written here, inputs as their defaults; when the run is planned, as what they are then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.wording import quoted

if TYPE_CHECKING:
    from generator.fields import Named, Reading
    from generator.language.draft import FileDraft, TemplateDraft

# `NAME=value` and a NUL are at most MAX_ARG_STRLEN, include/uapi/linux/binfmts.h.
MAX_VARIABLE_BYTES = 128 * 1024 - 1
# All arguments and variables together get a quarter of the stack's 8 MiB; the image and the run have some, too.
MAX_BYTES = 1024 * 1024
_HINT = "put long texts into files of the repository"


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each variable that is too long, and the first step of each job that has too much of them."""
    of_jobs = [entry for job in file.jobs for entry in (*job.env, *(more for step in job.steps for more in step.env))]
    of_services = [entry for job in file.jobs for service in job.services for entry in service.value.env]
    inputs = [(one.variable, size_of(one.variable, one.default), one.span) for one in file.inputs]
    sized = [(entry.name, _size(entry), entry.key.span) for entry in (*file.env, *of_jobs, *of_services)]
    for name, size, span in (*inputs, *sized):
        if size > MAX_VARIABLE_BYTES:
            over = size - MAX_VARIABLE_BYTES
            message = f"{quoted(name)} and its value have {size:,} bytes, {over:,} more than a variable can have"
            reading.error(span, "env-size", message, _HINT)
    for job in file.jobs:
        common = sum(size for _, size, _ in inputs) + sum(map(_size, (*file.env, *job.env)))
        sizes = [common + sum(map(_size, step.env)) for step in job.steps]
        index, size = next(((index, size) for index, size in enumerate(sizes) if size > MAX_BYTES), (0, 0))
        if size:
            message = f"the variables of this step have {size:,} bytes, {size - MAX_BYTES:,} more than fit"
            reading.error(job.steps[index].span, "env-size", message, _HINT)


def _size(entry: Named[TemplateDraft]) -> int:
    return size_of(entry.name, entry.value.value.source)


def size_of(name: str, value: str) -> int:
    """Bytes of `NAME=value`."""
    return len(name) + 1 + len(value.encode(errors="replace"))
