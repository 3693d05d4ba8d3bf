"""The JSON Schemas of all files: no stricter than the readers, and as strict as a schema can be."""

from __future__ import annotations

import functools
import json
import pathlib
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.commands.init import first_platform
from generator.commands.schema import Language, text
from generator.diagnostics import has_errors
from generator.diagnostics.codes import CI, CODES, PLATFORM
from generator.document import parse, plain
from generator.fields import Object, Reading
from generator.language.file import CI_FILE
from generator.plan_tests import reader as plan_tests_reader
from generator.plan_tests.file import TABLE_FILE
from generator.platform.file import PLATFORM_FILE
from tests.pages import OF_CODES, blocks, ci_files, pages
from tests.unit.platform import written
from tests.unit.trees import node_of, text_of

ROOT = pathlib.Path(__file__).parents[2]
ROOTS: dict[Language, Object[Any]] = {
    Language.CI: CI_FILE,
    Language.TEST: TABLE_FILE,
    Language.PLATFORM: PLATFORM_FILE,
}


@functools.cache
def validator(language: Language) -> Any:
    schema = json.loads(text(language))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(language: Language, file: str | bytes) -> list[str]:
    node, found = parse(file, "f")
    assert node is not None, found
    return [failure.message for failure in validator(language).iter_errors(plain(node))]


def documented() -> list[Any]:
    """Every ci.yaml that the documentation shows as a right one, the project's own and the examples'."""
    blocks = [(block.place, block.text) for block in ci_files()]
    folders = ("examples/repositories", "tests/golden/runs", "tests/golden/corpus")
    files = [ROOT / "ci.yaml", *(path for folder in folders for path in ROOT.glob(f"{folder}/*/ci.yaml"))]
    blocks += [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in sorted(files)]
    blocks += [(code.name, code.good.shown) for code in CODES.values() if code.good.of == CI]
    return [pytest.param(block, id=name) for name, block in blocks if "tests/golden/runs/errors" not in name]


@pytest.mark.parametrize("file", documented())
def test_every_right_ci_yaml_that_is_shown_is_right_by_the_schema(file: str) -> None:
    assert complaints(Language.CI, file) == []


def test_there_are_documented_files() -> None:
    assert len(documented()) > 50


def tables() -> list[Any]:
    """Every ci.test.yaml that is right, in the documentation and in the repository."""
    shown = [
        (block.place, block.text)
        for page in pages()
        if page.parent != OF_CODES
        for block in blocks(page)
        if "\ntests:\n" in f"\n{block.text}"
    ]
    shown += [(str(path.relative_to(ROOT)), path.read_text()) for path in sorted(ROOT.rglob("ci.test.yaml"))]
    return [pytest.param(text, id=name) for name, text in shown if "wrong" not in name]


@pytest.mark.parametrize("file", tables())
def test_every_right_table_that_is_shown_is_right_and_so_by_the_schema(file: str) -> None:
    assert complaints(Language.TEST, file) == []
    assert plan_tests_reader.read(file, "ci.test.yaml")[1] == []


def test_there_are_tables() -> None:
    assert len(tables()) > 5


@pytest.mark.parametrize(
    "test",
    [
        "{event: push}",
        "{starts: []}",
        "{event: [], starts: []}",
        "{event: tag, starts: []}",
        "{event: push, starts: {}}",
        "{event: push, starts: {only: a}}",
        "{event: push, starts: [a b]}",
        "{event: {push: a, labels: b}, starts: []}",
        "{event: {pull_request: {action: merged}}, starts: []}",
        "{event: {push: a, changed: /a}, starts: []}",
    ],
)
def test_a_wrong_table_is_wrong_by_the_schema(test: str) -> None:
    assert complaints(Language.TEST, f"tests: {{it: {test}}}") != []


@pytest.mark.parametrize(
    "file",
    [written.SMALLEST, written.WHOLE, first_platform(), (ROOT / "examples/platform.yaml").read_text(encoding="utf-8")],
)
def test_every_right_platform_yaml_is_right_by_the_schema(file: str) -> None:
    assert complaints(Language.PLATFORM, file) == []


# Codes whose bad example is wrong by its keys and values alone.
SAID_BY_A_SCHEMA = (
    *("unknown-key", "not-yet", "missing-key", "wrong-type", "empty-value", "bad-value", "bad-name"),
    *("bad-timezone", "run-or-steps", "reserved-variable"),
)


@pytest.mark.parametrize("name", SAID_BY_A_SCHEMA)
def test_a_schema_says_what_it_can(name: str) -> None:
    assert complaints(Language.CI, CODES[name].bad.text) != []


