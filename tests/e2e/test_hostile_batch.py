"""Hundreds of scripts and values, made of what templates, shells and YAML read, in one run: each arrives as it is."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.e2e.conftest import Project
from tests.e2e.observed import Observed, ended_statuses

if TYPE_CHECKING:
    from tests.e2e.gitea import Gitea

NewProject = Callable[..., Project]
JOBS, STEPS = 8, 40
END = "END OF THE TEXT"
PIECES = (
    *(
        "{{workflow.name}}",
        "{{inputs.parameters.combination}}",
        "{{=1+1}}",
        "{{tasks.job-0.status}}",
        "{{",
        "}}",
        "{{=",
    ),
    *("{{retries}}", "{{pod.name}}", "{{item}}", "{{steps.x.outputs.result}}", "{{- .Values.x -}}", "{%", "%}", "{#"),
    *("$(id)", "$(CI_SHA)", "$$(CI_SHA)", "$((1+1))", "${HOME}", "$HOME", "$", "`id`", "!!", "!$", "~", "*", "?"),
    *("'", '"', "\\", "\\n", "\\\\", ";", "&", "&&", "|", "||", ">", "<", "<<EOF", "EOF", "#", "(", ")", "exit 1"),
    *("---", "...", "- ", ": ", "!!python/object:os.system", "&a", "*a", "<<: *a", "%YAML 1.1", "@", ",", "[", "]"),
    *("::set-output name=x::y", "##[error]", "argosy", "ARGOSY_JOB_0", "CI_ENV=", "\t", " ", "  ", "\r", "\n", "\n\n"),
    *("\N{ROCKET}", "\u00fc", "\u0085", "\u2028", "\u202e", "\ufeff", "\x1b[31m", "\x07", "%s", "%n", "%00", "a" * 300),
)


def test_hundreds_of_hostile_scripts_and_values_arrive_as_written(
    new_project: NewProject, gitea: Gitea, observed: Observed
) -> None:
    chance = random.Random(9)  # noqa: S311  (the same texts each time)
    texts = [[text(chance) for _ in range(STEPS)] for _ in range(JOBS)]
    name, copy = new_project("batch")
    sha = copy.commit({"ci.yaml": "jobs:\n" + "".join(job(number, each) for number, each in enumerate(texts))})
    copy.push()

    contexts = {f"argosy/push/job-{number}" for number in range(JOBS)}
    statuses = ended_statuses(gitea, name, sha, {"argosy/push", *contexts}, 400)
    assert {status.state for status in statuses.values()} == {"success"}, statuses
    run = observed.finished_run(sha)
    for number, each in enumerate(texts):
        log = observed.log(observed.job_pod(run, f"job-{number}"))
        said = [line for line in log.split("\n") if line.startswith("sum ")]
        assert said == [f"sum {kind} {digest}" for one in each for kind, digest in digests(one)]


def text(chance: random.Random) -> str:
    """Up to 30 of the pieces, which end with a line."""
    return "".join(chance.choices(PIECES, k=chance.randint(1, 30))) + "\n"


def job(number: int, texts: list[str]) -> str:
    """A job with a step for each text: in its name, in its script and in a variable."""
    return f"  job-{number}:\n    steps:\n" + "".join(step(one) for one in texts)


def step(one: str) -> str:
    """Says the sums of the text as the script has it and as the variable has it."""
    script = f"sum=$(sha256sum <<'{END}'\n{one}{END}\n)\necho \"sum script ${{sum%% *}}\"\n"
    script += 'sum=$(printf %s "$VALUE" | sha256sum)\necho "sum value ${sum%% *}"\n'
    title = " ".join("".join(filter(str.isprintable, one)).split()) or "x"
    name, value = quoted(literal(title[:60].strip())), quoted(literal(one))
    return f"      - name: {name}\n        env: {{VALUE: {value}}}\n        run: {quoted(script)}\n"


def literal(one: str) -> str:
    """The text where expressions may stand."""
    return one.replace("${{", "${{ '${{' }}")


def digests(one: str) -> list[tuple[str, str]]:
    """What a step says of a text."""
    digest = hashlib.sha256(one.encode()).hexdigest()
    return [("script", digest), ("value", digest)]


def quoted(one: str) -> str:
    """A YAML scalar in double quotes, all in ASCII."""
    plain = (char if " " <= char <= "~" and char not in '"\\' else f"\\U{ord(char):08x}" for char in one)
    return f'"{"".join(plain)}"'
