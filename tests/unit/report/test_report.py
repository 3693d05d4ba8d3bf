from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import result
from generator.events.event import to_json
from generator.forges.forge import CommitStatus
from generator.language.model import When as LanguageWhen
from generator.platform.model import Platform, Report
from generator.report import slots
from generator.report.report import report, run_slot
from generator.report.slots import Slot, When
from generator.report.view import read
from tests.unit.report.workflows import EARLY, EVENT, LATEST, RUN, event_workflow, job, node, push_payload, run
from tests.unit.samples import FORGE, PLATFORM, SHA, platform, pull_request, push

TWO = (job("test", "build", "unit tests", line=12), job("deploy"))


def told(raw: dict[str, Any], given: Platform = PLATFORM) -> dict[str, str]:
    """Context -> `state: description`, with the condition where there is one."""
    view = read(raw)
    assert view is not None
    said = {}
    for one in report(view, given):
        assert isinstance(one.status, CommitStatus)
        condition = "" if one.when is When.ALWAYS else f" [{one.when.value}]"
        said[one.slot.context] = f"{one.status.state}: {one.status.description}{condition}"
    return said


def matrix_run(phase: str, ended: dict[str, str], allowed: str = "") -> dict[str, Any]:
    """A run of one job with an axis `n`: how each value's combination ended, and the value whose may fail.

    One that fails does so with the number of its place among them as its exit code.
    """
    jobs = tuple(
        dataclasses.replace(job("test", allow_failure=value == allowed), id=f"test[n={value}]") for value in ended
    )
    nodes = (
        node(f"job-test[n={value}]", how, said=f'{{"step":1,"code":{code}}}')
        for code, (value, how) in enumerate(ended.items(), 1)
    )
    return run(phase, jobs, tuple(nodes))


def came(outcome: str, why: str = "", **fields: Any) -> result.Result:
    fields.setdefault("event", to_json(push()))
    return result.Result(outcome, why, **fields)


