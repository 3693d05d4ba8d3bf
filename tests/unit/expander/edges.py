"""Stand-ins for what the expander works on: a forge, a cluster and repositories in memory, and a fuse that kills it."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
from typing import TYPE_CHECKING, Any, cast

from generator.cluster import CONFLICT, NOT_FOUND, Cluster, ClusterError
from generator.expander.expand import Edge
from generator.forges.forge import BranchFacts, CommitStatus, OwnComment, PullRequestFacts, RepositoryFacts, TagFacts
from generator.language.including import UnfitFileError
from generator.repository import Repository, RepositoryError
from tests.unit.samples import PLATFORM, SHA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.platform.model import Platform

JOBS = "jobs: {one: {run: make}}\n"
RUN = "run-b-mgfdaa9l78pbde0b8a938euc0k"  # a push of SHA to main of repository 42
CREATED = "2026-11-24T12:00:00Z"  # when everything is
RUNS = "/apis/argoproj.io/v1alpha1/namespaces/argosy-runs-default/workflows"
CRONS = "/apis/argoproj.io/v1alpha1/namespaces/argosy/cronworkflows"
APP = RepositoryFacts("42", "acme/app", "main", private=True, clone_url="https://git.example/acme/app.git")
PULL_REQUEST = PullRequestFacts(
    number=7,
    open=True,
    title="Add it",
    author="ann",
    base="main",
    base_sha="b" * 40,
    head="topic",
    head_sha=SHA,
    draft=False,
    from_fork=False,
    labels=("full",),
    updated_at="2026-11-24T09:00:01Z",
)


class Killed(BaseException):
    """The pod is gone."""


class Fuse:
    """Lets so many calls through, and then kills: before the next one, or after that has had its effect."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.left: int | None = None
        self.after = False

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Around a call."""
        self.calls.append(name)
        kills = self.left == 0
        if self.left is not None:
            self.left -= 1
        if kills and not self.after:
            raise Killed
        yield
        if kills:
            raise Killed


class FakeForge:
    """See generator.forges.forge.Forge. `trouble` is raised by the next calls, by method; `moved` are old names."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self.repositories: dict[str, RepositoryFacts] = {"acme/app": APP}
        self.moved: dict[str, str] = {}
        self.branches: dict[str, BranchFacts] = {"main": BranchFacts(SHA, protected=True, message="")}
        self.tags: dict[str, TagFacts] = {}
        self.pull_requests: dict[int, PullRequestFacts] = {7: PULL_REQUEST}
        self.writers: set[str] = {"ann"}
        self.shown: list[CommitStatus] = []
        self.trouble: dict[str, list[Exception]] = {}

    def repository(self, name: str) -> RepositoryFacts | None:
        self._ask("repository")
        return self.repositories.get(self.moved.get(name, name))

    def branch(self, repository: str, branch: str) -> BranchFacts | None:
        self._ask("branch")
        return self.branches.get(branch) if self._has(repository) else None

    def tag(self, repository: str, tag: str) -> TagFacts | None:
        self._ask("tag")
        return self.tags.get(tag) if self._has(repository) else None

    def pull_request(self, repository: str, number: int) -> PullRequestFacts | None:
        self._ask("pull_request")
        return self.pull_requests.get(number) if self._has(repository) else None

    def may_write(self, repository: str, user: str) -> bool:
        self._ask("may_write")
        return self._has(repository) and user in self.writers

    def statuses(self, repository: str, sha: str) -> tuple[CommitStatus, ...]:
        self._ask("statuses")
        return tuple(self.shown) if self._has(repository) and sha == SHA else ()

    def post_status(self, repository: str, sha: str, status: CommitStatus) -> None:
        raise AssertionError(f"the expander posts nothing: {repository} {sha} {status}")

    def own_comments(self, repository: str, number: int) -> tuple[OwnComment, ...]:
        raise AssertionError(f"the expander reads no comments: {repository} {number}")

    def post_comment(self, repository: str, number: int, body: str) -> None:
        raise AssertionError(f"the expander writes no comment: {repository} {number} {body}")

    def edit_comment(self, repository: str, number: int, comment: OwnComment, body: str) -> None:
        raise AssertionError(f"the expander writes no comment: {repository} {number} {comment} {body}")

    def delete_comment(self, repository: str, number: int, comment: OwnComment) -> None:
        raise AssertionError(f"the expander removes no comment: {repository} {number} {comment}")

    def _has(self, repository: str) -> bool:
        return self.moved.get(repository, repository) in self.repositories

    def _ask(self, method: str) -> None:
        with self._fuse(f"forge.{method}"):
            if self.trouble.get(method):
                raise self.trouble[method].pop(0)


