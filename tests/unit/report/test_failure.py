from __future__ import annotations

import pytest

from generator.manifests.metadata import JobNote
from generator.report.failure import failure
from generator.report.view import TaskView


def told(
    result: str = "",
    message: str = "",
    denied: str = "",
    steps: tuple[str, ...] = ("build", "unit tests"),
    trouble: str = "",
    lines: tuple[int, ...] = (),
    files: tuple[str, ...] = (),
) -> str:
    note = JobNote("test", "test", "job-test", 12, "", denied, steps, lines=lines, files=files)
    found = failure(TaskView(note, "Failed", message, result, trouble))
    return found.text if found.own else f"not the job's: {found.text}"


def test_a_failing_step_is_named_with_its_exit_code_and_the_jobs_line() -> None:
    assert told('{"step":2,"code":3}') == "step 2 'unit tests' failed with exit code 3 (ci.yaml:12)"


def test_the_step_runner_is_believed_where_argo_blames_a_service() -> None:
    assert told('{"step":1,"code":3}', "db: Error (exit code 2)").startswith("step 1 'build' failed with exit code 3")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("timed-out", "step 2 'unit tests' timed out (ci.yaml:12)"),
        ("job-timed-out", "timed out in step 2 'unit tests' (ci.yaml:12)"),
        ("no-shell", "step 2 'unit tests' asks for a program that the image does not have (ci.yaml:12)"),
        ("no-folder", "step 2 'unit tests' has a working-directory that is not there (ci.yaml:12)"),
        ("bad-variables", "step 2 'unit tests' wrote to CI_ENV what is no variable (ci.yaml:12)"),
        ("stopped", "not the job's: stopped from outside in step 2 'unit tests'"),
        ("of-a-later-version", "not the job's: failed: of-a-later-version"),
    ],
)
def test_a_step_that_did_not_come_to_its_own_end_says_why(reason: str, said: str) -> None:
    assert told(f'{{"step":2,"code":124,"reason":"{reason}"}}', "main: Error (exit code 124)") == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("The node was low on resource: memory.", "not the job's: The node was low on resource: memory."),
        ("Pod was active on the node longer than the specified deadline", "timed out (ci.yaml:12)"),
        ("main: Error (exit code 143)", "not the job's: stopped from outside in step 1 'build'"),
        ("", "not the job's: stopped from outside in step 1 'build'"),
    ],
)
def test_why_a_pod_was_stopped_is_argos_to_tell_where_it_knows(message: str, said: str) -> None:
    assert told('{"step":1,"code":143,"reason":"stopped"}', message) == said


def test_a_step_without_a_name_is_told_by_its_place_in_the_file() -> None:
    assert told('{"step":1,"code":3}', steps=("step 2", "step 3")) == "step 2 failed with exit code 3 (ci.yaml:12)"


@pytest.mark.parametrize("steps", [(), ("step 1", "step 2"), ("only one",)])
def test_a_step_without_a_name_is_told_by_its_number(steps: tuple[str, ...]) -> None:
    assert told('{"step":2,"code":3}', steps=steps) == "step 2 failed with exit code 3 (ci.yaml:12)"


def test_the_line_is_that_of_the_step_that_failed() -> None:
    failed = '{"step":2,"code":3}'
    assert told(failed, lines=(14, 17)) == "step 2 'unit tests' failed with exit code 3 (ci.yaml:17)"
    assert told('{"step":1,"code":124,"reason":"timed-out"}', lines=(14, 17)) == "step 1 'build' timed out (ci.yaml:14)"
    assert told(failed, trouble=ENDED, lines=(14, 17)).endswith(f" (ci.yaml:17); {ENDED}")


def test_a_step_of_a_template_is_told_by_the_templates_file_and_line() -> None:
    lines, files = (14, 3), ("", "ci/go.yaml")
    assert told('{"step":1,"code":3}', lines=lines, files=files).endswith(" (ci.yaml:14)")
    assert told('{"step":2,"code":3}', lines=lines, files=files).endswith(" (ci/go.yaml:3)")
    assert told('{"step":1,"code":3}', lines=(3,), files=("a\u202eb.yaml",)).endswith(r" (a\u202eb.yaml:3)")


