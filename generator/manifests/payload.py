"""What the checkout lays down for a job: scripts, titles, variables, where the source is; one archive in base64.

Everything that an outsider or a user wrote travels in here and nowhere else in the Workflow: Argo looks into every text
for `{{`, and Kubernetes into every value for `$(`, but neither into base64. checkout/checkout.sh unpacks it,
checkout/run.sh reads it.
"""

from __future__ import annotations

import base64
import bz2
import dataclasses
import functools
import tarfile
from typing import TYPE_CHECKING

from generator.language.model import COMMIT_ALONE, Checkout
from generator.manifests import storage
from generator.manifests.deadlines import GRACE, LATE
from generator.manifests.environment import matrix_variables
from generator.manifests.given import text_number
from generator.manifests.secrets import secret_lines
from generator.manifests.service_probe import waited_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.planning.plan import Given, PlannedJob, PlannedVariable

# Linux takes 128 KiB as one string of an environment (MAX_ARG_STRLEN).
_PIECE_CHARACTERS = 96 * 1024
_READABLE = 0o644
_EXECUTABLE = 0o755
_END = bytes(2 * tarfile.BLOCKSIZE)
_BZIP2_BLOCK = 100_000  # bytes; a stream has blocks of one to nine of them


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where the commit is: `url` without credentials, the `user` that goes with the token, a `ref` that has `sha`.

    `checkout` says how much is fetched; `bases` are commits or refs, of which the first that is there is the base.
    """

    url: str
    user: str
    sha: str
    ref: str
    checkout: Checkout = COMMIT_ALONE
    bases: tuple[str, ...] = ()


def job_payload(
    combinations: Sequence[PlannedJob],
    source: Source | None,
    variables: Mapping[str, str],
    numbers: Mapping[Given, int],
    caches: Mapping[str, str] | None = None,
) -> str:
    """The archive of a job that runs its steps; `variables` are argosy's own, which the job's come after.

    Without a `source` its workspace is empty.

    `numbers` are those of what it is given by others, as generator.manifests.given has them; `caches` are files, by
    their paths in the archive.

    What those of a job's combinations that have a file have in it stands there once; what is one's own is in the folder
    `combinations/<index>`, with the file `without` for steps of others that it has not got.
    """
    shared = _source_files(source) if source is not None else {}
    shared |= caches or {}
    shared["given"] = "".join(_given_line(given, number, numbers) for given, number in numbers.items())
    own = {job.index: _files(job, variables, numbers) for job in combinations}
    common, differing = _in_common(own.values())
    files = shared | common
    steps = {_step_folder(step.number) for job in combinations for step in job.steps}
    for job in combinations:
        lacking = sorted(steps - {_step_folder(step.number) for step in job.steps})
        mine = {name: text for name, text in own[job.index].items() if name in differing}
        mine |= {"without": "".join(f"{folder}\n" for folder in lacking)} if lacking else {}
        files |= {f"combinations/{job.index}/{name}": text for name, text in mine.items()}
    return _packed(files)


def _source_files(source: Source) -> dict[str, str]:
    fields = {"url": source.url, "user": source.user, "sha": source.sha, "ref": source.ref}
    files = {f"source/{name}": _line(value) for name, value in fields.items()}
    wanted = source.checkout
    # Without this file checkout/checkout.sh fetches the commit alone.
    if wanted != COMMIT_ALONE:
        words = f"{wanted.depth} {wanted.tags:d} {wanted.base:d} {wanted.submodules} {wanted.lfs:d}"
        files["source/options"] = _line(words)
    if wanted.base:
        files["source/bases"] = "".join(map(_line, source.bases))
    return files


def _in_common(each: Iterable[Mapping[str, str]]) -> tuple[dict[str, str], set[str]]:
    """The files that are the same wherever they are, and the names of the others."""
    found: dict[str, str] = {}
    differing = {name for files in each for name, text in files.items() if found.setdefault(name, text) != text}
    return {name: text for name, text in found.items() if name not in differing}, differing


def _step_folder(number: int) -> str:
    return f"steps/{number:03d}"


def _files(job: PlannedJob, variables: Mapping[str, str], numbers: Mapping[Given, int]) -> dict[str, str]:
    # What all combinations have in common stands apart, so that it is packed once.
    files = {"env": _command(_words(variables))}
    files["job-env"] = _command([*_words(matrix_variables(job)), *_variables(job.env, numbers)])
    files["outputs"] = "".join(f"{name}\n" for name in job.outputs)
    files["times"] = f"{job.timeout} {LATE} {GRACE}\n"
    files["secrets"] = secret_lines(job.secrets)
    files["services"] = waited_for(job.services, job.timeout)
    files |= storage.files(job)
    for step in job.steps:
        folder = _step_folder(step.number)
        files[f"{folder}/title"] = _line(step.title)
        files[f"{folder}/settings"] = f"{step.when} {step.may_fail:d} {step.timeout}\n"
        files[f"{folder}/folder"] = _line(step.working_directory)
        files[f"{folder}/program"] = _line(step.command[0])
        files[f"{folder}/arguments"] = _more_words(step.command[1:])
        files[f"{folder}/env"] = _command(_variables(step.env, numbers))
        files[f"{folder}/script"] = step.script
    return files


def pieces(payload: str) -> list[str]:
    """The payload cut to what one environment variable can hold."""
    return [payload[start : start + _PIECE_CHARACTERS] for start in range(0, len(payload), _PIECE_CHARACTERS)]


def _packed(files: Mapping[str, str]) -> str:
    archive = b"".join(_entry(name, _bytes(text)) for name, text in files.items()) + _END
    # bzip2, for its one implementation: gzip's bytes differ between builds of zlib, and the same plan must give the
    # same bytes everywhere. In blocks no larger than what there is: each block is memory that is written first.
    blocks = min(9, len(archive) // _BZIP2_BLOCK + 1)
    return base64.b64encode(bz2.compress(archive, blocks)).decode("ascii")


def _entry(name: str, data: bytes) -> bytes:
    return _header(name, len(data)) + data + bytes(-len(data) % tarfile.BLOCKSIZE)


@functools.lru_cache(maxsize=1024)
def _header(name: str, size: int) -> bytes:
    """A file's header. The jobs of a run have mostly the same ones, and each takes longer to make than the rest."""
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = _EXECUTABLE if name.endswith("/script") else _READABLE
    return entry.tobuf(tarfile.USTAR_FORMAT)


