"""What people write is never read as anything else: not by Argo, not by Kubernetes, not by a shell on the way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
NASTY = (
    "{{workflow.name}} {{=1+1}} {{inputs.parameters.x}} {{= $(id) $(CI_SHA) ${HOME} `id` "
    "\"double\" 'single' \\ 🚀 ünï {{ unclosed"
)
BRANCH = "topic/{{workflow.name}}-{{=1+1}}-$(id)-'quoted'-🚀"
SCRIPT = f"""cat <<'END_OF_TEXT'
{NASTY}
\ttab and trailing space\x20
END_OF_TEXT
printf '%s' "$VALUE" | base64 | tr -d '\\n'; echo " value"
printf '%s' "$CI_BRANCH" | base64 | tr -d '\\n'; echo " branch"
"""


def quoted(text: str) -> str:
    """A YAML double-quoted scalar."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def test_commit_message_branch_script_and_values_arrive_as_written(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("verbatim")
    value = NASTY + "\nsecond line\n\n"
    ci = f"on: {{push: {{}}}}\njobs:\n  one:\n    env: {{VALUE: {quoted(value)}}}\n    steps:\n"
    ci += f"      - name: {quoted('step {{workflow.name}} $(id) 🚀')}\n        run: {quoted(SCRIPT)}\n"
    sha = copy.commit({"ci.yaml": ci}, f"{NASTY}\n\n{NASTY}")
    copy.push(f"HEAD:refs/heads/{BRANCH}")

    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/one"})
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    log = observed.log(observed.job_pod(observed.finished_run(sha), "one"))
    assert f"{NASTY}\n\ttab and trailing space \n" in log
    assert f"{base64.b64encode(value.encode()).decode()} value" in log
    assert f"{base64.b64encode(BRANCH.encode()).decode()} branch" in log
    assert "step {{workflow.name}} $(id) 🚀" in log