@pytest.mark.parametrize(
    "jobs",
    [
        "{}",
        "{a: }",
        "{a: {}}",
        "{a: {run: ''}}",
        "{a: {run: x, steps: [{run: x}]}}",
        "{a: {steps: []}}",
        "{a: {steps: [{name: x}]}}",
        "{a: {steps: [[{name: x}]]}}",
        "{a: {run: x, needs: [a b]}}",
        "{a: {run: x, timeout: 0s}}",
        "{a: {run: x, timeout: 1 hour}}",
        "{all: {run: x}}",
        "{a: {run: x, env: {MATRIX_A: x}}}",
        "{a: {run: x, env: {A: [x]}}}",
        "{a: {run: x, secrets: {A: ''}}}",
        "{a: {run: x, image: 'a b'}}",
    ],
)
def test_a_wrong_job_is_wrong_by_the_schema(jobs: str) -> None:
    assert complaints(Language.CI, f"jobs: {jobs}") != []


@pytest.mark.parametrize(
    "on",
    [
        "{}",
        "",
        "[]",
        "pushes",
        "[push, push]",
        "{push: {branches: []}}",
        "{push: {branch: main}}",
        "{pull_request: {types: merged}}",
        "{schedule: {cron: '@daily'}}",
        "{schedule: {cron: '0 3 * *'}}",
        "{schedule: {cron: '0 3 * * *', timezone: Mars}}",
        "{schedule: {}}",
        "{schedule: }",
        "{push: {paths: []}}",
        "{push: {paths: 'src/**'}}",
        "{pull_request: {paths: {a: b}}}",
    ],
)
def test_a_wrong_trigger_is_wrong_by_the_schema(on: str) -> None:
    assert complaints(Language.CI, f"on: {on}\njobs: {{a: {{run: x}}}}") != []


def test_the_platforms_schema_says_what_it_can() -> None:
    codes = ("[unknown-key]", "[missing-key]", "[bad-name]")
    wrong = [case for case in written.ERRORS if case.headlines[0].endswith(codes)]
    assert len(wrong) > 8
    assert [case.name for case in wrong if not complaints(Language.PLATFORM, case.text)] == []


@pytest.mark.parametrize("language", list(Language))
@settings(max_examples=300)
@given(data=st.data())
def test_a_schema_refuses_nothing_that_the_reader_takes(language: Language, data: st.DataObject) -> None:
    root = ROOTS[language]
    node = node_of(data.draw(text_of(root)))
    if node is None:
        return
    reading = Reading()
    if root.read(node, reading) is None or has_errors(reading.found()):
        return
    assert [failure.message for failure in validator(language).iter_errors(plain(node))] == []


@pytest.mark.parametrize("language", list(Language))
def test_every_key_has_words_and_an_example_and_defaults_that_its_schema_takes(language: Language) -> None:
    keys = [key for part in objects(ROOTS[language]) for key in part.keys]
    assert len(keys) > 20
    schemas = list(properties(json.loads(text(language))))
    assert sum("default" in schema for schema in schemas) > 1
    for schema in schemas:
        assert schema["description"]
        check = jsonschema.Draft202012Validator(schema)
        for value in [*schema["examples"], *([schema["default"]] if "default" in schema else [])]:
            assert list(check.iter_errors(value)) == []


def properties(schema: Any) -> Any:
    """The schemas of all keys, wherever they are."""
    if isinstance(schema, dict):
        named = schema.get("properties", {})
        yield from (one for one in named.values() if "const" not in one)
        for value in schema.values():
            yield from properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value)


def objects(root: Any) -> list[Object[Any]]:
    found: list[Object[Any]] = []
    waiting: list[Any] = [root]
    while waiting:
        part = waiting.pop()
        found += [part] if isinstance(part, Object) else []
        waiting += part.parts()
    return found


def test_a_default_is_what_holds_without_the_key() -> None:
    schema = json.loads(text(Language.CI))
    on = next(choice for choice in schema["properties"]["on"]["anyOf"] if "properties" in choice)
    types = on["properties"]["pull_request"]["properties"]["types"]
    assert types["default"] == ["opened", "synchronize", "reopened", "ready_for_review", "retargeted"]
    timeout = json.loads(text(Language.PLATFORM))["properties"]["defaults"]["properties"]["timeout"]
    assert timeout["default"] == "1h"


@pytest.mark.parametrize("written_as", ["1", "0x1F", "0o17", "007", "1.50", "1e3", "true", "False", "~", "x y"])
def test_plain_values_are_those_of_another_reader_of_the_core_schema(written_as: str) -> None:
    node, _ = parse(f"a: {written_as}", "f")
    assert node is not None
    # PyYAML follows YAML 1.1, which agrees on these but for 0o17, 007 and 1e3.
    others = {"0o17": 15, "007": 7, "1e3": 1000.0}
    assert plain(node) == {"a": others.get(written_as, yaml.safe_load(written_as))}


@pytest.mark.parametrize(("written_as", "value"), [(".inf", float("inf")), ("-.Inf", float("-inf"))])
def test_there_is_no_largest_number(written_as: str, value: float) -> None:
    node, _ = parse(f"a: {written_as}", "f")
    assert node is not None
    assert plain(node) == {"a": value}


def test_platform_files_are_named_as_such() -> None:
    assert tuple(json.loads(text(language))["title"] for language in Language) == (CI, "ci.test.yaml", PLATFORM)