class TestRun:
    def test_before_argo_looks_at_it_a_run_waits_and_its_jobs_say_nothing(self) -> None:
        assert told(run()) == {"argosy/push": "pending: waiting to start"}

    def test_a_run_that_waits_for_its_turn_says_what_argo_says(self) -> None:
        raw = run("Pending", message="Workflow processing has been postponed")
        assert told(raw) == {"argosy/push": "pending: waiting: Workflow processing has been postponed"}

    def test_a_run_that_waits_for_its_group_says_so(self) -> None:
        raw = run("Pending", message="Waiting for argosy-runs-default/Mutex/group-0v lock. Lock status: 0/1")
        assert told(raw) == {"argosy/push": "pending: waiting for another run of its group"}

    def test_a_job_that_waits_for_its_lock_says_so(self) -> None:
        waits = node(
            "job-test", "Pending", message="Waiting for argosy-runs-default/Mutex/lock-0v lock. Lock status: 0/1"
        )
        assert told(run("Running", nodes=(waits,))) == {
            "argosy/push": "pending: running: 1 job",
            "argosy/push/test": "pending: waiting for its lock",
        }

    def test_a_superseded_run_says_that_a_newer_one_is_there(self) -> None:
        stopped = node("job-test", "Failed", message="workflow shutdown with strategy:  Terminate")
        assert told(run("Failed", nodes=(stopped,), shutdown="Terminate", superseded=True)) == {
            "argosy/push": "error: cancelled: a newer run of its group",
            "argosy/push/test": "error: cancelled",
        }
        waiting = run("Pending", superseded=True)
        assert told(waiting) == {"argosy/push": "error: cancelled: a newer run of its group"}

    def test_of_a_cancelled_run_a_job_that_waited_is_cancelled_too_unless_it_could_not_have_run(self) -> None:
        for message, said in (
            ("workflow shutdown with strategy:  Terminate", "cancelled"),
            ("main: Error (exit code 3)", "not run: a job that it needs did not succeed"),
        ):
            nodes = (node("job-test", "Failed", message=message), node("job-deploy", "Omitted"))
            assert told(run("Failed", TWO, nodes, shutdown="Terminate"))["argosy/push/deploy"] == f"error: {said}"

    def test_a_superseded_run_that_has_begun_is_told_once_it_has_ended(self) -> None:
        raw = run("Running", nodes=(node("job-test", "Running"),), shutdown="Terminate", superseded=True)
        assert told(raw)["argosy/push"] == "pending: being cancelled"

    def test_a_running_job_is_told_and_a_waiting_one_is_not(self) -> None:
        nodes = (node("job-test", "Running"), node("job-deploy", "Pending"))
        assert told(run("Running", TWO, nodes)) == {
            "argosy/push": "pending: running: 2 jobs",
            "argosy/push/test": "pending: running",
        }

    def test_success(self) -> None:
        nodes = (node("job-test", "Succeeded"), node("job-deploy", "Succeeded"))
        assert told(run("Succeeded", TWO, nodes, startedAt=EARLY, finishedAt=LATEST)) == {
            "argosy/push": "success: 2 jobs succeeded in 42 s",
            "argosy/push/test": "success: succeeded",
            "argosy/push/deploy": "success: succeeded",
        }

    def test_a_failure_names_job_step_exit_code_and_line(self) -> None:
        nodes = (node("job-test", "Failed", said='{"step":2,"code":3}'), node("job-deploy", "Omitted"))
        said = "step 2 'unit tests' failed with exit code 3 (ci.yaml:12)"
        assert told(run("Failed", TWO, nodes)) == {
            "argosy/push": f"failure: test: {said}",
            "argosy/push/test": f"failure: {said}",
            "argosy/push/deploy": "error: not run: a job that it needs did not succeed",
        }

    def test_a_skipped_job_is_told_from_the_start_with_the_reason(self) -> None:
        """A forge that requires its status would wait for ever."""
        jobs = (job("test"), job("docs", skipped="`if` is false: changed('docs/**')"))
        skipped = {"argosy/push/docs": "success: skipped: `if` is false: changed('docs/**')"}
        assert told(run(jobs=jobs)) == {"argosy/push": "pending: waiting to start", **skipped}
        nodes = (node("job-test", "Succeeded"),)
        assert told(run("Succeeded", jobs, nodes, startedAt=EARLY, finishedAt=LATEST)) == {
            "argosy/push": "success: 1 job succeeded, 1 skipped in 42 s",
            "argosy/push/test": "success: succeeded",
            **skipped,
        }

    def test_a_job_that_may_fail_fails_in_words_alone(self) -> None:
        jobs = (job("lint", allow_failure=True), job("test"))
        nodes = (node("job-lint", "Failed", said='{"step":1,"code":3}'), node("job-test", "Succeeded"))
        assert told(run("Succeeded", jobs, nodes, startedAt=EARLY, finishedAt=LATEST)) == {
            "argosy/push": "success: 1 job succeeded in 42 s; failure (allowed): lint",
            "argosy/push/lint": "success: failure (allowed): step 1 failed with exit code 3 (ci.yaml:7)",
            "argosy/push/test": "success: succeeded",
        }

    def test_a_job_that_may_fail_is_not_among_those_that_a_run_failed_for(self) -> None:
        jobs = (job("lint", allow_failure=True), job("test"))
        nodes = (
            node("job-lint", "Error", message="pod deleted"),
            node("job-test", "Failed", said='{"step":1,"code":3}'),
        )
        said = told(run("Failed", jobs, nodes))
        assert said["argosy/push"] == "failure: test: step 1 failed with exit code 3 (ci.yaml:7)"
        assert said["argosy/push/lint"] == "success: failure (allowed): pod deleted"

    def test_a_denied_job_that_may_fail_is_an_allowed_failure(self) -> None:
        denied = job("publish", allow_failure=True, denied="secret 'TOKEN' is not granted to this run")
        nodes = (node("job-publish", "Error"),)
        assert told(run("Succeeded", (job("test"), denied), (*nodes, node("job-test", "Succeeded")))) == {
            "argosy/push": "success: 1 job succeeded; failure (allowed): publish",
            "argosy/push/test": "success: succeeded",
            "argosy/push/publish": "success: failure (allowed): secret 'TOKEN' is not granted to this run (ci.yaml:7)",
        }

    def test_a_job_that_may_fail_is_cancelled_like_any_other(self) -> None:
        nodes = (node("job-lint", "Failed", message="workflow shutdown with strategy: Stop"),)
        said = told(run("Failed", (job("lint", allow_failure=True),), nodes, shutdown="Stop"))
        assert said == {"argosy/push": "error: cancelled", "argosy/push/lint": "error: cancelled"}

    def test_a_job_for_failure_is_left_out_of_a_good_run_and_so_is_what_needs_it(self) -> None:
        jobs = (job("test"), job("alarm", when=LanguageWhen.FAILURE), job("after"))
        nodes = (node("job-test", "Succeeded"), node("job-alarm", "Omitted"), node("job-after", "Omitted"))
        assert told(run("Succeeded", jobs, nodes)) == {
            "argosy/push": "success: 1 job succeeded",
            "argosy/push/test": "success: succeeded",
            "argosy/push/alarm": "success: not run: nothing that it waits for has failed",
            "argosy/push/after": "success: not run: a job that it needs was not run",
        }

    def test_a_failed_attempt_is_no_failure_while_argo_tries_again(self) -> None:
        nodes = (node("job-test(0)", "Failed"), node("job-test", "Running", type="Retry"))
        assert told(run("Running", TWO, nodes))["argosy/push/test"] == "pending: running"

    def test_several_failures_are_counted_and_named(self) -> None:
        nodes = (
            node("job-test", "Failed", said='{"step":1,"code":1}'),
            node("job-deploy", "Error", message="pod deleted"),
        )
        said = told(run("Failed", TWO, nodes))
        assert said["argosy/push"] == "failure: 2 of 2 jobs failed: test, deploy"
        assert said["argosy/push/deploy"] == "error: pod deleted"

    def test_what_is_not_the_jobs_fault_is_an_error(self) -> None:
        nodes = (node("job-test", "Failed", message="checkout: Error (exit code 1): checkout: no such commit"),)
        assert told(run("Failed", nodes=nodes))["argosy/push"] == "error: test: checkout: no such commit"

    def test_a_run_that_argo_refuses_says_why(self) -> None:
        assert told(run("Failed", message="invalid spec: no")) == {
            "argosy/push": "error: invalid spec: no",
            "argosy/push/test": "error: did not finish [if open]",
        }

    def test_a_cancelled_run_is_never_green(self) -> None:
        assert told(run("Succeeded", shutdown="Terminate"))["argosy/push"] == "error: cancelled"

    def test_a_cancelled_jobs_end_is_not_its_failure(self) -> None:
        nodes = (
            node("job-test", "Failed", message="workflow shutdown with strategy: Stop"),
            node("job-deploy", "Succeeded"),
        )
        assert told(run("Failed", TWO, nodes, shutdown="Stop")) == {
            "argosy/push": "error: cancelled",
            "argosy/push/test": "error: cancelled",
            "argosy/push/deploy": "success: succeeded",
        }

    def test_a_run_that_ended_well_without_running_anything_is_not_green(self) -> None:
        assert told(run("Succeeded"))["argosy/push"] == "error: ended without having run a job"

    def test_nodes_that_argo_keeps_elsewhere_do_not_make_a_good_run_bad(self) -> None:
        assert told(run("Succeeded", offloadNodeStatusVersion="a:1"))["argosy/push"] == "success: 1 job succeeded"

    def test_a_job_that_was_running_when_the_run_ended_does_not_stay_pending(self) -> None:
        said = told(run("Error", nodes=(node("job-test", "Running"),), message="deadline"))
        assert said["argosy/push/test"] == "error: did not finish [if open]"

    def test_combinations_of_a_job_share_one_status(self) -> None:
        both = tuple(dataclasses.replace(job("test"), id=f"test[go={version}]") for version in ("1.25", "1.26"))
        nodes = (
            node("job-test[go=1.25]", "Succeeded"),
            node("job-test[go=1.26]", "Failed", said='{"step":1,"code":1}'),
        )
        said = told(run("Failed", both, nodes))
        assert (
            said["argosy/push/test"]
            == "failure: 1 of 2 failed: test[go=1.26]: step 1 failed with exit code 1 (ci.yaml:7)"
        )

    def test_of_combinations_those_that_failed_are_named_though_they_may(self) -> None:
        said = told(matrix_run("Succeeded", {"1": "Succeeded", "2": "Failed"}, allowed="2"))
        assert (
            said["argosy/push/test"]
            == "success: failure (allowed): 1 of 2 failed: test[n=2]: step 1 failed with exit code 2 (ci.yaml:7)"
        )

    def test_of_combinations_those_that_may_not_fail_come_first(self) -> None:
        said = told(matrix_run("Failed", {"1": "Failed", "2": "Failed", "3": "Succeeded"}, allowed="1"))
        assert (
            said["argosy/push/test"]
            == "failure: 2 of 3 failed: test[n=2], test[n=1]: step 1 failed with exit code 2 (ci.yaml:7)"
        )

    def test_as_many_combinations_are_named_as_leave_room_for_the_reason(self) -> None:
        long = [f"{number}{'-long' * 6}" for number in range(4)]
        said = told(matrix_run("Failed", dict.fromkeys(long, "Failed")))
        assert (
            said["argosy/push/test"]
            == f"failure: 4 of 4 failed: test[n={long[0]}], ...: step 1 failed with exit code 1 (ci.yaml:7)"
        )

    def test_a_pull_requests_statuses_are_not_the_pushs(self) -> None:
        said = told(run("Running", nodes=(node("job-test", "Running"),), event=pull_request()))
        assert set(said) == {"argosy/pull_request", "argosy/pull_request/test"}

    def test_every_status_leads_to_the_run(self) -> None:
        view = read(run("Running", nodes=(node("job-test", "Running"),)))
        assert view is not None
        assert {one.status.url for one in report(view, PLATFORM)} == {
            f"https://argo.example/workflows/argosy-runs-default/{RUN}"
        }


