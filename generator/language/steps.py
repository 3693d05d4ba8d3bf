"""The keys of a step: one script and how it is run."""

from __future__ import annotations

from generator.fields import At, Either, Key, ListOf, Object, Parsed, Record
from generator.language import texts
from generator.language.draft import StepDraft
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


def _step(record: Record) -> StepDraft | None:
    run = record.get(RUN)
    if run is None:
        return None
    return StepDraft(
        name=record.get(NAME) or "",
        run=run,
        shell=record.get(SHELL),
        working_directory=record.get(WORKING_DIRECTORY) or "",
        env=record.get(ENV) or (),
        span=record.span,
    )


STEP = Object(
    "a step",
    (NAME, RUN, SHELL, WORKING_DIRECTORY, ENV),
    _step,
    title="steps",
    doc="Steps run one after the other in the job's container; the first that fails ends the job.",
    later=("if", "when", "continue-on-error", "timeout"),
    foreign={
        "uses": "there are no actions; a step is a script",
        "with": "there are no actions; a step is a script",
        "script": "write run",
        "image": "an image belongs to a job; make this step a job of its own",
        "secrets": "secrets belong to a job",
    },
)
