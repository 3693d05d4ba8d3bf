"""The step runner: scripts run byte for byte in any image, and what fails says which step it was."""

from __future__ import annotations

import base64
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.language.rules import env_size
from generator.language.steps import SHELLS
from generator.planning.plan import PlannedSecret, PlannedVariable
from generator.platform.model import SecretKey
from tests.unit.checkout.conftest import SCRIPTS, Pod, changed, each, needing, payload, steps

if TYPE_CHECKING:
    from generator.planning.plan import PlannedJob

# No NUL: neither YAML nor a process' environment can hold one.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
HOSTILE = "a'b\"c\n$(id) `id` {{workflow.name}} {{=1+1}} \\ $HOME \N{PILE OF POO}\t\r\n\n"


def test_steps_run_one_after_another_in_the_workspace(pod: Pod) -> None:
    pod.lay_down(payload(steps("pwd; echo 1 >one", "cat one")))
    done = pod.run()
    assert done.returncode == 0
    assert done.stdout == f"==> [1/2] step 1\n{pod.workspace}\n==> [2/2] step 2\n1\n"
    assert pod.result == ""


def test_a_failing_step_names_itself_and_ends_the_job(pod: Pod) -> None:
    pod.lay_down(payload(steps("true", "exit 3", "echo never")))
    done = pod.run()
    assert done.returncode == 3
    assert done.stdout.endswith("==> [2/3] step 2: failed with exit code 3\n")
    assert pod.result == '{"step":2,"code":3}'


def with_variables(pod: Pod, job: PlannedJob) -> str:
    """The payload of a job that knows where to write variables."""
    return payload(job, variables={"CI_ENV": f"{pod.root}/env"})


def test_what_a_step_writes_to_ci_env_are_variables_of_later_steps(pod: Pod) -> None:
    job = each(
        s="echo A=1 >$CI_ENV; echo B=1 >>$CI_ENV; echo ${A-none}",
        s2="printf 'A=2\n\nC=no newline' >>$CI_ENV; echo $A $B",
        s3="echo $A $B $C; exit 1",
        a="echo $A $B $C",
    )
    pod.lay_down(with_variables(pod, job))
    said = [line for line in pod.run().stdout.splitlines() if not line.startswith("==>")]
    assert said == ["none", "1 1", "2 1 no newline", "2 1 no newline"]


def test_a_failing_steps_variables_reach_late_steps(pod: Pod) -> None:
    pod.lay_down(with_variables(pod, each(s="echo A=1 >>$CI_ENV; exit 3", f="echo A is $A")))
    assert "\nA is 1\n" in pod.run().stdout


def test_a_variable_from_ci_env_wins_over_the_jobs_and_the_steps_own_over_it(pod: Pod) -> None:
    job = changed(
        each(s="printf 'A=env\nB=env\n' >>$CI_ENV", s2="echo $A $B $C"), 2, env=(PlannedVariable("B", "step"),)
    )
    job = dataclasses.replace(job, env=tuple(PlannedVariable(name, "job") for name in "ABC"))
    pod.lay_down(with_variables(pod, job))
    assert "\nenv step job\n" in pod.run().stdout


def test_a_program_of_a_path_that_an_earlier_step_set_is_found(pod: Pod) -> None:
    tools = pod.folder / "tools"
    tools.mkdir()
    (tools / "lang").write_text("#!/bin/sh\necho run by lang\n")
    (tools / "lang").chmod(0o755)
    job = changed(each(s=f'echo "PATH={tools}:$PATH" >>$CI_ENV', s2="whatever"), 2, command=("lang",))
    pod.lay_down(with_variables(pod, job))
    assert "\nrun by lang\n" in pod.run().stdout


# What a line can hold: all but the characters that end one, and NUL, which no variable can have.
lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=lines
    | st.sampled_from(["$(id)", "`id`", "'; id #", "* ?", "a\\", "  a  ", "a=b=c", "\r", HOSTILE.replace("\n", "")])
)
def test_every_line_of_ci_env_comes_out_as_it_went_in(pod: Pod, value: str) -> None:
    shutil.rmtree(pod.folder)
    pod.folder.mkdir()
    job = each(s="cat given >>$CI_ENV", s2="printf '%s' \"$VALUE\" >out")
    pod.lay_down(with_variables(pod, job))
    (pod.workspace / "given").write_bytes(f"VALUE={value}\nNEXT=x\n".encode())
    assert pod.run().returncode == 0
    assert (pod.workspace / "out").read_bytes() == value.encode()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("SECRET VALUE", "is not NAME=value"),
        ("=x", "is not NAME=value (letters"),
        ("1A=x", "is not NAME=value (letters"),
        ("A-B=x", "is not NAME=value (letters"),
        ("A =x", "is not NAME=value (letters"),
        ("export A=x", "is not NAME=value (letters"),
        ("\N{LATIN CAPITAL LETTER A WITH DIAERESIS}=x", "is not NAME=value (letters"),
        ("CI_SHA=x", "sets CI_SHA, which is the run's own"),
        ("CI_STATUS=success", "sets CI_STATUS, which is the run's own"),
        ("MATRIX_GO=x", "sets MATRIX_GO, which is the run's own"),
        ("TOKEN=x", "sets TOKEN, which is a secret of this job"),
    ],
)
def test_a_line_that_is_no_variable_is_named_and_fails_its_step(pod: Pod, line: str, why: str) -> None:
    job = needing(each(s="cat given >>$CI_ENV", s2="true", a="echo $GOOD,$LATER,$TOKEN"), "OTHER", "TOKEN")
    pod.lay_down(with_variables(pod, job))
    (pod.workspace / "given").write_text(f"GOOD=1\n{line}\nLATER=1\n")
    done = pod.run({"TOKEN": "sesame", "OTHER": "x", "LC_ALL": "de_DE.UTF-8"})
    assert f"==> [1/3] s: line 2 of $CI_ENV {why}" in done.stdout
    assert "==> [1/3] s: failed: not all of $CI_ENV could be taken\n" in done.stdout
    assert "VALUE" not in done.stdout
    assert "\n1,1,sesame\n" in done.stdout
    assert (done.returncode, pod.result) == (1, '{"step":1,"code":1,"reason":"bad-variables"}')


