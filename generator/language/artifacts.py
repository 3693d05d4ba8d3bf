"""The keys `artifacts` and `download` of a job: files that it stores, and files of other jobs that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expressions import Template, literal, read_template
from generator.fields import At, Choice, Either, Flag, Key, ListOf, Made, MapOf, Object, Placed
from generator.language import texts
from generator.language.draft import ArtifactDraft, DownloadDraft, TemplateDraft
from generator.language.model import Artifact, Download

if TYPE_CHECKING:
    from generator.document import Scalar
    from generator.fields import Named, Record

GLOBS = ListOf(texts.ARTIFACT_GLOB, "a list of globs", minimum=1)
PATHS = Key(
    "paths",
    GLOBS,
    "[Globs](#globs) over the files of the workspace, as they are when the job has ended. `dir/` is `dir/**`.",
    example='paths: ["logs/**"]',
    required=True,
)
IF_EMPTY = Key(
    "if-empty",
    Choice(("error", "ok")),
    "Whether it is an error of the job if the globs match no file.",
    default="`error`",
    example="if-empty: ok",
)


def _of_globs(globs: tuple[str, ...]) -> ArtifactDraft:
    return ArtifactDraft(_with_folders(globs), may_be_empty=False, bare=True)


def _of_mapping(record: Record) -> ArtifactDraft:
    return ArtifactDraft(_with_folders(record.get(PATHS) or ()), may_be_empty=record.get(IF_EMPTY) == "ok")


def _with_folders(globs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{glob}**" if glob.endswith("/") else glob for glob in globs)


ARTIFACT = Object(
    "an artifact",
    (PATHS, IF_EMPTY),
    _of_mapping,
    title="jobs.artifacts",
    doc="An artifact by a mapping. A plain list of globs says the same: `artifacts: {report: [report.json]}`. It is "
    "stored when the job has ended, also when it has failed. Links are stored as links, and folders only with the "
    "files in them.",
    foreign={"path": "write paths", "name": "the key is the artifact's name", "expire_in": "the platform says it"},
)
ARTIFACTS = Key(
    "artifacts",
    MapOf(
        texts.ARTIFACT_NAME,
        Either(
            "a list of globs, or a mapping",
            text=Made(GLOBS, _of_globs),
            sequence=Made(GLOBS, _of_globs),
            mapping=ARTIFACT,
        ),
        "a mapping of names to what is stored",
    ),
    "Files that the job stores, by names: for other jobs, and for people. The platform says how long they are kept. "
    "Combinations of a matrix may store one of the same name, each its own. A name may hold [`${{ }}`](#expressions).",
    default="none",
    example='artifacts: {report: [report.json], logs: {paths: ["logs/**"], if-empty: ok}}',
)

FROM = Key(
    "from",
    At(texts.ARTIFACT_OF_JOB),
    "The job, which this one `needs`, directly or through others, a dot, and the artifact.",
    example="from: test.report",
    required=True,
)
TO = Key(
    "to",
    At(texts.FOLDER_OF_ARTIFACT),
    "The folder of the workspace to put it into.",
    default="the workspace",
    example="to: reports",
)
SPLIT = Key(
    "split",
    Flag(),
    "Of a job with a matrix: whether each combination's files get a folder of their own in there, which is called "
    "`axis=value,...`; characters other than letters, digits, `.`, `_` and `-` in a value become `-`.",
    default="`false`: the files of all are put together, and the same path with other content is an error",
    example="split: true",
)
SAME = Key(
    "same",
    At(ListOf(texts.AXIS_NAME, "a list of axes", minimum=1, unique=True)),
    "Of a job with a matrix, for one with a matrix: only the combinations that have the same values of these axes.",
    default="all combinations",
    example="same: [go]",
)


def _by_name(source: Placed[str]) -> DownloadDraft:
    return DownloadDraft(source, "", split=False, same=None)


def _download(record: Record) -> DownloadDraft | None:
    source, to = record.get(FROM), record.get(TO)
    if source is None:
        return None
    return DownloadDraft(source, to.value if to else "", split=record.get(SPLIT) or False, same=record.get(SAME))


DOWNLOAD = Key(
    "download",
    ListOf(
        Either(
            "JOB.ARTIFACT, or a mapping",
            text=Made(At(texts.ARTIFACT_OF_JOB), _by_name),
            mapping=Object(
                "a download",
                (FROM, TO, SPLIT, SAME),
                _download,
                title="jobs.download",
                doc="A download by a mapping. A plain `JOB.ARTIFACT` says the same: `download: test.report`.",
                foreign={"path": "write to", "name": "write from: JOB.ARTIFACT"},
            ),
        ),
        "a list of artifacts",
    ),
    "Artifacts of jobs that this one `needs`, directly or through others, put into the workspace before the first "
    "step. Those of a job that a run leaves out are left out too. Of a name with an expression, what that gives is "
    "written here: `build.for-linux`.",
    default="none",
    example="download: [test.report, {from: test.logs, to: logs, split: true}]",
)


def name_of(key: Scalar) -> TemplateDraft:
    """The name of an artifact, which is a key, and has been found to be right."""
    template = read_template(key)
    return TemplateDraft(template if isinstance(template, Template) else literal(key.text, key.span), key)


def artifact_of(named: Named[ArtifactDraft]) -> Artifact:
    """What the entry means."""
    return Artifact(name_of(named.key).value, named.value.globs, named.value.may_be_empty, named.key.span)


def download_of(draft: DownloadDraft) -> Download:
    """What the entry means."""
    job, _, artifact = draft.source.value.partition(".")
    same = draft.same.value if draft.same is not None else ()
    return Download(job, artifact, draft.to, draft.split, same, draft.source.span)
