"""The golden Workflows are what Argo's linter and the API server, with Argo's full schemas, accept."""

from __future__ import annotations

import json
import pathlib
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster

WORKFLOWS = sorted((pathlib.Path(__file__).parents[1] / "golden" / "runs").glob("*/workflow.yaml"))


def test_argo_lint_finds_nothing(here: Cluster) -> None:
    done = subprocess.run(
        [here.argo_path, "lint", "--offline", *WORKFLOWS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.parent.name)
def test_the_api_server_takes_it(here: Cluster, path: pathlib.Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    # Not in a run namespace, where only the expander may create.
    workflow["metadata"]["namespace"] = "default"
    here.kubectl("create", "--dry-run=server", "--validate=strict", "-f", "-", stdin=json.dumps(workflow))
