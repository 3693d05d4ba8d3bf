"""Whose repository a remote's address names: every way to write one, and addresses that are nobody's."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.platform.remotes import Address, address_of, repository_of
from tests.unit.samples import FORGE, platform

LAB = dataclasses.replace(FORGE, id="lab", url="https://code.example:8443/git", repositories=("group/**",))
TWIN = dataclasses.replace(FORGE, id="twin", url="https://code.example:8443", repositories=("other/*",))
BOTH = platform(forges=(FORGE, LAB, TWIN))


@pytest.mark.parametrize(
    ("url", "forge", "name"),
    [
        ("https://git.example/acme/app.git", "work", "acme/app"),
        ("https://git.example/acme/app", "work", "acme/app"),
        ("https://git.example:443/acme/app/", "work", "acme/app"),
        ("https://ann:secret@git.example/acme/app.git", "work", "acme/app"),
        ("HTTPS://GIT.example/acme/app.git", "work", "acme/app"),
        ("git@git.example:acme/app.git", "work", "acme/app"),
        ("git.example:acme/app.git", "work", "acme/app"),
        ("ssh://git@git.example:2222/acme/app.git", "work", "acme/app"),
        ("git@git.example:/acme/app", "work", "acme/app"),
        ("https://code.example:8443/git/group/sub/app.git", "lab", "group/sub/app"),
        ("git@code.example:group/sub/app.git", "lab", "group/sub/app"),
        ("git@code.example:other/app.git", "twin", "other/app"),
        ("https://code.example:8443/other/app.git", "twin", "other/app"),
    ],
)
def test_a_repository_of_a_forge(url: str, forge: str, name: str) -> None:
    found = repository_of(BOTH, url)
    assert found is not None
    assert (found[0].id, found[1]) == (forge, name)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/acme/app.git",
        "https://git.example:3000/acme/app.git",
        "https://git.example/app.git",
        "https://git.example/",
        "/srv/git/acme/app.git",
        "../app",
        "file:///srv/git/acme/app.git",
        "C:/git/acme/app",
        "https://git.example:port/acme/app",
        "",
    ],
)
def test_an_address_of_no_forge(url: str) -> None:
    assert repository_of(BOTH, url) is None


def test_an_address_has_no_credentials() -> None:
    assert address_of("https://ann:secret@git.example/acme/app.git") == Address("git.example", 443, "acme/app")


@given(st.text(max_size=40) | st.text("ab:/@.[]%#?-", max_size=20))
def test_no_text_is_more_than_no_address(url: str) -> None:
    found = repository_of(BOTH, url)
    assert found is None or found[1].count("/") >= 1
