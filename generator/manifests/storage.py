"""How a pod's files come to the bucket and back: Argo's artifacts, the folders they lie in, and what the scripts read.

Argo's executor beside the job uploads what lies in a folder that the job sees and cannot change: files that the
checkout made and that the job writes to under another path. So no link of the job's making is ever followed to what the
executor alone can read (docs/decisions/0029-files-for-the-bucket.md). Under which keys, the job has no say in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.glob_regex import regex
from generator.manifests.artifact_names import argo_names
from generator.manifests.caches import cache_places
from generator.manifests.environment import ROOT, WORKSPACE
from generator.manifests.matrix import COMBINATION
from generator.manifests.storage_keys import ARTIFACTS_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.manifests.objects import Object
    from generator.planning.plan import Plan, PlannedJob
    from generator.platform.model import Platform

_VOLUME = "kept"
# As checkout/checkout.sh, fetch.sh and store.sh have them.
_WHOLE, _WRITABLE, _UPLOADED = f"{ROOT}-store", f"{ROOT}-new", f"{ROOT}-kept"
_ANYBODYS = 0o777


def spec(jobs: Iterable[PlannedJob], platform: Platform) -> Object:
    """What a run's spec has for jobs with artifacts."""
    if platform.artifacts is None or not any(job.artifacts or job.downloads or job.caches for job in jobs):
        return {}
    return {"artifactRepositoryRef": {"configMap": platform.artifacts.config_map, "key": platform.artifacts.key}}


def volumes(plan: Plan) -> list[Object]:
    """The volume for what is stored."""
    return [{"name": _VOLUME, "emptyDir": {}}] if any(job.runs and stored(plan, job) for job in plan.jobs) else []


def pod_mounts(plan: Plan, job: PlannedJob) -> list[Object]:
    """What every container of the pod sees, so that Argo's executor sees it too."""
    return [_mount(_UPLOADED, subPath="out", readOnly=True)] if stored(plan, job) else []


def checkout_mounts(plan: Plan, job: PlannedJob) -> Object:
    """What the checkout sees besides."""
    return {"volumeMounts": [_mount(_WHOLE)]} if stored(plan, job) else {}


def main_mounts(plan: Plan, job: PlannedJob) -> list[Object]:
    """What the job sees besides."""
    return [_mount(_WRITABLE, subPath="in")] if stored(plan, job) else []


def stored(plan: Plan, job: PlannedJob) -> list[Object]:
    """The output artifacts of a pod.

    Each combination's is in the same folder of the bucket, by its number. Those of caches are there only if the job has
    said so, and have names that no artifact of a job can have.
    """
    number = f"{{{{inputs.parameters.{COMBINATION}}}}}" if job.matrix else "1"
    artifacts = ((name, f"{_folder(plan, job.job, folder)}/{number}.tar.gz") for name, folder in argo_names(job))
    return [
        *(_artifact(name, f"{_UPLOADED}/artifact.{at:03d}", key) for at, (name, key) in enumerate(artifacts, 1)),
        *(
            _artifact(f"_cache-{at}-{place}", f"{_UPLOADED}/cache.{at:03d}.{place}", key)
            for at, places in enumerate(cache_places(plan.event, job), 1)
            for place, key in enumerate(places.saved, 1)
        ),
    ]


def fetched(plan: Plan, job: PlannedJob) -> list[Object]:
    """The input artifacts of a pod: of downloads whole folders, with all combinations' files; of caches single ones."""
    downloads = ((at, _folder(plan, one.job, one.artifact)) for at, one in enumerate(job.downloads, 1))
    return [
        *(
            _artifact(f"download-{at}", f"{ROOT}/in-{at:03d}", key, mode=_ANYBODYS, recurseMode=True)
            for at, key in downloads
        ),
        *(
            _artifact(f"cache-{at}-{place}", f"{ROOT}/cache-{at:03d}-{place}", key, mode=_ANYBODYS)
            for at, places in enumerate(cache_places(plan.event, job), 1)
            for place, key in enumerate(places.restored, 1)
        ),
    ]


def cache_files(plan: Plan, job: PlannedJob) -> dict[str, str]:
    """What the pod's scripts read of its caches, by paths in the payload: the same for all combinations."""
    made: dict[str, str] = {}
    for at, (cache, places) in enumerate(zip(job.caches, cache_places(plan.event, job), strict=True), 1):
        folder = f"caches/{at:03d}"
        made[f"{folder}/name"] = f"{cache.name}\n"
        made[f"{folder}/settings"] = f"{len(places.restored)} {places.exact} {len(places.saved)} {cache.save}\n"
        made[f"{folder}/paths"] = "".join(f"{_from_root(path)}\n" for path in cache.paths)
    return made


def _from_root(path: str) -> str:
    return (path if path.startswith("/") else f"{WORKSPACE}/{path}").strip("/")


def files(job: PlannedJob) -> dict[str, str]:
    """What the pod's scripts read of it, by paths in the payload."""
    made: dict[str, str] = {}
    for number, artifact in enumerate(job.artifacts, 1):
        folder = f"artifacts/{number:03d}"
        made[f"{folder}/name"] = f"{artifact.name}\n"
        made[f"{folder}/settings"] = f"{artifact.may_be_empty:d}\n"
        made[f"{folder}/globs"] = "".join(_choices(artifact.globs))
    for number, download in enumerate(job.downloads, 1):
        folder = f"downloads/{number:03d}"
        made[f"{folder}/name"] = f"{download.job}.{download.artifact}\n"
        made[f"{folder}/settings"] = f"{download.needed:d}\n"
        made[f"{folder}/folder"] = f"{download.to}\n"
        made[f"{folder}/sources"] = "".join(f"{index} {below}\n" for index, below in download.sources)
    return made


def _choices(globs: tuple[str, ...]) -> Iterable[str]:
    """A line for each glob: `+` or `-` for what it takes in or back, and an expression over `./` and the path."""
    if globs[0].startswith("!"):
        yield "+ .\n"
    for glob in globs:
        sign = "-" if glob.startswith("!") else "+"
        yield f"{sign} ^\\./{regex(glob.removeprefix('!'))}$\n"


def _folder(plan: Plan, job: str, artifact: str) -> str:
    return f"{ARTIFACTS_PREFIX}{plan.placement.namespace}/{plan.run_name}/{job}/{artifact}"


def _artifact(name: str, path: str, key: str, **more: object) -> Object:
    # With a key alone it lies where the run's artifactRepositoryRef says, whatever kind of bucket that is.
    return {"name": name, "path": path, "optional": True, "archive": {"none": {}}, "s3": {"key": key}, **more}


def _mount(path: str, **more: object) -> Object:
    return {"name": _VOLUME, "mountPath": path, **more}