def _given_line(given: Given, number: int, numbers: Mapping[Given, int]) -> str:
    """For checkout/checkout.sh: the number, that of the text which holds it, and its name there."""
    return f"{number} {text_number(given, numbers)} {given.output}\n"


def _words(variables: Mapping[str, str]) -> list[str]:
    return [_word(f"{name}={value}") for name, value in variables.items()]


def _variables(variables: Iterable[PlannedVariable], numbers: Mapping[Given, int]) -> list[str]:
    return [_variable(variable, numbers) for variable in variables]


def _variable(variable: PlannedVariable, numbers: Mapping[Given, int]) -> str:
    """NAME=value as one word; what is given stands there as a variable of checkout/step.sh."""
    if not variable.parts:
        return _word(f"{variable.name}={variable.value}")
    parts = (_word(part) if isinstance(part, str) else f'"$argosy_given_{numbers[part]}"' for part in variable.parts)
    return f"{variable.name}={''.join(parts)}"


def _more_words(words: Iterable[str]) -> str:
    """A shell command that puts words behind the arguments; single quotes keep every character."""
    return _command(map(_word, words))


def _command(words: Iterable[str]) -> str:
    return 'set -- "$@"' + "".join(f" \\\n{word}" for word in words) + "\n"


def _word(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _line(text: str) -> str:
    return " ".join(text.split("\n")) + "\n"


def _bytes(text: str) -> bytes:
    # A lone surrogate (YAML's "\ud800") is not a character that any file could hold.
    return text.encode(errors="replace")