def test_a_step_that_fails_anyway_keeps_its_own_code(pod: Pod) -> None:
    pod.lay_down(with_variables(pod, each(s="echo nothing >>$CI_ENV; exit 3")))
    assert (pod.run().returncode, pod.result) == (3, '{"step":1,"code":3}')


def test_more_than_a_step_can_be_started_with_is_refused(pod: Pod) -> None:
    most = f"A={'x' * 65_000}\n"
    job = each(s="cat given >>$CI_ENV", s2="echo ${#A}; cat given given >>$CI_ENV", a="echo still ${#A}")
    pod.lay_down(with_variables(pod, job))
    (pod.workspace / "given").write_text(most)
    done = pod.run()
    assert "\n65000\n" in done.stdout
    assert "s2: more than 131072 bytes in $CI_ENV, with what earlier steps wrote\n" in done.stdout
    assert "\nstill 65000\n" in done.stdout
    assert pod.result == '{"step":2,"code":1,"reason":"bad-variables"}'


@pytest.mark.parametrize("script", ["rm $CI_ENV", "rm $CI_ENV; mkdir -p $CI_ENV/x", "ln -sf /no/such $CI_ENV"])
def test_ci_env_is_there_again_for_the_next_step_whatever_was_done_to_it(pod: Pod, script: str) -> None:
    pod.lay_down(with_variables(pod, each(s=script, s2="echo A=1 >>$CI_ENV", s3="test $A = 1")))
    assert pod.run().returncode == 0


def test_ci_env_is_open_to_every_user_whom_a_script_may_become(pod: Pod) -> None:
    pod.lay_down(with_variables(pod, each(s="umask; ls -l $CI_ENV")))
    assert "\n-rw-rw-rw-" in pod.run().stdout


def ran(output: str) -> list[str]:
    """The titles of the steps that were started."""
    return re.findall(r"^==> \[\d+/\d+\] (\w+)$", output, re.MULTILINE)


def test_after_a_failure_late_steps_run_and_the_others_do_not(pod: Pod) -> None:
    pod.lay_down(payload(each(f0="true", s1="true", a1="true", s2="exit 3", s3="true", f1="true", a2="true")))
    done = pod.run()
    assert ran(done.stdout) == ["s1", "a1", "s2", "f1", "a2"]
    assert done.returncode == 3
    assert pod.result == '{"step":4,"code":3}'


def test_without_a_failure_no_step_runs_that_waits_for_one(pod: Pod) -> None:
    pod.lay_down(payload(each(s="true", f="true", a="true")))
    done = pod.run()
    assert ran(done.stdout) == ["s", "a"]
    assert (done.returncode, pod.result) == (0, "")


def test_the_first_failure_is_the_jobs_whatever_fails_after_it(pod: Pod) -> None:
    pod.lay_down(payload(each(s="exit 3", f="exit 4", a="exit 5")))
    done = pod.run()
    assert ran(done.stdout) == ["s", "f", "a"]
    assert (done.returncode, pod.result) == (3, '{"step":1,"code":3}')


def test_a_late_step_that_fails_alone_fails_the_job(pod: Pod) -> None:
    pod.lay_down(payload(each(s="true", a="exit 5", s2="true", f="true")))
    done = pod.run()
    assert ran(done.stdout) == ["s", "a", "f"]
    assert (done.returncode, pod.result) == (5, '{"step":2,"code":5}')


def test_a_step_that_may_fail_changes_nothing_for_the_others(pod: Pod) -> None:
    pod.lay_down(payload(each(s_may="exit 3", f="true", s="true", a='test "$CI_STATUS" = success')))
    done = pod.run()
    assert ran(done.stdout) == ["s_may", "s", "a"]
    assert "==> [1/4] s_may: failed with exit code 3, which it may\n" in done.stdout
    assert (done.returncode, pod.result) == (0, "")


