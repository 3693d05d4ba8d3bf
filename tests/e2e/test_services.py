"""Services as they run: reached by their names, ready before the first step, and told of where they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.cluster import BUSYBOX_IMAGE
from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
HOSTILE = "{{workflow.name}} {{=1+1}} {{{ $(ARGO_NODE_ID) $(TITLE) $$ ${HOME} 'x' \\"
SERVICES = f"""\
defaults: {{image: {BUSYBOX_IMAGE}}}
jobs:
  test:
    env: {{SEEN: by-the-job}}
    services:
      web:
        image: {BUSYBOX_IMAGE}
        env:
          TITLE: &hostile |-
            {HOSTILE}
        args:
          - sh
          - -c
          - |
            trap exit TERM
            mkdir /tmp/web
            printf '%s\\n' "$TITLE" "$1" "${{SEEN-none of the job}}" >/tmp/web/texts
            httpd -p 8080 -h /tmp/web
            sleep 2
            echo now >/tmp/web/ready
            sleep 600 & wait
          - sh
          - *hostile
        port: 8080
        ready: {{http: /ready}}
        alias: [www, www.example]
      db:
        image: {BUSYBOX_IMAGE}
        args: [sh, -c, "trap exit TERM; sleep 3; touch /tmp/up; sleep 600 & wait"]
        env: {{A: x}}
        ready: test -e /tmp/up && test '{{{{=1+1}}}}' = "{{{{=1""+1}}}}" && test '$(A)' = '$''(A)'
      nightly: {{image: localhost/no/such:1, if: event == 'schedule', port: 8080}}
    steps:
      - run: |
          for name in web www www.example localhost; do wget -qO- http://$name:8080/ready; done
          wget -qO- http://web:8080/texts
"""


def test_services_are_ready_by_their_names_and_their_texts_are_as_they_were_written(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("services")
    sha = copy.commit({"ci.yaml": SERVICES})
    copy.push()
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", "argosy/push/test"})
    log = observed.log(observed.job_pod(observed.finished_run(sha), "test"))
    assert {status.state for status in statuses.values()} == {"success"}, log
    assert f"[1/1] step 1\nnow\nnow\nnow\nnow\n{HOSTILE}\n{HOSTILE}\nnone of the job\n" in log


TROUBLE = f"""\
defaults: {{image: {BUSYBOX_IMAGE}}}
jobs:
  silent:
    timeout: 15s
    services:
      web: {{image: {BUSYBOX_IMAGE}, args: [sh, -c, "trap 'exit 2' TERM; sleep 600 & wait"], port: 8080}}
    run: echo never
  command:
    timeout: 15s
    services:
      db: {{image: {BUSYBOX_IMAGE}, args: [sh, -c, "trap exit TERM; sleep 600 & wait"], ready: echo slow; false}}
    run: echo never
  died:
    services:
      db: {{image: {BUSYBOX_IMAGE}, args: [sh, -c, "sleep 8; exit 5"]}}
    run: sleep 15; exit 7
"""


def test_a_status_and_the_log_say_which_service_is_not_ready_or_ended_and_why(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    name, copy = new_project("trouble")
    sha = copy.commit({"ci.yaml": TROUBLE})
    copy.push()
    jobs = {f"argosy/push/{job}" for job in ("silent", "command", "died")}
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *jobs})
    assert {context: (status.state, status.description) for context, status in statuses.items() if context in jobs} == {
        "argosy/push/silent": ("failure", "service 'web' is not ready: nothing answers on port 8080 (ci.yaml:3)"),
        "argosy/push/command": ("failure", "service 'db' is not ready: its command does not succeed (ci.yaml:8)"),
        "argosy/push/died": (
            "failure",
            "step 1 failed with exit code 7 (ci.yaml:16); service 'db' ended with exit code 5",
        ),
    }
    run = observed.finished_run(sha)
    silent, command = (observed.log(observed.job_pod(run, job)) for job in ("silent", "command"))
    assert "==> not started: service web is not ready: nothing listens on port 8080\n" in silent
    assert "==> not started: service db is not ready: its command does not succeed: slow\n" in command
    assert "never" not in silent + command


ENDS = f"""\
defaults: {{image: {BUSYBOX_IMAGE}}}
jobs:
  ends: {{services: {{db: {{image: {BUSYBOX_IMAGE}, args: [sh, -c, exit 3]}}}}, run: echo never}}
  missing: {{services: {{db: {{image: "localhost/no/such:1"}}}}, run: echo never}}
"""


def test_a_service_that_ends_at_once_or_does_not_come_is_told_while_the_job_waits_for_it(
    new_project: NewProject, gitea: Gitea, observed: Observed, here: Cluster
) -> None:
    name, copy = new_project("ends")
    sha = copy.commit({"ci.yaml": ENDS})
    copy.push()

    def told(job: str, beginning: str) -> None:
        context = f"argosy/push/{job}"

        def look() -> bool:
            status = gitea.statuses(name, sha).get(context)
            return status is not None and status.description.startswith(beginning)

        until(f"{context}: {beginning}", look)

    told("ends", "service 'db' ended with exit code 3")
    told("missing", "service 'db' does not start: ")
    run = observed.runs(sha)[0]["metadata"]
    here.kubectl(
        *("-n", run["namespace"], "patch", "workflow", run["name"], "--type=merge"),
        *("--patch", '{"spec": {"shutdown": "Terminate"}}'),
    )
    observed.finished_run(sha)