class TestJobsMode:
    MIXED = run(
        "Failed", TWO, (node("job-test", "Failed", said='{"step":1,"code":1}'), node("job-deploy", "Succeeded"))
    )

    @pytest.mark.parametrize(
        ("mode", "contexts"),
        [
            ("all", {"argosy/push", "argosy/push/test", "argosy/push/deploy"}),
            ("failed-and-required", {"argosy/push", "argosy/push/test"}),
            ("none", {"argosy/push"}),
        ],
    )
    def test_the_operator_chooses_which_jobs_are_told(self, mode: str, contexts: set[str]) -> None:
        assert set(told(self.MIXED, platform(report=Report(mode, "")))) == contexts

    @pytest.mark.parametrize(
        ("kind", "url", "number"),
        [
            ("gitea", "https://git.example", 3),
            ("github", "https://github.com", 2),
            ("github", "https://ghe.example", 3),
        ],
    )
    def test_github_com_gets_fewer_by_default(self, kind: str, url: str, number: int) -> None:
        forge = dataclasses.replace(FORGE, kind=kind, url=url)
        assert len(told(self.MIXED, platform(forges=(forge,), report=Report("", "")))) == number


class TestEvent:
    def test_a_fresh_event_is_being_planned(self) -> None:
        assert told(event_workflow()) == {"argosy/push": "pending: planning [unless final]"}

    @pytest.mark.parametrize(
        "given",
        [
            platform(paused=True),
            platform(forges=()),
            platform(forges=(dataclasses.replace(FORGE, repositories=("other/*",)),)),
        ],
    )
    def test_nothing_is_said_of_what_the_platform_does_not_serve(self, given: Platform) -> None:
        assert told(event_workflow(), given) == {}

    def test_a_deleted_branch_shows_nowhere(self) -> None:
        assert told(event_workflow(payload=push_payload("0" * 40))) == {}

    def test_an_event_that_starts_nothing_shows_nowhere(self) -> None:
        assert told(event_workflow(event_type="fork")) == {}

    def test_errors_of_ci_yaml_are_told_with_their_place(self) -> None:
        why = "ci.yaml:12:13: error: unknown runner 'larg' [unknown-runner]"
        assert told(event_workflow("Succeeded", came(result.INVALID, why))) == {"argosy/push": f"error: {why}"}

    def test_nothing_to_run_is_a_success_with_its_reason(self) -> None:
        assert told(event_workflow("Succeeded", came(result.NOTHING, "no ci.yaml at this commit"))) == {
            "argosy/push": "success: no ci.yaml at this commit"
        }

    def test_a_refusal_is_a_failure_but_not_over_an_earlier_result(self) -> None:
        assert told(event_workflow("Succeeded", came(result.REFUSED, "forks are not run"))) == {
            "argosy/push": "failure: forks are not run [unless final]"
        }

    def test_an_event_that_turned_out_to_be_nothing_only_ends_what_was_begun(self) -> None:
        assert told(event_workflow("Succeeded", came(result.IGNORED, "branch 'x' is gone", event=None))) == {
            "argosy/push": "error: not run: branch 'x' is gone [if open]"
        }

    def test_a_started_run_speaks_for_itself_and_is_missed_after_a_minute(self) -> None:
        view = read(event_workflow("Succeeded", came(result.STARTED, run=RUN), finishedAt=LATEST))
        assert view is not None
        (only,) = report(view, PLATFORM)
        assert isinstance(only.status, CommitStatus)
        assert (only.when, only.status.description) == (When.IF_OPEN, f"the run {RUN} is gone")
        assert only.after - slots_time(LATEST) == 60

    @pytest.mark.parametrize(
        ("raw", "said"),
        [
            (event_workflow("Failed", message="deadline"), "could not plan: deadline"),
            (event_workflow("Succeeded"), "could not plan: the expander left no result"),
            (event_workflow("Succeeded", shutdown="Terminate"), "could not plan: it was cancelled"),
        ],
    )
    def test_an_expander_that_gave_up_is_an_error(self, raw: dict[str, Any], said: str) -> None:
        assert told(raw) == {"argosy/push": f"error: {said} [unless final]"}

    def test_what_the_forge_said_counts_more_than_what_the_payload_claimed(self) -> None:
        moved = to_json(push(sha="d" * 40))
        view = read(event_workflow("Succeeded", came(result.NOTHING, "skipped", event=moved)))
        assert view is not None
        confirmed, claimed = report(view, PLATFORM)
        assert isinstance(confirmed.status, CommitStatus)
        assert (confirmed.slot.sha, confirmed.status.state) == ("d" * 40, "success")
        assert (claimed.slot.sha, claimed.when) == (SHA, When.IF_OPEN)

    def test_a_tag_shows_nothing_before_the_forge_has_said_which_commit_it_is_of(self) -> None:
        """The payload of an annotated tag has the tag's own object, at which Gitea shows what its commit is to show."""
        payload = {**push_payload(), "ref": "refs/tags/v1"}
        assert told(event_workflow("Running", payload=payload)) == {}
        found = to_json(push(kind="tag", branch="", tag="v1", object_sha=SHA, sha="d" * 40))
        view = read(event_workflow("Succeeded", came(result.NOTHING, "skipped", event=found), payload=payload))
        assert view is not None
        (only,) = report(view, PLATFORM)
        assert (only.slot.sha, only.slot.context) == ("d" * 40, "argosy/tag")
        gave_up = event_workflow("Failed", message="deadline", payload=payload)
        assert told(gave_up) == {"argosy/tag": "error: could not plan: deadline [unless final]"}

    def test_until_there_is_a_run_the_status_leads_to_the_event(self) -> None:
        view = read(event_workflow())
        assert view is not None
        assert report(view, PLATFORM)[0].status.url.endswith(f"/argosy/{EVENT}")


