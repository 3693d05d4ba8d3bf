"""Where a forge's webhooks arrive, with one secret and while it is changed."""

from __future__ import annotations

import dataclasses

from generator.manifests.hooks import hooks
from generator.platform.model import SecretKey
from tests.unit.samples import FORGE

NEWER, OLDER = SecretKey("forge-work", "next"), SecretKey("forge-work", "hook")


def test_the_path_of_the_hooks_address_is_what_the_eventsource_serves() -> None:
    (hook,) = hooks(FORGE)
    assert (hook.name, hook.endpoint, hook.service) == ("work", "/work", "work-eventsource")


def test_an_address_without_a_path_is_served_at_the_root() -> None:
    (hook,) = hooks(dataclasses.replace(FORGE, hook_url="https://ci.example"))
    assert hook.endpoint == "/"


def test_a_second_secret_gets_a_place_of_its_own_and_leaves_the_first_alone() -> None:
    before = hooks(dataclasses.replace(FORGE, hook_secrets=(OLDER,)))
    after = hooks(dataclasses.replace(FORGE, hook_secrets=(NEWER, OLDER)))
    assert after[:1] == before
    assert (after[1].name, after[1].url, after[1].secret) == ("work-next", "https://ci.example/work-next", NEWER)


def test_the_second_place_of_an_address_without_a_path() -> None:
    forge = dataclasses.replace(FORGE, hook_url="https://ci.example", hook_secrets=(NEWER, OLDER))
    assert [hook.endpoint for hook in hooks(forge)] == ["/", "/next"]


def test_a_forge_that_calls_the_service_itself_is_given_the_second_ones_service() -> None:
    urls = {
        "http://work-eventsource.argosy:12000/hook": "http://work-next-eventsource.argosy:12000/hook-next",
        "http://work-eventsource.argosy.svc.cluster.local:12000": "http://work-next-eventsource.argosy.svc.cluster.local:12000/next",
        "https://work-eventsource.example/work": "https://work-eventsource.example/work-next",
    }
    for url, following in urls.items():
        assert hooks(dataclasses.replace(FORGE, hook_url=url, hook_secrets=(NEWER, OLDER)))[1].url == following
