"""The key `needs`, its entries' shapes, and what `needs: all` stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.fields import At, Either, Flag, Key, ListOf, Made, Object, Placed, Record
from generator.language import texts
from generator.language.draft import NeedDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.language.draft import JobDraft

ALL = "all"

JOB = Key("job", At(texts.NEED), "The job's name.", example="job: build", required=True)
OPTIONAL = Key(
    "optional",
    Flag(),
    "Whether to go on without the job in runs that it is no part of. Where it runs, it is a need like any other.",
    default="`false`",
    example="optional: true",
)


def _by_name(name: Placed[str]) -> NeedDraft:
    return NeedDraft(name)


def _by_mapping(record: Record) -> NeedDraft | None:
    name = record.get(JOB)
    return None if name is None else NeedDraft(name, record.get(OPTIONAL) or False)


NEED = Object(
    "a need",
    (JOB, OPTIONAL),
    _by_mapping,
    title="needs",
    foreign={"artifacts": "write download: [JOB.ARTIFACT] in the job", "project": "a job of this file is needed"},
    doc="A need by a mapping. A plain name says the same: `needs: build`.",
)
NEEDS = Key(
    "needs",
    ListOf(
        Either("a job's name", text=Made(At(texts.NEED), _by_name), mapping=NEED), "a list of jobs' names", unique=True
    ),
    "Jobs that this one waits for. `all`, beside `when: failure` or `when: always`, is every job that does not say "
    "`needs: all` itself.",
    default="none: it starts at once",
    example="needs: [lint, build]",
)


def needs_all(job: JobDraft) -> bool:
    """Whether the job says `needs: all`."""
    return any(need.name.value == ALL for need in job.needs)


def with_all_named(jobs: Iterable[JobDraft]) -> dict[str, tuple[NeedDraft, ...]]:
    """Each job's needs by its name, with the jobs that `all` stands for in its place, which may all be left out."""
    jobs = tuple(jobs)
    others = [job.key.text for job in jobs if not needs_all(job)]
    return {job.key.text: tuple(one for need in job.needs for one in _named(need, others)) for job in jobs}


def _named(need: NeedDraft, others: list[str]) -> list[NeedDraft]:
    if need.name.value != ALL:
        return [need]
    return [NeedDraft(Placed(name, need.name.span), optional=True) for name in others]
