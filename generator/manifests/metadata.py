"""What is written beside an Argo object's spec: labels to find it by, annotations for the reporter, a title for people.

Whatever an outsider can choose (branch, tag, title, step names) is hashed, base64 or reduced to harmless characters
here. The encoders stand beside their decoders, since the reporter reads what the expander wrote, perhaps one release
earlier.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import json
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from generator.events import event as event_file
from generator.identity import group_hash, repository_slug
from generator.language.model import When
from generator.manifests.locks import run_group

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from generator.events.event import Event
    from generator.language.model import Approval, Schedule
    from generator.planning.plan import Plan, PlannedJob
    from generator.platform.model import Platform

ROLE_LABEL = "argosy.dev/role"
FORGE_LABEL = "argosy.dev/forge"
REPOSITORY_LABEL = "argosy.dev/repository"
KIND_LABEL = "argosy.dev/kind"
SHA_LABEL = "argosy.dev/sha"
TIER_LABEL = "argosy.dev/tier"
GROUP_LABEL = "argosy.dev/group"
INSTANCE_LABEL = "workflows.argoproj.io/controller-instanceid"

EVENT_ROLE = "event"
RUN_ROLE = "run"
SCHEDULE_ROLE = "schedule"

EVENT_ANNOTATION = "argosy.dev/event"
PLAN_ANNOTATION = "argosy.dev/plan"
DIGEST_ANNOTATION = "argosy.dev/digest"
SUPERSEDED_ANNOTATION = "argosy.dev/superseded-by"
TITLE_ANNOTATION = "workflows.argoproj.io/title"

_PLAN_VERSION = 1
_CI_FILE = "ci.yaml"
_SCHEDULES = "schedules"  # the group of a repository's CronWorkflows
_MESSAGE_CHARACTERS = 1024
_TITLE_PART = 60
_LABEL_CHARACTERS = 63
# An object's annotations share 256 KiB; without the steps' titles the plan of 200 jobs stays far below this.
_PLAN_CHARACTERS = 128 * 1024
_PLAN_BYTES = 1024 * 1024
_STORED_BLOCK = 0xFFFF
_NEVER_FOLD = 1 << 30
_NONE: Mapping[str, str] = {}
# Argo's user interface shows titles as Markdown with automatic links.
_NOT_HARMLESS = re.compile(r"[^A-Za-z0-9/. -]+|(?<=www)\.", re.IGNORECASE)


class AnnotationError(ValueError):
    """An annotation that is not one of ours, or of a version that we do not know."""


@dataclasses.dataclass(frozen=True, slots=True)
class JobNote:
    """What the annotation `plan` says of one job.

    `task` is the DAG's task, empty for a job that does not run, and `why` says why.

    `denied` is the reason of a job that runs only to fail. `after_failure`: it runs if one of its needs fails, and
    `allowed`: it may fail itself. `steps` are the steps' titles in order, `lines` where they begin, and `files` which
    file each is in: an empty name is ci.yaml's, and where all are there, there are none. All of them are empty where
    they took too much room. `question` is the node that asks for the job's approval, `asks` what it asks, and
    `environment` for which environment, each empty for nothing.
    """

    id: str
    job: str
    task: str
    line: int
    why: str
    denied: str
    steps: tuple[str, ...]
    after_failure: bool = False
    allowed: bool = False
    lines: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    question: str = ""
    asks: str = ""
    environment: str = ""

    def place(self, step: int) -> str:
        """Where the step of this number, from 1, begins, else where the job does: `ci.yaml:12`.

        Empty where nobody knows.
        """
        line, file = self.line, ""
        if 0 < step <= len(self.lines):
            line = self.lines[step - 1]
            file = self.files[step - 1] if step <= len(self.files) else ""
        return f"{file or _CI_FILE}:{line}" if line else ""


def run_labels(plan: Plan, platform: Platform) -> dict[str, str]:
    """The labels of a run Workflow."""
    event = plan.event
    return {
        **_labels(RUN_ROLE, event, platform),
        KIND_LABEL: event.kind,
        SHA_LABEL: sha_label(event.sha),
        TIER_LABEL: plan.placement.tier,
        GROUP_LABEL: run_group(plan),
    }


def sha_label(sha: str) -> str:
    """A commit as a label; SHA-256 has one character too many."""
    return sha[:_LABEL_CHARACTERS]


def schedule_labels(event: Event, platform: Platform) -> dict[str, str]:
    """The labels of a repository's CronWorkflows; by them the expander finds those that left the file."""
    group = group_hash(event.forge, event.repository_id, _SCHEDULES)
    return {**_labels(SCHEDULE_ROLE, event, platform), GROUP_LABEL: group}