def test_a_step_that_may_fail_is_not_the_one_that_is_named(pod: Pod) -> None:
    pod.lay_down(payload(each(s_may="exit 3", s="exit 4", a_may="exit 5")))
    assert pod.run().returncode == 4
    assert pod.result == '{"step":2,"code":4}'


def test_late_steps_are_told_how_the_job_stands_and_the_others_are_not(pod: Pod) -> None:
    tell = 'echo "$CI_JOB: ${CI_STATUS-unset}"'
    job = each(s=tell, a=tell, s2=f"{tell}; exit 1", f=tell, a2=tell)
    pod.lay_down(payload(job, variables={"CI_JOB": "it"}))
    said = re.findall(r"^it: (.*)$", pod.run().stdout, re.MULTILINE)
    assert said == ["unset", "success", "unset", "failure", "failure"]


def test_a_result_is_told_before_the_late_steps_too(pod: Pod) -> None:
    """They may be ended with the pod, and nothing would be left of which step it was."""
    job = each(s="exit 3", a="cat $RESULT; kill -9 0")
    pod.lay_down(payload(dataclasses.replace(job, env=(PlannedVariable("RESULT", f"{pod.root}-result"),))))
    process = subprocess.Popen(
        pod.command(), env=pod.environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    output, _ = process.communicate(timeout=30)
    assert '{"step":1,"code":3}' in output


@pytest.mark.parametrize("script", ["head -c 2000000 /dev/zero >$RESULT", 'echo \'{"step":1,"code":0}\' >$RESULT'])
@pytest.mark.parametrize(("end", "left"), [("exit 3", '{"step":1,"code":3}'), ("true", "")])
def test_the_last_word_is_the_step_runners_whatever_a_script_writes_in_its_place(
    pod: Pod, script: str, end: str, left: str
) -> None:
    pod.lay_down(payload(steps(f"{script}\n{end}", env={"RESULT": f"{pod.root}-result"})))
    pod.run()
    assert pod.result == left


def test_a_script_that_removes_everything_of_ours_fails_its_next_step_and_never_passes(pod: Pod) -> None:
    pod.lay_down(payload(steps(f"rm -rf {pod.root}", "echo never")))
    done = pod.run()
    assert done.returncode not in (0, None)
    assert "\nnever" not in done.stdout


def test_what_a_step_leaves_running_does_not_keep_the_job(pod: Pod) -> None:
    pod.lay_down(payload(steps("sleep 1000 >/dev/null 2>&1 & echo $! >child", "kill $(cat child)")))
    assert pod.run().returncode == 0


def test_a_step_that_kills_its_runner_goes_with_it_and_has_failed(pod: Pod) -> None:
    pod.lay_down(payload(steps("kill -9 $PPID; sleep 1000", "echo never")))
    done = pod.run()
    assert done.returncode == 137
    assert "\nnever" not in done.stdout
    assert pod.result == '{"step":1,"code":137}'


def test_an_end_that_was_said_and_not_heard_counts(pod: Pod) -> None:
    """The shell's `read` may lose a line that comes as its time ends: then the file beside it says how a step ended."""
    pod.lay_down(payload(steps(f"echo 7 >{pod.root}/ended; kill -9 $PPID")))
    assert (pod.run().returncode, pod.result) == (7, '{"step":1,"code":7}')


@pytest.mark.parametrize("place", ["/etc/passwd", "/etc", "/dev/zero", "nowhere"])
def test_no_other_file_says_how_a_step_ended(pod: Pod, place: str) -> None:
    pod.lay_down(payload(steps(f"rm -f {pod.root}/ended; ln -s {place} {pod.root}/ended; kill -9 $PPID; sleep 1000")))
    assert (pod.run().returncode, pod.result) == (137, '{"step":1,"code":137}')


SLOW = "trap '' TERM; sleep 1000 & sleep 1000"
PROMPT = "trap 'echo told; exit 0' TERM; while :; do sleep 1000 & wait; done"


def test_a_step_ends_with_its_timeout_and_so_does_all_that_it_has_started(pod: Pod) -> None:
    """The run waits here for everybody who could still write to its output."""
    job = changed(each(s=PROMPT, s2="true", f="true"), 1, timeout=1)
    pod.lay_down(payload(job))
    done = pod.run()
    assert "\ntold\n==> [1/3] s: timed out after 1 s\n" in done.stdout
    assert ran(done.stdout) == ["s", "f"]
    assert (done.returncode, pod.result) == (124, '{"step":1,"code":124,"reason":"timed-out"}')


def test_a_script_that_will_not_end_is_made_to(pod: Pod) -> None:
    pod.lay_down(payload(changed(steps(SLOW), 1, timeout=1)))
    pod.change_times(grace=1)
    done = pod.run()
    assert (done.returncode, pod.result) == (124, '{"step":1,"code":124,"reason":"timed-out"}')


def test_a_step_that_may_fail_may_time_out(pod: Pod) -> None:
    pod.lay_down(payload(changed(each(s_may="sleep 1000", s="true"), 1, timeout=1)))
    done = pod.run()
    assert "s_may: timed out after 1 s, which it may\n" in done.stdout
    assert ran(done.stdout) == ["s_may", "s"]
    assert (done.returncode, pod.result) == (0, "")


def test_a_step_that_ends_before_its_timeout_is_let_be(pod: Pod) -> None:
    pod.lay_down(payload(changed(steps("exit 3"), 1, timeout=86400)))
    assert pod.run().returncode == 3
    assert pod.result == '{"step":1,"code":3}'


def test_when_the_jobs_time_is_over_its_step_ends_and_late_steps_follow(pod: Pod) -> None:
    pod.lay_down(payload(each(s_may="sleep 1000", s="true", f="true", a="echo status $CI_STATUS")))
    pod.change_times(timeout=1)
    done = pod.run()
    assert "==> [1/4] s_may: the job timed out after 1 s\n" in done.stdout
    assert ran(done.stdout) == ["s_may", "f", "a"]
    assert "status failure\n" in done.stdout
    assert (done.returncode, pod.result) == (124, '{"step":1,"code":124,"reason":"job-timed-out"}')


def test_late_steps_have_one_time_together_and_no_more(pod: Pod) -> None:
    pod.lay_down(payload(each(s="exit 3", a="sleep 1000", a2="echo never")))
    # Long enough for the first step, however busy the machine is.
    pod.change_times(timeout=8, late=1)
    done = pod.run()
    assert "a: the job timed out after 8 s\n" in done.stdout
    assert "\nnever" not in done.stdout
    assert (done.returncode, pod.result) == (3, '{"step":1,"code":3}')


def test_a_late_step_may_end_after_the_jobs_time(pod: Pod) -> None:
    pod.lay_down(payload(each(a="true")))
    pod.change_times(timeout=0, late=60)
    assert (pod.run().returncode, pod.result) == (0, "")


def test_the_jobs_time_runs_from_the_checkout_on(pod: Pod) -> None:
    """An image that took that long to come leaves nothing for the first step."""
    pod.lay_down(payload(steps("echo ran", "echo ran")))
    (pod.root / "started").write_text("1000000000\n")
    done = pod.run()
    assert "\nran" not in done.stdout
    assert (done.returncode, pod.result) == (124, '{"step":1,"code":124,"reason":"job-timed-out"}')


def test_a_script_ends_at_its_first_failing_command(pod: Pod) -> None:
    pod.lay_down(payload(steps("false\necho never")))
    assert pod.run().returncode == 1
    assert pod.result == '{"step":1,"code":1}'


def test_a_missing_command_is_a_failure_of_its_step(pod: Pod) -> None:
    pod.lay_down(payload(steps("no-such-command")))
    assert pod.run().returncode == 127


@pytest.mark.parametrize("name", ["PATH", "IFS", "HOME", "OPTIND", "PS4", "LD_PRELOAD", "ENV", "SECONDS_OF_MINE"])
def test_any_variable_reaches_the_script_verbatim_and_the_runner_not_at_all(pod: Pod, name: str) -> None:
    value = "" if name == "LD_PRELOAD" else HOSTILE
    pod.lay_down(
        payload(
            steps(
                f"#!{sys.executable}\nimport os\nopen('out', 'w', newline='').write(os.environ[{name!r}])\n",
                env={name: value},
            )
        )
    )
    assert pod.run().returncode == 0
    assert (pod.workspace / "out").read_bytes().decode() == value


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=texts)
def test_every_value_comes_out_as_it_went_in(pod: Pod, value: str) -> None:
    shutil.rmtree(pod.folder)
    pod.folder.mkdir()
    pod.lay_down(payload(steps("printf '%s' \"$VALUE\" >out", env={"VALUE": value})))
    assert pod.run().returncode == 0
    assert (pod.workspace / "out").read_bytes() == value.encode()


