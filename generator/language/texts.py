"""The kinds of text that ci.yaml has: names, images, globs, variables, scripts, with their grammars.

`${{ }}` has an answer in each of them: some are templates; in a script it is never evaluated, which is worth a warning;
elsewhere it is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import globs
from generator.diagnostics import Diagnostic, error, warning
from generator.expressions import OPENING, name_patterns
from generator.fields import MapOf, Text
from generator.language.template_text import TemplateText
from generator.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.document import Scalar

_NAME = "[A-Za-z][A-Za-z0-9_-]{0,62}"
_VARIABLE = "[A-Za-z_][A-Za-z0-9_]{0,127}"
_PATTERN = "write one, like main, release/* or /v[0-9]+/"
_PATH_GLOB = "write one, like docs/** or *.md"
RESERVED_PREFIXES = ("CI_", "MATRIX_")


def no_expression(scalar: Scalar) -> Iterator[Diagnostic]:
    """An error for `${{` where it never means anything."""
    at = scalar.text.find(OPENING)
    if at >= 0:
        yield error(scalar.place(at, at + 3), "expression-place", "${{ }} is not evaluated here", "write a text")


def script_expression(scalar: Scalar) -> Iterator[Diagnostic]:
    """A warning for `${{` in a script, which the shell gets as it stands; the first one stands for all of them."""
    at = scalar.text.find(OPENING)
    if at >= 0:
        yield warning(
            scalar.place(at, at + 3),
            "script-expression",
            "${{ }} is not evaluated in a script; the shell gets it as it stands",
            'write a variable: "$CI_SHA", "$CI_BRANCH" and so on, or one of your own under env',
        )


def _blank_script(scalar: Scalar) -> Iterator[Diagnostic]:
    if scalar.text and not scalar.text.strip():
        yield error(scalar.span, "empty-value", "the script is empty", "write a command; `true` does nothing")


def _good_pattern(scalar: Scalar) -> Iterator[Diagnostic]:
    complaint = name_patterns.problem(scalar.text) if scalar.text else None
    if complaint is not None:
        kind = "regular expression" if globs.is_regex(scalar.text) else "glob"
        yield error(scalar.span, "bad-glob", f"{quoted(scalar.text)} is not a {kind}: {complaint}", _PATTERN)


def _good_path_glob(scalar: Scalar) -> Iterator[Diagnostic]:
    complaint = globs.path_problem(scalar.text) if scalar.text else None
    if complaint is not None:
        yield error(scalar.span, "bad-glob", f"{quoted(scalar.text)} is not a glob: {complaint}", _PATH_GLOB)


def _no_folder(scalar: Scalar) -> Iterator[Diagnostic]:
    """A warning for what looks like a folder, as other systems write one: a path ends with a name."""
    complaint = globs.folder_problem(scalar.text)
    if complaint is not None and globs.path_problem(scalar.text) is None:
        hint = f"write {quoted(scalar.text + '**')} for what is in the folder"
        yield warning(scalar.span, "never-matches", complaint, hint)


def _no_slash(scalar: Scalar) -> Iterator[Diagnostic]:
    """The same of a glob over folders, which are without a slash too."""
    complaint = globs.folder_problem(scalar.text)
    if complaint is not None and globs.path_problem(scalar.text) is None:
        folder = scalar.text.rstrip("/")
        hint = f"write {quoted(folder)} for the folder, {quoted(folder + '/*')} for those in it"
        yield warning(scalar.span, "never-matches", complaint, hint)


def _not_reserved(scalar: Scalar) -> Iterator[Diagnostic]:
    prefix = next((prefix for prefix in RESERVED_PREFIXES if scalar.text.startswith(prefix)), None)
    if prefix is not None:
        message = f"{quoted(scalar.text)} cannot be set; names that start with {prefix} are set by the run"
        yield error(scalar.span, "reserved-variable", message, "give it another name")


def _not_all(scalar: Scalar) -> Iterator[Diagnostic]:
    if scalar.text == "all":
        yield error(scalar.span, "bad-name", "'all' cannot be a job's name; 'needs: all' means every job")


_NAME_GRAMMAR = "a letter, then letters, digits, '_' and '-', at most 63 in all"

JOB_NAME = Text("a job's name", f"(?!all$){_NAME}", _NAME_GRAMMAR, "bad-name", rules=(no_expression, _not_all))
NEED = Text("a job's name", _NAME, _NAME_GRAMMAR, "bad-name", rules=(no_expression,))
TEMPLATE = Text("a template's name", _NAME, _NAME_GRAMMAR, "bad-name", rules=(no_expression,))
ARTIFACT_NAME = TemplateText(Text("an artifact's name", _NAME, _NAME_GRAMMAR, "bad-name"))
ARTIFACT_OF_JOB = Text(
    "an artifact of a job", rf"{_NAME}\.{_NAME}", "write JOB.ARTIFACT, like test.report", rules=(no_expression,)
)
CACHE_NAME = Text("a cache's name", _NAME, _NAME_GRAMMAR, "bad-name", rules=(no_expression,))
CACHE_KEY = TemplateText(Text("a cache's key", "(?s:.{1,500})", "at most 500 characters"))
LOCK = TemplateText(Text("a lock's name", _NAME, _NAME_GRAMMAR, "bad-name"))
ENVIRONMENT = Text("an environment's name", _NAME, _NAME_GRAMMAR, "bad-name", rules=(no_expression,))
GROUP = TemplateText(Text("a group", "(?s:.{1,500})", "at most 500 characters"))
SCHEDULE_NAME = Text("a schedule's name", _NAME, _NAME_GRAMMAR, "bad-name", rules=(no_expression,))
STEP_NAME = TemplateText(Text("a step's name", r"[^\n]{1,200}", "one line of at most 200 characters", "bad-name"))
VARIABLE_NAME = Text(
    "a variable's name",
    f"(?!{'|'.join(RESERVED_PREFIXES)}){_VARIABLE}",
    "letters, digits and '_', no digit first",
    "bad-name",
    rules=(no_expression, _not_reserved),
)
SECRET_NAME = Text(
    "a secret's name", _VARIABLE, "letters, digits and '_', no digit first", "bad-name", rules=(no_expression,)
)
RUNNER = TemplateText(
    Text("a runner's name", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "letters, digits, '.', '_' and '-'", "bad-name")
)
# https://github.com/distribution/reference/blob/main/regexp.go: what else a kubelet refuses, once a pod is there.
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]{1,5})?"
_REPOSITORY = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_TAG_AND_DIGEST = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,128})?"
IMAGE = TemplateText(
    Text(
        "an image",
        rf"(?=.{{1,512}}$)(?:{_HOST}/)?{_REPOSITORY}(?:/{_REPOSITORY})*{_TAG_AND_DIGEST}",
        "write it like debian:12 or registry.example/team/image@sha256:..., its name in lower case",
    )
)
WORD = Text("a word of a command", ".{1,500}", "one line of at most 500 characters", rules=(no_expression,))
FOLDER = Text(
    "a folder of the workspace",
    r"[^/\n\r][^\n\r]{0,499}",
    "write it from the workspace on, like web or services/api",
    rules=(no_expression,),
)
PATH = Text(
    "a path",
    r"(?!/)(?!.*(?:^|/)\.{1,2}(?:/|$))(?!.*//)[^\\\x00-\x1f]{1,400}(?<!/)",
    "write it from the repository's root, like ci/templates.yaml",
    rules=(no_expression,),
)
FOLDER_OF_ARTIFACT = Text(
    FOLDER.label, PATH.pattern, "write it from the workspace on, like reports/unit", rules=(no_expression,)
)
# These names are names of CEL's, which keeps some words for itself.
_CEL_WORDS = (
    *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"),
    *("namespace", "null", "package", "return", "true", "var", "void", "while"),
)
_CEL_NAME = f"(?!(?:{'|'.join(_CEL_WORDS)})$)[a-z_][a-z0-9_]{{0,62}}"
_CEL_NAME_GRAMMAR = "lower-case letters, digits and '_', no digit first, and no word of CEL's"
SET_NAME = Text("a set's name", _CEL_NAME, _CEL_NAME_GRAMMAR, "bad-name", rules=(no_expression,))
OUTPUT_NAME = Text("an output's name", _CEL_NAME, _CEL_NAME_GRAMMAR, "bad-name", rules=(no_expression,))
AXIS_NAME = Text("an axis", _CEL_NAME, _CEL_NAME_GRAMMAR, "bad-name", rules=(no_expression,))
INPUT_NAME = Text("an input's name", _CEL_NAME, _CEL_NAME_GRAMMAR, "bad-name", rules=(no_expression,))
NAMED_SET = Text(
    SET_NAME.label, SET_NAME.pattern, "write globs as a list: ['docs/**']", "bad-name", rules=(no_expression,)
)
_GLOB_INSTEAD = "a glob is a text, like web/**"
PATH_GLOB = Text("a glob", rules=(no_expression, _good_path_glob, _no_folder), instead=_GLOB_INSTEAD)
FOLDER_GLOB = Text("a glob", rules=(no_expression, _good_path_glob, _no_slash), instead=_GLOB_INSTEAD)
ARTIFACT_GLOB = Text(
    "a glob over files of the workspace",
    r"(?!.*(?:^!?|/)\.\.(?:/|$))[^\x00-\x1f\x7f]{1,1000}",
    "write it from the workspace on, on one line, like logs/**",
    rules=(no_expression, _good_path_glob),
)
CACHED_PATH = Text(
    "a path of a cache",
    r"(?!.*(?:^|/)\.{1,2}(?:/|$))(?!.*//)(?!/$)[^\x00-\x1f\x7f]{1,400}",
    "write it from the workspace on, or with a / in front, like /root/.cache",
    rules=(no_expression,),
)
NAME_PATTERN = Text("a glob or a regular expression", rules=(no_expression, _good_pattern))
SCRIPT = Text(
    "a script",
    rules=(_blank_script, script_expression),
    instead="a script is one text: write 'run: |', and each command on a line of its own",
)
PLAIN = Text("a text", empty=True, rules=(no_expression,))
ENV = MapOf(
    VARIABLE_NAME,
    TemplateText(Text("a text", empty=True)),
    "a mapping of variables to texts",
)
