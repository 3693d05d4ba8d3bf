"""`argosy render`: what it writes, what it leaves alone, and when it fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from generator.commands.render import render

if TYPE_CHECKING:
    import pathlib

    from typer.testing import Result

PLATFORM = """\
version: 1
images:
  argosy: localhost/argosy/argosy:dev
  checkout: localhost/argosy/checkout:dev
forges:
  work:
    kind: gitea
    url: https://git.example
    hook: {url: https://ci.example/work, secret: {name: forge-work, key: hook}}
    read: {token: {name: forge-work-read, key: token}}
    report: {token: {name: forge-work-report, key: token}}
    repositories: ["acme/*"]
runners:
  small: {cpu: 100m, memory: 128Mi}
defaults: {runner: small, image: "debian:12", timeout: 10m}
"""
SENSOR = "argo-events/work/sensor.yaml"


class Place:
    """A folder with a platform.yaml, and the command in it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.write("platform.yaml", PLATFORM)
        self._app = typer.Typer()
        self._app.command()(render)

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def run(self, *options: str) -> Result:
        where = ["--platform", str(self.folder / "platform.yaml"), "--output", str(self.folder)]
        return CliRunner().invoke(self._app, [*where, *options])

    def files(self) -> set[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in found}


@pytest.fixture
def place(tmp_path: pathlib.Path) -> Place:
    return Place(tmp_path)


ARTIFACTS = "artifacts: {repository: {config-map: artifact-repositories, key: ci}, keep: 30d}\n"


def test_a_second_rendering_changes_nothing(place: Place) -> None:
    assert place.run().exit_code == 0
    again = place.run()
    assert (again.exit_code, again.stdout) == (0, "")


def test_check_is_content_with_what_was_rendered(place: Place) -> None:
    place.run()
    assert place.run("--check").exit_code == 0


def test_check_names_what_drifted_and_how(place: Place) -> None:
    place.run()
    path = place.folder / SENSOR
    path.write_text(path.read_text().replace("atLeastOnce: true", "atLeastOnce: false", 1))
    found = place.run("--check")
    assert found.exit_code == 1
    assert f"change {SENSOR}" in found.stdout
    assert "-      atLeastOnce: false" in found.stdout
    assert "atLeastOnce: false" in path.read_text()


def test_check_names_what_is_missing(place: Place) -> None:
    place.run()
    (place.folder / SENSOR).unlink()
    found = place.run("--check")
    assert (found.exit_code, f"add {SENSOR}" in found.stdout) == (1, True)


def test_files_that_are_no_longer_made_are_removed_with_their_folder(place: Place) -> None:
    place.run()
    place.write("platform.yaml", PLATFORM.replace("  work:", "  other:"))
    assert f"remove {SENSOR}" in place.run("--check").stdout
    assert place.run().exit_code == 0
    assert not (place.folder / "argo-events/work").exists()
    assert (place.folder / "argo-events/other/sensor.yaml").exists()


def test_files_of_other_people_stay(place: Place) -> None:
    place.write("deploy/kustomize/overlays/mine/kustomization.yaml", "resources: [../../base]\n")
    assert place.run().exit_code == 0
    assert place.run("--check").exit_code == 0
    assert "deploy/kustomize/overlays/mine/kustomization.yaml" in place.files()


def test_a_file_of_somebody_else_in_the_way_is_not_overwritten(place: Place) -> None:
    place.write(SENSOR, "mine: true\n")
    found = place.run()
    assert found.exit_code == 1
    assert "was not written by render" in found.stderr
    assert place.files() == {"platform.yaml", SENSOR}


def test_a_dry_run_writes_nothing(place: Place) -> None:
    found = place.run("--dry-run")
    assert found.exit_code == 0
    assert "add " in found.stdout
    assert place.files() == {"platform.yaml"}


def test_losses_are_told(place: Place) -> None:
    place.run()
    place.write("platform.yaml", PLATFORM.replace("  work:", "  other:"))
    assert "events that wait for it are lost" in place.run("--dry-run").stderr


def test_errors_of_the_platform_are_told_with_their_place(place: Place) -> None:
    place.write("platform.yaml", PLATFORM.replace("kind: gitea", "kind: gitae"))
    found = place.run()
    assert found.exit_code == 1
    assert "platform.yaml:7:" in found.stderr
    assert place.files() == {"platform.yaml"}


def test_the_list_names_objects_and_secrets(place: Place) -> None:
    found = place.run("--list")
    assert "  Sensor argosy/work" in found.stdout
    assert "  argosy-report/forge-work-report key token: token that writes statuses to work" in found.stdout


def test_the_list_names_what_artifacts_need(place: Place) -> None:
    assert "ConfigMaps" not in place.run("--list").stdout
    place.write("platform.yaml", PLATFORM + ARTIFACTS)
    found = place.run("--list").stdout
    assert "ConfigMaps that must exist:\n  argosy-runs-default/artifact-repositories key ci: " in found
    assert "  caches/* goes 30 days after it was stored" in found
    assert "-untrusted/artifact-repositories" not in found


def test_the_list_for_programs(place: Place) -> None:
    found = json.loads(place.run("--list", "--format", "json").stdout)
    assert {"kind": "Sensor", "namespace": "argosy", "name": "work"} in found["objects"]
    assert [need["name"] for need in found["secrets"]] == ["forge-work", "forge-work-read", "forge-work-report"]
    assert found["config-maps"] == found["bucket-rules"] == []


def test_the_list_of_what_artifacts_need_for_programs(place: Place) -> None:
    place.write("platform.yaml", PLATFORM + ARTIFACTS)
    found = json.loads(place.run("--list", "--format", "json").stdout)
    assert [(need["namespace"], need["name"], need["key"]) for need in found["config-maps"]] == [
        ("argosy-runs-default", "artifact-repositories", "ci")
    ]
    assert found["bucket-rules"] == [{"prefix": "artifacts/", "days": 30}, {"prefix": "caches/", "days": 30}]
