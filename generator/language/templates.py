"""`templates` and `extends`: a ci.yaml's jobs with what they build on put into them, as nodes, before they are read.

A job over its templates is one mapping (generator.language.merging), which is read like any other job: a template can
hold whatever a job can, and what is wrong in one is told at its place, once, however many jobs build on it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from generator.document import Entry, Mapping, Scalar, Sequence
from generator.document.composer import MAX_NODES
from generator.language.file import FILE_ENV, FILES
from generator.language.jobs import EXTENDS, JOBS, TEMPLATES
from generator.language.merging import merged, size
from generator.wording import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.document import Node
    from generator.fields import Reading


def resolve(root: Mapping, included: list[Mapping], reading: Reading) -> Mapping:
    """The file with its jobs over their templates, its variables over those of the included files, and their sets."""
    templates = _defined(TEMPLATES.name, [*included, root], reading)
    names: set[str] = set()
    resolved = _with_jobs(root, templates, names, reading)
    _report_unused(root, names, reading)
    return _with_env(_with_sets(resolved, included, reading), _defined(FILE_ENV.name, included, reading))


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


def _with_jobs(root: Mapping, templates: dict[str, Entry], used: set[str], reading: Reading) -> Mapping:
    jobs, values = [], 0
    for job in _entries(root, JOBS.name):
        parts = list(_parts(job, templates, used, reading))
        if not parts or not isinstance(job.value, Mapping):
            jobs.append(job)
            continue
        whole = merged([*parts, job.value])
        values += size(whole)
        if values > MAX_NODES:
            message = f"the jobs with their templates have more than {MAX_NODES:,} values"
            reading.error(job.key.span, "templates-size", message)
            return root
        jobs.append(Entry(job.key, whole))
    held = root.entry(JOBS.name)
    if held is None or not isinstance(held.value, Mapping):
        return root
    return _replaced(root, Entry(held.key, dataclasses.replace(held.value, entries=tuple(jobs))))


def _parts(job: Entry, templates: dict[str, Entry], used: set[str], reading: Reading) -> Iterator[Mapping]:
    """The templates that the job builds on, in its order."""
    for name in _names(job.value):
        template = templates.get(name.text)
        if template is None:
            hint = suggestion(name.text, templates) or "there are no templates"
            reading.error(name.span, "unknown-template", f"no template {quoted(name.text)}", hint)
            continue
        used.add(name.text)
        if isinstance(template.value, Mapping):
            yield template.value


def _names(job: Node) -> list[Scalar]:
    """The texts under `extends`; anything else there is told when the job is read."""
    held = job.entry(EXTENDS.name) if isinstance(job, Mapping) else None
    if held is None:
        return []
    items = held.value.items if isinstance(held.value, Sequence) else (held.value,)
    return [item for item in items if isinstance(item, Scalar) and not item.is_null]


def _report_unused(root: Mapping, used: set[str], reading: Reading) -> None:
    """Warns of the file's own templates that no job builds on; included files may serve other repositories too."""
    for template in _entries(root, TEMPLATES.name):
        if template.key.text not in used:
            reading.warning(
                template.key.span, "unused-template", f"no job extends template {quoted(template.key.text)}"
            )


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