def test_a_payload_that_names_an_actor_with_a_nul_harms_nothing(pod: Pod) -> None:
    """A forge has no such names, but a payload is only what somebody sent."""
    pod.lay_down(payload(steps('echo "$CI_ACTOR|$NEXT"', env={"NEXT": "next"}), variables={"CI_ACTOR": "ann\0'; id #"}))
    done = pod.run()
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].endswith("|next")
    assert "uid=" not in done.stdout


def test_a_script_is_taken_byte_for_byte(pod: Pod) -> None:
    pod.lay_down(payload(steps(f"cat >out <<'END'\n{HOSTILE}END\n")))
    assert pod.run().returncode == 0
    assert (pod.workspace / "out").read_bytes() == HOSTILE.encode()


def test_the_steps_variables_win_over_the_jobs_and_the_jobs_over_the_images(pod: Pod) -> None:
    job = steps("echo $A $B $C", env={"A": "job", "B": "job"})
    step = dataclasses.replace(job.steps[0], env=(PlannedVariable("A", "step"),))
    pod.lay_down(payload(dataclasses.replace(job, steps=(step,)), variables={"CI": "true"}))
    assert "step job image\n" in pod.run({"A": "image", "B": "image", "C": "image"}).stdout


def test_a_step_can_have_as_many_variables_as_lint_lets_through(pod: Pod) -> None:
    longest = {f"V{number}": "x" * (env_size.MAX_VARIABLE_BYTES - 3) for number in range(8)}
    pod.lay_down(payload(steps("echo ${#V0} ${#V7}", env=longest)))
    assert f"\n{env_size.MAX_VARIABLE_BYTES - 3} {env_size.MAX_VARIABLE_BYTES - 3}\n" in pod.run().stdout


