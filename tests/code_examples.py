"""The examples that a diagnostic's code is declared with, and what argosy says of those that are a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from generator.diagnostics.codes import BARE, CI, CLONE, MANUAL, PLATFORM, REPOSITORY, Example
from generator.diagnostics.text import render_text
from generator.language import reader
from generator.language.including import Files, no_files
from generator.manifests.size import compiled
from generator.planning.planner import plan
from generator.platform import reader as platform_reader
from generator.render import problems
from tests.unit import samples
from tests.unit.platform import written

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.planning.tree import Tree

_JOBS = "jobs: {test: {run: make test}}\n"


def is_file(example: Example) -> bool:
    """Whether it is a file, and not what lies in a repository or on a laptop."""
    return example.of not in (REPOSITORY, CLONE)


def said(example: Example) -> str:
    """The same for a terminal; of a file that is too long to be shown without the line."""
    sources = {} if example.whole is not None else dict.fromkeys((CI, PLATFORM), example.shown)
    return render_text(found(example), sources)


def found(example: Example) -> list[Diagnostic]:
    """What is said about an example, whoever says it."""
    if example.of == MANUAL:
        return _about_manual_run(example.shown)
    if example.of == BARE:
        return plan(samples.ci_file(example.shown), samples.push(), samples.platform(artifacts=None), samples.TREE)[1]
    return about_ci(example.text) if example.of == CI else _about_platform(example.text)


def _about_manual_run(text: str) -> list[Diagnostic]:
    inputs = tuple(re.findall(r" --input (\w+)=(\S+)", text.partition("\n")[0]))
    event = samples.push(kind="manual", inputs=inputs)
    return plan(samples.ci_file(text), event, samples.PLATFORM, samples.TREE)[1]


def about_ci(text: str | bytes, files: Files = no_files, tree: Tree = samples.TREE) -> list[Diagnostic]:
    ci, said = reader.read(text, CI, files)
    if ci is None:
        return said
    made, more = plan(ci, samples.push(), samples.PLATFORM, tree)
    too_large = compiled(made, ci, samples.PLATFORM)[1] if made is not None and made.runs else []
    return [*said, *more, *too_large]


def _about_platform(example: str | bytes) -> list[Diagnostic]:
    text = example.decode() if isinstance(example, bytes) else example
    rest = yaml.safe_load(written.SMALLEST)
    keys = yaml.safe_load(text) or {}
    whole = text + yaml.safe_dump({key: value for key, value in rest.items() if key not in keys})
    platform, said = platform_reader.read(whole, PLATFORM)
    if platform is None:
        return said
    event = samples.push(tier="trusted")
    return [
        *said,
        *problems(platform, whole, PLATFORM),
        *plan(samples.ci_file(_JOBS), event, platform, samples.TREE)[1],
    ]
