"""The keys of a step: one script and how it is run."""

from __future__ import annotations

from generator.fields import At, Choice, Either, Flag, Key, ListOf, Made, Object, Parsed, Record, duration
from generator.language import other_systems, texts
from generator.language.draft import StepDraft
from generator.language.model import When
from generator.language.template_text import ConditionText
from generator.language.texts import no_expression
from generator.wording import quoted

# What a shell's name stands for; the script's path comes last.
SHELLS = {"sh": ("sh", "-e"), "bash": ("bash", "-eo", "pipefail"), "python": ("python3",)}
DEFAULT_SHELL = SHELLS["sh"]


def _named_shell(name: str) -> tuple[str, ...]:
    if name not in SHELLS:
        raise ValueError(f"unknown shell {quoted(name)}")
    return SHELLS[name]


SHELL = Key(
    "shell",
    Either(
        "a shell's name, or a list of words",
        text=Parsed(
            "a shell's name",
            _named_shell,
            grammar=f"known: {', '.join(SHELLS)}; write any other one as a list, like [zsh, -e]",
            pattern="|".join(SHELLS),
            rules=(no_expression,),
        ),
        sequence=ListOf(texts.WORD, "a list of words", minimum=1),
    ),
    "What runs the script, unless that starts with a `#!` line: `sh` (that is `sh -e`), `bash` (`bash -eo pipefail`), "
    "`python` (`python3`), or a list, such as `[perl, -w]`. The script's path comes last.",
    default="of `defaults`, else `sh`",
    example="shell: bash",
)

RUN = Key(
    "run",
    At(texts.SCRIPT),
    "A script, taken byte for byte.",
    example="run: make test",
    required=True,
)
NAME = Key(
    "name",
    texts.STEP_NAME,
    "What statuses and logs call the step.",
    default="`step` and its number",
    example="name: unit tests",
)
ENV = Key("env", texts.ENV, "Variables of this step, on top of the job's.", example="env: {LEVEL: debug}")
WORKING_DIRECTORY = Key(
    "working-directory",
    texts.FOLDER,
    "The folder that the script starts in, from the workspace on. It has to be there by then.",
    default="the workspace",
    example="working-directory: web",
)
IF = Key(
    "if",
    ConditionText(),
    "Whether the job has the step, decided when the run is planned, for each combination of a matrix by itself. A job "
    "without any step left is skipped.",
    default="it has",
    example="if: matrix.db == 'postgres'",
)
WHEN = Key(
    "when",
    Made(Choice(tuple(When), foreign=other_systems.STEP_WHEN), When),
    "`success`: if no step has failed so far; `failure`: if one has; `always`: in any case, even in a job that is "
    "cancelled. `failure` and `always` steps get `CI_STATUS`.",
    default="`success`",
    example="when: always",
)
CONTINUE_ON_ERROR = Key(
    "continue-on-error",
    Flag(),
    "Whether the step may fail: the job goes on as if it had not.",
    default="`false`",
    example="continue-on-error: true",
)
TIMEOUT = Key(
    "timeout",
    At(duration(rules=(no_expression,))),
    "How long the script may take. Then it is told to end (SIGTERM), with everything that it has started, and made to "
    "(SIGKILL) if it has not after 15 s; the step has failed.",
    default="what is left of the job's",
    example="timeout: 10m",
)


def _step(record: Record) -> StepDraft:
    return StepDraft(
        run=record.get(RUN),
        span=record.span,
        name=record.get(NAME),
        condition=record.get(IF),
        shell=record.get(SHELL),
        working_directory=record.get(WORKING_DIRECTORY),
        when=record.get(WHEN),
        may_fail=record.get(CONTINUE_ON_ERROR),
        timeout=record.get(TIMEOUT),
        env=record.get(ENV) or (),
    )


STEP = Object(
    "a step",
    (NAME, RUN, IF, WHEN, CONTINUE_ON_ERROR, TIMEOUT, SHELL, WORKING_DIRECTORY, ENV),
    _step,
    title="steps",
    doc="Steps run one after the other in the job's container. Once one has failed, the job has, and only "
    "`when: failure` and `when: always` steps still run; what a status names is the first that failed.",
    foreign=other_systems.STEP,
    foreign_values=other_systems.STEP_VALUES,
    together=other_systems.TOGETHER,
)