def test_a_first_line_with_an_interpreter_wins(pod: Pod) -> None:
    pod.lay_down(payload(steps(f"#!{sys.executable}\nprint(1 + 1)\n")))
    assert "\n2\n" in pod.run().stdout


def test_a_shell_of_words_gets_them_as_they_are_and_the_script_behind_them(pod: Pod) -> None:
    script = "import sys\nprint(sys.flags.optimize, sys.argv)\n"
    words = (sys.executable, "-O", "-X", "a='b'\"$(id)`id`{{x}} ")
    pod.lay_down(payload(changed(steps(script), 1, command=words)))
    assert f"\n1 ['{pod.root}/job/steps/001/script']\n" in pod.run().stdout


def test_bash_fails_a_pipe_that_fails_in_its_middle(pod: Pod) -> None:
    job = changed(steps("false | true; echo went on"), 1, command=SHELLS["bash"])
    pod.lay_down(payload(job))
    done = pod.run()
    assert done.returncode == 1
    assert "went on" not in done.stdout


def test_a_shell_is_looked_for_where_the_step_looks_for_programs(pod: Pod) -> None:
    tools = pod.folder / "tools of mine"
    tools.mkdir()
    (tools / "lang").write_text('#!/bin/sh\necho "run by lang $*"\n')
    (tools / "lang").chmod(0o755)
    job = changed(steps("whatever"), 1, command=("lang", "-v"), env=(PlannedVariable("PATH", f"/none:{tools}:/bin"),))
    pod.lay_down(payload(job))
    assert f"\nrun by lang -v {pod.root}/job/steps/001/script\n" in pod.run().stdout


def test_a_first_line_with_an_interpreter_wins_over_the_shell(pod: Pod) -> None:
    job = changed(steps(f"#!{sys.executable}\nprint(1 + 1)\n"), 1, command=("no-such-shell",))
    pod.lay_down(payload(job))
    assert "\n2\n" in pod.run().stdout


@pytest.mark.parametrize("program", ["no-such-shell", "/no/such/shell", "./no-such-shell"])
def test_a_shell_that_the_image_lacks_is_said(pod: Pod, program: str) -> None:
    pod.lay_down(payload(changed(steps("true"), 1, command=(program,))))
    done = pod.run()
    assert done.returncode == 127
    assert f"==> the script asks for {program}, which this image does not have: choose another image" in done.stdout
    assert pod.result == '{"step":1,"code":127,"reason":"no-shell"}'


def test_a_step_starts_in_its_folder(pod: Pod) -> None:
    job = changed(steps("mkdir -p 'a b/c'", "pwd", "pwd"), 2, working_directory="a b/c/../c")
    pod.lay_down(payload(job))
    assert f"step 2\n{pod.workspace}/a b/c\n==> [3/3] step 3\n{pod.workspace}\n" in pod.run().stdout


@pytest.mark.parametrize("folder", ["web", "$HOME", "*", "file"])
def test_a_folder_that_is_not_there_is_said(pod: Pod, folder: str) -> None:
    pod.lay_down(payload(changed(steps("touch file", "echo ran"), 2, working_directory=folder)))
    done = pod.run()
    assert done.returncode == 127
    assert f"==> there is no folder {folder} in the workspace" in done.stdout
    assert "ran\n" not in done.stdout
    assert pod.result == '{"step":2,"code":127,"reason":"no-folder"}'


def test_a_missing_interpreter_is_said(pod: Pod) -> None:
    pod.lay_down(payload(steps("#! /no/such/interpreter -x\n")))
    done = pod.run()
    assert done.returncode != 0
    assert "/no/such/interpreter, which this image does not have" in done.stdout


def test_a_secret_that_is_not_there_stops_the_job_before_its_first_step(pod: Pod) -> None:
    pod.lay_down(payload(needing(steps("echo ran"), "TOKEN", "OTHER", "EMPTY")))
    done = pod.run({"OTHER": "x", "EMPTY": ""})
    assert done.returncode == 1
    assert "no value for TOKEN:" in done.stdout
    assert "ran" not in done.stdout
    assert pod.result == '{"step":0,"code":1,"reason":"secret-missing"}'


def test_secrets_reach_the_script(pod: Pod) -> None:
    pod.lay_down(payload(needing(steps('test "$TOKEN" = sesame'), "TOKEN")))
    assert pod.run({"TOKEN": "sesame"}).returncode == 0


