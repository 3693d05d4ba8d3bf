"""How git reaches each kind of forge."""

from __future__ import annotations

import pytest

from generator import git_access


@pytest.mark.parametrize(
    ("kind", "user", "ref"),
    [
        ("gitea", "argosy", "refs/pull/7/head"),
        ("forgejo", "argosy", "refs/pull/7/head"),
        ("github", "x-access-token", "refs/pull/7/head"),
        ("gitlab", "oauth2", "refs/merge-requests/7/head"),
    ],
)
def test_each_kind_of_forge_has_its_login_and_its_pull_request_ref(kind: str, user: str, ref: str) -> None:
    assert git_access.user(kind) == user
    assert git_access.pull_request_ref(kind, 7) == ref
