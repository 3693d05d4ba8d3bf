"""`templates` and `extends`: a ci.yaml's jobs with what they build on put into them, as nodes, before they are read.

A job over its templates is one mapping (generator.language.merging), which is read like any other job: a template can
hold whatever a job can, and what is wrong in one is told at its place, once, however many jobs build on it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.diagnostics import Span
from generator.document import Entry, Mapping, Scalar, Sequence
from generator.document.composer import MAX_NODES
from generator.fields import MapOf
from generator.language.file import CI_FILE, FILE_ENV, FILES, INCLUDE
from generator.language.jobs import EXTENDS, JOB, JOBS, TEMPLATES
from generator.language.merging import merged, size
from generator.wording import closest, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.document import Node
    from generator.fields import Reading
    from generator.language.including import Included


_NOTHING = Mapping(Span("", 0, 0, 0, 0), ())


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Templates:
    """The templates by name; `whole` False: there may be more.

    `jobs` are the names of those; `used` and `missed` are the names that they extend.
    """

    known: dict[str, Entry]
    whole: bool
    jobs: frozenset[str]
    used: set[str] = dataclasses.field(default_factory=set)
    missed: set[str] = dataclasses.field(default_factory=set)


def resolve(root: Mapping, included: Included, reading: Reading) -> Mapping:
    """The file with its jobs over their templates, its variables over those of the included files, and their sets."""
    root = _arranged(root, reading)
    known = _defined(TEMPLATES.name, [*included.files, root], reading)
    whole = included.whole and _has_all_templates(root)
    templates = _Templates(known, whole, frozenset(job.key.text for job in _entries(root, JOBS.name)))
    resolved = _with_jobs(root, templates, reading)
    # What nobody extends may be what a name that is not there was meant for, or a key that nobody knows.
    jobs = _entries(root, JOBS.name)
    if jobs and not templates.missed and not any(_may_extend_more(job.value) for job in jobs):
        _report_unused(root, templates.used, reading)
    return _with_env(_with_sets(resolved, included.files, reading), _defined(FILE_ENV.name, included.files, reading))


def _arranged(root: Mapping, reading: Reading) -> Mapping:
    """The file with its templates and jobs where they were meant to be, whatever was not indented."""
    root = CI_FILE.indented(root, reading)
    for key in (TEMPLATES, JOBS):
        held = root.entry(key.name)
        if held is not None and isinstance(held.value, Mapping) and isinstance(key.type, MapOf):
            root = _replaced(root, Entry(held.key, key.type.indented(held.value, reading)))
    return root


def _has_all_templates(root: Mapping) -> bool:
    """Whether what the file is meant to define or to include stands under the right keys."""
    held = root.entry(TEMPLATES.name)
    if held is not None and isinstance(held.value, Sequence | Scalar) and not _is_nothing(held.value):
        return False
    known = [key.name for key in CI_FILE.keys]
    strange = [entry.key.text for entry in root.entries if entry.key.text not in known]
    return not root.broken and {TEMPLATES.name, INCLUDE.name}.isdisjoint(closest(name, known) for name in strange)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null and not node.broken


def _defined(key: str, files: list[Mapping], reading: Reading) -> dict[str, Entry]:
    """The entries that the files have under the key; one that two of them have is reported, and the first counts."""
    found: dict[str, Entry] = {}
    for file in files:
        for entry in _entries(file, key):
            name = entry.key.text
            if name in found:
                where = found[name].key.span.file
                reading.error(entry.key.span, "duplicate-name", f"{quoted(name)} is defined in {where} too")
            found.setdefault(name, entry)
    return found


def _entries(file: Mapping, key: str) -> tuple[Entry, ...]:
    held = file.entry(key)
    return held.value.entries if held is not None and isinstance(held.value, Mapping) else ()


def _with_jobs(root: Mapping, templates: _Templates, reading: Reading) -> Mapping:
    jobs, values = [], 0
    for written in _entries(root, JOBS.name):
        parts = list(_parts(written, templates, reading))
        job = _with_marks(written, templates.missed)
        if not parts or not isinstance(job.value, Mapping):
            jobs.append(job)
            continue
        base = merged(parts)
        _report_idle(job.value, base, reading)
        whole = merged([*parts, job.value])
        values += size(whole)
        if values > MAX_NODES:
            message = f"the jobs with their templates have more than {MAX_NODES:,} values"
            reading.error(job.key.span, "templates-size", message, "let templates hold less, or fewer jobs extend them")
            return root
        jobs.append(Entry(job.key, whole))
    held = root.entry(JOBS.name)
    if held is None or not isinstance(held.value, Mapping):
        return root
    return _replaced(root, Entry(held.key, dataclasses.replace(held.value, entries=tuple(jobs))))


def _known(name: str, templates: _Templates) -> str:
    if name in templates.jobs:
        return "a job cannot be built on: put what both have in common under 'templates'"
    return suggestion(name, templates.known) or "there are no templates"


def _parts(job: Entry, templates: _Templates, reading: Reading) -> Iterator[Mapping]:
    """The templates that the job builds on, in its order."""
    for name in _names(job.value):
        template = templates.known.get(name.text)
        if template is None:
            templates.missed.add(name.text)
            if EXTENDS.type.read(name, reading) and templates.whole:
                hint = _known(name.text, templates)
                reading.error(name.span, "unknown-template", f"no template {quoted(name.text)}", hint)
            continue
        templates.used.add(name.text)
        if isinstance(template.value, Mapping):
            yield template.value


def _report_idle(over: Mapping, base: Mapping, reading: Reading) -> None:
    """Warns of what is nothing where there is nothing to take away: elsewhere it may stand for `{}` or `''`."""
    known = {entry.key.text: entry.value for entry in base.entries}
    for entry in over.entries:
        before = known.get(entry.key.text)
        if isinstance(entry.value, Mapping):
            _report_idle(entry.value, before if isinstance(before, Mapping) else _NOTHING, reading)
        elif before is None and isinstance(entry.value, Scalar) and entry.value.is_null and not entry.value.broken:
            message = f"{quoted(entry.key.text)} takes nothing away: no template of the job has it"
            reading.warning(entry.key.span, "idle-null", message, "leave it out, or write {} or '' for what is empty")


def _with_marks(job: Entry, missed: set[str]) -> Entry:
    """The job with the names of templates that are not there marked as told: what it lacks may be theirs."""
    held = job.value.entry(EXTENDS.name) if isinstance(job.value, Mapping) else None
    if held is None or not isinstance(job.value, Mapping) or missed.isdisjoint(name.text for name in _names(job.value)):
        return job
    value = held.value
    if isinstance(value, Sequence):
        value = dataclasses.replace(value, items=tuple(_marked(item, missed) for item in value.items))
    return Entry(job.key, _replaced(job.value, Entry(held.key, _marked(value, missed))))


def _marked(node: Node, missed: set[str]) -> Node:
    return dataclasses.replace(node, broken=True) if isinstance(node, Scalar) and node.text in missed else node


def _names(job: Node) -> list[Scalar]:
    """The texts under `extends`; anything else there is told when the job is read."""
    held = job.entry(EXTENDS.name) if isinstance(job, Mapping) else None
    if held is None:
        return []
    items = held.value.items if isinstance(held.value, Sequence) else (held.value,)
    return [item for item in items if isinstance(item, Scalar) and not item.is_null]


def _may_extend_more(job: Node) -> bool:
    """Whether the job has something that is meant to name templates, and does not: a misspelt key, a mapping."""
    if not isinstance(job, Mapping):
        return not _is_nothing(job)
    held = job.entry(EXTENDS.name)
    if held is not None and (isinstance(held.value, Mapping) or getattr(held.value, "broken", False)):
        return True
    known = {*(key.name for key in JOB.keys), *JOB.later, *JOB.foreign}
    return job.broken or any(entry.key.text not in known for entry in job.entries)


def _report_unused(root: Mapping, used: set[str], reading: Reading) -> None:
    """Warns of the file's own templates that no job builds on; included files may serve other repositories too."""
    for template in _entries(root, TEMPLATES.name):
        if template.key.text not in used:
            message = f"no job extends template {quoted(template.key.text)}"
            reading.warning(template.key.span, "unused-template", message, "write extends in the job, or remove it")


