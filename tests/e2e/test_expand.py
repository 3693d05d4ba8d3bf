"""What a laptop prints for an event is what the cluster was given for it."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.e2e.conftest import Project
from tests.e2e.installation import CHECKOUT, PLATFORM_FILE

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.e2e.observed import Observed

NewProject = Callable[..., Project]
DIGEST = "argosy.dev/digest"


def test_expand_prints_the_object_that_the_expander_created(
    new_project: NewProject, observed: Observed, tmp_path: pathlib.Path
) -> None:
    _, copy = new_project("expanded")
    ci = (CHECKOUT / "examples/repositories/greeting/ci.yaml").read_bytes()
    sha = copy.commit({"ci.yaml": ci, "names.txt": "Ada\n"}, "a message with {{workflow.name}} and 🚀")
    copy.push()
    run = observed.finished_run(sha)

    event = tmp_path / "event.json"
    event.write_bytes(base64.b64decode(run["metadata"]["annotations"]["argosy.dev/event"]))
    printed = _expanded(copy.folder / "ci.yaml", event)
    # The digest is of the whole object as it was made; Argo has since put its own labels and empty fields into it.
    assert printed["metadata"]["annotations"][DIGEST] == run["metadata"]["annotations"][DIGEST]
    assert list(missing(printed, run)) == []


def missing(part: Any, whole: Any, path: str = "") -> Iterator[str]:
    """What of `part` is not in `whole`, or is another value there."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for key, value in part.items():
            yield from missing(value, whole.get(key), f"{path}.{key}")
    elif isinstance(part, list) and isinstance(whole, list) and len(part) == len(whole):
        for index, value in enumerate(part):
            yield from missing(value, whole[index], f"{path}[{index}]")
    elif part != whole:
        yield f"{path}: {part!r}, not {whole!r}"


@pytest.mark.parametrize("change", ["x: 1\n", "jobs: {}\n"])
def test_expand_refuses_what_the_expander_refuses(change: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "ci.yaml").write_text(change)
    (tmp_path / "event.json").write_text('{"forge": "work", "kind": "push", "repository": "demo/x", "branch": "main"}')
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _expanded(tmp_path / "ci.yaml", tmp_path / "event.json")
    assert refused.value.returncode == 1


def _expanded(ci: pathlib.Path, event: pathlib.Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "generator", "expand", str(ci), "--event", str(event)]
    done = subprocess.run(
        [*command, "--platform", str(PLATFORM_FILE)], check=True, capture_output=True, text=True, cwd=CHECKOUT
    )
    printed: dict[str, Any] = yaml.safe_load(done.stdout)
    return printed
