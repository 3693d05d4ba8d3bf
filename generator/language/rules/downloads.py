"""Downloads: the other job has ended by then, stores that artifact, and has the combinations that they speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.expressions.parts import split
from generator.language.artifacts import ARTIFACTS
from generator.language.matrix import MATRIX, matrix_of
from generator.language.rules.references import is_reached
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.fields import Reading
    from generator.language.draft import DownloadDraft, FileDraft, JobDraft


def check(file: FileDraft, reading: Reading) -> None:
    """Reports each download of what no job has stored for sure by then, or of combinations that there are not."""
    jobs = {job.key.text: job for job in file.jobs}
    for job in file.jobs:
        for download in job.downloads:
            _check(download, job, jobs, file, reading)


def _check(
    download: DownloadDraft, job: JobDraft, jobs: Mapping[str, JobDraft], file: FileDraft, reading: Reading
) -> None:
    name, _, artifact = download.source.value.partition(".")
    if not is_reached(name, download.source.span, job, file, reading):
        return
    giver = jobs.get(name)
    if giver is None:
        return
    if not any(_may_be(artifact, stored) for stored in giver.stored):
        # It may stand under a misspelt key.
        if giver.stored or giver.knows(ARTIFACTS.name):
            message = f"job {quoted(name)} has no artifact {quoted(artifact)}"
            hint = suggestion(artifact, giver.stored) or f"write artifacts: {{{artifact}: [...]}} there"
            reading.error(download.source.span, "unknown-artifact", message, hint)
        return
    _check_combinations(download, job, giver, reading)


def _may_be(artifact: str, stored: str) -> bool:
    """Whether that can be its name, as it is written: what expressions give is known when a run is planned."""
    parts, _ = split(stored)
    pattern = "".join(".*" if part.is_expression else re.escape(part.text) for part in parts)
    return re.fullmatch(pattern, artifact) is not None


def _check_combinations(download: DownloadDraft, job: JobDraft, giver: JobDraft, reading: Reading) -> None:
    if not giver.knows(MATRIX.name):
        return
    if giver.matrix is None and (download.split or download.same is not None):
        message = f"job {quoted(giver.key.text)} has no matrix, and so one artifact of that name alone"
        word = "split" if download.split else "same"
        reading.error(download.source.span, "download-combinations", message, f"leave {word} out")
        return
    if download.same is None or giver.matrix is None:
        return
    for one in (giver, job):
        axes = matrix_of(one.matrix).names if one.matrix is not None else ()
        for axis in download.same.value:
            if axis not in axes:
                message = f"job {quoted(one.key.text)} has no axis {quoted(axis)}"
                reading.error(
                    download.same.span, "download-combinations", message, suggestion(axis, axes) or "leave same out"
                )
                return
