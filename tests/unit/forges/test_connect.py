from __future__ import annotations

import dataclasses

import pytest

from generator.forges import connect
from generator.forges.forge import ForgeError
from generator.platform.model import FORGE_KINDS
from tests.unit.samples import FORGE


@pytest.mark.parametrize(
    ("kind", "client"), [("gitea", "Gitea"), ("forgejo", "Gitea"), ("github", "GitHub"), ("gitlab", "GitLab")]
)
def test_each_kind_has_its_client(kind: str, client: str) -> None:
    assert type(connect(dataclasses.replace(FORGE, kind=kind), ("t",))).__name__ == client


@pytest.mark.parametrize("kind", sorted(set(FORGE_KINDS) - {"gitea", "forgejo", "github", "gitlab"}))
def test_a_kind_without_a_client_is_refused(kind: str) -> None:
    with pytest.raises(ForgeError, match="not supported yet"):
        connect(dataclasses.replace(FORGE, kind=kind), ("t",))