def instance_labels(platform: Platform) -> dict[str, str]:
    """The label by which an Argo controller with an instance id knows its own objects; none without an id."""
    return {INSTANCE_LABEL: platform.instance_id} if platform.instance_id else {}


def run_title(event: Event) -> str:
    """A run's title for people: `acme/app push main 0c0ffee0`."""
    return " ".join(filter(None, (harmless(event.repository), _subject(event), event.sha[:8])))


def schedule_title(event: Event, schedule: Schedule) -> str:
    """A CronWorkflow's title for people: `acme/app schedule nightly`."""
    return f"{harmless(event.repository)} schedule {harmless(schedule.name)}"


def harmless(text: str) -> str:
    """At most 60 characters of the text, with a dash for what Markdown or Argo could read as more than a letter."""
    return _NOT_HARMLESS.sub("-", text[:_TITLE_PART]).strip(" -")


def encode_event(event: Event) -> str:
    """The annotation `event`: base64 of the event file, without the changed files, a long message cut."""
    kept = dataclasses.replace(event, changed=None, message=event.message[:_MESSAGE_CHARACTERS])
    return _base64(_json(event_file.to_json(kept)))


def decode_event(text: str) -> Event:
    """Reads the annotation `event`. Raises AnnotationError."""
    try:
        return event_file.from_text(base64.b64decode(text, validate=True).decode())
    except ValueError as failure:
        raise AnnotationError(f"annotation {EVENT_ANNOTATION}: {failure}") from failure


def encode_plan(plan: Plan, tasks: Mapping[str, str], questions: Mapping[str, str] = _NONE) -> str:
    """The annotation `plan`: base64 gzip JSON; `tasks` maps the id of each job that runs to its task.

    `questions` maps the names of jobs that wait for an approval to the node that asks for it.

    A combination's task stands behind that of its job and a dot, as Argo names the nodes of a DAG inside of a DAG.
    """
    notes = [
        JobNote(
            id=job.id,
            job=job.job,
            task=tasks.get(job.id, ""),
            line=job.line,
            why=job.why,
            denied=job.denied,
            steps=tuple(step.title for step in job.steps),
            after_failure=job.when is When.FAILURE,
            allowed=job.allow_failure,
            lines=tuple(step.line for step in job.steps),
            files=_files(job),
            **(_asked(job.approval, questions[job.job]) if job.runs and job.approval is not None else {}),
        )
        for job in plan.jobs
    ]
    encoded = _encode_notes(notes)
    if len(encoded) > _PLAN_CHARACTERS:
        encoded = _encode_notes(notes, without=("steps",))
    if len(encoded) > _PLAN_CHARACTERS:
        encoded = _encode_notes(notes, without=("steps", "lines", "files"))
    return encoded


def _files(job: PlannedJob) -> tuple[str, ...]:
    files = tuple(step.file for step in job.steps)
    return files if any(files) else ()


def decode_plan(text: str) -> tuple[JobNote, ...]:
    """Reads the annotation `plan`, the jobs in the order of ci.yaml. Raises AnnotationError."""
    try:
        value = json.loads(_gunzip(base64.b64decode(text, validate=True)))
        if value["v"] != _PLAN_VERSION:
            raise AnnotationError(f"annotation {PLAN_ANNOTATION} has version {value['v']!r}, known is {_PLAN_VERSION}")
        return tuple(_note(one) for item in value["jobs"] for one in _apart(item))
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as failure:
        raise AnnotationError(f"annotation {PLAN_ANNOTATION}: {failure}") from failure


def with_digest(manifest: dict[str, Any]) -> dict[str, Any]:
    """The object with the annotation `digest`: SHA-256 over the bytes of the object without it."""
    digest = f"sha256:{hashlib.sha256(to_bytes(manifest)).hexdigest()}"
    metadata = manifest["metadata"]
    annotations = {**metadata.get("annotations", {}), DIGEST_ANNOTATION: digest}
    return {**manifest, "metadata": {**metadata, "annotations": annotations}}


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    """An object's one form: JSON, keys sorted, no spaces, ASCII, a newline at the end."""
    return (_json(manifest) + "\n").encode("ascii")


