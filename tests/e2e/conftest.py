"""The cluster with argosy on it, once for all end-to-end tests, and a repository of its own for each of them."""

from __future__ import annotations

import functools
import secrets
from typing import TYPE_CHECKING

import pytest

from tests.e2e import cluster
from tests.e2e.gitea import Gitea, WorkingCopy
from tests.e2e.installation import ORGANISATION, OUTSIDE, install, read_platform
from tests.e2e.observed import Observed

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from generator.platform.model import Platform

Project = tuple[str, WorkingCopy]


@pytest.fixture(scope="session")
def here() -> cluster.Cluster:
    """The running cluster, argosy installed."""
    found = cluster.up()
    install(found)
    return found


@pytest.fixture(scope="session")
def platform() -> Platform:
    """What is installed there."""
    return read_platform()


@pytest.fixture(scope="session")
def gitea(here: cluster.Cluster) -> Gitea:
    """The cluster's forge, as its administrator."""
    return Gitea(here.gitea.url, here.gitea.user, here.gitea.token)


@pytest.fixture(scope="session")
def observed(here: cluster.Cluster, platform: Platform) -> Observed:
    """What argosy made in the cluster."""
    return Observed(here, platform)


@pytest.fixture
def new_project(gitea: Gitea, tmp_path: pathlib.Path) -> Iterator[Callable[..., Project]]:
    """Makes repositories (their full name and a working copy), which are gone after the test."""
    made: list[str] = []

    def make(name: str, *, private: bool = False, owner: str = ORGANISATION) -> Project:
        full_name = f"{owner}/{name}-{secrets.token_hex(3)}"
        gitea.repository(full_name, private=private)
        made.append(full_name)
        return full_name, gitea.clone(full_name, tmp_path / full_name.replace("/", "-"))

    yield make
    for full_name in made:
        gitea.delete_repository(full_name)


@pytest.fixture
def quiet_project(gitea: Gitea, new_project: Callable[..., Project]) -> Callable[..., Project]:
    """Makes repositories that argosy hears nothing of, in an organisation without its hook."""
    gitea.organisation(OUTSIDE)
    return functools.partial(new_project, owner=OUTSIDE)
