"""`on.manual`: which inputs a file may declare, and what is said about those that it may not."""

from __future__ import annotations

import pytest

from generator.diagnostics import headline
from generator.language import reader
from generator.language.model import Input, InputType
from tests.unit.samples import ci_file

JOBS = "jobs: {it: {run: make}}\n"


def inputs(text: str) -> dict[str, Input]:
    declared = ci_file(f"on: {{manual: {{inputs: {{{text}}}}}}}\n{JOBS}").triggers.inputs
    return {one.name: one for one in declared}


def told(inputs: str, jobs: str = JOBS) -> list[str]:
    """Everything that is said, with places."""
    _, found = reader.read(f"on: {{manual: {{inputs: {inputs}}}}}\n{jobs}", "ci.yaml")
    return [headline(one) for one in found]


@pytest.mark.parametrize(
    "on", ["manual", "[manual]", "[push, manual]", "{manual: }", "{manual: {}}", "{manual: {inputs: }}"]
)
def test_a_file_may_take_manual_runs_without_inputs(on: str) -> None:
    triggers = ci_file(f"on: {on}\n{JOBS}").triggers
    assert triggers.manual is not None
    assert triggers.inputs == ()


def test_a_file_without_on_takes_none() -> None:
    assert ci_file(JOBS).triggers.manual is None


@pytest.mark.parametrize(
    ("text", "kind", "default", "required"),
    [
        ("", InputType.STRING, "", True),
        ("{}", InputType.STRING, "", True),
        ("{default: }", InputType.STRING, "", False),
        ("{type: string, default: 1.10}", InputType.STRING, "1.10", False),
        ("{default: yes}", InputType.STRING, "yes", False),
        ("{type: boolean}", InputType.BOOLEAN, "false", True),
        ("{type: boolean, default: True}", InputType.BOOLEAN, "true", False),
        ("{type: boolean, default: 'false'}", InputType.BOOLEAN, "false", False),
        ("{type: choice, options: [1.10, no]}", InputType.CHOICE, "1.10", True),
        ("{type: choice, options: [a, no], default: no}", InputType.CHOICE, "no", False),
        ("{type: choice, options: a}", InputType.CHOICE, "a", True),
        ("{type: choice, options: [a, '']}", InputType.CHOICE, "a", True),
    ],
)
def test_an_input_without_a_default_must_be_given(text: str, kind: InputType, default: str, required: bool) -> None:
    one = inputs(f"it: {text}")["it"]
    assert (one.type, one.default, one.required) == (kind, default, required)


def test_a_default_is_taken_as_it_is_written() -> None:
    assert inputs(r'it: {default: "{{workflow.name}} $(id)\n"}')["it"].default == "{{workflow.name}} $(id)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a: {type: bool}}", "1:34: error: unknown type of input 'bool' [bad-value]"),
        ("{a: {type: choice}}", "1:24: error: a choice needs 'options' [missing-key]"),
        ("{a: {type: choice, options: []}}", "1:51: error: 'options' is empty [empty-value]"),
        ("{a: {type: choice, options: [x, x]}}", "1:55: error: 'x' stands here twice [duplicate-value]"),
        ("{a: {options: [x]}}", "1:37: error: only a choice has 'options', and 'a' is a string [bad-value]"),
        (
            "{a: {type: boolean, options: [x]}}",
            "1:52: error: only a choice has 'options', and 'a' is a boolean [bad-value]",
        ),
        ("{a: {type: boolean, default: maybe}}", "1:52: error: 'maybe' is neither true nor false [bad-value]"),
        ("{a: {type: boolean, default: }}", "1:52: error: '' is neither true nor false [bad-value]"),
        ("{a: {type: choice, options: [x], default: y}}", "1:65: error: 'y' is none of the options [bad-value]"),
        ("{a: {default: '${{ branch }}'}}", "1:38: error: ${{ }} is not evaluated here [expression-place]"),
        ("{a: {required: true}}", "1:28: error: unknown key 'required' in an input [unknown-key]"),
        ("{a-b: {}}", "1:24: error: 'a-b' is not an input's name [bad-name]"),
        ("{A: {}}", "1:24: error: 'A' is not an input's name [bad-name]"),
        ("{in: {}}", "1:24: error: 'in' is not an input's name [bad-name]"),
        ("[a]", "1:23: error: 'inputs' must be a mapping of names to inputs, not a list [wrong-type]"),
        ("{a: x}", "1:27: error: 'a' must be a mapping (an input), not 'x' [wrong-type]"),
    ],
)
def test_what_is_wrong_is_told_once_and_in_its_place(text: str, said: str) -> None:
    assert told(text) == [f"ci.yaml:{said}"]