def _with_sets(root: Mapping, included: list[Mapping], reading: Reading) -> Mapping:
    sets = _defined(FILES.name, [*included, root], reading)
    own = root.entry(FILES.name)
    if not any(_entries(file, FILES.name) for file in included) or not (own is None or isinstance(own.value, Mapping)):
        return root
    key = own.key if own is not None else dataclasses.replace(next(iter(sets.values())).key, text=FILES.name)
    return _replaced(root, Entry(key, Mapping(root.span, tuple(sets.values()))))


def _with_env(root: Mapping, included: dict[str, Entry]) -> Mapping:
    if not included:
        return root
    own = root.entry(FILE_ENV.name)
    if own is not None and not isinstance(own.value, Mapping | Scalar):
        return root
    base = Mapping(root.span, tuple(included.values()))
    parts = [base, own.value] if own is not None and isinstance(own.value, Mapping) else [base]
    key = own.key if own is not None else next(iter(included.values())).key
    return _replaced(root, Entry(dataclasses.replace(key, text=FILE_ENV.name), merged(parts)))


def _replaced(root: Mapping, entry: Entry) -> Mapping:
    """The mapping with this entry in the place of the one with its key, or at its end."""
    entries = {there.key.text: there for there in root.entries} | {entry.key.text: entry}
    return dataclasses.replace(root, entries=tuple(entries.values()))