class FakeCluster:
    """The API server's objects by path. `refusals` are what it says to creations, by collection."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self._version = 0
        self.objects: dict[str, dict[str, Any]] = {}
        self.refusals: dict[str, ClusterError] = {}

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        with self._fuse(f"get {path}"):
            if query is not None:
                return {"items": [copy.deepcopy(item) for item in self._selected(path, query["labelSelector"])]}
            return copy.deepcopy(self._at(path))

    def find(self, path: str) -> dict[str, Any] | None:
        with self._fuse(f"find {path}"):
            return copy.deepcopy(self.objects.get(path))

    def create(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        with self._fuse(f"create {path}"):
            if path in self.refusals:
                raise self.refusals[path]
            place = f"{path}/{value['metadata']['name']}"
            if place in self.objects:
                raise ClusterError(CONFLICT, f"{place} already exists")
            return self._store(place, value)

    def replace(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        with self._fuse(f"replace {path}"):
            self._check_version(path, value["metadata"]["resourceVersion"])
            return self._store(path, value)

    def patch(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        with self._fuse(f"patch {path}"):
            present = self._at(path)
            self._check_version(path, value["metadata"].get("resourceVersion", ""))
            return self._store(path, _merged(present, value))

    def delete(self, path: str, version: str = "") -> dict[str, Any]:
        with self._fuse(f"delete {path}"):
            self._at(path)
            self._check_version(path, version)
            del self.objects[path]
            return {}

    def names(self, collection: str) -> set[str]:
        """What is in a collection."""
        return {path.rpartition("/")[2] for path in self.objects if path.startswith(f"{collection}/")}

    def state(self) -> dict[str, Any]:
        """Everything, but for versions."""
        objects = copy.deepcopy(self.objects)
        for item in objects.values():
            del item["metadata"]["resourceVersion"]
        return objects

    def _at(self, path: str) -> dict[str, Any]:
        if path not in self.objects:
            raise ClusterError(NOT_FOUND, f"{path} is not there")
        return self.objects[path]

    def _selected(self, collection: str, selector: str) -> list[dict[str, Any]]:
        inside = (item for path, item in self.objects.items() if path.startswith(f"{collection}/"))
        terms = selector.split(",")
        return [item for item in inside if all(_selects(term, item["metadata"].get("labels", {})) for term in terms)]

    def _check_version(self, path: str, version: str) -> None:
        if version and self._at(path)["metadata"]["resourceVersion"] != version:
            raise ClusterError(CONFLICT, f"{path} was changed")

    def _store(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        self._version += 1
        stored = copy.deepcopy(dict(value))
        stored["metadata"]["resourceVersion"] = str(self._version)
        stored["metadata"].setdefault("creationTimestamp", CREATED)
        self.objects[path] = stored
        return copy.deepcopy(stored)


def _selects(term: str, labels: Mapping[str, str]) -> bool:
    key, unlike, value = term.partition("!=")
    if unlike:
        return labels.get(key) != value
    key, _, value = term.partition("=")
    return labels.get(key) == value


def _merged(present: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """RFC 7396, without null."""
    nested = {key: _merged(present.get(key, {}), value) for key, value in change.items() if isinstance(value, dict)}
    return {**present, **change, **nested}


@dataclasses.dataclass
class Commit:
    """What a repository has at one commit. `descendants` are the commits that build on it.

    `changes` are the paths that it changed since another commit, None for histories that have nothing of each other; a
    commit that is not there is gone. `trouble` is raised whatever is asked, `late` only beside the file. `table` is its
    ci.test.yaml, or what keeps that from being read.
    """

    text: bytes | None
    message: str = "Add it"
    descendants: tuple[str, ...] = ()
    trouble: Exception | None = None
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    changes: dict[str, frozenset[str] | None] = dataclasses.field(default_factory=dict)
    late: Exception | None = None
    table: bytes | Exception | None = None


class FakeRepository:
    """See generator.repository.Repository."""

    def __init__(self, commit: Commit | None, sha: str, fuse: Fuse) -> None:
        self.sha = sha
        self._commit = commit
        self._fuse = fuse

    def message(self) -> str:
        return self._there().message

    def text(self, path: str, most: int) -> bytes | None:
        commit = self._there()
        text = {"ci.yaml": commit.text, "ci.test.yaml": commit.table}[path]
        if isinstance(text, Exception):
            raise text
        if text is not None and len(text) > most:
            raise UnfitFileError("file-size", f"the file has {len(text):,} bytes")
        return text

    def close(self) -> None:
        """There is no process to end."""

    def is_ancestor_of(self, head: str) -> bool:
        return head in self._there().descendants

    def blobs(self) -> dict[str, str]:
        return self._late().files

    def changed_since(self, base: str) -> frozenset[str] | None:
        changes = self._late().changes
        if base not in changes:
            raise RepositoryError("not our ref", gone=True)
        return changes[base]

    def _late(self) -> Commit:
        commit = self._there()
        if commit.late is not None:
            raise commit.late
        return commit

    def _there(self) -> Commit:
        with self._fuse("git"):
            if self._commit is None:
                raise RepositoryError("not our ref", gone=True)
            if self._commit.trouble is not None:
                raise self._commit.trouble
            return self._commit


class World:
    """All of it, and what the expander did to it."""

    def __init__(self, ci: str | bytes | None = JOBS, platform: Platform = PLATFORM) -> None:
        self.fuse = Fuse()
        self.forge = FakeForge(self.fuse)
        self.cluster = FakeCluster(self.fuse)
        text = ci.encode() if isinstance(ci, str) else ci
        self.commits: dict[tuple[str, str], Commit] = {("acme/app", SHA): Commit(text)}
        self.fetched: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.waited: list[float] = []
        self.edge = Edge(
            platform, self.forge, cast("Cluster", self.cluster), self._fetch, self.said.append, self.waited.append
        )

    def at(self, sha: str = SHA) -> Commit:
        """The commit, to be changed."""
        return self.commits.setdefault(("acme/app", sha), Commit(JOBS.encode()))

    def run(self) -> dict[str, Any]:
        """The only run there is."""
        (name,) = self.cluster.names(RUNS)
        return self.cluster.objects[f"{RUNS}/{name}"]

    def _fetch(self, repository: str, sha: str) -> Repository:
        self.fetched.append((repository, sha))
        return cast("Repository", FakeRepository(self.commits.get((repository, sha)), sha, self.fuse))
