"""`argosy schema`: the JSON Schema of ci.yaml, ci.test.yaml or platform.yaml, for editors."""

from __future__ import annotations

import enum
import json
from typing import Annotated

import typer


class Language(enum.StrEnum):
    """Which file's."""

    CI = "ci"
    TEST = "test"
    PLATFORM = "platform"


def schema(
    language: Annotated[
        Language,
        typer.Argument(metavar="ci|test|platform", help="Which file's: ci.yaml, ci.test.yaml or platform.yaml."),
    ],
) -> None:
    """Print the JSON Schema of a file, for editors.

    Example: argosy schema ci > .ci-schema.json
    """
    typer.echo(text(language), nl=False)


def text(language: Language) -> str:
    """The JSON Schema 2020-12 as JSON. Ends with a newline."""
    from generator.fields import json_schema  # noqa: PLC0415  (each file's keys are made when they are imported)

    if language is Language.CI:
        from generator.language.file import CI_FILE  # noqa: PLC0415

        made = json_schema(CI_FILE, "ci.yaml")
    elif language is Language.TEST:
        from generator.plan_tests.file import TABLE_FILE  # noqa: PLC0415

        made = json_schema(TABLE_FILE, "ci.test.yaml")
    else:
        from generator.platform.file import PLATFORM_FILE  # noqa: PLC0415

        made = json_schema(PLATFORM_FILE, "platform.yaml")
    return json.dumps(made, indent=2) + "\n"