def to_yaml(manifest: dict[str, Any]) -> bytes:
    """The same object for people: YAML, keys sorted, ASCII."""
    import yaml  # noqa: PLC0415  (the expander writes no YAML)

    # libyaml's emitter: the one in Python takes seconds for a large run.
    class Dumper(yaml.CSafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (PyYAML's signature)
            return True

    # PyYAML's own, since other libraries change it for everybody (hera does), and the same object is the same bytes.
    Dumper.add_representer(str, yaml.representer.SafeRepresenter.represent_str)
    text: str = yaml.dump(manifest, Dumper=Dumper, sort_keys=True, width=_NEVER_FOLD)
    return text.encode("ascii")


def _labels(role: str, event: Event, platform: Platform) -> dict[str, str]:
    return {
        ROLE_LABEL: role,
        FORGE_LABEL: event.forge,
        REPOSITORY_LABEL: repository_slug(event.repository, event.repository_id),
        **instance_labels(platform),
    }


def _subject(event: Event) -> str:
    request = event.pull_request
    subjects = {
        "push": f"push {harmless(event.branch)}",
        "tag": f"tag {harmless(event.tag)}",
        "pull_request": f"pull request {request.number} into {harmless(request.base)}",
        "schedule": f"schedule {harmless(event.schedule)}",
        "manual": f"manual {harmless(event.ref)}",
    }
    return subjects[event.kind]


def _encode_notes(notes: Iterable[JobNote], without: Container[str] = ()) -> str:
    kept = [field.name for field in dataclasses.fields(JobNote) if field.name not in without]
    jobs = [_together(list(group), kept) for _, group in itertools.groupby(notes, key=lambda note: note.job)]
    return _base64(_gzip(_json({"v": _PLAN_VERSION, "jobs": jobs})))


def _together(notes: list[JobNote], kept: list[str]) -> dict[str, Any]:
    """A job's fields, those that are kept and not empty.

    Of several combinations, what they have in common stands there once, the rest under `combinations`.
    """
    each = [{key: item for key in kept if (item := getattr(note, key))} for note in notes]
    if len(each) == 1:
        return each[0]
    shared = {key: item for key, item in each[0].items() if all(one.get(key) == item for one in each)}
    own = [{key: item for key, item in one.items() if key not in shared} for one in each]
    return {**shared, "combinations": own}


def _apart(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{**item, **own} for own in item.get("combinations", [{}])]


def _asked(approval: Approval, question: str) -> dict[str, str]:
    return {"question": question, "asks": approval.message, "environment": approval.environment}


def _note(item: Mapping[str, Any]) -> JobNote:
    note = JobNote(
        id=item["id"],
        job=item["job"],
        task=item.get("task", ""),
        line=item.get("line", 0),
        why=item.get("why", ""),
        denied=item.get("denied", ""),
        steps=tuple(item.get("steps", ())),
        after_failure=item.get("after_failure", False),
        allowed=item.get("allowed", False),
        lines=tuple(item.get("lines", ())),
        files=tuple(item.get("files", ())),
        question=item.get("question", ""),
        asks=item.get("asks", ""),
        environment=item.get("environment", ""),
    )
    approval = (note.question, note.asks, note.environment)
    texts = (note.id, note.job, note.task, note.why, note.denied, *approval, *note.steps, *note.files)
    numbers = (note.line, note.after_failure, note.allowed, *note.lines)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(number, int) for number in numbers):
        raise AnnotationError(f"annotation {PLAN_ANNOTATION}: a value is of another kind than it should be")
    return note


def _gzip(text: str) -> bytes:
    """A gzip file (RFC 1952) of stored blocks: compressed bytes differ between builds of zlib, and a run's may not."""
    data = text.encode()
    starts = range(0, len(data), _STORED_BLOCK) or (0,)
    blocks = b"".join(_stored(data, start) for start in starts)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return header + blocks + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _gunzip(data: bytes) -> bytes:
    """What is packed there, at most `_PLAN_BYTES` of it: whoever may patch Workflows may have written more."""
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, _PLAN_BYTES)


def _stored(data: bytes, start: int) -> bytes:
    """One block of RFC 1951, 3.2.4: whether it is the last, its length, the length's complement, the bytes."""
    block = data[start : start + _STORED_BLOCK]
    last = start + _STORED_BLOCK >= len(data)
    return struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF) + block


def _base64(value: str | bytes) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode("ascii")


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
