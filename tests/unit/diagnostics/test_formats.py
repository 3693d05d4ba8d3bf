"""Findings for other programs: workflow commands that mean what was found, and a SARIF log that the standard takes."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Diagnostic, Severity, Span, error, in_order, warning
from generator.diagnostics.codes import CODES
from generator.diagnostics.github import render_github
from generator.diagnostics.sarif import to_sarif
from generator.language import reader

SCHEMA = pathlib.Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
PLACE = Span("ci.yaml", 3, 13, 3, 17)

# Any character, what a file's name in other bytes becomes included.
TEXTS = st.text(st.characters(codec=None), max_size=30) | st.text(st.sampled_from("%0AD:,=\r\n[](){}$ "), max_size=12)
FILES = st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name).map(os.fsdecode) | TEXTS.filter(
    lambda name: name.isprintable() and name
)
NUMBERS = st.integers(1, 10**6)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    line, column = draw(NUMBERS), draw(NUMBERS)
    span = Span(draw(FILES), line, column, line + draw(st.integers(0, 2)), column + draw(st.integers(0, 9)))
    code = draw(st.sampled_from(sorted(CODES)))
    return Diagnostic(draw(st.sampled_from(Severity)), span, code, draw(TEXTS.filter(bool)), draw(TEXTS))


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner reads from a log: actions/runner, src/Runner.Common/ActionCommand.cs."""
    found = []
    for line in re.split("\r\n|\r|\n", log):
        if not line.startswith("::") or "::" not in line[2:]:
            assert not line, f"a line that is no command: {line!r}"
            continue
        head, _, data = line[2:].partition("::")
        name, _, properties = head.partition(" ")
        pairs = [part.partition("=") for part in properties.split(",")]
        found.append((name, {key: unescaped(value, "%3A", "%2C") for key, _, value in pairs}, unescaped(data)))
    return found


def unescaped(text: str, *more: str) -> str:
    for escape in ("%0D", "%0A", *more, "%25"):
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


def test_a_finding_as_a_workflow_command() -> None:
    found = error(PLACE, "unknown-runner", "unknown runner 'larg'", "did you mean 'large'? known: small, large")
    assert render_github([found]) == (
        "::error file=ci.yaml,line=3,col=13,endLine=3,endColumn=17,title=unknown-runner"
        "::unknown runner 'larg'%0Adid you mean 'large'? known: small, large\n"
    )


def test_a_place_of_several_lines_has_no_columns() -> None:
    assert render_github([warning(Span("ci.yaml", 1, 4, 3, 2), "tab", "so")]) == (
        "::warning file=ci.yaml,line=1,endLine=3,title=tab::so\n"
    )


@given(st.lists(diagnostics(), max_size=3))
def test_no_text_and_no_name_changes_what_a_workflow_command_means(found: list[Diagnostic]) -> None:
    expected = [
        (
            one.severity.value,
            one.span.file,
            str(one.span.line),
            one.code,
            "\n".join(filter(None, (one.message, one.hint))),
        )
        for one in in_order(found)
    ]
    read = commands(render_github(found))
    assert [(name, got["file"], got["line"], got["title"], text) for name, got, text in read] == expected


@functools.cache
def validator() -> Any:
    schema = json.loads(SCHEMA.read_bytes())
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def test_a_finding_in_a_sarif_log() -> None:
    log = to_sarif([error(PLACE, "unknown-runner", "unknown runner 'larg'", "known: small")], "1.2.3")
    validator().validate(log)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("argosy", "1.2.3")
    (rule,), (result,) = driver["rules"], run["results"]
    assert (rule["id"], rule["defaultConfiguration"]) == ("unknown-runner", {"level": "error"})
    assert rule["help"]["markdown"].startswith("The platform has no runner of this name")
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("unknown-runner", 0, "error")
    assert result["message"] == {"text": "unknown runner 'larg'\nknown: small"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "ci.yaml"}
    assert place["region"] == {"startLine": 3, "startColumn": 13, "endLine": 3, "endColumn": 17}


def test_a_log_without_findings_is_one_run_without_results() -> None:
    log = to_sarif([], "0")
    validator().validate(log)
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${{ }} is not evaluated here", "${{{{ }}}} is not evaluated here"),
        ("see [this](https://elsewhere.example)", "see [this] (https://elsewhere.example)"),
        ("half \udcff", "half ?"),
    ],
)
def test_a_message_in_a_sarif_log_holds_no_placeholder_and_no_link(text: str, written: str) -> None:
    (result,) = to_sarif([error(PLACE, "tab", text)], "0")["runs"][0]["results"]
    assert result["message"]["text"] == written


@given(st.lists(diagnostics(), max_size=3))
def test_every_sarif_log_is_one_by_the_standards_schema(found: list[Diagnostic]) -> None:
    log = to_sarif(found, "0")
    # As a reader gets it: bytes of UTF-8.
    assert json.loads(json.dumps(log, ensure_ascii=False).encode()) == log
    validator().validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for one, result in zip(in_order(found), run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one.code
        uri = urlsplit(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        assert (uri.query, uri.fragment) == ("", "")
        assert uri.scheme == ("file" if one.span.file.startswith("/") else "")
        assert unquote_to_bytes(uri.path) == os.fsencode(one.span.file)


def test_every_codes_rule_is_one_by_the_standards_schema() -> None:
    found = [error(PLACE, name, "so") for name in CODES]
    validator().validate(to_sarif(found, "0"))


def test_every_bad_example_has_places_that_the_standard_takes() -> None:
    for code in CODES.values():
        _, found = reader.read(code.bad.text, "ci.yaml")
        validator().validate(to_sarif(found, "0"))
