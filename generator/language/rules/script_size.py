"""`script-size`: a job's scripts take more bytes, after gzip, than a job's pod can be handed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.fields import Reading
    from generator.language.draft import FileDraft

MAX_BYTES = 64 * 1024
_GZIP_FRAME = 18


def packed_size(texts: Iterable[str]) -> int:
    """Bytes of all the texts together after gzip."""
    packer = zlib.compressobj(9)
    before = after = 0
    for text in texts:
        data = text.encode(errors="replace")
        before += len(data)
        after += len(packer.compress(data))
    return after + len(packer.flush()) + _GZIP_FRAME if before else 0


def check(file: FileDraft, reading: Reading) -> None:
    """Reports the job, with how much too much it is."""
    for job in file.jobs:
        scripts = [step.run.value for step in job.steps if step.run is not None]
        # Compressing never adds more than a few bytes per kilobyte; most jobs need not be compressed to know.
        if 4 * sum(len(script) for script in scripts) < MAX_BYTES // 2:
            continue
        size = packed_size(scripts)
        if size > MAX_BYTES:
            message = (
                f"the scripts of job '{job.key.text}' have {size:,} bytes after gzip, {size - MAX_BYTES:,} too many"
            )
            reading.error(job.key.span, "script-size", message, "put them into files of the repository")