@pytest.mark.parametrize("result", ['{"step":3,"code":3}', '{"step":-1,"code":3}'])
def test_where_no_step_of_the_file_failed_the_line_is_the_jobs(result: str) -> None:
    assert told(result, lines=(14, 17)).endswith(" (ci.yaml:12)")


def test_a_steps_name_is_one_line_of_harmless_characters() -> None:
    assert (
        told('{"step":1,"code":3}', steps=("a\n\x1b[31mb",))
        == r"step 1 'a\n\x1b[31mb' failed with exit code 3 (ci.yaml:12)"
    )


def test_a_missing_secret_is_not_the_jobs_fault() -> None:
    said = told('{"step":0,"code":1,"reason":"secret-missing"}')
    assert said == "not the job's: not started: a secret that it needs is not in the run namespace"


def test_a_denied_job_says_what_was_denied() -> None:
    denied = "secret NPM_TOKEN is not granted to pull requests"
    assert told(message="expected boolean", denied=denied, lines=(14, 17)) == f"{denied} (ci.yaml:12)"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("main: Error (exit code 3)", "failed with exit code 3 (ci.yaml:12)"),
        ("Error (exit code 3)", "failed with exit code 3 (ci.yaml:12)"),
        ("main: OOMKilled (exit code 137)", "out of memory (ci.yaml:12)"),
        ("Pod was active on the node longer than the specified deadline", "timed out (ci.yaml:12)"),
        ("db: Error (exit code 2)", "db failed with exit code 2 (ci.yaml:12)"),
        (
            "checkout: Error (exit code 1): checkout: the token was refused",
            "not the job's: checkout: the token was refused",
        ),
        ("wait: Error (exit code 64): no result", "not the job's: wait: Error (exit code 64): no result"),
        (
            "init: Error (exit code 64): artifact cache-1-1 failed to load: timed out: dial tcp: connection refused",
            "not the job's: not started: the platform's bucket gave no files: timed out: dial tcp: connection refused",
        ),
        (
            "wait: Error (exit code 64): timed out waiting for the condition: failed to put file: connection refused; ",
            "not the job's: ran, and the platform's bucket took no files: connection refused; ",
        ),
        ("pod deleted", "not the job's: pod deleted"),
        ("", "not the job's: failed, and nobody said why"),
    ],
)
def test_without_the_step_runners_word_argos_message_is_read(message: str, said: str) -> None:
    assert told(message=message) == said


@pytest.mark.parametrize("result", ["", "{", "[]", "3", "null", '{"step":"x","code":1}', '{"step":1}'])
def test_a_result_that_is_none_is_passed_over(result: str) -> None:
    assert told(result, "main: Error (exit code 3)") == "failed with exit code 3 (ci.yaml:12)"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (',"port":5432', "service 'db' is not ready: nothing answers on port 5432 (ci.yaml:12)"),
        (',"answer":503', "service 'db' is not ready: it answers 503 (ci.yaml:12)"),
        ("", "service 'db' is not ready: its command does not succeed (ci.yaml:12)"),
    ],
)
def test_a_service_that_is_not_ready_is_named_with_what_is_wrong(more: str, said: str) -> None:
    left = f'{{"step":0,"code":1,"reason":"service-not-ready","service":"db"{more}}}'
    assert told(left, "service-db: Error (exit code 2)") == said


@pytest.mark.parametrize("service", ['""', '"a\\u001bb"', "null", '["db"]', '"' + "x" * 2000 + '"'])
def test_a_job_cannot_name_a_service_that_could_not_be(service: str) -> None:
    left = f'{{"step":0,"code":1,"reason":"service-not-ready","service":{service}}}'
    assert told(left) == "not the job's: failed: service-not-ready"


ENDED = "service 'db' ended with exit code 3"


@pytest.mark.parametrize("left", ["", '{"step":0,"code":1,"reason":"service-not-ready","service":"db","port":5432}'])
def test_why_a_service_was_not_there_is_said_in_place_of_what_came_of_it(left: str) -> None:
    message = "Pod was active on the node longer than the specified deadline"
    assert told(left, message, trouble=ENDED) == f"{ENDED} (ci.yaml:12)"


def test_a_service_that_ended_is_told_behind_the_step_that_failed() -> None:
    assert told('{"step":1,"code":3}', trouble=ENDED) == f"step 1 'build' failed with exit code 3 (ci.yaml:12); {ENDED}"