def with_secrets(*secrets: PlannedSecret) -> PlannedJob:
    shown = "; ".join(f"echo {one.variable}=${{{one.variable}-unset}}" for one in secrets)
    return dataclasses.replace(steps(shown), secrets=secrets)


def test_an_optional_secret_that_is_not_there_leaves_its_variable_unset(pod: Pod) -> None:
    missing = PlannedSecret("TOKEN", SecretKey("s", "k"), optional=True)
    missing_file = PlannedSecret("KEY", SecretKey("s", "k"), is_file=True, optional=True)
    pod.lay_down(payload(with_secrets(missing, missing_file)))
    done = pod.run()
    assert "TOKEN=unset\nKEY=unset\n" in done.stdout
    assert done.returncode == 0


def test_an_optional_secret_that_is_not_granted_is_unset_whatever_the_image_has(pod: Pod) -> None:
    pod.lay_down(payload(with_secrets(PlannedSecret("TOKEN", None, optional=True))))
    assert "TOKEN=unset\n" in pod.run({"TOKEN": "the image's"}).stdout


def secret_file(pod: Pod, folder: str, name: str, mode: int) -> pathlib.Path:
    """What the volume holds, in the folder where root's or everybody's are."""
    path = pod.folder / "argosy-secrets" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("sesame")
    path.chmod(mode)
    return path


def test_a_variable_holds_the_path_of_the_file_that_the_images_user_can_read(pod: Pod) -> None:
    pod.lay_down(payload(with_secrets(PlannedSecret("KEY", SecretKey("s", "k"), is_file=True))))
    for_anybody = secret_file(pod, "anybody", "KEY", 0o444)
    assert f"KEY={for_anybody}\n" in pod.run({"KEY": "the image's"}).stdout
    for_root = secret_file(pod, "root", "KEY", 0o400)
    assert f"KEY={for_root}\n" in pod.run().stdout


def test_a_file_that_is_not_there_stops_the_job_before_its_first_step(pod: Pod) -> None:
    pod.lay_down(payload(with_secrets(PlannedSecret("KEY", SecretKey("s", "k"), is_file=True))))
    done = pod.run({"KEY": "the image's"})
    assert "no value for KEY:" in done.stdout
    assert (done.returncode, pod.result) == (1, '{"step":0,"code":1,"reason":"secret-missing"}')


def test_no_step_gives_a_variable_of_its_own_to_what_is_a_secret(pod: Pod) -> None:
    job = dataclasses.replace(each(s="echo TOKEN=x >>$CI_ENV"), secrets=(PlannedSecret("TOKEN", None, optional=True),))
    pod.lay_down(with_variables(pod, job))
    assert "sets TOKEN, which is a secret of this job" in pod.run().stdout


@pytest.mark.parametrize(
    "name",
    [
        "root",
        "job",
        "busybox",
        "workspace",
        "search",
        "stopped",
        "total",
        "number",
        "title",
        "code",
        "step",
        "name",
    ],
)
def test_no_variable_of_the_image_or_secret_is_lost_to_the_runners_own(pod: Pod, name: str) -> None:
    script = f"#!{sys.executable}\nimport os\nprint('<' + os.environ[{name!r}] + '>')\n"
    pod.lay_down(payload(needing(steps("true", script), name)))
    done = pod.run({name: "sesame"})
    assert "<sesame>" in done.stdout
    assert done.returncode == 0


def test_every_variable_of_the_runners_own_has_its_prefix() -> None:
    text = "".join((SCRIPTS / script).read_text() for script in ("run.sh", "step.sh"))
    code = [re.sub('"[^"]*"', "", line) for line in text.splitlines() if not line.lstrip().startswith("#")]
    set_there = {name for line in code for name in re.findall(r"(?:^|[ ;'])([A-Za-z_]\w*)=(?!\*\))", line)}
    read_there = {name for line in code for name in re.findall(r"\b(?:read -r|for|local) ([a-z]\w*)", line)}
    assert {name for name in set_there | read_there if not name.startswith("argosy_")} == {"HOME", "IFS"}


def test_a_home_that_nobody_has_is_made(pod: Pod) -> None:
    pod.lay_down(payload(steps('test -w "$HOME"; echo "home is $HOME"')))
    assert f"home is {pod.root}/home\n" in pod.run().stdout
    assert f"home is {pod.root}/home\n" in pod.run({"HOME": "/no/such/home"}).stdout
    assert f"home is {pod.folder}\n" in pod.run({"HOME": str(pod.folder)}).stdout


def test_argos_own_variables_do_not_reach_the_script(pod: Pod) -> None:
    pod.lay_down(payload(steps("env")))
    assert "ARGO_TEMPLATE" not in pod.run({"ARGO_TEMPLATE": "{}", "ARGO_NODE_ID": "x"}).stdout