def slots_time(text: str) -> float:
    view = read(event_workflow(finishedAt=text, created=text))
    assert view is not None
    return view.origin.created


@given(st.text(max_size=400))
def test_a_description_is_one_line_that_every_forge_takes(text: str) -> None:
    shown = slots.status("argosy/push", "error", text, "").description
    assert len(shown) <= 140
    assert shown.isprintable()


def test_a_jobs_slot_belongs_to_its_runs() -> None:
    of_job = Slot("work", "acme/app", SHA, "argosy/pull_request/a/b")
    assert run_slot(of_job).context == "argosy/pull_request"
    assert run_slot(run_slot(of_job)) == run_slot(of_job)


def test_a_checkout_that_failed_is_told_where_argo_blames_a_service() -> None:
    nodes = (
        node("job-test", "Failed", message="service-db: Error (exit code 2)"),
        node("job-test.checkout", "Failed", message="checkout: Error (exit code 1): checkout: the forge refuses it"),
        node("job-test.main", "Failed", message="main: Error (exit code 64): "),
    )
    said = told(run("Failed", (job("test"),), nodes))
    assert said["argosy/push/test"] == "error: checkout: the forge refuses it"


def test_a_job_that_was_stopped_is_not_called_a_services_failure() -> None:
    stopped = '{"step":1,"code":143,"reason":"stopped"}'
    nodes = (
        node("job-test", "Failed", message="service-db: Error (exit code 2)", said=stopped),
        node("job-test.main", "Failed", message="main: Error (exit code 143): "),
    )
    said = told(run("Failed", (job("test"),), nodes))
    assert said["argosy/push/test"] == "error: stopped from outside in step 1"
