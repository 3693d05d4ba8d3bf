"""What must hold for any bytes that stand where a ci.yaml is expected: from the text to the manifests, for every event.

`try_bytes` raises AssertionError, or whatever the program raised, where something does not. The fuzzer gives it bytes
of its own (tests/fuzz/__main__.py), unit tests what the fuzzer has found once.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from generator.diagnostics import has_errors
from generator.diagnostics.codes import CODES
from generator.language import reader
from generator.language.check import check_outline
from generator.manifests.run import run_workflow
from generator.planning.planner import plan
from generator.views.text import to_text
from tests.unit.samples import PLATFORM, PUSH, TREE, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic
    from generator.events.event import Event
    from generator.language.model import CiFile

INCLUDED = {
    "ci/templates.yaml": b"templates: {go: {image: 'golang:1.26', env: {A: a}}}\nfiles: {lib: 'lib/**'}\nenv: {X: x}\n",
    "ci/wrong.yaml": b"templates: {go: [1, 2]}\njobs: {}\n",
}
EVENTS = (
    PUSH,
    push(branch="topic/\U0001f680-'$(id)-{{workflow.name}}", message="[skip-ci]", base_sha=""),
    tag("v1.2.3"),
    pull_request(labels=("full",), title="{{=sprig.env('HOME')}}"),
    schedule("nightly"),
    push(kind="manual"),
    push(kind="manual", branch="", tag="v1", inputs=(("level", "{{workflow.name}}"), ("dry_run", "true"))),
)
# Argo's tags that argosy writes itself: they name parameters and tasks, whose names are argosy's own.
_OWN_TAG = re.compile(r"\{\{(inputs\.parameters\.[a-z0-9-]+|tasks\.[A-Za-z0-9.-]+|=[^{}]*)\}\}")
# How a text of a service says `$`, and a brace behind another one (generator.manifests.inert).
_ESCAPED = re.compile(r"\$\$|\$\(ARGOSY_BRACE_*\)")
_ARGO_NAME = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
# What Kubernetes takes as one object, with what Argo writes into the status.
_MOST_BYTES = 1_500_000


def try_bytes(data: bytes) -> None:
    """Reads the bytes, and plans and compiles the file for every event, if it is one."""
    ci, findings = reader.read(data, "ci.yaml", INCLUDED.get)
    _check_findings(findings, data)
    assert (ci is None) == has_errors(findings)
    outline, _ = reader.read_outline(data, "ci.yaml", INCLUDED.get)
    _check_findings(check_outline(outline, PLATFORM) if outline is not None else [], data)
    if ci is None:
        return
    for event in EVENTS:
        _try_event(ci, event, data)


def _try_event(ci: CiFile, event: Event, data: bytes) -> None:
    made, findings = plan(ci, event, PLATFORM, TREE)
    _check_findings(findings, data)
    assert (made is None) == has_errors(findings)
    if made is None:
        return
    assert to_text(made)
    ids = [job.id for job in made.jobs]
    assert len(set(ids)) == len(ids)
    assert made.runs == any(job.runs for job in made.jobs)
    if not made.runs:
        return
    text = json.dumps(run_workflow(made, PLATFORM))
    assert text == json.dumps(run_workflow(made, PLATFORM))
    assert len(text) < _MOST_BYTES
    strange = _ESCAPED.sub("", _OWN_TAG.sub("", text))
    assert "{{" not in strange, strange[strange.index("{{") - 200 :][:400]
    assert "$(" not in strange, strange[strange.index("$(") - 200 :][:400]
    for template in json.loads(text)["spec"]["templates"]:
        assert _ARGO_NAME.fullmatch(template["name"])


def _check_findings(findings: list[Diagnostic], data: bytes) -> None:
    lines = data.count(b"\n") + data.count(b"\r") + data.count("\u0085".encode()) + data.count("\u2028".encode()) + 2
    lines += data.count("\u2029".encode())
    for finding in findings:
        assert finding.code in CODES, finding
        assert finding.message, finding
        assert finding.span.file in {"ci.yaml", *INCLUDED}, finding
        assert finding.span.line >= 1, finding
        assert finding.span.column >= 1, finding
        if finding.span.file == "ci.yaml":
            assert finding.span.line <= lines, finding
        assert (finding.span.line, finding.span.column) <= (finding.span.end_line, finding.span.end_column), finding