def test_a_script_has_no_standard_input(pod: Pod) -> None:
    pod.lay_down(payload(steps("cat; echo end")))
    assert pod.run().stdout.endswith("end\n")


def test_interrupts_work_in_a_script_as_they_do_anywhere(pod: Pod) -> None:
    script = (
        f"#!{sys.executable}\nimport os, signal\nprint(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
    )
    pod.lay_down(payload(steps(script)))
    assert "\nTrue\n" in pod.run().stdout


WAITING = """#!{python}
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
open({started!r}, "w").close()
signal.sigwait((signal.SIGTERM, signal.SIGINT))
print("told")
"""


def stopped(pod: Pod, job: PlannedJob, sent: signal.Signals = signal.SIGTERM, grace: int = 15) -> tuple[int, str]:
    """Exit code and output of a job that is sent a signal when one of its scripts has opened the file `started`."""
    os.mkfifo(pod.folder / "started")
    pod.lay_down(payload(job))
    pod.change_times(grace=grace)
    process = subprocess.Popen(
        pod.command(), env=pod.environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    (pod.folder / "started").read_text()
    os.killpg(process.pid, sent)
    output, _ = process.communicate(timeout=30)
    return process.returncode, output


def waiting(pod: Pod) -> str:
    """A script that waits for a signal, says that it came, and ends well."""
    return WAITING.format(python=sys.executable, started=str(pod.folder / "started"))


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_job_stops_its_script_and_starts_no_other(pod: Pod, sent: signal.Signals, code: int) -> None:
    ended, output = stopped(pod, each(s=waiting(pod), s2="true", f="true"), sent)
    assert ended == code
    assert "told\n" in output
    assert ran(output) == ["s"]
    assert pod.result == f'{{"step":1,"code":{code},"reason":"stopped"}}'


def test_a_stopped_job_still_runs_the_steps_that_always_do(pod: Pod) -> None:
    job = each(s=waiting(pod), f="true", a="echo status $CI_STATUS", s2="true", a2="exit 5")
    ended, output = stopped(pod, job)
    assert ran(output) == ["s", "a", "a2"]
    assert "status failure\n" in output
    assert (ended, pod.result) == (143, '{"step":1,"code":143,"reason":"stopped"}')


def test_what_will_not_stop_is_made_to_so_that_there_is_time_for_the_steps_that_always_run(pod: Pod) -> None:
    slow = f"trap '' TERM; : >{pod.folder}/started; sleep 1000 & sleep 1000"
    ended, output = stopped(pod, each(s=slow, a="true"), grace=1)
    assert ran(output) == ["s", "a"]
    assert (ended, pod.result) == (143, '{"step":1,"code":143,"reason":"stopped"}')


def test_a_job_that_is_stopped_in_a_step_that_may_fail_is_stopped(pod: Pod) -> None:
    ended, output = stopped(pod, each(s_may=waiting(pod), s="true"))
    assert ran(output) == ["s_may"]
    assert (ended, pod.result) == (143, '{"step":1,"code":143,"reason":"stopped"}')


def test_a_job_that_is_stopped_after_its_failure_has_failed(pod: Pod) -> None:
    ended, output = stopped(pod, each(s="exit 3", f=waiting(pod), f2="true", a="true"))
    assert ran(output) == ["s", "f", "a"]
    assert (ended, pod.result) == (3, '{"step":1,"code":3}')


def test_an_image_without_a_shell_works(pod: Pod) -> None:
    pod.lay_down(payload(steps('/app/echo "in $PWD for $CI_JOB"', "ls /no/such", env={"CI_JOB": "it"})))
    _image_of_one_program(pod)
    done = _inside(pod)
    assert "==> [1/2] step 1\nin /workspace for it\n==> [2/2] step 2\n" in done.stdout
    assert done.returncode == 1
    assert pod.result == '{"step":2,"code":1}'


def test_an_images_own_shell_is_taken_before_ours(pod: Pod) -> None:
    pod.lay_down(payload(steps("whatever this is")))
    _image_of_one_program(pod)
    # An "echo" for a shell: what it is given is what it prints.
    shutil.copy(pod.busybox, pod.folder / "app" / "sh")
    (pod.folder / "app" / "sh").write_bytes(b"#!/app/echo own shell\n")
    assert "own shell /app/sh -e /argosy/job/steps/001/script\n" in _inside(pod).stdout


def _image_of_one_program(pod: Pod) -> None:
    """Makes the pod's folder an image with nothing in it but /app/echo, a static program."""
    for name in ("app", "dev"):
        (pod.folder / name).mkdir()
    (pod.folder / "dev" / "null").touch()
    shutil.copy(pod.busybox, pod.folder / "app" / "echo")


def _inside(pod: Pod) -> subprocess.CompletedProcess[str]:
    tools = f"{os.environ['PATH']}:/usr/sbin"
    chroot = [shutil.which("chroot", path=tools) or "chroot"]
    if os.geteuid() != 0:
        chroot = [shutil.which("unshare", path=tools) or "unshare", "--map-root-user", *chroot]
    command = [*chroot, str(pod.folder), "/argosy/bin/busybox", "sh", "/argosy/bin/run.sh"]
    return subprocess.run(command, env={"PATH": "/app"}, capture_output=True, text=True, check=False)


def laid_down(pod: Pod, job: PlannedJob) -> subprocess.CompletedProcess[str]:
    """Runs the job, whose variables say where its files for outputs and the summary are."""
    files = {f"CI_{name.upper()}": str(pod.root / name) for name in ("output", "summary")}
    pod.lay_down(payload(job, variables=files))
    return pod.run()


def outputs_of(pod: Pod) -> list[tuple[str, str]]:
    """The lines that the step runner left for other jobs."""
    lines = (pod.folder / "argosy-outputs").read_text().splitlines()
    return [(name, base64.b64decode(value).decode()) for name, _, value in (line.partition("=") for line in lines)]


def test_what_steps_write_to_ci_output_is_handed_on(pod: Pod) -> None:
    first = 'echo version=1 >>"$CI_OUTPUT"; printf "\\n%s" "text=it\'s a=b \\\\ {{x}}" >>"$CI_OUTPUT"'
    job = dataclasses.replace(steps(first, 'echo version=2 >"$CI_OUTPUT"; exit 3'), outputs=("version", "text"))
    done = laid_down(pod, job)
    assert done.returncode == 3
    assert outputs_of(pod) == [("version", "1"), ("text", "it's a=b \\ {{x}}"), ("version", "2")]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo words", "line 1 of $CI_OUTPUT is not NAME=value with one of the job's outputs as its name"),
        ("echo; echo other=1", "line 2 of $CI_OUTPUT is not NAME=value"),
        ("printf 'version=%05000d' 1", "line 1 of $CI_OUTPUT gives version more than 4096 characters"),
    ],
)
def test_a_step_that_writes_another_output_has_failed(pod: Pod, script: str, says: str) -> None:
    job = dataclasses.replace(steps(f'{{ {script}; }} >>"$CI_OUTPUT"'), outputs=("version",))
    done = laid_down(pod, job)
    assert done.returncode == 1
    assert says in done.stdout
    assert pod.result == '{"step":1,"code":1,"reason":"bad-outputs"}'


