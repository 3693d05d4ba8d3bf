"""Webhooks that may not count, that count once, and that wait."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import requests

from tests.e2e.conftest import Project
from tests.e2e.installation import hook_secret
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import stays, until

if TYPE_CHECKING:
    from generator.platform.model import Platform
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
CI = "jobs: {one: {run: 'true'}}\n"


def test_a_webhook_with_a_wrong_secret_is_refused_and_starts_nothing(
    quiet_project: NewProject, gitea: Gitea, observed: Observed, platform: Platform
) -> None:
    name, copy = quiet_project("impostor")
    hook = gitea.repository_hook(name, platform.forges[0].hook_url, "not the secret")
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    page = Page(gitea)
    delivery = until("the delivery", lambda: page.deliveries(name, hook))[0]
    until("its answer", lambda: "400" in page.delivery_text(name, hook, delivery))
    assert observed.events(sha) == []
    assert gitea.statuses(name, sha) == {}


def test_redeliver_starts_one_run_at_once_and_after_the_event_is_forgotten(
    new_project: NewProject, gitea: Gitea, observed: Observed, platform: Platform, here: Cluster
) -> None:
    name, copy = new_project("again")
    hook = gitea.repository_hook(name, platform.forges[0].hook_url, hook_secret(here, platform, "work"))
    sha = copy.commit({"ci.yaml": CI})
    copy.push()
    page = Page(gitea)
    delivery = until("the delivery", lambda: page.deliveries(name, hook))[0]
    page.redeliver(name, hook, delivery)
    ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert len(observed.runs(sha)) == 1
    assert len(observed.events(sha)) == 1, "three deliveries of one push (two hooks, one click) are one event"

    event = observed.events(sha)[0]["metadata"]["name"]
    here.kubectl("-n", "argosy", "delete", "workflow", event)
    page.redeliver(name, hook, delivery)
    came = observed.event_result(sha)
    assert came.outcome == "found"
    assert len(observed.runs(sha)) == 1

    before = len(gitea.history(name, sha))
    run = observed.runs(sha)[0]["metadata"]
    here.kubectl("-n", run["namespace"], "delete", "workflow", run["name"])
    here.kubectl("-n", "argosy", "delete", "workflow", event)
    page.redeliver(name, hook, delivery)
    came = observed.event_result(sha)
    assert came.outcome == "found", "the commit's statuses remember what the cluster forgot"
    assert observed.runs(sha) == []
    stays("the commit's statuses", lambda: len(gitea.history(name, sha)) - before, 3, lambda more: more == 0)


class Page:
    """Gitea's pages, as a signed-in administrator with a browser: its API has no way to redeliver."""

    def __init__(self, gitea: Gitea) -> None:
        self._url = gitea.url
        self._gitea = gitea
        self._session = requests.Session()
        user, password = f"browser-{secrets.token_hex(3)}", secrets.token_hex(12)
        gitea.ask(
            "POST",
            "/admin/users",
            {"username": user, "password": password, "email": f"{user}@example.invalid", "must_change_password": False},
        )
        gitea.ask("PATCH", f"/admin/users/{user}", {"login_name": user, "source_id": 0, "admin": True})
        self._post("/user/login", {"user_name": user, "password": password})

    def deliveries(self, name: str, hook: int) -> list[str]:
        """The ids of the hook's deliveries, the newest first."""
        return re.findall(r"/settings/hooks/\d+/replay/([0-9a-f-]{36})", self._get(f"/{name}/settings/hooks/{hook}"))

    def delivery_text(self, name: str, hook: int, delivery: str) -> str:
        """What the page says of one delivery."""
        page = self._get(f"/{name}/settings/hooks/{hook}")
        return page[page.index(delivery) :] if delivery in page else ""

    def redeliver(self, name: str, hook: int, delivery: str) -> None:
        """The button."""
        self._post(f"/{name}/settings/hooks/{hook}/replay/{delivery}", {})

    def _get(self, path: str) -> str:
        answer = self._session.get(self._url + path, timeout=30)
        answer.raise_for_status()
        return answer.text

    def _post(self, path: str, form: dict[str, Any]) -> None:
        token = self._session.cookies.get("_csrf") or self._csrf()
        answer = self._session.post(self._url + path, data={**form, "_csrf": token}, timeout=30, allow_redirects=False)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code, answer.text[:300])

    def _csrf(self) -> str:
        self._session.get(f"{self._url}/user/login", timeout=30)
        return str(self._session.cookies.get("_csrf") or "")