@pytest.mark.parametrize(
    "text", ["{a: {type: bool}}", "{a: {type: choice}}", "{a: {default: '${{ x }}'}}", "{A: {}}", "[a]", "{a: x}"]
)
def test_what_could_not_be_read_is_no_unknown_name_whatever_it_is_used_as(text: str) -> None:
    assert len(told(text, "jobs: {it: {if: inputs.a, env: {A: '${{ inputs.b }}'}, run: x}}\n")) == 1


def test_a_job_declares_no_inputs() -> None:
    text = "on: manual\njobs: {it: {on: {manual: {inputs: {a: {}}}}, run: x}}"
    _, (finding,) = reader.read(text, "ci.yaml")
    assert (finding.code, finding.hint) == ("unknown-key", "inputs are declared in the file's own 'on'")


def test_what_a_run_has_to_give_is_said_by_the_default_alone() -> None:
    _, (finding,) = reader.read(f"on: {{manual: {{inputs: {{a: {{required: false}}}}}}}}\n{JOBS}", "ci.yaml")
    assert "write default: ''" in finding.hint


INPUTS = "{level: {type: choice, options: [a, b]}, dry: {type: boolean}, text: }"


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("if: inputs.dry", None),
        ("if: inputs.level == 'a' && !inputs.dry", None),
        ("env: {A: '${{ inputs.dry }}${{ inputs.text }}'}", None),
        ("if: inputs.level", "2:17: error: 'if' must be true or false, and this is a text [expression-type]"),
        ("if: inputs.dry == 'true'", "2:28: error: '==' does not take true or false and a text [expression-type]"),
        ("if: inputs.levle == 'a'", "2:24: error: 'inputs' has no 'levle' [unknown-name]"),
        ("env: {A: '${{ inputs }}'}", "2:27: error: 'inputs' alone is no value [unknown-name]"),
    ],
)
def test_expressions_know_the_inputs_and_their_types(job: str, said: str | None) -> None:
    expected = [] if said is None else [f"ci.yaml:{said}"]
    assert told(INPUTS, f"jobs: {{it: {{{job}, run: x}}}}\n") == expected


def test_a_file_without_inputs_is_told_where_they_are_declared() -> None:
    _, (finding,) = reader.read("jobs: {it: {if: inputs.a, run: x}}", "ci.yaml")
    assert (finding.code, finding.hint) == ("unknown-name", "the file has no inputs under 'on.manual.inputs'")


def test_a_secret_cannot_have_the_variable_of_an_input() -> None:
    said = told("{token: }", "jobs: {it: {secrets: {INPUT_TOKEN: NPM_TOKEN}, run: x}}\n")
    assert said == [
        "ci.yaml:2:23: error: 'INPUT_TOKEN' is a secret here and the variable of the input on line 1 [env-and-secrets]"
    ]


def test_a_default_that_fits_into_no_variable_is_told() -> None:
    (said,) = told(f"{{a: {{default: {'x' * 131072}}}}}")
    assert said.startswith("ci.yaml:1:24: error: 'INPUT_A' and its value have 131,080 bytes, 9 more than")