def handed_over(pod: Pod, script: str) -> tuple[bytes, int]:
    """What the step runner leaves of the job's summary for the reporter, and how many bytes it says are missing."""
    there = pod.folder / "argosy-summary"
    there.parent.mkdir(exist_ok=True)
    there.touch()
    laid_down(pod, steps(script, "exit 3"))
    encoded, _, omitted = there.read_text().partition(" ")
    return base64.b64decode(encoded, validate=True), int(omitted or 0)


LINE = "printf '%s\\n' 0123456789"  # eleven bytes


@pytest.mark.parametrize(
    ("script", "kept", "omitted"),
    [
        ("printf '# Found\\n\\n`x`'", b"# Found\n\n`x`", 0),
        ("printf 'a\\0b\\r\\033[1m\\303\\251\\n'", b"a\0b\r\x1b[1m\xc3\xa9\n", 0),
        ("printf '%04096d' 0", b"0" * 4096, 0),
        ("printf '%04095d\\n' 0; echo", b"0" * 4095 + b"\n", 1),
        ("printf '%04095d\\n' 0; echo more", b"0" * 4095 + b"\n", 5),
        ("printf '%04096d\\n' 0", b"", 4097),
        (f"for i in $(seq 400); do {LINE}; done", b"0123456789\n" * 372, 28 * 11),
        ("true", b"", 0),
    ],
)
def test_a_summarys_beginning_is_handed_over_in_whole_lines(pod: Pod, script: str, kept: bytes, omitted: int) -> None:
    assert handed_over(pod, f'{{ {script}; }} >>"$CI_SUMMARY"') == (kept, omitted)


@pytest.mark.parametrize("script", ["ln -sfn /etc/passwd", "ln -sfn /no/such", "mkfifo", "mkdir"])
def test_a_summary_that_is_another_file_reads_as_what_the_job_could_read(pod: Pod, script: str) -> None:
    kept, _ = handed_over(pod, f'rm "$CI_SUMMARY"; {script} "$CI_SUMMARY"')
    assert kept in (b"", pathlib.Path("/etc/passwd").read_bytes()[: len(kept)])


def test_what_a_script_writes_where_the_summary_is_handed_over_is_gone(pod: Pod) -> None:
    assert handed_over(pod, f"echo mine >{pod.folder}/argosy-summary") == (b"", 0)


def test_a_job_without_a_reader_leaves_no_summary(pod: Pod) -> None:
    laid_down(pod, steps('echo words >>"$CI_SUMMARY"'))
    assert not (pod.folder / "argosy-summary").exists()


def test_a_summary_ends_the_log(pod: Pod) -> None:
    done = laid_down(pod, steps('echo "# Found" >>"$CI_SUMMARY"', "exit 3"))
    assert done.stdout.endswith("==> summary\n# Found\n\n")
