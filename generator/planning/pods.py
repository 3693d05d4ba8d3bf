"""What the combinations of a job have together: a template of their pods, with one archive of texts, and DAGs.

The compiler lays them out (generator.manifests.matrix and .payload); here is what a plan is held to before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.language.rules.script_size import packed_size

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from generator.planning.plan import PlannedJob, PlannedStep, PlannedVariable

# Argo's CRDs (workflow_types.go of argo-workflows 4.0.5) take 200 tasks of a DAG; one of them may be the verdict.
MOST_DAG_COMBINATIONS = 199
# A file in an archive with thousands of them, beside its text: bzip2 leaves so many bytes of its header.
_FILE_BYTES = 4


def kinds(combinations: Iterable[PlannedJob]) -> list[list[PlannedJob]]:
    """Those that run, each with all whose pods have one template."""
    found: dict[Hashable, list[PlannedJob]] = {}
    for job in combinations:
        if job.runs:
            downloads = [(one.job, one.artifact) for one in job.downloads]
            found.setdefault(job.denied or (job.runner, job.lock, job.services, *downloads), []).append(job)
    return list(found.values())


def dags(combinations: int) -> int:
    """How many DAGs so many combinations take: one, or one for each part and one that calls these."""
    return 1 if combinations <= MOST_DAG_COMBINATIONS else 1 + -(-combinations // MOST_DAG_COMBINATIONS)


def archive_size(combinations: Sequence[PlannedJob]) -> int:
    """Bytes of the archive that these have in one template, as gzip makes of them."""
    files = list(_files(combinations))
    own = sum(len(combinations) for _, differs in files if differs)
    return packed_size(text for texts, _ in files for text in texts) + _FILE_BYTES * own


def _files(combinations: Sequence[PlannedJob]) -> Iterator[tuple[Sequence[str], bool]]:
    """What stands in each file of the archive, and whether each combination has one of its own."""
    yield _same([_text((*job.matrix, *_pairs(job.env))) for job in combinations])
    steps: dict[int, list[PlannedStep]] = {}
    for step in (step for job in combinations for step in job.steps):
        steps.setdefault(step.number, []).append(step)
    yield [], any(len(job.steps) < len(steps) for job in combinations)
    for each in steps.values():
        yield [each[0].script, each[0].working_directory, *each[0].command], False
        yield _same([step.title for step in each])
        yield _same([_text(_pairs(step.env)) for step in each])


def _same(texts: list[str]) -> tuple[list[str], bool]:
    return ([texts[0]], False) if all(text == texts[0] for text in texts) else (texts, True)


def _pairs(variables: Iterable[PlannedVariable]) -> Iterator[tuple[str, str]]:
    return ((variable.name, variable.value) for variable in variables)


def _text(variables: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}={value}\n" for name, value in variables)
